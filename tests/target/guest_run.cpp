#include "tests/target/guest_run.hpp"

#include "session/hw/guest_machine.hpp"
#include "session/hw/pmu.hpp"
#include "session/hw/slots.hpp"

namespace hm::target {

namespace {

/// Ticks that a guest may go on for; where they are the host's time, it may be busy meanwhile.
std::uint64_t patience() { return session::counts_instructions() ? 100'000'000 : 1'000'000'000; }

measure::Translation translation_of(measure::Delivery delivery) {
    return delivery == measure::Delivery::kNative ? measure::kPlainNative : measure::kPlainNested;
}

board::Ram ram;
measure::ParameterBlock parameters;
session::GuestSlot running{0, 0};

}  // namespace

void set_ram(const board::Ram& memory) { ram = memory; }

const measure::ParameterBlock& last_parameters() { return parameters; }

std::optional<hyp::Stop> run_guest(const measure::Scenario& scenario, void (*inspect)()) {
    const session::Slots slots = session::slots_in(ram, false);
    if (slots.of(scenario) == nullptr) {
        return std::nullopt;
    }
    session::GuestSlot slot = *slots.of(scenario);
    session::GuestSlot companion_slot = slots.companion;
    running = slot;
    const auto block = slot.parameters_for(scenario);
    const auto other = session::companion_parameters(scenario, companion_slot);
    if (!block || !other) {
        return std::nullopt;
    }
    parameters = *block;
    const session::GuestMap map = session::guest_map(parameters, slot, scenario);
    const session::GuestMap other_map = session::companion_map(*other, companion_slot);
    const auto companion = session::companion_machine(scenario, companion_slot, other_map, *other);
    (void)companion_slot.load(*other);
    (void)slot.load(parameters);
    hyp::set_inspector(inspect);
    const auto stop =
        hyp::run(session::guest_machine(scenario, slot, map, parameters, patience()), nullptr,
                 measure::shares_core(scenario.delivery) ? &companion : nullptr);
    hyp::set_inspector(nullptr);
    return stop;
}

bool has_gigabyte() { return session::slots_in(ram, false).gigabyte.has_value(); }

const measure::GuestReport& last_report() { return running.report(); }

measure::Scenario page_fault_scenario(measure::Delivery delivery) {
    measure::Scenario scenario{.workload = "pagefault",
                               .delivery = delivery,
                               .translation = translation_of(delivery),
                               .task = measure::Task::kPageFault};
    scenario.arguments = {8, 2, 1};
    return scenario;
}

measure::Scenario chase_scenario(const measure::Translation& translation) {
    constexpr std::uint32_t kBytes = 8U << 20;
    constexpr std::uint32_t kLaps = 2;
    const bool native = translation.regime() == measure::Regime::kNative;
    measure::Scenario scenario{
        .workload = "chase",
        .delivery = native ? measure::Delivery::kNative : measure::Delivery::kInjected,
        .translation = translation,
        .task = measure::Task::kChase};
    scenario.arguments = {kBytes, kLaps,
                          static_cast<std::uint32_t>(measure::ChaseOrder::kPageRandom),
                          static_cast<std::uint32_t>(mmu::kFrameBytes)};
    scenario.memory_bytes = kBytes;
    return scenario;
}

measure::Scenario boot_scenario(measure::Mapping mapping) {
    constexpr std::uint32_t kWorkingSet = 2U << 20;
    measure::Scenario scenario{.workload = "boot",
                               .delivery = measure::Delivery::kInjected,
                               .translation = measure::kPlainNested,
                               .mapping = mapping,
                               .task = measure::Task::kBoot};
    scenario.arguments = {kWorkingSet};
    scenario.demand_bytes = 2 * kWorkingSet;
    return scenario;
}

measure::Scenario timer_scenario(measure::Delivery delivery) {
    constexpr std::uint32_t kPeriod = 100'000;
    measure::Scenario scenario{.workload = "timer",
                               .delivery = delivery,
                               .translation = translation_of(delivery),
                               .task = measure::Task::kTimer};
    // Some slices a period, by instructions; where a tick is time, longer than any switch.
    scenario.slice = session::counts_instructions() ? kPeriod / 3 : 20 * kPeriod;
    scenario.arguments = {kPeriod, 10, 0};
    return scenario;
}

}  // namespace hm::target
