#include "boot/session.hpp"

#include <array>

#include "board.hpp"
#include "boot/console.hpp"
#include "boot/ending.hpp"
#include "boot/guest_machine.hpp"
#include "boot/guest_slot.hpp"
#include "boot/pmu.hpp"
#include "boot/reporter.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/registers.hpp"
#include "hyp/hw/monitor.hpp"
#include "measure/plan.hpp"
#include "measure/record.hpp"
#include "version.hpp"

extern "C" char __guest_base[];

namespace hm::boot {

namespace {

using measure::Scenario;

measure::Plan plan;
std::array<std::array<char, measure::kNameBytes>, measure::Plan::kMost> names;
measure::RecordWriter* writer;
std::string_view running;  ///< the scenario's name, for checkpoints

void show_progress(std::uint32_t done, std::uint32_t of) {
    // Printing takes machine time, which a scenario with deadlines does not have often.
    constexpr std::uint32_t kSteps = 16;
    static std::uint32_t shown;
    const std::uint32_t step =
        of == 0 ? 0 : static_cast<std::uint32_t>(std::uint64_t{done} * kSteps / of);
    if (of >= 4096 && step != shown && done != of) {
        writer->progress({.scenario = running, .done = done, .of = of});
    }
    shown = step;
}

void run_scenario(const Scenario& scenario, std::string_view name, GuestSlot& slot,
                  std::uint64_t patience, const Reporter& reporter) {
    measure::ScenarioRecord record{.name = name};
    Detail detail;
    const auto parameters = slot.parameters_for(scenario);
    if (!parameters) {
        record.ok = true;
        detail.text("skipped: the machine has too little memory for it");
        record.detail = detail.view();
        writer->scenario(record);
        return;
    }
    running = name;
    const GuestMap map = guest_map(*parameters, slot.base());
    const auto vm = guest_machine(scenario, slot, map, *parameters, patience + scenario.waits);
    const Checksums checksums = slot.load(*parameters);
    record.guest_crc32 = checksums.image;
    record.parameters_crc32 = checksums.parameters;
    start_counters();
    const auto stop = hyp::monitor.run(vm, show_progress);
    if (!stop) {
        detail.text("the stage-2 tables did not fit into the monitor's memory");
    } else if (ended_well(*stop, slot, detail)) {
        const std::string_view complaint = reporter.report(scenario, slot);
        record.ok = complaint.empty();
        detail.text(complaint);
    }
    record.detail = detail.view();
    writer->scenario(record);
}

}  // namespace

bool run_session(const measure::Request& request, const Ram& ram) {
    const std::uint64_t counter_hz = cpu::read<cpu::Cntfrq>().raw;
    plan = measure::make_plan(request, counter_hz);
    const auto scenarios = plan.scenarios();

    std::array<std::string_view, measure::Plan::kMost> name_views;
    for (std::size_t i = 0; i < scenarios.size(); ++i) {
        name_views[i] = measure::name_of(scenarios[i], names[i]);
    }
    start_counters();
    const bool exact = counts_instructions();
    const measure::Clock clock = exact ? measure::Clock::kInstructions : measure::Clock::kCycles;

    measure::RecordWriter records(console());
    writer = &records;
    std::array<measure::Parameter, measure::kParameters.size() + 1> parameters;
    std::size_t count = 0;
    parameters[count++] = {"suite", measure::kSuites[static_cast<std::size_t>(request.suite)].name};
    for (std::size_t i = 0; i < measure::kParameters.size(); ++i) {
        if (measure::kParameters[i].user == measure::User::kTarget) {
            parameters[count++] = {measure::kParameters[i].name, request.values[i]};
        }
    }
    records.begin({.version = kVersion,
                   .board = board::kName,
                   .machine = board::kMachine,
                   .clock = clock,
                   .counter_hz = counter_hz,
                   .models_caches = board::kModelsCaches,
                   .models_tlb = board::kModelsTlb,
                   .memory_bytes = ram.bytes,
                   .parameters = std::span(parameters).first(count),
                   .plan = std::span(name_views).first(scenarios.size())});
    if (!board::kModelsCaches) {
        records.verdict({.name = "clock counts instructions",
                         .ok = exact,
                         .detail = exact ? "one tick an instruction, as icount promises"
                                         : "this emulator runs without icount: nothing it counts "
                                           "means anything"});
    }

    GuestSlot slot(ram.end().value);
    const Reporter reporter(records, clock);
    for (std::size_t i = 0; i < scenarios.size(); ++i) {
        run_scenario(scenarios[i], name_views[i], slot, request.get(measure::Key::kWatchdog),
                     reporter);
    }
    records.end(true);
    return records.all_ok();
}

}  // namespace hm::boot
