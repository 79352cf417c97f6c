#include "boot/cores.hpp"

#include "board.hpp"
#include "boot/hyp_mmu.hpp"
#include "boot/secure.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/cpu/hw/wait.hpp"
#include "drivers/cpu/hyp_registers.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/gic/distributor.hpp"
#include "drivers/power/exynos.hpp"
#include "drivers/power/hw/psci.hpp"
#include "drivers/reg/hw/mmio.hpp"

extern "C" {
void second_core_entry();  // reset.S
[[noreturn]] void pen();   // reset.S
}

/// Not zero: the second core may leave the pen of reset.S. In memory that the image brings along,
/// since cores come to the pen before anything is cleared, and a line of its own.
extern "C" {
alignas(64) [[gnu::section(".data"), gnu::used]] volatile std::uint32_t pen_door[16]{};
}

namespace hm::boot::cores {

namespace {

constexpr cpu::Mpidr kCore = cpu::Mpidr::from(board::kSecondCore);

/// Firmware that entered the image in Secure state holds no core: all of them came with it.
bool firmware_holds_it() {
    return board::kCoreStart == board::CoreStart::kPsci && !entered_in_secure_state();
}

/// The other core looks at the door, or shuts it, with its caches off: at the point of coherency
/// (ARM DDI 0406C.d, B2.2.6).
void write_back_door() {
    const auto door = reinterpret_cast<std::uint32_t>(pen_door);
    cpu::clean_invalidate_data(door, door + 1);
}

/// The door is shut by the core itself when it is back.
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

/// It comes through the door at once, has nothing to do, and goes back into the pen: that tells
/// that it is here, and can be had.
bool claim() {
    if (firmware_holds_it()) {
        return true;
    }
    clean_hyp_memory();  // it begins with its caches off (boot/second_core.cpp)
    open_door();
    if constexpr (board::kExynos) {
        // A core in WFE wants an event, one in WFI or in iROM an interrupt (U-Boot,
        // arch/arm/cpu/armv7/nonsec_virt.S, kick_all_cpus; Linux, arch/arm/mach-exynos/platsmp.c).
        reg::Mmio bus;
        power::Exynos<reg::Mmio> exynos(bus, board::kExynos->blocks);
        if (!exynos.power_up_cpu1()) {
            return false;
        }
        exynos.set_boot_word(reinterpret_cast<std::uint32_t>(&pen));
        cpu::send_event();
        gic::Distributor<reg::Mmio>(bus, board::kGicd)
            .send_sgi(gic::GicdSgir{}.with(gic::GicdSgir::kCpuTargetList, 1U << 1));
    }
    return wait_for(is_in_pen);
}

bool is_off() { return firmware_holds_it() ? power::psci::is_off(kCore) : is_in_pen(); }

bool turn_on() {
    if (firmware_holds_it()) {
        return power::psci::turn_on(kCore, reinterpret_cast<std::uint32_t>(&second_core_entry));
    }
    open_door();
    return true;
}

namespace {

/// The core's own caches are cleaned and left, as on the way in (boot/secure.cpp), before the door
/// is shut: from then on it does not touch what others use. ACTLR.SMP stays, since the core is not
/// powered down. Translations go, too, since it comes back to other tables (B3.10.1), and are gone
/// with the DSB that the instruction caches want.
[[noreturn, gnu::noinline]] void go_into_pen() {
    cpu::leave_caches<cpu::Hsctlr>();
    cpu::operate<cpu::kTlbiallh>();
    cpu::invalidate_instructions();
    *pen_door = 0;
    cpu::dsb();  // seen by the others before this core waits (A3.8.3)
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
