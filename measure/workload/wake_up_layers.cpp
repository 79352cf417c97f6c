#include "measure/workload/wake_up_layers.hpp"

#include <array>

namespace hm::measure {

namespace {

// Steps of figure 7. Natively: (1) the GIC takes the interrupt, (2) signals the OS, (3) the OS
// handles it. As a guest: (4) the GIC takes it, (5) signals the hypervisor, (6) which registers a
// virtual interrupt; (7) the guest resumes, (8) the virtual interrupt fires, (9) the guest's OS
// handles it.

constexpr Layer<WakeUp> kEndToEnd{"deadline..application", Unit::kCounterTicks, delay_of};

constexpr bool is_direct(const WakeUp& e) { return !is_deferred(e); }

constexpr Layer<WakeUp> straight(const char* steps) {
    return {"deadline..guest-vector", Unit::kCounterTicks,
            [](const WakeUp& e) { return e.vector_count - e.deadline_count; }, nullptr, steps};
}
constexpr Layer<WakeUp> acknowledge(const char* steps) {
    return {"guest-vector..guest-acknowledged", Unit::kTicks,
            [](const WakeUp& e) { return e.acknowledged - e.vector; }, nullptr, steps};
}
constexpr Layer<WakeUp> handle(const char* steps, bool (*applies)(const WakeUp&) = nullptr) {
    return {"guest-acknowledged..handler-done", Unit::kTicks,
            [](const WakeUp& e) { return e.handler_done - e.acknowledged; }, applies, steps};
}
constexpr Layer<WakeUp> resume(const char* steps) {
    return {"handler-done..application", Unit::kTicks,
            [](const WakeUp& e) { return e.application - e.handler_done; }, nullptr, steps};
}

constexpr Layer<WakeUp> kToHyp{
    "deadline..hyp-vector", Unit::kCounterTicks,
    [](const WakeUp& e) { return e.hyp.vector_count - e.deadline_count; }, nullptr, "(4)-(5)"};
constexpr Layer<WakeUp> kHypAcknowledge{
    "hyp-vector..hyp-acknowledged", Unit::kTicks,
    [](const WakeUp& e) { return e.hyp.acknowledged - e.hyp.vector; }, is_direct, "(6)"};
constexpr Layer<WakeUp> kInject{
    "hyp-acknowledged..list-register", Unit::kTicks,
    [](const WakeUp& e) { return e.hyp.list_register - e.hyp.acknowledged; }, nullptr, "(6)"};
constexpr Layer<WakeUp> kReturn{
    "list-register..guest-return", Unit::kTicks,
    [](const WakeUp& e) { return e.hyp.guest_return - e.hyp.list_register; }, nullptr, "(7)"};
constexpr Layer<WakeUp> kFire{"guest-return..guest-vector", Unit::kTicks,
                              [](const WakeUp& e) { return e.vector - e.hyp.guest_return; },
                              nullptr, "(8)"};

constexpr std::array<Layer<WakeUp>, 4> kNativeLayers{
    {straight("(1)-(2)"), acknowledge("(3)"), handle("(3)"), resume("(3)")}};

constexpr std::array<Layer<WakeUp>, 8> kInjectedLayers{{kToHyp, kHypAcknowledge, kInject, kReturn,
                                                        kFire, acknowledge("(9)"), handle("(9)"),
                                                        resume("(9)")}};

/// The guest's end of interrupt causes the exit in which HYP deactivates, but the GIC may take its
/// time. If the exit comes after the handler is done, it has no layer of its own.
constexpr bool maintained_in_handler(const WakeUp& e) {
    const auto before = [](std::uint32_t first, std::uint32_t second) {
        return second - first < 0x80000000;
    };
    return before(e.acknowledged, e.hyp.maintenance_vector) &&
           before(e.hyp.maintenance_return, e.handler_done);
}
constexpr bool maintained_later(const WakeUp& e) { return !maintained_in_handler(e); }

constexpr std::array<Layer<WakeUp>, 11> kInjectedSoftLayers{{
    kToHyp,
    kHypAcknowledge,
    kInject,
    kReturn,
    kFire,
    acknowledge("(9)"),
    {"guest-acknowledged..maintenance-vector", Unit::kTicks,
     [](const WakeUp& e) { return e.hyp.maintenance_vector - e.acknowledged; },
     maintained_in_handler, "(9)"},
    {"maintenance-vector..maintenance-return", Unit::kTicks,
     [](const WakeUp& e) { return e.hyp.maintenance_return - e.hyp.maintenance_vector; },
     maintained_in_handler, "(9)"},
    {"maintenance-return..handler-done", Unit::kTicks,
     [](const WakeUp& e) { return e.handler_done - e.hyp.maintenance_return; },
     maintained_in_handler, "(9)"},
    handle("(9)", maintained_later),
    resume("(9)"),
}};

// The counter measures the wait for a turn, since PMCCNTR may stop while the other VM is in WFI.
constexpr std::array<Layer<WakeUp>, 12> kSharedLayers{{
    kToHyp,
    kHypAcknowledge,
    {"hyp-vector..scheduled", Unit::kCounterTicks,
     [](const WakeUp& e) { return e.hyp.scheduled_count - e.hyp.vector_count; }, is_deferred,
     "(7)"},
    {"scheduled..switched-out", Unit::kTicks,
     [](const WakeUp& e) { return e.hyp.switched_out - e.hyp.scheduled; }, is_deferred, "(7)"},
    {"switched-out..switched-in", Unit::kTicks,
     [](const WakeUp& e) { return e.hyp.switched_in - e.hyp.switched_out; }, is_deferred, "(7)"},
    {"switched-in..hyp-acknowledged", Unit::kTicks,
     [](const WakeUp& e) { return e.hyp.acknowledged - e.hyp.switched_in; }, is_deferred, "(6)"},
    kInject,
    kReturn,
    kFire,
    acknowledge("(9)"),
    handle("(9)"),
    resume("(9)"),
}};

constexpr std::array<Layer<WakeUp>, 1> kSharedTotals{{
    {"hyp-vector..guest-vector", Unit::kCounterTicks,
     [](const WakeUp& e) { return e.vector_count - e.hyp.vector_count; }, is_deferred, "(6)-(8)"},
}};

}  // namespace

std::span<const Layer<WakeUp>> stamped_layers(Delivery delivery) {
    switch (delivery) {
        case Delivery::kNative:
        case Delivery::kDirect:
            return kNativeLayers;
        case Delivery::kInjected:
            return kInjectedLayers;
        case Delivery::kInjectedSoft:
            return kInjectedSoftLayers;
        case Delivery::kShared:
        case Delivery::kBoosted:
            break;
    }
    return kSharedLayers;
}

std::span<const Layer<WakeUp>> stamped_totals(Delivery delivery) {
    return shares_core(delivery) ? std::span<const Layer<WakeUp>>(kSharedTotals)
                                 : std::span<const Layer<WakeUp>>{};
}

const Layer<WakeUp>& end_to_end() { return kEndToEnd; }

LayerSum sum_of_layers(const WakeUp& event, Delivery delivery) {
    LayerSum sum;
    for (const Layer<WakeUp>& layer : stamped_layers(delivery)) {
        if (layer.has(event)) {
            (layer.unit == Unit::kCounterTicks ? sum.counter_ticks : sum.ticks) +=
                layer.value(event);
        }
    }
    return sum;
}

std::uint32_t unattributed(const WakeUp& event, Delivery delivery, const ClockRatio& ratio) {
    const LayerSum sum = sum_of_layers(event, delivery);
    const auto converted = static_cast<std::uint32_t>(
        (std::uint64_t{sum.ticks} * ratio.counter_ticks + ratio.ticks / 2) / ratio.ticks);
    const std::uint32_t difference = delay_of(event) - sum.counter_ticks - converted;
    return difference < 0x80000000 ? difference : -difference;
}

}  // namespace hm::measure
