#include "host/machine/image_file.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <string_view>

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

}  // namespace hm::host
