#include "tests/target/isolation/run.hpp"

#include <optional>

#include "hyp/hw/monitor.hpp"
#include "measure/crc32.hpp"
#include "measure/workload/hypercall.hpp"
#include "measure/workload/load.hpp"
#include "measure/workload/timer.hpp"
#include "session/core/ending.hpp"
#include "session/core/guest_machine.hpp"
#include "session/core/reporter.hpp"
#include "session/hw/guest_memory.hpp"
#include "session/hw/pmu.hpp"

extern "C" const char __image_start[], __rodata_end[];

namespace hm::isolation {

namespace {

using measure::Delivery;

/// Ticks that an act may take, and a clean scenario.
constexpr std::uint64_t kActPatience = 5'000'000;
constexpr std::uint64_t kCleanPatience = 100'000'000;
constexpr std::uint32_t kPeriod = 100'000;
/// No guest of the suite has so much memory.
constexpr std::uint32_t kMostGuestBytes = 32U << 20;

constexpr measure::Workload kHostile{.name = "hostile", .task = kTask, .never_ends = true};

session::Slots shared_out;

std::uint32_t address_of(const char* symbol) { return reinterpret_cast<std::uint32_t>(symbol); }

struct Ended {
    bool started = false;
    bool well = false;
    hyp::Stop stop{};
    std::string_view complaint{};  ///< of the session about the report
};

/// Records that nobody reads but a CRC.
struct Digest {
    measure::Crc32 crc;
    void operator()(char c) { crc.add(static_cast<std::byte>(c)); }
};

/// What goes into a scenario besides: the arguments of guests that are hostile.
struct Guests {
    std::optional<Target> first{};
    std::optional<Target> second{};
};

/// What a structure has between its fields comes from what the stack held: always zero, so that it
/// is the same again.
[[gnu::noinline]] void clear_stack_below() {
    std::array<std::uint32_t, 1536> room;
    for (std::uint32_t& word : room) {
        *const_cast<volatile std::uint32_t*>(&word) = 0;
    }
}

/// Only the suite's guests have it, so that there is something that they may not write.
hyp::MemoryRegion read_only_page() {
    return {.range = {{kReadOnlyPage}, mmu::kFrameBytes},
            .target = {shared_out.stream.base},
            .attributes = {.memory = mmu::MemoryType::kNormalWriteBack,
                           .read = true,
                           .write = false,
                           .executable = false},
            .forced = std::nullopt};
}

/// Runs a scenario as the session does, below a stack that was cleared, and reports it to `digest`
/// if the guest ended well.
[[gnu::noinline]] Ended run(const measure::Scenario& scenario, const Guests& guests,
                            std::uint64_t patience, Digest& digest, session::Message& message) {
    const session::Platform here = session::platform();
    const session::GuestSlot& slot = shared_out.measured;
    auto block = session::parameters_for(here, slot, scenario);
    auto other = session::companion_parameters(here, shared_out.companion, scenario);
    if (!block || !other) {
        message.text("too little memory");
        return {};
    }
    if (guests.first) {
        block->arguments = *guests.first;
    }
    if (guests.second) {
        other->arguments = *guests.second;
    }
    const session::GuestMap shared = session::guest_map(here, *block, slot, scenario);
    const std::array map{shared.regions[0], shared.regions[1], read_only_page()};
    const session::GuestMap other_map = session::companion_map(here, *other, shared_out.companion);
    const bool shares = measure::shares_core(scenario.delivery);
    if (shares) {
        session::clear(shared_out.companion, *other);
        (void)session::load(shared_out.companion, *other);
    }
    session::clear(slot, *block);
    (void)session::load(slot, *block);
    const auto companion =
        session::companion_machine(here, scenario, shared_out.companion, other_map, *other);
    session::start_counters();
    hyp::VmConfig vm = session::guest_machine(here, scenario, slot, shared, *block, patience);
    vm.map = map;
    const auto stop = hyp::run(vm, nullptr, shares ? &companion : nullptr);
    if (!stop) {
        message.text("its tables do not fit");
        return {};
    }
    const measure::GuestReport& report =
        session::report_of(stop->vm == 0 ? slot : shared_out.companion);
    Ended ended{.started = true, .stop = *stop};
    ended.well = session::ended_well(*stop, report, message);
    if (ended.well && scenario.workload->events != measure::EventKind::kNone) {
        measure::RecordWriter records{measure::CharSink(digest)};
        const session::Reporter reporter(records, measure::Clock::kInstructions, {}, 4);
        ended.complaint = reporter.report({.scenario = scenario,
                                           .report = session::report_of(slot),
                                           .costs = stop->costs,
                                           .elapsed = 1},
                                          session::events_of(slot, *block));
        message.text(ended.complaint);
    }
    return ended;
}

Target target_of(std::uint32_t number, bool is_second) {
    const session::GuestSlot& companion = shared_out.companion;
    return {.act = number,
            .is_second = is_second ? 1U : 0U,
            .monitor_text = address_of(__image_start),
            .monitor_data = address_of(__rodata_end),
            .stage2_tables = static_cast<std::uint32_t>(hyp::stage2_root().value),
            .other_vm = companion.at(measure::kGuestImageOffset),
            .records = shared_out.records,
            .free = shared_out.measured.at(kMostGuestBytes)};
}

measure::Scenario timer_scenario(Delivery delivery, measure::Load load = measure::Load::kIdle) {
    constexpr std::uint32_t kWakeUps = 8;
    measure::Scenario scenario = measure::timer::scenario({.period = kPeriod,
                                                           .wake_ups = kWakeUps,
                                                           .warm_up = 1,
                                                           .dither = 0,
                                                           .idle = measure::timer::Idle::kWfi});
    scenario.delivery = delivery;
    scenario.translation = measure::kPlainNested;
    scenario.load = load;
    scenario.slice = kPeriod / 3;
    scenario.stamps = true;
    return scenario;
}

measure::Scenario scenario_of(const Act& act, const measure::Workload& workload) {
    measure::Scenario scenario{.workload = &workload};
    if (act.where.attacker == Attacker::kSecond) {
        scenario = timer_scenario(act.where.delivery);
    } else if (act.claims != nullptr) {
        scenario.events = 16;
    }
    scenario.translation = act.where.translation;
    scenario.delivery = act.where.delivery;
    scenario.mapping = act.where.mapping;
    scenario.demand_bytes = act.where.demand_bytes;
    scenario.slice = kPeriod / 3;
    if (act.where.attacker != Attacker::kFirst) {
        scenario.companion = kTask;
    }
    return scenario;
}

bool is_as_expected(const Act& act, const Ended& ended) {
    const hyp::Stop& stop = ended.stop;
    const bool finished = stop.reason == hyp::StopReason::kFinished;
    switch (act.ends) {
        case Ending::kCarriesOn:
            return finished && ended.well && ended.complaint.empty();
        case Ending::kException:
            return finished && stop.outcome != 0 && stop.outcome < kSurprise;
        case Ending::kMonitor:
            return stop.reason == hyp::StopReason::kTrap ||
                   stop.reason == hyp::StopReason::kPoweredOff ||
                   stop.reason == hyp::StopReason::kReset;
        case Ending::kWatchdog:
            return stop.reason == hyp::StopReason::kWatchdog ||
                   stop.reason == hyp::StopReason::kBudget;
        case Ending::kReportRefused:
            return finished && stop.outcome == 0 && (!ended.well || !ended.complaint.empty());
        case Ending::kSilence:
            break;
    }
    return false;
}

}  // namespace

const session::Slots& slots() { return shared_out; }

void set_ram(const board::Ram& ram) {
    shared_out = session::slots_in(session::platform(), ram, true);
}

std::uint32_t unused_memory() { return shared_out.measured.at(kMostGuestBytes); }

bool shares_core(const Act& act) { return measure::shares_core(act.where.delivery); }

bool run_act(const Act& act, std::uint32_t number, session::Message& message) {
    measure::Workload workload = act.claims != nullptr ? *act.claims : kHostile;
    workload.task = kTask;
    Guests guests;
    if (act.where.attacker != Attacker::kSecond) {
        guests.first = target_of(number, false);
    }
    if (act.where.attacker != Attacker::kFirst) {
        guests.second = target_of(number, true);
    }
    Digest digest;
    clear_stack_below();
    const Ended ended = run(scenario_of(act, workload), guests, kActPatience, digest, message);
    if (!ended.started) {
        return false;
    }
    if (ended.stop.reason == hyp::StopReason::kFinished && ended.stop.outcome >= kSurprise) {
        message.text(", found something else than it should, code ").hex(ended.stop.outcome);
    }
    const bool right_vm = act.where.attacker != Attacker::kSecond ||
                          act.ends == Ending::kCarriesOn || ended.stop.vm == 1;
    return right_vm && is_as_expected(act, ended) &&
           message.view().find(act.words) != std::string_view::npos;
}

std::uint32_t run_clean_scenarios() {
    const std::array scenarios{
        timer_scenario(Delivery::kInjected),
        timer_scenario(Delivery::kShared, measure::Load::kVmCompute),
        measure::hypercall::scenario({measure::hypercall::Path::kNullDispatch, 50}),
    };
    Digest digest;
    for (const measure::Scenario& scenario : scenarios) {
        session::Message message;
        clear_stack_below();
        const Ended ended = run(scenario, {}, kCleanPatience, digest, message);
        if (!ended.well || !ended.complaint.empty()) {
            return 0;
        }
    }
    return digest.crc.value();
}

}  // namespace hm::isolation
