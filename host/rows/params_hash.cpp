#include "host/rows/params_hash.hpp"

#include <functional>
#include <string>
#include <type_traits>

namespace hm::host {

std::size_t hash_of(const Params& params, std::string_view without) {
    constexpr std::size_t kFactor = 31;
    std::size_t hash = 0;
    for (const auto& [key, value] : params) {
        if (key != without) {
            hash = (hash * kFactor + std::hash<std::string>()(key)) * kFactor +
                   std::hash<std::remove_cvref_t<decltype(value)>>()(value);
        }
    }
    return hash;
}

}  // namespace hm::host
