#pragma once
// Workloads "hang", "freeze" and "stray": guests that misbehave, to show that they are stopped and
// that the rest of a run is not affected. Their keys add them.

#include "measure/workload/workload.hpp"

namespace hm::measure {

/// Adds a guest that never ends, natively too, if its key is set.
inline void add_endless(const Request& request, Key key, const Workload& workload, Plan& plan) {
    if (request.get(key) != 0) {
        plan.add_in_both_worlds({.workload = &workload});
    }
}

/// A guest that loops forever with interrupts masked.
namespace hang {

inline constexpr Task kTask{5};
inline constexpr Key kKeys[]{Key::kHang};

inline void plan(const Request& request, std::uint64_t counter_hz, Plan& plan);

inline constexpr Workload kWorkload{
    .name = "hang", .task = kTask, .keys = kKeys, .plan = plan, .never_ends = true};

inline void plan(const Request& request, std::uint64_t /*counter_hz*/, Plan& plan) {
    add_endless(request, Key::kHang, kWorkload, plan);
}

}  // namespace hang

/// A guest that takes one exception after another, since its vectors cannot be fetched. A core ends
/// this at the watchdog's interrupt. QEMU's clock counts instructions, and none is executed: no
/// interrupt ever comes, and only the host can end it.
namespace freeze {

inline constexpr Task kTask{12};
inline constexpr Key kKeys[]{Key::kFreeze};

inline void plan(const Request& request, std::uint64_t counter_hz, Plan& plan);

inline constexpr Workload kWorkload{
    .name = "freeze", .task = kTask, .keys = kKeys, .plan = plan, .never_ends = true};

inline void plan(const Request& request, std::uint64_t /*counter_hz*/, Plan& plan) {
    add_endless(request, Key::kFreeze, kWorkload, plan);
}

}  // namespace freeze

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
