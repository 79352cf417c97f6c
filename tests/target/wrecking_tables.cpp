// The cases of the image whose guests wreck all that they can reach. They are apart, since tests
// that trace the other image look at every access to the GIC.

#include <array>

#include "tests/target/case.hpp"

namespace hm::target {

std::span<const Cases> tables() {
    static const std::array all{state_cases()};
    return all;
}

}  // namespace hm::target
