#include "measure/plan.hpp"

#include "measure/json_writer.hpp"

namespace hm::measure {

namespace {

constexpr std::uint32_t kPageBytes = 4096;
/// Sizes of the chase, up to the largest asked for, which is itself the last.
constexpr std::array<std::uint64_t, 5> kChaseBytes{64 * kKiB, kMiB, 8 * kMiB, 64 * kMiB,
                                                   256 * kMiB};

std::uint32_t narrow(std::uint64_t value) { return static_cast<std::uint32_t>(value); }

void plan_page_faults(const Request& request, Plan& plan) {
    const std::uint64_t pages = request.get(Key::kPages);
    const std::uint64_t rounds = request.get(Key::kRounds);
    Scenario scenario{.workload = "pagefault", .task = Task::kPageFault};
    scenario.arguments = {narrow(pages), narrow(rounds)};
    scenario.memory_bytes = narrow(pages * kPageBytes + pages * rounds * sizeof(Sample));
    set_parameters(scenario, Parameter{"pages", pages}, Parameter{"rounds", rounds});
    plan.add_in_both_worlds(scenario);

    // The same pages once each, mapped by nobody in stage 2 before they are touched.
    scenario = {.workload = "demand", .task = Task::kDemandFault};
    scenario.arguments = {narrow(pages)};
    scenario.demand_bytes = narrow(pages * kPageBytes);
    scenario.memory_bytes = narrow(pages * sizeof(Sample));
    set_parameters(scenario, Parameter{"pages", pages});
    plan.add_in_both_worlds(scenario);
}

void plan_chase_of(std::uint64_t bytes, std::uint64_t laps, Plan& plan) {
    for (std::uint32_t random = 0; random < 2; ++random) {
        Scenario scenario{.workload = "chase", .task = Task::kChase};
        scenario.arguments = {narrow(bytes), narrow(laps), random};
        scenario.memory_bytes = narrow(bytes + laps * sizeof(Sample));
        set_parameters(scenario,
                       Parameter{"order", std::string_view(random != 0 ? "random" : "sequential")},
                       Parameter{"bytes", bytes});
        plan.add_in_both_worlds(scenario);
    }
}

void plan_chase(const Request& request, Plan& plan) {
    const std::uint64_t largest = request.get(Key::kBytes);
    const std::uint64_t laps = request.get(Key::kLaps);
    for (const std::uint64_t bytes : kChaseBytes) {
        if (bytes < largest) {
            plan_chase_of(bytes, laps, plan);
        }
    }
    plan_chase_of(largest, laps, plan);
}

void plan_hypercalls(const Request& request, Plan& plan) {
    struct Path {
        Hypercall call;
        std::string_view name;
    };
    constexpr std::array<Path, 4> kPaths{{{Hypercall::kVectorOnly, "vector-only"},
                                          {Hypercall::kNull, "null-fast"},
                                          {Hypercall::kNullCommon, "null-dispatch"},
                                          {Hypercall::kYield, "switch"}}};
    constexpr std::uint64_t kCallsPerRound = 50;
    const std::uint64_t calls = request.get(Key::kRounds) * kCallsPerRound;
    for (const Path& path : kPaths) {
        Scenario scenario{
            .workload = "hypercall", .delivery = Delivery::kInjected, .task = Task::kHypercall};
        if (path.call == Hypercall::kYield) {
            // To the other VM and back; neither slice ends meanwhile.
            scenario.delivery = Delivery::kShared;
            scenario.load = Load::kVmIdle;
            scenario.slice = UINT32_MAX;
        }
        scenario.arguments = {static_cast<std::uint32_t>(path.call), narrow(calls)};
        scenario.memory_bytes = narrow(calls * sizeof(Sample));
        set_parameters(scenario, Parameter{"path", path.name});
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
                  .task = Task::kStray,
                  .demand_bytes = kPageBytes});
    }
}

}  // namespace

void Plan::add(const Scenario& scenario) {
    if (count_ < kMost) {
        scenarios_[count_] = scenario;
        ++count_;
    }
}

void Plan::add_in_both_worlds(Scenario scenario) {
    scenario.delivery = Delivery::kNative;
    add(scenario);
    scenario.delivery = Delivery::kInjected;
    add(scenario);
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
    if (request.wants(Workload::kTimer)) {
        plan_timer(request, counter_hz, plan);
    }
    if (request.wants(Workload::kHypercall)) {
        plan_hypercalls(request, plan);
    }
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
        if (parameter.is_text) {
            put_text(sink, parameter.text);
        } else {
            JsonWriter(sink).number(parameter.number);
        }
    }
    sink(' ');
    put_text(sink, regime_of(scenario.delivery));
    sink('/');
    put_text(sink, name_of(scenario.delivery));
    return {buffer.data(), used};
}

}  // namespace hm::measure
