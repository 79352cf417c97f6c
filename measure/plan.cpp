#include "measure/plan.hpp"

#include "measure/json_writer.hpp"

namespace hm::measure {

namespace {

constexpr std::uint32_t kPageBytes = 4096;

void plan_hypercalls(const Request& request, Plan& plan) {
    struct Path {
        Hypercall call;
        const char* name;
    };
    constexpr std::array<Path, 4> kPaths{{{Hypercall::kVectorOnly, "vector-only"},
                                          {Hypercall::kNull, "null-fast"},
                                          {Hypercall::kNullCommon, "null-dispatch"},
                                          {Hypercall::kYield, "switch"}}};
    const std::uint32_t calls = request.get(Key::kRounds) * kRepeatsPerRound;
    for (const Path& path : kPaths) {
        Scenario scenario{.workload = "hypercall",
                          .delivery = Delivery::kInjected,
                          .translation = kPlainNested,
                          .task = Task::kHypercall};
        if (path.call == Hypercall::kYield) {
            // To the other VM and back; neither slice ends meanwhile.
            scenario.delivery = Delivery::kShared;
            scenario.load = Load::kVmIdle;
            scenario.slice = UINT32_MAX;
        }
        scenario.arguments = {static_cast<std::uint32_t>(path.call), calls};
        scenario.memory_bytes = calls * std::uint32_t{sizeof(Sample)};
        scenario.name("path", path.name);
        plan.add(scenario);
    }
}

void plan_misbehaviour(const Request& request, Plan& plan) {
    if (request.get(Key::kHang) != 0) {
        plan.add_in_both_worlds({.workload = "hang", .task = Task::kHang});
    }
    if (request.get(Key::kStray) != 0) {
        // Only as a guest: natively there is nobody to stop it.
        plan.add({.workload = "stray",
                  .delivery = Delivery::kInjected,
                  .translation = kPlainNested,
                  .task = Task::kStray,
                  .demand_bytes = kPageBytes});
    }
}

}  // namespace

Scenario& Scenario::name(const char* key, std::uint32_t value) {
    parameters[parameter_count++] = Parameter{key, value};
    return *this;
}

Scenario& Scenario::name(const char* key, const char* value) {
    parameters[parameter_count++] = Parameter{key, value};
    return *this;
}

void Plan::add(const Scenario& scenario) {
    if (count_ < kMost) {
        scenarios_[count_] = scenario;
        ++count_;
    }
}

void Plan::add_in_both_worlds(const Scenario& scenario) {
    add_in(kPlainNative, scenario);
    add_in(kPlainNested, scenario);
}

void Plan::add_in(const Translation& translation, const Scenario& scenario) {
    if (count_ < kMost) {
        Scenario& added = scenarios_[count_];
        add(scenario);
        added.translation = translation;
        added.delivery =
            translation.regime() == Regime::kNative ? Delivery::kNative : Delivery::kInjected;
    }
}

void make_plan(const Request& request, std::uint64_t counter_hz, Plan& plan) {
    // What is to go wrong comes first, so that it shows that all the rest is still measured.
    plan_misbehaviour(request, plan);
    if (request.wants(Workload::kPagefault)) {
        plan_page_faults(request, plan);
    }
    if (request.wants(Workload::kChase)) {
        plan_chase(request, plan);
    }
    if (request.wants(Workload::kBoot)) {
        plan_boot(request, plan);
    }
    if (request.wants(Workload::kParity)) {
        plan_parity(request, plan);
    }
    if (request.wants(Workload::kTimer)) {
        plan_timer(request, counter_hz, plan);
    }
    if (request.wants(Workload::kHypercall)) {
        plan_hypercalls(request, plan);
    }
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
    put_text(sink, scenario.workload);
    for (const Parameter& parameter : scenario.named_parameters()) {
        sink(' ');
        put_text(sink, parameter.key);
        sink('=');
        if (parameter.text != nullptr) {
            put_text(sink, parameter.text);
        } else {
            JsonWriter(sink).number(parameter.number);
        }
    }
    sink(' ');
    put_text(sink, name_of(scenario.translation.regime()));
    if (const char* const stage2 = stage2_of(scenario); *stage2 != 0) {
        sink(':');
        put_text(sink, stage2);
    }
    sink('/');
    put_text(sink, name_of(scenario.delivery));
    return {buffer.data(), used};
}

}  // namespace hm::measure
