#include "host/machine/device_tree.hpp"

#include <libfdt.h>

namespace hm::host {

std::optional<std::string> with_bootargs(std::string_view blob, const std::string& words) {
    // Room for the words, and for the property's head and name if there was none.
    constexpr std::size_t kMore = 64;
    std::string tree(blob.size() + words.size() + kMore, '\0');
    if (fdt_check_full(blob.data(), blob.size()) != 0 ||
        fdt_open_into(blob.data(), tree.data(), static_cast<int>(tree.size())) != 0) {
        return std::nullopt;
    }
    const int chosen = fdt_path_offset(tree.data(), "/chosen");
    const int bytes = static_cast<int>(words.size()) + 1;  // with the zero at their end
    if (chosen < 0 || fdt_setprop(tree.data(), chosen, "bootargs", words.c_str(), bytes) != 0) {
        return std::nullopt;
    }
    return tree;
}

}  // namespace hm::host
