#include "session/hw/session.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "board.hpp"
#include "board/hw/console.hpp"
#include "board/hw/counter.hpp"
#include "board/machine.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/pmu/hw/counters.hpp"
#include "hyp/hw/monitor.hpp"
#include "measure/plan.hpp"
#include "measure/record.hpp"
#include "measure/workload/chase.hpp"
#include "measure/worst.hpp"
#include "session/core/conditions.hpp"
#include "session/core/confinement.hpp"
#include "session/core/ending.hpp"
#include "session/core/guest_machine.hpp"
#include "session/core/reporter.hpp"
#include "session/core/slots.hpp"
#include "session/hw/core_registers.hpp"
#include "session/hw/guest_memory.hpp"
#include "session/hw/linger.hpp"
#include "session/hw/pmu.hpp"
#include "session/hw/tlb_rams.hpp"
#include "version.hpp"

namespace hm::session {

namespace {

using measure::Scenario;

measure::Plan plan;
std::array<std::array<char, measure::kNameBytes>, measure::Plan::kMost> names;
measure::RecordWriter* writer;
std::string_view running;  ///< the scenario's name, for checkpoints
/// Printing takes machine time, of which a scenario with deadlines has little.
constexpr std::uint32_t kProgressSteps = 16;
std::uint32_t progress_shown;  ///< the step that was shown last
bool beyond_counter;           ///< a scenario may have taken more instructions than 32 bits count

measure::NamedValue named_value(const measure::KeyInfo& info, std::uint32_t value) {
    return info.kind == measure::Kind::kWord
               ? measure::NamedValue{info.name, measure::word_of(info.words, value)}
               : measure::NamedValue{info.name, value};
}

/// An emulator's ticks mean nothing on a machine, unless they are instructions.
measure::Clock clock_of_the_machine() {
    if (counts_instructions()) {
        return measure::Clock::kInstructions;
    }
    return machine().models_caches ? measure::Clock::kCycles : measure::Clock::kEmulator;
}

void show_progress(std::uint32_t done, std::uint32_t of) {
    const std::uint32_t step =
        of == 0 ? 0 : static_cast<std::uint32_t>(std::uint64_t{done} * kProgressSteps / of);
    if (of >= 4096 && step != progress_shown && done != of) {
        writer->progress({.scenario = running, .done = done, .of = of});
    }
    progress_shown = step;
}

Conditions conditions_of(const Scenario& scenario, const Slots& slots, measure::Clock clock,
                         const Services& services) {
    const SecondCore& second_core = services.second_core;
    return {.machine = machine(),
            .clock = clock,
            .has_slot = slots.of(scenario) != nullptr,
            .has_second_core = second_core.exists(),
            .second_core_lack = second_core.lack,
            .second_core_goes_off = second_core.goes_off,
            .tlb_lack = services.tlb.lack,
            .watches = hyp::watches(routing_of(machine(), scenario.delivery))};
}

/// One run of a scenario, in the memory that it has.
class Attempt {
  public:
    Attempt(const Scenario& scenario, const Slots& slots, const Confinement& confinement,
            const Services& services, bool slow_machine, measure::ScenarioRecord& record)
        : scenario_(scenario),
          measured_(*slots.of(scenario)),
          slots_(slots),
          confinement_(confinement),
          second_core_(services.second_core),
          tlb_(services.tlb),
          slow_machine_(slow_machine),
          record_(record) {}

    /// True if the guest ran and ended well, and what it left is as it should be.
    [[nodiscard]] bool run(std::uint64_t patience, measure::Clock clock, const Reporter& reporter,
                           Message& message) {
        const Platform here = platform();
        auto block = parameters_for(here, measured_, scenario_);
        const auto other = companion_parameters(here, slots_.companion, scenario_);
        const bool shares = measure::shares_core(scenario_.delivery);
        const bool streams = measure::uses_second_core(scenario_.load);
        if (!block || (shares && !other) || (streams && slots_.stream.bytes == 0)) {
            record_.skipped = true;
            message.text("the machine has too little memory for it");
            return true;
        }
        block->slip = slip_of(scenario_, clock);
        const GuestMap map = guest_map(here, *block, measured_, scenario_);
        const auto vm = guest_machine(here, scenario_, measured_, map, *block, patience);
        std::optional<GuestMap> other_map;
        std::optional<hyp::Companion> companion;
        if (shares) {
            other_map = companion_map(here, *other, slots_.companion);
            companion = companion_machine(here, scenario_, slots_.companion, *other_map, *other);
        }
        if (!is_confined(vm, companion ? &*companion : nullptr, message)) {
            return false;
        }
        bool ok = false;
        do {
            if (shares) {
                (void)load(slots_.companion, *other);
            }
            const Checksums checksums = load(measured_, *block);
            record_.guest_crc32 = checksums.image;
            record_.parameters_crc32 = checksums.parameters;
            again_ = false;
            ok = measure(vm, companion ? &*companion : nullptr, *block, clock, reporter, message);
        } while (again_);
        // A model of the processor would take longer for this than for all of its scenarios. They
        // are of our own guest, which reads nothing that it has not written.
        if (!ok || !slow_machine_) {
            clear(measured_, *block);
            if (shares) {
                clear(slots_.companion, *other);
            }
        }
        return ok;
    }

