#include "tests/target/guest_run.hpp"

#include "boot/guest_machine.hpp"

namespace hm::target {

namespace {

constexpr std::uint64_t kPatience = 100'000'000;

boot::Ram ram;
measure::ParameterBlock parameters;

}  // namespace

void set_ram(const boot::Ram& memory) { ram = memory; }

const measure::ParameterBlock& last_parameters() { return parameters; }

std::optional<hyp::Stop> run_guest(const measure::Scenario& scenario, void (*inspect)()) {
    boot::GuestSlot slot(ram.end().value);
    const auto block = slot.parameters_for(scenario);
    if (!block) {
        return std::nullopt;
    }
    parameters = *block;
    const boot::GuestMap map = boot::guest_map(parameters, slot.base());
    (void)slot.load(parameters);
    hyp::monitor.set_inspector(inspect);
    const auto stop =
        hyp::monitor.run(boot::guest_machine(scenario, slot, map, parameters, kPatience),
                         [](std::uint32_t, std::uint32_t) {});
    hyp::monitor.set_inspector(nullptr);
    return stop;
}

measure::Scenario page_fault_scenario(measure::World world) {
    measure::Scenario scenario{
        .workload = "pagefault", .world = world, .task = measure::Task::kPageFault};
    scenario.arguments = {8, 2};
    return scenario;
}

measure::Scenario timer_scenario(measure::World world) {
    constexpr std::uint32_t kPeriod = 100'000;
    measure::Scenario scenario{.workload = "timer", .world = world, .task = measure::Task::kTimer};
    scenario.arguments = {kPeriod, 10, 0};
    return scenario;
}

}  // namespace hm::target
