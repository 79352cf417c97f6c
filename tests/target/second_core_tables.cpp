// The cases of the second core. They are apart, since the other cases count on a machine with one
// core, whose clock counts its instructions.

#include <array>

#include "tests/target/case.hpp"

namespace hm::target {

std::span<const Cases> tables() {
    static const std::array all{second_core_cases(), several_cpus_cases()};
    return all;
}

}  // namespace hm::target
