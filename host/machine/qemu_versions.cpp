#include "host/machine/qemu_versions.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace hm::host {
namespace {

// A fact that the tool has to act on gets a field of its own here, beside `tested`.
constexpr std::array kKnown{
    KnownQemu{{7, 2},
              true,
              "Debian 12. The golden values are from it. It hangs if it is asked to end at the "
              "moment at which its machine turns itself off."},
    KnownQemu{{10, 0},
              false,
              "suite quick on virt, and hypercall on vexpress: the same counts, to the byte"},
    KnownQemu{{11, 1}, false, "suite quick on virt: the same counts, to the byte"}};

std::string text_of(const QemuVersion& version) {
    return fmt::format("{}.{}", version.major, version.minor);
}

/// The number that `text` begins with; `text` loses it.
std::optional<unsigned> take_number(std::string_view& text) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

}  // namespace

std::optional<QemuVersion> parse_qemu_version(std::string_view line) {
    constexpr std::string_view kBefore = "QEMU emulator version ";
    if (!line.starts_with(kBefore)) {
        return std::nullopt;
    }
    line.remove_prefix(kBefore.size());
    const auto major = take_number(line);
    if (!major || !line.starts_with('.')) {
        return std::nullopt;
    }
    line.remove_prefix(1);
    const auto minor = take_number(line);
    return minor ? std::optional{QemuVersion{*major, *minor}} : std::nullopt;
}

std::span<const KnownQemu> known_qemus() { return kKnown; }

std::string qemu_warning(std::string_view line) {
    const auto version = parse_qemu_version(line);
    const QemuVersion& oldest = kKnown.front().version;
    const QemuVersion& newest = kKnown.back().version;
    if (!version || (*version >= oldest && *version <= newest)) {
        return {};
    }
    return fmt::format(
        "QEMU {} is {} than any that hypmeter was tried with ({} to {}): its counts may differ",
        text_of(*version), *version < oldest ? "older" : "newer", text_of(oldest), text_of(newest));
}

}  // namespace hm::host
