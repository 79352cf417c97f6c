#include "measure/workload/fault_layers.hpp"

namespace hm::measure {

namespace {

std::array<std::uint32_t, kFaultStampNames.size()> stamps_of(const Fault& event) {
    const FaultStamps& guest = event.guest;
    const FaultStamps& hyp = event.hyp;
    return {event.access,     guest.vector,   guest.handler, guest.written,
            guest.maintained, guest.returned, hyp.vector,    hyp.handler,
            hyp.written,      hyp.maintained, hyp.returned,  event.retired};
}

std::string_view complaint_about(const Fault& event, Faults faults) {
    for (std::size_t from = 0; from < kLastStamp;) {
        const FaultLayer layer = layer_from(from, faults);
        if (layer.value(event) >= 0x80000000) {
            return "a stamp is older than the one before it";
        }
        from = layer.to;
    }
    return {};
}

}  // namespace

std::uint32_t FaultLayer::value(const Fault& event) const {
    const auto stamps = stamps_of(event);
    return stamps[to] - stamps[from] - (to == kLastStamp ? event.reading : 0);
}

FaultLayer layer_from(std::size_t from, Faults faults) {
    std::size_t to = from + 1;
    if (to < kFirstHypStamp && !in_stage1(faults)) {
        to = kFirstHypStamp;
    }
    if (to >= kFirstHypStamp && !in_stage2(faults)) {
        to = kLastStamp;
    }
    return {from, to};
}

const char* step_of(const FaultLayer& layer, Faults faults, Regime regime) {
    // What leads to a fault belongs to it, and what follows the last to that.
    const bool stage2 = layer.to == kLastStamp ? in_stage2(faults) : layer.to >= kFirstHypStamp;
    return stage2 ? "(C)" : regime == Regime::kNative ? "(A)" : "(B)";
}

std::string_view complaint_about(std::span<const Fault> events, Faults faults) {
    for (const Fault& event : events) {
        const auto number = static_cast<std::uint32_t>(&event - events.data());
        const auto counts_on = [&](const FaultStamps& first, const FaultStamps& stamps) {
            return stamps.count - first.count == number && stamps.count != 0;
        };
        if ((in_stage1(faults) && !counts_on(events.front().guest, event.guest)) ||
            (in_stage2(faults) && !counts_on(events.front().hyp, event.hyp))) {
            return "an access did not take one fault of each kind that was planned";
        }
        if (const auto complaint = complaint_about(event, faults); !complaint.empty()) {
            return complaint;
        }
    }
    return {};
}

}  // namespace hm::measure
