// The cases of the image whose guests keep to the rules.

#include <array>

#include "tests/target/case.hpp"

namespace hm::target {

std::span<const Cases> tables() {
    static const std::array all{hyp_cases(),          translation_cases(), own_memory_cases(),
                                guest_cases(),        guest_cases(),       switch_cases(),
                                trap_cases(),         endless_cases(),     limit_cases(),
                                several_cpus_cases(), uart_cases(),        thumb_ee_cases(),
                                passed_device_cases()};
    return all;
}

}  // namespace hm::target
