#include "measure/layers.hpp"

#include <array>

namespace hm::measure {

namespace {

constexpr Layer<WakeUp> kEndToEnd{
    "deadline..application", Unit::kCounterTicks,
    [](const WakeUp& e) { return e.application_count - e.deadline_count; }};

constexpr Layer<WakeUp> kAcknowledge{"guest-vector..guest-acknowledged", Unit::kTicks,
                                     [](const WakeUp& e) { return e.acknowledged - e.vector; }};
constexpr Layer<WakeUp> kHandle{"guest-acknowledged..handler-done", Unit::kTicks,
                                [](const WakeUp& e) { return e.handler_done - e.acknowledged; }};
constexpr Layer<WakeUp> kSwitch{"handler-done..application", Unit::kTicks,
                                [](const WakeUp& e) { return e.application - e.handler_done; }};

constexpr std::array<Layer<WakeUp>, 5> kNativeLayers{{
    {"deadline..guest-vector", Unit::kCounterTicks,
     [](const WakeUp& e) { return e.vector_count - e.deadline_count; }},
    kAcknowledge,
    kHandle,
    kSwitch,
    kEndToEnd,
}};

constexpr std::array<Layer<WakeUp>, 9> kInjectedLayers{{
    {"deadline..hyp-vector", Unit::kCounterTicks,
     [](const WakeUp& e) { return e.hyp.vector_count - e.deadline_count; }},
    {"hyp-vector..hyp-acknowledged", Unit::kTicks,
     [](const WakeUp& e) { return e.hyp.acknowledged - e.hyp.vector; }},
    {"hyp-acknowledged..list-register", Unit::kTicks,
     [](const WakeUp& e) { return e.hyp.list_register - e.hyp.acknowledged; }},
    {"list-register..guest-return", Unit::kTicks,
     [](const WakeUp& e) { return e.hyp.guest_return - e.hyp.list_register; }},
    {"guest-return..guest-vector", Unit::kTicks,
     [](const WakeUp& e) { return e.vector - e.hyp.guest_return; }},
    kAcknowledge,
    kHandle,
    kSwitch,
    kEndToEnd,
}};

template <class Event>
constexpr Layer<Event> kHypInstructions{"hyp-instructions", Unit::kInstructions,
                                        hyp_instructions<Event>};
template <class Event>
constexpr Layer<Event> kGuestInstructions{"pl-instructions", Unit::kInstructions,
                                          guest_instructions<Event>};

constexpr std::array<Layer<WakeUp>, 3> kUnstampedLayers{
    {kEndToEnd, kHypInstructions<WakeUp>, kGuestInstructions<WakeUp>}};

constexpr std::array<Layer<Sample>, 5> kPageFaultLayers{{
    {"unmap", Unit::kTicks, [](const Sample& s) { return s.prepare_ticks; }},
    {"fault", Unit::kTicks, [](const Sample& s) { return s.ticks; }},
    {"total", Unit::kTicks, [](const Sample& s) { return s.prepare_ticks + s.ticks; }},
    kHypInstructions<Sample>,
    kGuestInstructions<Sample>,
}};

constexpr bool has_table(const Sample& s) { return s.kind == 0; }
constexpr bool needs_table(const Sample& s) { return s.kind != 0; }

constexpr std::array<Layer<Sample>, 5> kDemandLayers{{
    {"touch", Unit::kTicks, [](const Sample& s) { return s.ticks; }, has_table},
    {"touch-with-new-table", Unit::kTicks, [](const Sample& s) { return s.ticks; }, needs_table},
    {"hyp-instructions", Unit::kInstructions, hyp_instructions<Sample>, has_table},
    {"hyp-instructions-with-new-table", Unit::kInstructions, hyp_instructions<Sample>, needs_table},
    kGuestInstructions<Sample>,
}};

constexpr std::array<Layer<Sample>, 3> kCallLayers{{
    {"call", Unit::kTicks, [](const Sample& s) { return s.ticks; }},
    kHypInstructions<Sample>,
    kGuestInstructions<Sample>,
}};

constexpr std::array<Layer<Sample>, 3> kChaseLayers{{
    {"load", Unit::kTicks, [](const Sample& s) { return s.ticks; }},
    kHypInstructions<Sample>,
    kGuestInstructions<Sample>,
}};

}  // namespace

std::span<const Layer<WakeUp>> stamped_layers(bool through_hyp) {
    return through_hyp ? std::span<const Layer<WakeUp>>(kInjectedLayers)
                       : std::span<const Layer<WakeUp>>(kNativeLayers);
}

std::span<const Layer<WakeUp>> unstamped_layers() { return kUnstampedLayers; }

std::span<const Layer<Sample>> layers_of(Task task) {
    switch (task) {
        case Task::kPageFault:
            return kPageFaultLayers;
        case Task::kDemandFault:
            return kDemandLayers;
        case Task::kHypercall:
            return kCallLayers;
        case Task::kChase:
            return kChaseLayers;
        default:
            return {};
    }
}

}  // namespace hm::measure
