#include "host/model/modelled_core.hpp"

#include <algorithm>

#include "host/model/cortex_a15.hpp"
#include "host/model/cortex_a7.hpp"

namespace hm::host {

std::span<const ModelledCore* const> modelled_cores() {
    static constexpr std::array kCores{&kCortexA15, &kCortexA7};
    return kCores;
}

const ModelledCore* find_modelled_core(std::string_view name) {
    const auto cores = modelled_cores();
    const auto found = std::find_if(cores.begin(), cores.end(),
                                    [name](const auto* core) { return core->name == name; });
    return found == cores.end() ? nullptr : *found;
}

}  // namespace hm::host
