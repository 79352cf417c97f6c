#include "boot/cores.hpp"

#include "board.hpp"
#include "board/machine.hpp"
#include "boot/coherency.hpp"
#include "boot/hyp_mmu.hpp"
#include "boot/secure.hpp"
#include "boot/wait.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/cpu/hyp_registers.hpp"
#include "drivers/cpu/implementation_registers.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/gic/distributor.hpp"
#include "drivers/power/hw/psci.hpp"
#include "drivers/reg/hw/mmio.hpp"

extern "C" {
void second_core_entry();  // reset.S
[[noreturn]] void pen();   // reset.S
}

/// Word 0, if it is not zero: the second core may leave the pen of reset.S. Words 1 and 2 are what
/// that core says when it begins: 1, and its ACTLR. They are in the image's initialised data, since
/// cores come to the pen before .bss is cleared, and have a cache line of their own.
extern "C" {
alignas(64) [[gnu::section(".data"), gnu::used]] volatile std::uint32_t pen_door[16]{};
}

namespace hm::boot::cores {

namespace {

constexpr cpu::Mpidr kCore = cpu::Mpidr::from(board::kSecondCore);

/// Whether firmware says in which state a core is: PSCI 0.1, which U-Boot v2023.01 has on
/// Allwinner's SoCs, has no such function (arch/arm/cpu/armv7/sunxi/psci.c). It does not change.
bool firmware_knows_it() {
    static constinit std::optional<bool> knows;
    if (!knows) {
        const power::psci::Target target = power::psci::target_of(kCore);
        const auto answer = power::psci::call(power::psci::affinity_info(target));
        knows = power::psci::affinity_of(answer).has_value();
    }
    return *knows;
}

/// Firmware that entered the image in Secure state holds no core: all cores entered with it, or it
/// has started none.
bool firmware_holds_it() {
    if (entered_in_secure_state()) {
        return false;
    }
    return board::kCoreStart == board::CoreStart::kPsci ||
           (board::kCoreStart == board::CoreStart::kOff && firmware_knows_it());
}

/// It has no power until it is needed for the first time, and then it stays in the pen. So PSCI's
/// CPU_OFF is not needed, which takes U-Boot an interrupt to the first core, and 10 ms of its time.
bool begins_when_needed() {
    return board::kCoreStart == board::CoreStart::kOff && !firmware_holds_it();
}

constinit bool has_begun = false;

/// The other core reads the door, or shuts it, with its caches off. So the door is kept at the
/// point of coherency (ARM DDI 0406C.d, B2.2.6).
void write_back_door() {
    const auto door = reinterpret_cast<std::uint32_t>(pen_door);
    cpu::clean_invalidate_data(door, door + 1);
}

/// The core itself shuts the door when it is back.
bool is_in_pen() {
    write_back_door();
    return *pen_door == 0;
}

void open_door() {
    *pen_door = 1;
    write_back_door();
    cpu::send_event();
}

}  // namespace

std::optional<std::uint32_t> actlr_of_second_core() {
    write_back_door();
    return pen_door[1] != 0 ? std::optional(pen_door[2]) : std::nullopt;
}

/// No maintenance may come before this, nor in it: the core's stores go straight to memory.
void report_coherency() {
    pen_door[2] = cpu::read<cpu::Actlr>().raw;
    pen_door[1] = 1;
    cpu::dsb();  // seen by the other core before the door is shut (A3.8.3)
    if (!is_coherent()) {
        *pen_door = 0;
        cpu::dsb();
        pen();
    }
}

namespace {

Claim outcome_of_claim() {
    const auto actlr = actlr_of_second_core();
    const bool coherent =
        !machine().shows_coherency || (actlr && cpu::Actlr::from(*actlr).get(cpu::Actlr::kSmp));
    return coherent ? Claim::kDone : Claim::kNotCoherent;
}

}  // namespace

/// The core comes through the door at once, finds nothing to do, and goes back into the pen. That
/// shows that it is there and can be used.
Claim claim() {
    if (firmware_holds_it()) {
        return Claim::kDone;  // firmware makes it coherent when it starts it
    }
    if (begins_when_needed()) {  // until then it is in nobody's way
        const bool can_begin = !entered_in_secure_state() ||
                               board::Soc<reg::Mmio>::starts_cores(machine().has_power_control);
        return can_begin ? Claim::kDone : Claim::kStaysOff;
    }
    clean_hyp_memory();  // it begins with its caches off (boot/second_core.cpp)
    open_door();
    if constexpr (board::kCoreStart == board::CoreStart::kLoader) {
        // A core in WFE needs an event, one in WFI or in iROM an interrupt (U-Boot,
        // arch/arm/cpu/armv7/nonsec_virt.S, kick_all_cpus; Linux, arch/arm/mach-exynos/platsmp.c).
        reg::Mmio bus;
        board::Soc<reg::Mmio> soc(bus, board::kSoc);
        if (!soc.set_way_out_of_loader(reinterpret_cast<std::uint32_t>(&pen))) {
            return Claim::kDidNotCome;
        }
        cpu::send_event();
        gic::Distributor<reg::Mmio>(bus, board::kGicd)
            .send_sgi(gic::GicdSgir{}.with(gic::GicdSgir::kCpuTargetList, 1U << 1));
    }
    return wait_for(is_in_pen) ? outcome_of_claim() : Claim::kDidNotCome;
}

bool goes_off() { return firmware_holds_it(); }

bool is_off() {
    if (firmware_holds_it()) {
        return power::psci::is_off(kCore);
    }
    return (begins_when_needed() && !has_begun) || is_in_pen();
}

namespace {

/// For the first time, and in the pen. After a Secure entry there is no firmware that would do it.
bool begin() {
    const auto entry = reinterpret_cast<std::uint32_t>(&pen);
    if (!entered_in_secure_state()) {
        return power::psci::turn_on(kCore, entry);
    }
    reg::Mmio bus;
    board::Soc<reg::Mmio> soc(bus, board::kSoc);
    return soc.start_core(board::kSecondCore, entry, machine().has_power_control,
                          [] { wait_for_milliseconds(10); });
}

}  // namespace

bool turn_on() {
    if (firmware_holds_it()) {
        return power::psci::turn_on(kCore, reinterpret_cast<std::uint32_t>(&second_core_entry));
    }
    open_door();
    if (begins_when_needed() && !has_begun) {
        has_begun = begin();
        return has_begun;
    }
    return true;
}

namespace {

/// The core's own caches are cleaned and turned off before the door is shut, as on entry
/// (boot/secure.cpp): from then on it does not touch memory that others use. ACTLR.SMP stays set,
/// since the core is not powered down. Its TLB entries are dropped, since it will find other tables
/// when it comes back (B3.10.1); the DSB that the instruction caches need completes that.
[[noreturn, gnu::noinline]] void go_into_pen() {
    cpu::leave_caches<cpu::Hsctlr>();
    cpu::operate<cpu::kTlbiallh>();
    cpu::invalidate_instructions();
    *pen_door = 0;
    cpu::dsb();  // visible to the others before this core waits (A3.8.3)
    pen();
}

}  // namespace

void turn_off_this_core() {
    if (firmware_holds_it()) {
        power::psci::turn_off_this_core();
    } else {
        go_into_pen();
    }
}

}  // namespace hm::boot::cores
