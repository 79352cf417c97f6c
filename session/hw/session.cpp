#include "session/hw/session.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "board.hpp"
#include "board/hw/console.hpp"
#include "board/machine.hpp"
#include "boot/second_core.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/registers.hpp"
#include "hyp/hw/monitor.hpp"
#include "measure/plan.hpp"
#include "measure/record.hpp"
#include "measure/worst.hpp"
#include "session/hw/core_registers.hpp"
#include "session/hw/ending.hpp"
#include "session/hw/guest_machine.hpp"
#include "session/hw/guest_slot.hpp"
#include "session/hw/linger.hpp"
#include "session/hw/pmu.hpp"
#include "session/hw/reporter.hpp"
#include "session/hw/slots.hpp"
#include "version.hpp"

namespace hm::session {

namespace {

using measure::Scenario;

measure::Plan plan;
std::array<std::array<char, measure::kNameBytes>, measure::Plan::kMost> names;
measure::RecordWriter* writer;
std::string_view running;  ///< the scenario's name, for checkpoints
bool beyond_counter;       ///< a scenario may have taken more instructions than 32 bits count

measure::Parameter named_value(const measure::KeyInfo& info, std::uint32_t value) {
    return info.kind == measure::Kind::kWord
               ? measure::Parameter{info.name, measure::word_of(info.words, value)}
               : measure::Parameter{info.name, value};
}

/// An emulator that does not count instructions counts nothing that a machine would.
measure::Clock clock_of_the_machine() {
    if (counts_instructions()) {
        return measure::Clock::kInstructions;
    }
    return machine().models_caches ? measure::Clock::kCycles : measure::Clock::kEmulator;
}

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

/// What `scenario` needs that this one of the machines of a board does not do, in words.
std::string_view what_the_machine_lacks(const Scenario& scenario) {
    const bool shares = measure::shares_core(scenario.delivery);
    const bool links = scenario.task == measure::Task::kTimer &&
                       (shares || scenario.delivery == measure::Delivery::kInjected);
    if (links && !machine().links_interrupts) {
        return "this machine ends at a list register that is linked to an interrupt (LR.HW = 1)";
    }
    const bool floats =
        scenario.task == measure::Task::kParity &&
        static_cast<measure::ParityLoop>(scenario.arguments[0]) == measure::ParityLoop::kFloat;
    if ((shares || floats) && !machine().has_vfp) {
        return "this machine has no VFP in Non-secure state";
    }
    return {};
}

/// What `scenario` asks of the machine that it does not have, in words.
std::string_view reason_to_skip(const Scenario& scenario, const Slots& slots,
                                measure::Clock clock) {
    if (const auto impossible = scenario.translation.impossible(); !impossible.empty()) {
        return impossible;
    }
    if (slots.of(scenario) == nullptr) {
        return "a block of 1 GB needs a whole gigabyte without the monitor in it (under QEMU: "
               "--set memory=2G)";
    }
    if (const auto lack = what_the_machine_lacks(scenario); !lack.empty()) {
        return lack;
    }
    if (scenario.task == measure::Task::kHang && !hyp::watches(routing_of(scenario.delivery))) {
        return "after a Non-secure entry nothing watches a guest that has its interrupts straight "
               "from the GIC";
    }
    if (!measure::uses_second_core(scenario.load)) {
        return {};
    }
    if (!boot::second_core::exists()) {
        return "the machine has no second core (under QEMU: --set smp=2)";
    }
    if (clock == measure::Clock::kInstructions) {
        return "icount runs the cores in turn, and counts both (under QEMU: --clock wall)";
    }
    return {};
}

/// One run of a scenario, in the memory that is there for it.
class Attempt {
  public:
    Attempt(const Scenario& scenario, const Slots& slots, measure::ScenarioRecord& record)
        : scenario_(scenario),
          measured_(*slots.of(scenario)),
          companion_(slots.companion),
          slots_(slots),
          record_(record) {}

    /// True where the guest ran and ended well, and what it left is as it should be.
    [[nodiscard]] bool run(std::uint64_t patience, measure::Clock clock, const Reporter& reporter,
                           Detail& detail) {
        auto parameters = measured_.parameters_for(scenario_);
        const auto other = companion_parameters(scenario_, companion_);
        const bool shares = measure::shares_core(scenario_.delivery);
        if (!parameters || (shares && !other)) {
            record_.skipped = true;
            detail.text("the machine has too little memory for it");
            return true;
        }
        // Instructions from the last reading of the clock to WFI, in the guest or in HYP.
        constexpr std::uint32_t kMostSlip = 8;
        const bool waits_alone = scenario_.wait != measure::Wait::kSpin && !shares;
        parameters->slip = clock == measure::Clock::kInstructions && waits_alone ? kMostSlip : 0;
        const GuestMap map = guest_map(*parameters, measured_, scenario_);
        const auto vm =
            guest_machine(scenario_, measured_, map, *parameters, patience + scenario_.waits);
        std::optional<GuestMap> other_map;
        std::optional<hyp::Companion> companion;
        if (shares) {
            other_map = companion_map(*other, companion_);
            companion = companion_machine(scenario_, companion_, *other_map, *other);
            (void)companion_.load(*other);
        }
        const Checksums checksums = measured_.load(*parameters);
        record_.guest_crc32 = checksums.image;
        record_.parameters_crc32 = checksums.parameters;
        return measure(vm, companion ? &*companion : nullptr, reporter, detail);
    }

