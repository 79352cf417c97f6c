#include "host/alone/alone.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "host/alone/monitor_machine.hpp"
#include "host/alone/native_machine.hpp"
#include "host/alone/serial_machine.hpp"
#include "host/alone/user_machine.hpp"
#include "host/alone/xen_machine.hpp"
#include "host/base/files.hpp"

namespace hm::host {
namespace {

constexpr std::array kUnders{&kNativeAlone, &kMonitorAlone, &kXenAlone, &kUserAlone, &kSerialAlone};

/// A zImage says at this byte that it is one (Linux, arch/arm/boot/compressed/head.S).
constexpr std::size_t kMagicAt = 0x24;
constexpr std::string_view kMagic = "\x18\x28\x6f\x01";

}  // namespace

std::span<const MachineKind* const> unders() { return kUnders; }

std::string under_forms() { return forms_of(kUnders); }

std::optional<MachineChoice> parse_under(std::string_view text) {
    return parse_machine(text, kUnders);
}

std::filesystem::path alone_image_of(const std::filesystem::path& builds) {
    return builds / "virt" / "hypmeter-alone";
}

AloneImage read_alone_image(const std::filesystem::path& image) {
    errno = 0;
    auto bytes = std::filesystem::is_regular_file(image) ? read_file(image) : std::nullopt;
    if (!bytes) {
        return {
            {},
            errno == 0 || errno == ENOENT
                ? fmt::format("no image \"{}\"; build it, or name one with --image", image.string())
                : fmt::format("cannot read \"{}\": {}", image.string(), std::strerror(errno))};
    }
    if (bytes->size() < kMagicAt + kMagic.size() ||
        bytes->compare(kMagicAt, kMagic.size(), kMagic) != 0) {
        return {{},
                fmt::format("image \"{}\" is no zImage, which the guest that comes alone is; build "
                            "it, or name one with --image",
                            image.string())};
    }
    return {*std::move(bytes), {}};
}

}  // namespace hm::host
