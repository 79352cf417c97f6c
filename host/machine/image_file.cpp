#include "host/machine/image_file.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <string_view>

#include "host/base/files.hpp"
#include "host/machine/boot_images.hpp"

namespace hm::host {

std::string why_not_loadable(const std::filesystem::path& image) {
    constexpr std::string_view kMagic = "\177ELF";
    std::array<char, kMagic.size()> begin{};
    if (!std::filesystem::is_regular_file(image)) {
        return fmt::format("no image \"{}\"; build it, or name one with --image", image.string());
    }
    std::ifstream(image, std::ios::binary).read(begin.data(), begin.size());
    return std::string_view(begin.data(), begin.size()) == kMagic
               ? std::string()
               : fmt::format("image \"{}\" is not an ELF file; build it, or name one with --image",
                             image.string());
}

std::string why_no_uimage(const std::filesystem::path& image) {
    const auto bytes = read_file(image);
    if (!bytes) {
        return fmt::format("no image \"{}\"; build it, or name one with --image", image.string());
    }
    const auto parsed = parse_legacy_image(*bytes);
    return parsed.value
               ? std::string()
               : fmt::format("image \"{}\" {}: QEMU enters only a uImage in HYP on this board",
                             image.string(), parsed.error);
}

}  // namespace hm::host
