#pragma once
// What a second VM does while the first is measured.

#include "measure/guest_abi.hpp"
#include "measure/setting.hpp"

namespace hm::measure::load {

inline constexpr Task kIdle{32};       ///< waits in WFI
inline constexpr Task kCompute{33};    ///< computes
inline constexpr Task kFault{34};      ///< faults on pages that stage 2 maps on demand
inline constexpr Task kHypercall{35};  ///< calls the monitor
inline constexpr Task kYield{36};      ///< gives the core back at once

[[nodiscard]] constexpr Task task_of(Load load) {
    switch (load) {
        case Load::kVmCompute:
        case Load::kAll:
            return kCompute;
        case Load::kVmFault:
            return kFault;
        case Load::kVmHypercall:
            return kHypercall;
        default:
            return kIdle;
    }
}

}  // namespace hm::measure::load
