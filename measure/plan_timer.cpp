// The scenarios of workload "timer": every delivery, idle and under load.

#include <algorithm>

#include "measure/plan.hpp"

namespace hm::measure {

namespace {

constexpr std::uint64_t kMicrosecondsPerSecond = 1'000'000;
constexpr std::uint32_t kWarmUp = 16;
/// Of a guest that shares its core: each takes up to a whole slice.
constexpr std::uint32_t kSharedWarmUp = 2;
/// QEMU's main loop moves the virtual clock to the next deadline as soon as it sees a core in WFI.
/// If it looks just while the core goes to sleep, the last two instructions are not counted yet,
/// and the wake-up comes two ticks late: one in 100,000, differently in each run. Some work before
/// WFI lets the main loop come to rest first. Suite model does without: it is not for QEMU, which
/// tells where that came wrong, and takes the wake-up again.
constexpr std::uint32_t kSettle = 4'000;
/// Slices of which the wait for a slice is shown as a function.
constexpr std::array<std::uint32_t, 3> kShortSlices{1'000, 2'000, 5'000};
/// Where the slice matters only in that it has an end, it is short.
constexpr std::uint32_t kBriefSlice = 1'000;

/// The most wake-ups beside a VM that waits too, in each suite: each has some six waits in one.
constexpr std::array<std::uint32_t, 3> kMostShared{400, 10'000, 6};

/// What one timer row is made from; times in microseconds.
struct TimerRow {
    Delivery delivery;
    Wait wait = Wait::kWfi;
    Load load = Load::kIdle;
    std::uint32_t slice = 0;
    std::uint32_t period = 0;
    std::uint32_t dither = 0;
    std::uint32_t count = 0;
};

class TimerPlanner {
  public:
    TimerPlanner(const Request& request, std::uint64_t counter_hz, Plan& plan)
        : request_(request), counter_hz_(counter_hz), plan_(plan) {}

    /// With stamps and without, where the request wants such a row.
    void add(const TimerRow& row) {
        if (!request_.wants(Key::kDelivery, name_of(row.delivery)) ||
            !request_.wants(Key::kWait, name_of(row.wait)) ||
            !request_.wants(Key::kLoad, name_of(row.load))) {
            return;
        }
        // Two guests to load and to start take a model too long for both.
        if (request_.suite != Suite::kModel || row.slice == 0) {
            add_one(row, true);
        }
        add_one(row, false);
    }

    /// In each delivery of one guest alone.
    void add_all_alone(TimerRow row) {
        for (const Delivery delivery :
             {Delivery::kNative, Delivery::kInjected, Delivery::kInjectedSoft, Delivery::kDirect}) {
            row.delivery = delivery;
            add(row);
        }
    }

    /// Where both VMs wait in WFI: many wake-ups are soon over. But the emulator's clock may slip
    /// in each of some six waits of one (SlipFinder), of which only a guest alone can tell.
    void add_waiting(Delivery delivery) {
        const std::uint32_t slice = request_.get(Key::kSlice);
        add({.delivery = delivery,
             .load = Load::kVmIdle,
             .slice = slice,
             .period = std::max(request_.get(Key::kPeriod), 3 * slice),
             .dither = 2 * slice,
             .count = std::min(request_.get(Key::kCount),
                               kMostShared[static_cast<std::size_t>(request_.suite)])});
    }

    /// Where a second VM is busy: two slices from one deadline to the next, so that even one that
    /// waits a whole slice is over before the next. The dither goes through all phases of the two
    /// slices.
    void add_busy(Delivery delivery, Load load, std::uint32_t slice) {
        add({.delivery = delivery,
             .load = load,
             .slice = slice,
             .period = 2 * slice,
             .dither = 2 * slice,
             .count = request_.get(Key::kShares)});
    }

  private:
    [[nodiscard]] std::uint32_t ticks(std::uint32_t microseconds) const {
        return static_cast<std::uint32_t>(std::uint64_t{microseconds} * counter_hz_ /
                                          kMicrosecondsPerSecond);
    }

    void add_one(const TimerRow& row, bool stamps) {
        const std::uint32_t warm_up = row.slice != 0 ? kSharedWarmUp : kWarmUp;
        Scenario scenario{
            .workload = "timer",
            .delivery = row.delivery,
            .translation = row.delivery == Delivery::kNative ? kPlainNative : kPlainNested,
            .task = Task::kTimer,
            .stamps = stamps,
            .wait = row.wait,
            .load = row.load,
            .slice = ticks(row.slice)};
        scenario.arguments = {ticks(row.period), row.count,
                              warm_up,           request_.suite == Suite::kModel ? 0 : kSettle,
                              ticks(row.dither), row.wait == Wait::kSpin ? 1U : 0U};
        scenario.waits =
            (std::uint64_t{scenario.arguments[0]} + scenario.slice) * kWakeUpsPerCheckpoint;
        scenario.memory_bytes = row.count * std::uint32_t{sizeof(WakeUp)};
        scenario.name("wait", name_of(row.wait)).name("load", name_of(row.load));
        if (row.slice != 0) {
            scenario.name("slice_us", row.slice);
        }
        scenario.name("period_us", row.period)
            .name("dither_us", row.dither)
            .name("count", row.count)
            .name("warm_up", warm_up)
            .name("stamps", std::uint32_t{stamps});
        plan_.add(scenario);
    }

    const Request& request_;
    std::uint64_t counter_hz_;
    Plan& plan_;
};

}  // namespace

void plan_timer(const Request& request, std::uint64_t counter_hz, Plan& plan) {
    TimerPlanner planner(request, counter_hz, plan);
    const std::uint32_t period = request.get(Key::kPeriod);
    const std::uint32_t count = request.get(Key::kCount);
    const std::uint32_t slice = request.get(Key::kSlice);

    TimerRow idle{.delivery = Delivery::kNative, .period = period, .count = count};
    planner.add_all_alone(idle);
    // What keeps the core busy is not for a model, which takes long for every instruction, unless
    // it is asked for.
    const bool all = request.suite != Suite::kModel || request.get(Key::kWait) != 0 ||
                     request.get(Key::kLoad) != 0;
    if (!all) {
        planner.add_waiting(Delivery::kShared);
        planner.add_waiting(Delivery::kBoosted);
        return;
    }
    idle.delivery = Delivery::kInjected;
    idle.wait = Wait::kWfiTrapped;
    planner.add(idle);
    planner.add_all_alone({.delivery = Delivery::kNative,
                           .wait = Wait::kSpin,
                           .period = request.get(Key::kBusyPeriod),
                           .count = request.get(Key::kSpins)});

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

}  // namespace hm::measure