  private:
    /// How often the guest runs, so that all memory events are counted where it reports them. Its
    /// rows are of the last run.
    [[nodiscard]] std::uint32_t passes() const {
        return scenario_.workload == &measure::chase::kWorkload && !scenario_.reads_tlb_rams
                   ? events_.count()
                   : 1;
    }

    bool is_confined(const hyp::VmConfig& vm, const hyp::Companion* companion, Message& message) {
        auto breach = confinement_.of_measured(scenario_, vm);
        if (!breach && companion != nullptr) {
            breach = confinement_.of_companion(scenario_, companion->vm);
        }
        if (breach) {
            message.text("stage 2 would show a guest ").text(breach->what).text(", PA ");
            message.hex(breach->at.value);
        }
        return !breach;
    }

    bool measure(const hyp::VmConfig& vm, const hyp::Companion* companion,
                 const measure::ParameterBlock& block, measure::Clock clock,
                 const Reporter& reporter, Message& message) {
        const bool uses_second_core = scenario_.uses_second_core();
        const auto start_second_core = [&] {
            return scenario_.second_cpu == measure::SecondCpu::kOtherCore
                       ? second_core_.serve()
                       : second_core_.start(slots_.stream);
        };
        if (uses_second_core && !start_second_core()) {
            message.text("the second core did not start");
            return false;
        }
        const TlbReader tlb(scenario_.reads_tlb_rams ? &tlb_ : nullptr);
        start_counters(events_, pass_);
        const std::uint64_t begin = cpu::read<cpu::Cntpct>().raw;
        const auto stop = hyp::run(vm, may_print(scenario_) ? show_progress : nullptr, companion);
        const std::uint64_t elapsed = cpu::read<cpu::Cntpct>().raw - begin;
        beyond_counter = beyond_counter || elapsed > UINT32_MAX;
        if (uses_second_core && !second_core_.stop()) {
            message.text("the second core did not stop");
            return false;
        }
        if (!stop) {
            message.text("the stage-2 tables did not fit into the monitor's memory");
            return false;
        }
        measure::GuestReport report = report_of(measured_);
        if (!ended_well(*stop, report, message)) {
            return false;
        }
        if (is_worth_another_run(report, clock, ++runs_)) {
            again_ = true;
            return false;
        }
        if (passes() > 1) {
            auto numbers = report.numbers.as<measure::chase::Report>();
            events_.sort(pass_, numbers.events, counted_);
            again_ = ++pass_ < passes();
            if (again_) {
                return false;
            }
            numbers.events = counted_;
            report.numbers = numbers;
        }
        measure::Facts facts{.scenario = scenario_,
                             .report = report,
                             .costs = stop->costs,
                             .clock = clock,
                             .pmu_events = events_.events(),
                             .elapsed = stop->costs.elapsed};
        if (companion != nullptr) {
            facts.companion_work = report_of(slots_.companion).work;
        }
        const std::string_view complaint = reporter.report(facts, events_of(measured_, block));
        message.text(complaint);
        if (complaint.empty() && scenario_.reads_tlb_rams) {
            reporter.report_tlb(scenario_, *tlb_.rams, TlbReader::contents());
        }
        return complaint.empty();
    }

