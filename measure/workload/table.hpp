#pragma once
// All workloads, in the order in which a run measures them.

#include <array>
#include <cstddef>
#include <string_view>

#include "measure/request.hpp"
#include "measure/workload/boot.hpp"
#include "measure/workload/chase.hpp"
#include "measure/workload/demand_fault.hpp"
#include "measure/workload/exits.hpp"
#include "measure/workload/hypercall.hpp"
#include "measure/workload/masked.hpp"
#include "measure/workload/misbehave.hpp"
#include "measure/workload/page_fault.hpp"
#include "measure/workload/parity.hpp"
#include "measure/workload/timer.hpp"
#include "measure/workload/tlb.hpp"
#include "measure/workload/turn.hpp"
#include "measure/workload/workload.hpp"

namespace hm::measure {

/// What misbehaves comes first, to show that all the others are still measured after it.
inline constexpr std::array kWorkloads{
    &hang::kWorkload,         &freeze::kWorkload,    &stray::kWorkload, &page_fault::kWorkload,
    &demand_fault::kWorkload, &chase::kWorkload,     &boot::kWorkload,  &parity::kWorkload,
    &timer::kWorkload,        &hypercall::kWorkload, &exits::kWorkload, &turn::kWorkload,
    &masked::kWorkload,       &tlb::kWorkload,
};

/// How many of them --only takes by name.
inline constexpr std::size_t kNamedWorkloads = [] {
    std::size_t count = 0;
    for (const Workload* const workload : kWorkloads) {
        count += workload->meaning != nullptr ? 1 : 0;
    }
    return count;
}();

/// Those, for people.
inline constexpr auto kWorkloadNames = [] {
    std::array<Described, kNamedWorkloads> names{};
    std::size_t count = 0;
    for (const Workload* const workload : kWorkloads) {
        if (workload->meaning != nullptr) {
            names[count++] = {workload->name, workload->meaning};
        }
    }
    return names;
}();

/// Whether `request` asks for the scenarios of `workload`, which is in the table.
[[nodiscard]] constexpr bool wants(const Request& request, const Workload& workload) {
    for (std::size_t i = 0; i < kWorkloads.size(); ++i) {
        if (kWorkloads[i] == &workload) {
            return request.wanted[i];
        }
    }
    return false;
}

}  // namespace hm::measure
