#include "alone/core/plan.hpp"

#include <algorithm>
#include <array>

#include "measure/workload/table.hpp"

namespace hm::alone {
namespace {

using measure::Key;
using measure::Scenario;

constexpr std::array kPortable{&measure::page_fault::kWorkload, &measure::chase::kWorkload,
                               &measure::parity::kWorkload, &measure::timer::kWorkload,
                               &measure::exits::kWorkload};

void set(measure::Request& request, Key key, std::uint32_t value) {
    request.values[static_cast<std::size_t>(key)] = value;
}

/// Whether the guest needs nothing that only our monitor, or only one machine, has.
bool runs_alone(const Scenario& one) {
    if (std::find(kPortable.begin(), kPortable.end(), one.workload) == kPortable.end() ||
        one.load != measure::Load::kIdle || one.reads_tlb_rams) {
        return false;
    }
    const bool native = one.translation.stage2 == measure::Stage2::kOff;
    if (one.workload == &measure::exits::kWorkload) {
        const auto exit = one.arguments.as<measure::exits::Arguments>().exit;
        return measure::exits::runs_alone(exit) && native == measure::exits::runs_natively(exit);
    }
    return native && one.delivery == measure::Delivery::kNative;
}

}  // namespace

void make_alone_plan(const measure::Request& request, std::uint64_t counter_hz,
                     measure::Plan& plan) {
    measure::Request asked = request;
    set(asked, Key::kRegime, 1 + static_cast<std::uint32_t>(measure::Regime::kNative));
    set(asked, Key::kDelivery, 1 + static_cast<std::uint32_t>(measure::Delivery::kNative));
    // What suite model measures of all exits is a call that only our monitor knows.
    if (request.wants(Key::kExit, "null") && !request.wants(Key::kExit, "psci-version")) {
        set(asked, Key::kExit, 1 + static_cast<std::uint32_t>(measure::exits::Exit::kPsciVersion));
    }
    asked.left_out.reset();
    measure::make_plan(asked, counter_hz, plan);

    std::bitset<measure::Plan::kMost> others;
    const auto all = plan.scenarios();
    for (std::size_t i = 0; i < all.size(); ++i) {
        others[i] = !runs_alone(all[i]);
    }
    plan.leave_out(others);
    plan.leave_out(request.left_out);
    plan.change_each([](Scenario& one) {
        one.is_alone = true;
        one.translation.stage2 = measure::Stage2::kOff;
        one.delivery = measure::Delivery::kNative;
    });
}

std::string_view reason_to_skip(const Scenario& scenario, Conduit conduit) {
    const bool calls = scenario.workload == &measure::exits::kWorkload &&
                       scenario.arguments.as<measure::exits::Arguments>().exit ==
                           measure::exits::Exit::kPsciVersion;
    return calls && conduit != Conduit::kHvc
               ? "nothing answers HVC here: the device tree's /psci does not name it"
               : std::string_view();
}

std::optional<measure::ParameterBlock> parameters_for(const Surroundings& here,
                                                      const Scenario& scenario) {
    // Besides what the workload needs, the guest has tables, and blocks of 2 MB.
    constexpr std::uint64_t kOverhead = std::uint64_t{6} << 20;
    const std::uint64_t needed = scenario.memory_bytes() + kOverhead;
    if (needed > here.heap.bytes()) {
        return std::nullopt;
    }
    measure::ParameterBlock block{};
    block.magic = measure::ParameterBlock::kMagic;
    block.task = scenario.workload->task;
    block.memory_end = here.heap.begin + static_cast<std::uint32_t>(needed);
    block.distributor = here.distributor;
    block.cpu_interface = here.cpu_interface;
    block.timer_interrupt = here.timer_interrupt;
    block.stamps = scenario.stamps ? 1 : 0;
    block.events = scenario.events;
    block.event_bytes = measure::event_bytes(scenario.workload->events);
    block.work_bytes = scenario.work_bytes;
    block.stage1 = static_cast<std::uint32_t>(scenario.translation.stage1);
    block.arguments = scenario.arguments;
    return block;
}

}  // namespace hm::alone
