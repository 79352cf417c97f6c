// The session of the image for foreign guests: runs what is in the bundle, and says what it cost.

#include "session/hw/session.hpp"

#include <array>
#include <span>

#include "board.hpp"
#include "board/hw/console.hpp"
#include "board/hw/counter.hpp"
#include "board/hw/start.hpp"
#include "board/machine.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/pmu/hw/counters.hpp"
#include "drivers/pmu/registers.hpp"
#include "foreign/core/bundle_check.hpp"
#include "foreign/core/foreign_machine.hpp"
#include "foreign/core/long_count.hpp"
#include "hyp/hw/counted_exits.hpp"
#include "hyp/hw/monitor.hpp"
#include "measure/bundle.hpp"
#include "measure/record.hpp"
#include "measure/workload/turn.hpp"
#include "session/core/ending.hpp"
#include "session/core/guest_machine.hpp"
#include "session/hw/guest_memory.hpp"
#include "session/hw/pmu.hpp"
#include "version.hpp"

extern "C" char __image_start[], __tables_end[];

namespace hm::session {

namespace {

using measure::Bundle;

std::uint32_t address_of(const void* place) { return reinterpret_cast<std::uint32_t>(place); }

template <class T>
T* at(std::uint64_t address) {
    return reinterpret_cast<T*>(static_cast<std::uint32_t>(address));
}

[[noreturn]] void give_up(std::string_view why) {
    board::print("hypmeter: ");
    board::print(why);
    board::print("\n");
    board::give_up();
}

/// Whole words: runtime.cpp's memset and memcpy store single bytes.
void fill_with_zeros(std::uint64_t begin, std::uint32_t bytes) {
    for (auto* word = at<volatile std::uint64_t>(begin); bytes >= sizeof(*word);
         bytes -= sizeof(*word)) {
        *word++ = 0;
    }
}

void copy_words(std::uint64_t to, std::span<const std::byte> from) {
    const auto* word = reinterpret_cast<const std::uint32_t*>(from.data());
    auto* target = at<volatile std::uint32_t>(to);
    for (std::size_t i = 0; i < (from.size() + 3) / 4; ++i) {
        *target++ = *word++;
    }
}

/// The guest begins with its caches off: what it reads and fetches must be in memory (ARM DDI
/// 0406C.d, B2.2.6).
void load(const Bundle& bundle, mmu::Pa memory) {
    fill_with_zeros(memory.value, bundle.memory_bytes);
    const auto* const bytes = reinterpret_cast<const std::byte*>(&bundle);
    for (const auto& piece : std::span(bundle.pieces).first(bundle.piece_count)) {
        copy_words(memory.value + (piece.address - bundle.memory_base),
                   std::span(bytes + piece.offset, piece.bytes));
    }
    if (machine().models_caches) {
        cpu::clean_invalidate_all_data();
    }
    cpu::invalidate_instructions();
}

/// The counters of instructions as the guest left them.
struct CountersAtEnd {
    bool are_ours = false;  ///< they count what they did when it began
    foreign::LastReading all{}, guest{};
};
CountersAtEnd counters_at_end;

/// Before the monitor takes the counters back.
void look_at_counters() {
    const std::uint32_t overflowed = cpu::read<pmu::Pmovsr>().raw;
    const auto reading = [overflowed](std::uint32_t counter) {
        return foreign::LastReading{.value = pmu::event_count(counter),
                                    .has_overflowed = (overflowed >> counter & 1) != 0};
    };
    const std::uint32_t ours =
        1U << pmu::kAllInstructionsCounter | 1U << pmu::kGuestInstructionsCounter;
    counters_at_end = {.are_ours = (cpu::read<pmu::Pmcntenset>().raw & ours) == ours,
                       .all = reading(pmu::kAllInstructionsCounter),
                       .guest = reading(pmu::kGuestInstructionsCounter)};
}

/// A second VM that computes, in memory beyond the bundle.
class Beside {
  public:
    [[nodiscard]] const hyp::Companion* start(const Bundle& bundle, const board::Ram& ram) {
        constexpr std::uint64_t kBytes = std::uint64_t{12} << 20;
        const Platform here = platform();
        const mmu::Pa begin = align_up(mmu::Pa{address_of(&bundle) + bundle.bytes}, mmu::Size::k2M);
        const GuestSlot slot{begin.value, begin.value + kBytes};
        measure::Scenario scenario = measure::turn::scenario({.rounds = 1}, bundle.slice);
        scenario.delivery = foreign::delivery_of(bundle);
        const auto parameters = companion_parameters(here, slot, scenario);
        if (!ram.contains(slot.base()) || ram.end() < mmu::Pa{slot.end} || !parameters) {
            give_up("the machine has too little memory for a second VM");
        }
        map_ = companion_map(here, *parameters, slot);
        companion_ = companion_machine(here, scenario, slot, map_, *parameters);
        (void)session::load(slot, *parameters);
        return &companion_;
    }

