#include "measure/scenario.hpp"

#include "measure/json_writer.hpp"
#include "measure/workload/masked.hpp"
#include "measure/workload/tlb.hpp"

namespace hm::measure {

std::uint64_t Scenario::memory_bytes() const {
    return std::uint64_t{events} * event_bytes(workload->events) + work_bytes;
}

const char* workload_name(const Scenario& scenario) {
    if (scenario.reads_tlb_rams) {
        return tlb::kWorkload.name;
    }
    return scenario.masking_is_watched ? masked::kWorkload.name : scenario.workload->name;
}

const char* regime_of(const Scenario& scenario) {
    return scenario.is_alone ? kAlone : name_of(scenario.translation.regime());
}

const char* delivery_of(const Scenario& scenario) {
    return scenario.is_alone ? kAlone : name_of(scenario.delivery);
}

const char* stage2_of(const Scenario& scenario) {
    const Stage2 stage2 = scenario.translation.stage2;
    return stage2 == Stage2::kOff || stage2 == kPlainNested.stage2 ? "" : name_of(stage2);
}

std::string_view name_of(const Scenario& scenario, std::span<char> buffer) {
    std::size_t used = 0;
    auto put = [&](char c) {
        if (used < buffer.size()) {
            buffer[used] = c;
            ++used;
        }
    };
    const CharSink sink(put);
    put_text(sink, workload_name(scenario));
    for (const NamedValue& value : scenario.named_values()) {
        sink(' ');
        put_text(sink, value.name);
        sink('=');
        if (value.text != nullptr) {
            put_text(sink, value.text);
        } else {
            JsonWriter(sink).number(value.number);
        }
    }
    sink(' ');
    put_text(sink, regime_of(scenario));
    if (const char* const stage2 = stage2_of(scenario); *stage2 != 0) {
        sink(':');
        put_text(sink, stage2);
    }
    sink('/');
    put_text(sink, delivery_of(scenario));
    return {buffer.data(), used};
}

}  // namespace hm::measure
