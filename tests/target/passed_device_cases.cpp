// A device of the machine that a guest has to itself: the board's spare timer. A guest that is not
// content finishes with the number of its complaint.

#include <array>
#include <type_traits>

#include "board.hpp"
#include "board/hw/console.hpp"
#include "board/machine.hpp"
#include "drivers/gic/cpu_interface.hpp"
#include "drivers/gic/distributor.hpp"
#include "drivers/reg/hw/mmio.hpp"
#include "drivers/timer/exynos_pwm.hpp"
#include "drivers/timer/pl031.hpp"
#include "hyp/hw/monitor.hpp"
#include "tests/target/case.hpp"
#include "tests/target/cpp_guest.hpp"
#include "tests/target/device_access.hpp"

namespace hm::target {

namespace {

using hyp::InterruptRouting;

constexpr board::SpareTimer kTimer = *board::kSpareTimer;
using Timer = std::conditional_t<kTimer.kind == timer::SpareKind::kPl031, timer::Pl031<DeviceBus>,
                                 timer::ExynosPwm<DeviceBus>>;
/// Not that of the machine, so that one taken for the other would be found.
constexpr gic::IntId kId = 45;
constexpr mmu::Ipa kRegisters{0x1000'0000};

// ---- Guests -------------------------------------------------------------------------------------

/// Everything is on: the timer and its interrupt, which is taken by polling.
struct Guest {
    DeviceBus bus;
    gic::Distributor<DeviceBus> distributor{bus, board::kGicd};
    gic::CpuInterface<DeviceBus> interface { bus, board::kGicc };
    Timer timer{bus, static_cast<std::uint32_t>(kRegisters.value)};

    /// The timer may still assert what a guest before has raised.
    Guest() {
        timer.start();
        distributor.set_control(gic::GicdCtlr{}.with(gic::GicdCtlr::kEnableGroup1, true));
        distributor.set_group1(kId);
        distributor.set_priority(kId, 0x80);
        distributor.enable(kId);
        interface.set_priority_mask(0xF8);
        interface.set_control(gic::GiccCtlr{}
                                  .with(gic::GiccCtlr::kEnableGroup1, true)
                                  .with(gic::GiccCtlr::kAckCtl, true));
    }
    void raise() const { DeviceBus::write(timer.raising().address, timer.raising().value); }
    /// The next interrupt. The level needs its time to reach the distributor.
    gic::IntId wait() {
        for (int i = 0; i < 100'000; ++i) {
            taken = interface.acknowledge();
            if (taken.get(gic::GiccIar::kIntId) != gic::kSpurious) {
                break;
            }
        }
        return taken.get(gic::GiccIar::kIntId);
    }
    bool comes_none() {
        return interface.acknowledge().get(gic::GiccIar::kIntId) == gic::kSpurious;
    }
    void end() { interface.end(taken); }

    gic::GiccIar taken{};
};

void expect(bool holds, std::uint32_t complaint) {
    if (!holds) {
        finish(complaint);
    }
}

/// `acknowledged`: its ID in GICC_IAR.
template <gic::IntId kAcknowledged>
void takes_three(std::uint32_t) {
    Guest guest;
    for (int i = 0; i < 3; ++i) {
        expect(guest.comes_none(), 1);
        guest.raise();
        expect(guest.wait() == kAcknowledged, 2);
        expect(guest.comes_none(), 3);
        guest.timer.clear();
        guest.end();
    }
    expect(guest.comes_none(), 4);
    finish();
}

void sees_its_state(std::uint32_t) {
    Guest guest;
    expect(!guest.distributor.is_pending(kId) && !guest.distributor.is_active(kId), 1);
    guest.raise();
    expect(guest.distributor.is_pending(kId) && !guest.distributor.is_active(kId), 2);
    expect(guest.wait() == kId, 3);
    expect(guest.distributor.is_active(kId), 4);
    guest.timer.clear();
    expect(!guest.distributor.is_pending(kId), 5);
    guest.end();
    expect(!guest.distributor.is_active(kId), 6);
    finish();
}

void has_it_off_and_on(std::uint32_t) {
    Guest guest;
    guest.distributor.disable(kId);
    guest.raise();
    for (int i = 0; i < 1000; ++i) {
        expect(guest.comes_none(), 1);
    }
    expect(guest.distributor.is_pending(kId), 2);  // its level
    guest.distributor.enable(kId);
    expect(guest.wait() == kId, 3);
    guest.timer.clear();
    guest.end();
    finish();
}

/// Where a list register deactivates, QEMU 7.2 looks at the levels again only after the next change
/// of the distributor (`kThenChanges`).
template <bool kThenChanges>
void ends_it_while_its_level_is_high(std::uint32_t) {
    Guest guest;
    guest.raise();
    expect(guest.wait() == kId, 1);
    guest.end();
    if constexpr (kThenChanges) {
        guest.distributor.disable(kId);
        guest.distributor.enable(kId);
    }
    expect(guest.wait() == kId, 2);
    guest.timer.clear();
    guest.end();
    expect(guest.comes_none(), 3);
    finish();
}

/// The running priority is that of the interrupt that is active (ARM IHI 0048B, 4.4.6).
void changes_its_priority(std::uint32_t) {
    Guest guest;
    for (const std::uint32_t priority : {0x80U, 0x10U, 0x58U}) {
        guest.distributor.set_priority(kId, priority);
        guest.raise();
        expect(guest.wait() == kId, 1);
        expect(guest.interface.running().get(gic::GiccRpr::kPriority) == priority, 2);
        guest.timer.clear();
        guest.end();
    }
    finish();
}

/// The physical one is deactivated by HYP then, or it would never come again.
void withdraws_it(std::uint32_t) {
    Guest guest;
    for (int i = 0; i < 3; ++i) {
        guest.raise();
        expect(guest.distributor.is_pending(kId), 1);
        guest.timer.clear();
        guest.distributor.clear_pending(kId);
        expect(guest.comes_none(), 2);
    }
    guest.raise();
    expect(guest.wait() == kId, 3);
    guest.timer.clear();
    guest.end();
    finish();
}

void stops_in_the_middle(std::uint32_t) {
    Guest guest;
    guest.raise();
    expect(guest.wait() == kId, 1);
    finish();
}

/// SGIs take all list registers, and its priority is the lowest.
void has_more_than_list_registers(std::uint32_t) {
    Guest guest;
    guest.distributor.set_priority(kId, 0xF0);
    for (gic::IntId sgi = 0; sgi < 16; ++sgi) {
        guest.distributor.set_group1(sgi);
        guest.distributor.set_priority(sgi, 8 * sgi);
        guest.distributor.send_sgi(
            gic::GicdSgir{}
                .with(gic::GicdSgir::kTargetListFilter, gic::SgiTarget::kSelf)
                .with(gic::GicdSgir::kSgiIntId, sgi));
    }
    guest.raise();
    for (gic::IntId sgi = 0; sgi < 16; ++sgi) {
        expect(guest.wait() == sgi, 1);
        guest.end();
    }
    expect(guest.wait() == kId, 2);
    guest.timer.clear();
    guest.end();
    expect(guest.comes_none(), 3);
    finish();
}

// ---- Cases --------------------------------------------------------------------------------------

constexpr std::array kDevices{
    hyp::PassedDevice{.range = {kRegisters, mmu::kFrameBytes},
                      .target = {kTimer.base},
                      .interrupt = {.interrupt = kId, .physical = kTimer.interrupt}}};

class Machine {
  public:
    explicit Machine(InterruptRouting routing = InterruptRouting::kLinked)
        : map_{cpp_guest_code(), cpp_guest_stacks(),
               hyp::MemoryRegion{
                   .range = {{board::kGicc}, gic::gicc::kSize},
                   .target = {routing == InterruptRouting::kStraight ? board::kGicc : board::kGicv},
                   .attributes = hyp::kGuestDevice,
                   .forced = std::nullopt}},
          vm{.stages = hyp::Stages::kStage2Only,
             .routing = routing,
             .entry = address_of(cpp_guest_start),
             .map = map_,
             .distributor = {board::kGicd},
             .passed = kDevices,
             .patience = 1'000'000'000} {}
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    [[nodiscard]] std::optional<hyp::Stop> run(Body body,
                                               const hyp::Companion* companion = nullptr) const {
        prepare_cpp_guest(body);
        return hyp::run(vm, nullptr, companion);
    }

  private:
    std::array<hyp::MemoryRegion, 3> map_;

  public:
    hyp::VmConfig vm;
};

/// So that a test can tell whether cases were left out.
bool has_timer() {
    if (!machine().has_spare_timer) {
        board::print("passed device: this machine has none\n");
    }
    return machine().has_spare_timer;
}

Complaint complaint_of(const std::optional<hyp::Stop>& stop) {
    static constexpr std::array<std::string_view, 7> kComplaints{"",
                                                                 "the guest's first complaint",
                                                                 "the guest's second complaint",
                                                                 "the guest's third complaint",
                                                                 "the guest's fourth complaint",
                                                                 "the guest's fifth complaint",
                                                                 "the guest's sixth complaint"};
    if (!stop || stop->reason != hyp::StopReason::kFinished ||
        stop->outcome >= kComplaints.size()) {
        return "the guest did not finish";
    }
    return kComplaints[stop->outcome];
}

template <Body kBody>
Complaint holds() {
    for (const InterruptRouting routing :
         {InterruptRouting::kLinked, InterruptRouting::kMaintained}) {
        if (!has_timer()) {
            return "";
        }
        if (const Complaint found = complaint_of(Machine(routing).run(kBody)); !found.empty()) {
            return found;
        }
    }
    return "";
}

Complaint comes_again() {
    if (!has_timer()) {
        return "";
    }
    const Complaint linked = complaint_of(Machine().run(ends_it_while_its_level_is_high<true>));
    return !linked.empty() ? linked
                           : complaint_of(Machine(InterruptRouting::kMaintained)
                                              .run(ends_it_while_its_level_is_high<false>));
}

Complaint comes_straight() {
    return has_timer()
               ? complaint_of(
                     Machine(InterruptRouting::kStraight).run(takes_three<kTimer.interrupt>))
               : "";
}

Complaint nothing_is_left() {
    if (!has_timer()) {
        return "";
    }
    for (const InterruptRouting routing :
         {InterruptRouting::kLinked, InterruptRouting::kMaintained}) {
        if (const Complaint found = complaint_of(Machine(routing).run(stops_in_the_middle));
            !found.empty()) {
            return found;
        }
        reg::Mmio bus;
        gic::Distributor<reg::Mmio> physical(bus, board::kGicd);
        if (physical.is_enabled(kTimer.interrupt) || physical.is_active(kTimer.interrupt)) {
            return "its interrupt is enabled or active";
        }
        if (const Complaint found = complaint_of(Machine(routing).run(takes_three<kId>));
            !found.empty()) {
            return found;
        }
    }
    return "";
}

Complaint nobody_else_has_it() {
    Machine machine;
    machine.vm.passed = {};
    const auto stop = machine.run(takes_three<kId>);
    return stop && stop->reason == hyp::StopReason::kTrap && stop->given.count == 1 &&
                   stop->given.exception == hyp::GuestException::kDataAbort
               ? ""
               : "the guest was not given a data abort";
}

Complaint is_refused() {
    Machine machine;
    machine.vm.cpus = 2;
    if (machine.run(takes_three<kId>)) {
        return "a VM with two virtual CPUs ran";
    }
    machine.vm.cpus = 1;
    hyp::Companion companion{.vm = machine.vm};
    companion.vm.vmid = 2;
    companion.vm.passed = {};
    if (machine.run(takes_three<kId>, &companion)) {
        return "a VM with a companion ran";
    }
    std::array devices = kDevices;
    machine.vm.passed = devices;
    for (const gic::IntId interrupt : {gic::IntId{31}, gic::IntId{64}}) {
        devices[0].interrupt.interrupt = interrupt;
        if (machine.run(takes_three<kId>)) {
            return "a VM with an interrupt that its distributor has not ran";
        }
    }
    devices[0].interrupt = {.interrupt = kId, .physical = board::kVirtualTimerInterrupt};
    return machine.run(takes_three<kId>) ? "a VM with a private interrupt of the machine ran" : "";
}

constexpr std::array kCases{
    Case{"passed device: its interrupts reach the guest", holds<takes_three<kId>>},
    Case{"passed device: its interrupts reach the guest straight from the GIC", comes_straight},
    Case{"passed device: the guest sees whether its interrupt is pending or active",
         holds<sees_its_state>},
    Case{"passed device: its interrupt does not come while the guest has it off",
         holds<has_it_off_and_on>},
    Case{"passed device: its interrupt comes again while its level is high", comes_again},
    Case{"passed device: its interrupt has the priority that the guest gives it",
         holds<changes_its_priority>},
    Case{"passed device: its interrupt comes again after the guest has withdrawn it",
         holds<withdraws_it>},
    Case{"passed device: its interrupt waits for a list register",
         holds<has_more_than_list_registers>},
    Case{"passed device: nothing is left of a guest that stops in its handler", nothing_is_left},
    Case{"passed device: a guest that does not have it does not reach it", nobody_else_has_it},
    Case{"passed device: what cannot have one is refused", is_refused},
};

}  // namespace

std::span<const Case> passed_device_cases() { return kCases; }

}  // namespace hm::target