  private:
    GuestMap map_{};
    hyp::Companion companion_{};
};

std::optional<hyp::Stop> run(const Bundle& bundle, mmu::Pa memory, const board::Ram& ram) {
    static Beside beside;
    const foreign::ForeignMap map = foreign::map_of(bundle, memory, platform());
    const bool shares = measure::shares_core(foreign::delivery_of(bundle));
    const hyp::Companion* const companion = shares ? beside.start(bundle, ram) : nullptr;
    load(bundle, memory);
    hyp::forget_exits();
    hyp::set_inspector(look_at_counters);
    board::put(measure::kGuestTextMark);
    const auto stop =
        hyp::run(foreign::machine_of(bundle, memory, map, machine()), nullptr, companion);
    board::put(measure::kGuestTextMark);
    board::put('\n');
    return stop;
}

void write_begin(measure::RecordWriter& records, const Bundle& bundle, const board::Ram& ram,
                 measure::Clock clock) {
    const std::array settings{
        measure::NamedValue{"cpus", bundle.cpus},
        measure::NamedValue{"memory", bundle.memory_bytes},
        measure::NamedValue{"delivery", measure::kDeliveryNames[bundle.delivery]},
        measure::NamedValue{"mapping", measure::kMappingNames[bundle.mapping]},
        measure::NamedValue{"bundle_crc32", bundle.crc32},
    };
    records.begin({.version = kVersion,
                   .compiler = __VERSION__,
                   .board = board::kName,
                   .machine = machine().name,
                   .clock = clock,
                   .counter_hz = board::counter_hz(),
                   .models_caches = machine().models_caches,
                   .models_tlb = machine().models_tlb,
                   .memory_bytes = ram.bytes,
                   .settings = settings,
                   .plan = {}});
}

void write_exits(measure::RecordWriter& records, std::uint32_t cpu) {
    const hyp::ExitProfile& profile = hyp::exits_of(cpu);
    for (std::size_t i = 0; i < profile.size(); ++i) {
        const std::array counts{measure::NamedCount{"count", profile[i].count},
                                measure::NamedCount{"ticks", profile[i].ticks},
                                measure::NamedCount{"most", profile[i].most}};
        if (profile[i].count != 0) {
            records.counts(
                {.kind = "exits", .name = hyp::kExitReasonNames[i], .cpu = cpu, .counts = counts});
        }
    }
}

/// Instructions are counted where one is a tick, on one CPU, and unless the guest has used the
/// counters itself.
void write_costs(measure::RecordWriter& records, const hyp::Costs& costs, bool counted) {
    std::array<measure::NamedCount, 7> counts{{
        {"elapsed", costs.elapsed},
        {"prepare_ticks", costs.prepare_ticks},
        {"demand_faults", costs.demand_faults},
        {"table_bytes", costs.table_bytes},
        {"stale_interrupts", costs.stale_interrupts},
    }};
    std::size_t count = 5;
    const std::uint64_t most = costs.elapsed + UINT32_MAX / 2;  // with what was counted before
    const auto all = foreign::long_count(costs.all_instructions, counters_at_end.all, most);
    const auto guest = foreign::long_count(costs.guest_instructions, counters_at_end.guest, most);
    if (counted && counters_at_end.are_ours && all && guest && *guest <= *all &&
        *all <= costs.elapsed) {
        counts[count++] = {"instructions", *all};
        counts[count++] = {"guest_instructions", *guest};
    }
    records.counts(
        {.kind = "costs", .name = "guest", .cpu = 0, .counts = std::span(counts).first(count)});
}

/// How long each virtual CPU was on, waits included.
void write_time(measure::RecordWriter& records, std::uint32_t cpu, std::uint64_t ticks) {
    const std::array counts{measure::NamedCount{"on", ticks}};
    records.counts({.kind = "time", .name = "cpu", .cpu = cpu, .counts = counts});
}

/// How it ended, as a verdict.
bool write_ending(measure::RecordWriter& records, const hyp::Stop& stop) {
    Message message;
    bool ok = true;
    switch (stop.reason) {
        case hyp::StopReason::kPoweredOff:
            message.text("it turned itself off");
            break;
        case hyp::StopReason::kReset:
            message.text("it asked for a reset");
            break;
        case hyp::StopReason::kFinished:
            if (stop.vm == 0) {
                ok = false;
                message.text("it made a hypercall that only the measuring guest may");
                break;
            }
            [[fallthrough]];
        default:
            ok = ended_well(stop, measure::GuestReport{}, message);
            break;
    }
    records.verdict({.name = "the guest ended", .ok = ok, .detail = message.view()});
    return ok;
}

}  // namespace

void run_session(const measure::Request&, const Services& services) {
    const auto& bundle = *at<const Bundle>(address_of(__tables_end));
    const std::uint64_t end = std::min<std::uint64_t>(services.ram.end().value, UINT32_MAX);
    const std::span room(at<const std::byte>(address_of(__tables_end)),
                         static_cast<std::size_t>(end - address_of(__tables_end)));
    if (const auto fault = foreign::check(bundle, room); fault != foreign::BundleFault::kNone) {
        give_up(foreign::describe(fault));
    }
    const bool two = bundle.cpus > 1;
    const bool has_second_core = services.second_core.exists() && services.second_core.lack.empty();
    if (const auto why = foreign::what_is_in_the_way(bundle, has_second_core); !why.empty()) {
        give_up(why);
    }
    const auto memory = foreign::place_of_memory(bundle, services.ram, {address_of(__image_start)});
    if (!memory) {
        give_up("the guest's memory does not fit into the machine's, below the monitor");
    }
    start_counters();
    hyp::count_on_every_core();
    const measure::Clock clock =
        counts_instructions() ? measure::Clock::kInstructions : measure::Clock::kCycles;
    measure::RecordWriter records(board::console());
    write_begin(records, bundle, services.ram, clock);
    if (two && !services.second_core.serve()) {
        give_up("the second core did not start");
    }
    const auto stop = run(bundle, *memory, services.ram);
    if (!stop) {
        give_up("the monitor cannot make this machine: its stage-2 tables do not fit");
    }
    for (std::uint32_t cpu = 0; cpu < bundle.cpus; ++cpu) {
        write_exits(records, cpu);
    }
    write_time(records, 0, stop->costs.elapsed);
    if (two && !foreign::is_native(bundle)) {
        write_time(records, 1, hyp::ticks_on_other_core());
    }
    write_costs(records, stop->costs, !two && clock == measure::Clock::kInstructions);
    const bool ok = write_ending(records, *stop);
    if (two && !foreign::is_native(bundle)) {
        (void)services.second_core.stop();
    }
    records.end(ok);
}

}  // namespace hm::session
