#pragma once
// Workloads "hang" and "stray": guests that misbehave, to show that the monitor stops them and that
// the rest of a run is not affected. Their keys add them.

#include "measure/workload/workload.hpp"

namespace hm::measure {

/// A guest that loops forever with interrupts masked.
namespace hang {

inline constexpr Task kTask{5};
inline constexpr Key kKeys[]{Key::kHang};

inline void plan(const Request& request, std::uint64_t counter_hz, Plan& plan);

inline constexpr Workload kWorkload{
    .name = "hang", .task = kTask, .keys = kKeys, .plan = plan, .never_ends = true};

inline void plan(const Request& request, std::uint64_t /*counter_hz*/, Plan& plan) {
    if (request.get(Key::kHang) != 0) {
        plan.add_in_both_worlds({.workload = &kWorkload});
    }
}

}  // namespace hang

/// A guest that touches memory that it does not own.
namespace stray {

inline constexpr Task kTask{6};
inline constexpr Key kKeys[]{Key::kStray};

inline void plan(const Request& request, std::uint64_t counter_hz, Plan& plan);

inline constexpr Workload kWorkload{
    .name = "stray", .task = kTask, .keys = kKeys, .plan = plan, .demand = DemandRange::kNever};

inline void plan(const Request& request, std::uint64_t /*counter_hz*/, Plan& plan) {
    if (request.get(Key::kStray) != 0) {
        // Only as a guest: natively nothing would stop it.
        plan.add_in(kPlainNested, {.workload = &kWorkload, .demand_bytes = kPageBytes});
    }
}

}  // namespace stray

}  // namespace hm::measure