  private:
    bool measure(const hyp::VmConfig& vm, const hyp::Companion* companion, const Reporter& reporter,
                 Detail& detail) {
        const bool loads_core = measure::uses_second_core(scenario_.load);
        if (loads_core && !boot::second_core::start(slots_.stream)) {
            detail.text("the second core did not start");
            return false;
        }
        start_counters();
        const std::uint64_t begin = cpu::read<cpu::Cntpct>().raw;
        // Nothing is printed where that would be measured: in a slice of two VMs that share the
        // core, and in a boot.
        const bool prints = companion == nullptr && scenario_.task != measure::Task::kBoot;
        const auto stop = hyp::run(vm, prints ? show_progress : nullptr, companion);
        const std::uint64_t elapsed = cpu::read<cpu::Cntpct>().raw - begin;
        beyond_counter = beyond_counter || elapsed > UINT32_MAX;
        if (loads_core && !boot::second_core::stop()) {
            detail.text("the second core did not stop");
            return false;
        }
        if (!stop) {
            detail.text("the stage-2 tables did not fit into the monitor's memory");
            return false;
        }
        if (!ended_well(*stop, measured_, detail)) {
            return false;
        }
        const std::string_view complaint =
            reporter.report(scenario_, measured_,
                            {.companion = companion != nullptr ? &companion_ : nullptr,
                             .elapsed = elapsed,
                             .costs = stop->costs});
        detail.text(complaint);
        return complaint.empty();
    }

    const Scenario& scenario_;
    GuestSlot measured_;
    GuestSlot companion_;
    const Slots& slots_;
    measure::ScenarioRecord& record_;
};

void run_scenario(const Scenario& scenario, std::string_view name, const Slots& slots,
                  std::uint64_t patience, measure::Clock clock, const Reporter& reporter) {
    measure::ScenarioRecord record{.name = name};
    Detail detail;
    const std::string_view reason = reason_to_skip(scenario, slots, clock);
    running = name;
    if (reason.empty()) {
        record.ok = Attempt(scenario, slots, record).run(patience, clock, reporter, detail);
    } else {
        record.skipped = true;
        record.ok = true;
        detail.text(reason);
    }
    record.detail = detail.view();
    writer->scenario(record);
}

}  // namespace

bool run_session(const measure::Request& request, const board::Ram& ram) {
    const std::uint64_t counter_hz = cpu::read<cpu::Cntfrq>().raw;
    measure::make_plan(request, counter_hz, plan);
    const auto scenarios = plan.scenarios();

    std::array<std::string_view, measure::Plan::kMost> name_views;
    for (std::size_t i = 0; i < scenarios.size(); ++i) {
        name_views[i] = measure::name_of(scenarios[i], names[i]);
    }
    // The machine has not waited for anything yet: where ticks are instructions, these are all.
    const std::uint64_t booted = cpu::read<cpu::Cntpct>().raw;
    start_counters();
    const measure::Clock clock = clock_of_the_machine();

    const std::uint32_t patience = request.get(measure::Key::kLinger);
    const Slots slots = slots_in(ram, patience != 0);
    measure::RecordLog log(slots.records);
    auto to_both = [&log](char c) {
        board::put(c);
        log.put(c);
    };
    measure::RecordWriter records{measure::CharSink(to_both)};
    writer = &records;
    std::array<measure::Parameter, measure::kKeys.size() + 1> parameters;
    std::size_t count = 0;
    parameters[count++] = {"suite", measure::kSuites[static_cast<std::size_t>(request.suite)].name};
    for (std::size_t i = 0; i < measure::kKeys.size(); ++i) {
        if (measure::kKeys[i].user == measure::User::kTarget) {
            parameters[count++] = named_value(measure::kKeys[i], request.values[i]);
        }
    }
    const measure::ClockRatio ratio = clock == measure::Clock::kInstructions
                                          ? measure::ClockRatio{}
                                          : measure_clock_ratio(counter_hz);
    CoreRegisters registers;
    records.begin({.version = kVersion,
                   .board = board::kName,
                   .machine = machine().name,
                   .clock = clock,
                   .counter_hz = counter_hz,
                   .ticks_hz = clock == measure::Clock::kCycles
                                   ? counter_hz * ratio.ticks / ratio.counter_ticks
                                   : 0,
                   .models_caches = machine().models_caches,
                   .models_tlb = machine().models_tlb,
                   .memory_bytes = ram.bytes,
                   .pmu_events = memory_events(),
                   .registers = core_registers(registers),
                   .parameters = std::span(parameters).first(count),
                   .plan = std::span(name_views).first(scenarios.size())});
    // Where every instruction takes long, most of it would go into printing.
    const std::size_t worst =
        request.suite == measure::Suite::kModel ? 1 : measure::WorstEvents::kMost;
    const Reporter reporter(records, clock, ratio, worst);
    for (std::size_t i = 0; i < scenarios.size(); ++i) {
        run_scenario(scenarios[i], name_views[i], slots, request.get(measure::Key::kWatchdog),
                     clock, reporter);
    }
    const bool counted = clock == measure::Clock::kInstructions && !beyond_counter;
    records.end(true, counted ? booted + instructions_so_far() : 0);
    if (patience != 0) {
        linger(log, patience);
    }
    return records.all_ok();
}

}  // namespace hm::session