    const Scenario& scenario_;
    GuestSlot measured_;
    const Slots& slots_;
    const Confinement& confinement_;
    const SecondCore& second_core_;
    const TlbReadOut& tlb_;
    bool slow_machine_;
    measure::ScenarioRecord& record_;
    const EventPasses events_ = event_passes();
    EventCounts counted_{};
    std::uint32_t pass_ = 0;
    std::uint32_t runs_ = 0;
    bool again_ = false;
};

void run_scenario(const Scenario& scenario, std::string_view name, const Slots& slots,
                  const Confinement& confinement, const Services& services, bool slow_machine,
                  std::uint64_t patience, measure::Clock clock, const Reporter& reporter) {
    measure::ScenarioRecord record{.name = name};
    Message message;
    const std::string_view reason =
        reason_to_skip(scenario, conditions_of(scenario, slots, clock, services));
    running = name;
    progress_shown = kProgressSteps;
    if (reason.empty()) {
        record.ok = Attempt(scenario, slots, confinement, services, slow_machine, record)
                        .run(patience, clock, reporter, message);
    } else {
        record.skipped = true;
        record.ok = true;
        message.text(reason);
    }
    record.detail = message.view();
    writer->scenario(record);
}

}  // namespace

void run_session(const measure::Request& request, const Services& services) {
    const std::uint64_t counter_hz = board::counter_hz();
    measure::make_plan(request, counter_hz, plan);
    const auto scenarios = plan.scenarios().subspan(
        std::min<std::size_t>(request.get(measure::Key::kFrom), plan.scenarios().size()));

    std::array<std::string_view, measure::Plan::kMost> name_views;
    for (std::size_t i = 0; i < scenarios.size(); ++i) {
        name_views[i] = measure::name_of(scenarios[i], names[i]);
    }
    // The machine has not waited for anything yet: if ticks are instructions, these are all.
    const std::uint64_t booted = cpu::read<cpu::Cntpct>().raw;
    const EventPasses events = event_passes();
    start_counters(events, 0);
    const measure::Clock clock = clock_of_the_machine();

    const std::uint32_t patience = request.get(measure::Key::kLinger);
    const Slots slots = slots_in(platform(), services.ram, patience != 0);
    const Confinement confinement(platform(), services.ram, slots);
    measure::RecordLog log({reinterpret_cast<char*>(slots.records), slots.record_bytes});
    auto to_both = [&log](char c) {
        board::put(c);
        log.put(c);
    };
    measure::RecordWriter records{measure::CharSink(to_both)};
    writer = &records;
    std::array<measure::NamedValue, measure::kKeys.size() + (pmu::kStampIsbs ? 1 : 2)> settings;
    std::size_t count = 0;
    settings[count++] = {"suite", measure::info(request.suite).name};
    for (std::size_t i = 0; i < measure::kKeys.size(); ++i) {
        if (measure::kKeys[i].user == measure::User::kTarget) {
            settings[count++] = named_value(measure::kKeys[i], request.values[i]);
        }
    }
    if constexpr (!pmu::kStampIsbs) {
        settings[count++] = {measure::kStampIsbsName, std::uint32_t{pmu::kStampIsbs}};
    }
    const measure::ClockRatio ratio = clock == measure::Clock::kInstructions
                                          ? measure::ClockRatio{}
                                          : measure_clock_ratio(counter_hz);
    CoreRegisters registers;
    records.begin({.version = kVersion,
                   .compiler = __VERSION__,
                   .board = board::kName,
                   .machine = machine().name,
                   .clock = clock,
                   .counter_hz = counter_hz,
                   .ticks_hz = clock == measure::Clock::kCycles
                                   ? counter_hz * ratio.ticks / ratio.counter_ticks
                                   : 0,
                   .models_caches = machine().models_caches,
                   .models_tlb = machine().models_tlb,
                   .memory_bytes = services.ram.bytes,
                   .pmu_events = events.events(),
                   .registers = core_registers(registers, services.found),
                   .settings = std::span(settings).first(count),
                   .plan = std::span(name_views).first(scenarios.size())});
    // A model takes long for every instruction, and most of them would go into printing.
    const bool slow_machine = measure::info(request.suite).for_models;
    const std::size_t worst = slow_machine ? 1 : measure::WorstEvents::kMost;
    const Reporter reporter(records, clock, ratio, worst);
    for (std::size_t i = 0; i < scenarios.size(); ++i) {
        run_scenario(scenarios[i], name_views[i], slots, confinement, services, slow_machine,
                     request.get(measure::Key::kWatchdog), clock, reporter);
    }
    const bool counted = clock == measure::Clock::kInstructions && !beyond_counter;
    // With nothing left of the plan, nothing was shown to be well.
    records.end(!scenarios.empty(), counted ? booted + instructions_so_far() : 0);
    if (patience != 0) {
        linger(log, patience);
    }
}

}  // namespace hm::session
