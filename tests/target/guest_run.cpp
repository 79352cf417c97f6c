#include "tests/target/guest_run.hpp"

#include "boot/guest_machine.hpp"
#include "boot/pmu.hpp"

namespace hm::target {

namespace {

/// Ticks that a guest may go on for; where they are the host's time, it may be busy meanwhile.
std::uint64_t patience() { return boot::counts_instructions() ? 100'000'000 : 1'000'000'000; }

boot::Ram ram;
measure::ParameterBlock parameters;

}  // namespace

void set_ram(const boot::Ram& memory) { ram = memory; }

const measure::ParameterBlock& last_parameters() { return parameters; }

std::optional<hyp::Stop> run_guest(const measure::Scenario& scenario, void (*inspect)()) {
    constexpr std::uint64_t kCompanionBytes = std::uint64_t{12} << 20;
    const std::uint64_t companion_base = ram.end().value - kCompanionBytes;
    boot::GuestSlot slot(boot::guest_base(), companion_base);
    boot::GuestSlot companion_slot(companion_base, ram.end().value);
    const auto block = slot.parameters_for(scenario);
    const auto other = boot::companion_parameters(scenario, companion_slot);
    if (!block || !other) {
        return std::nullopt;
    }
    parameters = *block;
    const boot::GuestMap map = boot::guest_map(parameters, slot, scenario);
    const boot::GuestMap other_map = boot::companion_map(*other, companion_slot);
    const auto companion = boot::companion_machine(scenario, companion_slot, other_map, *other);
    (void)companion_slot.load(*other);
    (void)slot.load(parameters);
    hyp::monitor.set_inspector(inspect);
    const auto stop =
        hyp::monitor.run(boot::guest_machine(scenario, slot, map, parameters, patience()), nullptr,
                         measure::shares_core(scenario.delivery) ? &companion : nullptr);
    hyp::monitor.set_inspector(nullptr);
    return stop;
}

measure::Scenario page_fault_scenario(measure::Delivery delivery) {
    measure::Scenario scenario{
        .workload = "pagefault", .delivery = delivery, .task = measure::Task::kPageFault};
    scenario.arguments = {8, 2};
    return scenario;
}

measure::Scenario timer_scenario(measure::Delivery delivery) {
    constexpr std::uint32_t kPeriod = 100'000;
    measure::Scenario scenario{
        .workload = "timer", .delivery = delivery, .task = measure::Task::kTimer};
    // Some slices a period, by instructions; where a tick is time, longer than any switch.
    scenario.slice = boot::counts_instructions() ? kPeriod / 3 : 20 * kPeriod;
    scenario.arguments = {kPeriod, 10, 0};
    return scenario;
}

}  // namespace hm::target
