#include "tests/target/guest_run.hpp"

#include <algorithm>
#include <span>

#include "measure/workload/boot.hpp"
#include "measure/workload/chase.hpp"
#include "measure/workload/page_fault.hpp"
#include "measure/workload/timer.hpp"
#include "session/core/guest_machine.hpp"
#include "session/core/slots.hpp"
#include "session/hw/guest_memory.hpp"
#include "session/hw/pmu.hpp"

namespace hm::target {

namespace {

/// Ticks that a guest may take. If they are the host's time, the host may be busy meanwhile.
std::uint64_t patience() { return session::counts_instructions() ? 100'000'000 : 1'000'000'000; }

measure::Translation translation_of(measure::Delivery delivery) {
    return delivery == measure::Delivery::kNative ? measure::kPlainNative : measure::kPlainNested;
}

board::Ram ram;
measure::ParameterBlock parameters;
session::GuestSlot running;

}  // namespace

void set_ram(const board::Ram& memory) { ram = memory; }

const measure::ParameterBlock& last_parameters() { return parameters; }

bool clears_a_pattern(const measure::Scenario& scenario) {
    constexpr std::uint32_t kPattern = 0xA5C3F00F;
    const session::Platform here = session::platform();
    const session::Slots slots = session::slots_in(here, ram, false);
    const session::GuestSlot* const slot = slots.of(scenario);
    const auto block =
        slot != nullptr ? session::parameters_for(here, *slot, scenario) : std::nullopt;
    if (!block) {
        return false;
    }
    const std::uint32_t bytes = block->demand_base + block->demand_bytes - here.guest_base;
    const std::span words(reinterpret_cast<std::uint32_t*>(slot->at(0)), bytes / sizeof(kPattern));
    std::ranges::fill(words, kPattern);
    session::clear(*slot, *block);
    return std::ranges::find(words, kPattern) == words.end();
}

std::optional<hyp::Stop> run_guest(const measure::Scenario& scenario, void (*inspect)(),
                                   hyp::CheckpointHandler on_checkpoint) {
    const session::Platform here = session::platform();
    const session::Slots slots = guest_slots();
    if (slots.of(scenario) == nullptr) {
        return std::nullopt;
    }
    running = *slots.of(scenario);
    const auto block = session::parameters_for(here, running, scenario);
    const auto other = session::companion_parameters(here, slots.companion, scenario);
    if (!block || !other) {
        return std::nullopt;
    }
    parameters = *block;
    const session::GuestMap map = session::guest_map(here, parameters, running, scenario);
    const session::GuestMap other_map = session::companion_map(here, *other, slots.companion);
    const auto companion =
        session::companion_machine(here, scenario, slots.companion, other_map, *other);
    (void)session::load(slots.companion, *other);
    (void)session::load(running, parameters);
    hyp::set_inspector(inspect);
    const auto stop =
        hyp::run(session::guest_machine(here, scenario, running, map, parameters, patience()),
                 on_checkpoint, measure::shares_core(scenario.delivery) ? &companion : nullptr);
    hyp::set_inspector(nullptr);
    return stop;
}

session::Slots guest_slots() { return session::slots_in(session::platform(), ram, false); }

bool has_gigabyte() { return guest_slots().gigabyte.has_value(); }

const measure::GuestReport& last_report() { return session::report_of(running); }

measure::Scenario page_fault_scenario(measure::Delivery delivery) {
    measure::Scenario scenario =
        measure::page_fault::scenario({.pages = 8,
                                       .rounds = 2,
                                       .batch = 1,
                                       .visits = measure::Visits::kSequential,
                                       .faults = measure::Faults::kStage1});
    scenario.delivery = delivery;
    scenario.translation = translation_of(delivery);
    return scenario;
}

measure::Scenario chase_scenario(const measure::Translation& translation,
                                 measure::Placement placement) {
    measure::Scenario scenario =
        measure::chase::scenario({.bytes = kChaseBytes,
                                  .laps = 2,
                                  .order = measure::ChaseOrder::kPageRandom,
                                  .stride = static_cast<std::uint32_t>(mmu::kFrameBytes),
                                  .tlb = measure::TlbState::kWarm,
                                  .placement = placement});
    scenario.translation = translation;
    scenario.delivery = translation.regime() == measure::Regime::kNative
                            ? measure::Delivery::kNative
                            : measure::Delivery::kInjected;
    return scenario;
}

measure::Scenario boot_scenario(measure::Mapping mapping) {
    measure::Scenario scenario = measure::boot::scenario({.working_set = kBootWorkingSet}, mapping);
    scenario.delivery = measure::Delivery::kInjected;
    scenario.translation = measure::kPlainNested;
    scenario.demand_bytes = 2 * kBootWorkingSet;
    return scenario;
}

measure::Scenario timer_scenario(measure::Delivery delivery) {
    constexpr std::uint32_t kPeriod = 100'000;
    measure::Scenario scenario = measure::timer::scenario({.period = kPeriod,
                                                           .wake_ups = 10,
                                                           .warm_up = 0,
                                                           .dither = 0,
                                                           .idle = measure::timer::Idle::kWfi});
    scenario.delivery = delivery;
    scenario.translation = translation_of(delivery);
    // Some slices a period, by instructions; if a tick is time, longer than any switch.
    scenario.slice = session::counts_instructions() ? kPeriod / 3 : 20 * kPeriod;
    return scenario;
}

}  // namespace hm::target
