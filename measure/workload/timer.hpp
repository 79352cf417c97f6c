#pragma once
// Workload "timer": an application that blocks until absolute periodic deadlines, in the manner of
// cyclictest, in every delivery, idle and under load.

#include <algorithm>

#include "measure/workload/load.hpp"
#include "measure/workload/wake_up_layers.hpp"
#include "measure/workload/workload.hpp"

namespace hm::measure::timer {

inline constexpr Task kTask{2};
/// For tests: the guest hangs in the handler of its first interrupt. Its arguments are the same.
inline constexpr Task kHangInHandler{7};

/// What the guest's kernel does while its application waits.
enum class Idle : std::uint32_t { kWfi, kSpin, kCalls };

[[nodiscard]] constexpr Idle idle_of(Wait wait) {
    switch (wait) {
        case Wait::kSpin:
            return Idle::kSpin;
        case Wait::kCalls:
            return Idle::kCalls;
        case Wait::kWfi:
        case Wait::kWfiTrapped:
            break;
    }
    return Idle::kWfi;
}

struct Arguments {
    std::uint32_t period;    ///< counter ticks
    std::uint32_t wake_ups;  ///< that are kept
    std::uint32_t warm_up;   ///< wake-ups before those
    std::uint32_t dither;    ///< counter ticks over which deadlines are moved
    Idle idle;               ///< what the guest does until the interrupt comes
};

struct Report {
    std::uint32_t missed;  ///< periods whose deadline passed before it could be waited for
};

inline constexpr Key kKeys[]{Key::kPeriod,   Key::kCount,  Key::kBusyPeriod,
                             Key::kSpins,    Key::kShares, Key::kSlice,
                             Key::kDelivery, Key::kWait,   Key::kLoad};

/// Whether a second VM counts its rounds of work.
[[nodiscard]] constexpr bool counts_work(Load load) {
    return load == Load::kVmCompute || load == Load::kVmFault || load == Load::kVmHypercall ||
           load == Load::kAll;
}

inline constexpr std::array<Number, 3> kNumbers{{
    {"missed-periods", "periods",
     [](const Facts& facts) { return std::optional(facts.reported<Report>().missed); }},
    {"other-work", "rounds per million ticks",
     [](const Facts& facts) -> std::optional<std::uint32_t> {
         constexpr std::uint64_t kMillion = 1'000'000;
         if (!facts.companion_work || !counts_work(facts.scenario.load)) {
             return std::nullopt;
         }
         return static_cast<std::uint32_t>(*facts.companion_work * kMillion * kThousandths /
                                           facts.elapsed);
     },
     Unit::kTicks, kThousandths},
    // Of the guest itself, or of the monitor in its place. A row only where there were any.
    {"stale-interrupts", "interrupts",
     [](const Facts& facts) -> std::optional<std::uint32_t> {
         const std::uint32_t stale = facts.report.stale + facts.costs.stale_interrupts;
         return stale != 0 ? std::optional(stale) : std::nullopt;
     }},
}};

[[nodiscard]] inline std::string_view check(const Facts& facts) {
    return facts.report.slips != 0 ? std::string_view("the emulator's clock slipped in a wait")
                                   : std::string_view();
}

/// What drives everything else out of caches and TLBs (guest/bench/evict.hpp): it is all the memory
/// that this workload goes through, and only where caches are to be cold.
inline constexpr std::uint32_t kEvictingData = 4 * kMiB;
inline constexpr std::uint32_t kEvictingCode = 256 * kKiB;

inline void plan(const Request& request, std::uint64_t counter_hz, Plan& plan);

inline constexpr Workload kWorkload{
    .name = "timer",
    .meaning = "absolute periodic deadlines that wake an application, layer by layer",
    .only = "timer",
    .task = kTask,
    .keys = kKeys,
    .plan = plan,
    .events = EventKind::kWakeUp,
    .numbers = kNumbers,
    .check = check};

[[nodiscard]] inline Scenario scenario(const Arguments& arguments) {
    return {.workload = &kWorkload, .arguments = arguments, .events = arguments.wake_ups};
}

inline constexpr std::uint64_t kMicrosecondsPerSecond = 1'000'000;
inline constexpr std::uint32_t kWarmUp = 16;
/// Of a guest that shares its core: each may take a whole slice.
inline constexpr std::uint32_t kSharedWarmUp = 2;
/// More slices, to show how the wait for a slice depends on its length.
inline constexpr std::array<std::uint32_t, 3> kShortSlices{1'000, 2'000, 5'000};
/// Where the length of the slice does not matter, it is short.
inline constexpr std::uint32_t kBriefSlice = 500;

/// Wake-ups with cold caches, each of which takes very many loads: few, and not with each suite.
inline constexpr std::uint32_t kMostCold = 12;
inline constexpr std::uint32_t kColdWarmUp = 3;
/// Microseconds: enough for all these loads to miss.
inline constexpr std::uint32_t kColdPeriod = 20'000;
inline constexpr BySuite<bool, 2> kHasCold{
    .usual = false, .others = {{{Suite::kPaper, true}, {Suite::kTime, true}}}};

/// Microseconds over which deadlines sweep where they fall into the monitor's work.
inline constexpr std::uint32_t kSweep = 10;
/// Enough to find every phase of a call, each of which takes an emulator long.
inline constexpr std::uint32_t kMostSwept = 200;

/// The most wake-ups beside a VM that waits too: each takes about six waits.
inline constexpr BySuite<std::uint32_t, 3> kMostShared{
    .usual = 400, .others = {{{Suite::kPaper, 10'000}, {Suite::kModel, 6}, {Suite::kTime, 6}}}};

/// What one timer row is made from; times in microseconds.
struct Row {
    Delivery delivery;
    Wait wait = Wait::kWfi;
    Load load = Load::kIdle;
    std::uint32_t slice = 0;
    std::uint32_t period = 0;
    std::uint32_t dither = 0;
    std::uint32_t count = 0;
};

class Planner {
  public:
    Planner(const Request& request, std::uint64_t counter_hz, Plan& plan)
        : request_(request), counter_hz_(counter_hz), plan_(plan) {}

    /// With stamps and without, if the request wants such a row.
    void add(const Row& row) {
        if (!wants(row)) {
            return;
        }
        // To load and start two guests twice takes too long on a model.
        if (!info(request_.suite).for_models || row.slice == 0) {
            plan_.add(made(row, true));
        }
        plan_.add(made(row, false));
    }

    /// In each delivery that has only one guest.
    void add_all_alone(Row row) {
        for (const Delivery delivery : kAlone) {
            row.delivery = delivery;
            add(row);
        }
    }

    /// The same with cold caches, to see which layers pay for them: with stamps only.
    void add_cold() {
        for (const Delivery delivery : kAlone) {
            const Row row{.delivery = delivery,
                          .load = Load::kEvict,
                          .period = std::max(request_.get(Key::kPeriod), kColdPeriod),
                          .count = std::min(request_.get(Key::kCount), kMostCold)};
            if (wants(row)) {
                plan_.add(made(row, true));
            }
        }
    }

    /// Beside a VM that waits in WFI too: such wake-ups are short, so there can be many.
    void add_waiting(Delivery delivery) {
        const std::uint32_t slice = request_.get(Key::kSlice);
        add({.delivery = delivery,
             .load = Load::kVmIdle,
             .slice = slice,
             .period = std::max(request_.get(Key::kPeriod), 3 * slice),
             .dither = 2 * slice,
             .count = std::min(request_.get(Key::kCount), kMostShared[request_.suite])});
    }

    /// Beside a second VM that is busy: two slices from one deadline to the next, so that even a
    /// wake-up that waits for a whole slice is over before the next one. The dither goes through
    /// all phases of the two slices.
    void add_busy(Delivery delivery, Load load, std::uint32_t slice) {
        add({.delivery = delivery,
             .load = load,
             .slice = slice,
             .period = 2 * slice,
             .dither = 2 * slice,
             .count = request_.get(Key::kShares)});
    }

    /// The scenario of one row.
    [[nodiscard]] Scenario made(const Row& row, bool stamps) const {
        const bool cold = row.load == Load::kEvict;
        const std::uint32_t warm_up = row.slice != 0 ? kSharedWarmUp : cold ? kColdWarmUp : kWarmUp;
        Scenario one = scenario({.period = ticks(row.period),
                                 .wake_ups = row.count,
                                 .warm_up = warm_up,
                                 .dither = ticks(row.dither),
                                 .idle = idle_of(row.wait)});
        one.delivery = row.delivery;
        one.translation = row.delivery == Delivery::kNative ? kPlainNative : kPlainNested;
        one.stamps = stamps;
        one.wait = row.wait;
        one.load = row.load;
        one.slice = ticks(row.slice);
        one.work_bytes = cold ? kEvictingData + kEvictingCode : 0;
        one.waits = (std::uint64_t{ticks(row.period)} + one.slice) * kWakeUpsPerCheckpoint;
        // Each may have to be taken again.
        one.longest = std::uint64_t{2} * (warm_up + row.count) * (ticks(row.period) + one.slice);
        one.with("wait", name_of(row.wait)).with("load", name_of(row.load));
        if (row.slice != 0) {
            one.with("slice_us", row.slice);
        }
        one.with("period_us", row.period)
            .with("dither_us", row.dither)
            .with("count", row.count)
            .with("warm_up", warm_up)
            .with("stamps", std::uint32_t{stamps});
        return one;
    }

  private:
    static constexpr std::array kAlone{Delivery::kNative, Delivery::kInjected,
                                       Delivery::kInjectedSoft, Delivery::kDirect};

    [[nodiscard]] bool wants(const Row& row) const {
        return request_.wants(Key::kDelivery, name_of(row.delivery)) &&
               request_.wants(Key::kWait, name_of(row.wait)) &&
               request_.wants(Key::kLoad, name_of(row.load));
    }
    [[nodiscard]] std::uint32_t ticks(std::uint32_t microseconds) const {
        return static_cast<std::uint32_t>(std::uint64_t{microseconds} * counter_hz_ /
                                          kMicrosecondsPerSecond);
    }

    const Request& request_;
    std::uint64_t counter_hz_;
    Plan& plan_;
};

inline void plan(const Request& request, std::uint64_t counter_hz, Plan& plan) {
    Planner planner(request, counter_hz, plan);
    const std::uint32_t period = request.get(Key::kPeriod);
    const std::uint32_t count = request.get(Key::kCount);
    const std::uint32_t slice = request.get(Key::kSlice);

    Row idle{.delivery = Delivery::kNative, .period = period, .count = count};
    planner.add_all_alone(idle);
    if (kHasCold[request.suite] || request.get(Key::kLoad) != 0) {
        planner.add_cold();
    }
    // A model takes long for every instruction: rows that keep the core busy only on request.
    const bool all = !info(request.suite).for_models || request.get(Key::kWait) != 0 ||
                     request.get(Key::kLoad) != 0;
    if (!all) {
        if (request.suite == Suite::kModel) {
            planner.add_waiting(Delivery::kShared);
            planner.add_waiting(Delivery::kBoosted);
        }
        return;
    }
    idle.delivery = Delivery::kInjected;
    idle.wait = Wait::kWfiTrapped;
    planner.add(idle);
    planner.add_all_alone({.delivery = Delivery::kNative,
                           .wait = Wait::kSpin,
                           .period = request.get(Key::kBusyPeriod),
                           .count = request.get(Key::kSpins)});
    // Deadlines sweep over the monitor's own work: a call and the way to the next one take less.
    for (const Delivery delivery :
         {Delivery::kInjected, Delivery::kInjectedSoft, Delivery::kDirect}) {
        planner.add({.delivery = delivery,
                     .wait = Wait::kCalls,
                     .period = 3 * kSweep,
                     .dither = kSweep,
                     .count = std::min(request.get(Key::kSpins), kMostSwept)});
    }

    for (const Delivery delivery : {Delivery::kShared, Delivery::kBoosted}) {
        planner.add_waiting(delivery);
        planner.add_busy(delivery, Load::kVmFault, kBriefSlice);
        planner.add_busy(delivery, Load::kVmHypercall, kBriefSlice);
        planner.add_busy(delivery, Load::kVmCompute, slice);
    }
    for (const std::uint32_t shorter : kShortSlices) {
        if (shorter != slice) {
            planner.add_busy(Delivery::kShared, Load::kVmCompute, shorter);
        }
    }

    planner.add_all_alone({.delivery = Delivery::kNative,
                           .load = Load::kCore,
                           .period = period,
                           .dither = period / 4,
                           .count = count});
    planner.add_busy(Delivery::kShared, Load::kAll, kBriefSlice);
    planner.add_busy(Delivery::kBoosted, Load::kAll, kBriefSlice);
}

}  // namespace hm::measure::timer
