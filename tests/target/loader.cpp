// Takes the place of a boot loader on vexpress-a15, where every image begins in Secure SVC. Brings
// the core into the state that LOADER names, and enters the image, which is in memory already.

#include <array>
#include <cstdint>
#include <string_view>

#include "board.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/cpu/implementation_registers.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/gic/cpu_interface.hpp"
#include "drivers/gic/distributor.hpp"
#include "drivers/mmu/control.hpp"
#include "drivers/mmu/format.hpp"
#include "drivers/power/vexpress.hpp"
#include "drivers/reg/hw/mmio.hpp"

extern "C" {
extern const char monitor_vectors[];
extern char image[];  // linker/loader.ld
}

namespace hm::test {

namespace {

enum class State {
    GO,  ///< Secure SVC, long descriptors, MMU and caches on, as U-Boot's `go` leaves it
    NON_SECURE_SVC,  ///< as `go` of some older U-Boot
    BOOTM,           ///< HYP, with all interrupts in Group 1
    NO_FREQUENCY,    ///< the same, with CNTFRQ never set
    HELD,            ///< the same, and the second core stays in the loader, whatever comes
};
constexpr State kState = State::LOADER;
constexpr bool kEntersInHyp = kState != State::GO && kState != State::NON_SECURE_SVC;

constexpr mmu::LongDescriptor gigabyte(std::uint64_t number, mmu::MemoryType memory) {
    return mmu::encode(mmu::Stage1Attributes{
                           .memory = memory, .writable = true, .execute = mmu::Execute::kAll})
        .leaf(mmu::Pa{number << 30}, 1);
}

/// Four gigabytes, each at its own address: devices in the lower half, memory in the upper one.
alignas(32) constexpr std::array kLevel1{
    gigabyte(0, mmu::MemoryType::kDevice), gigabyte(1, mmu::MemoryType::kDevice),
    gigabyte(2, mmu::MemoryType::kNormalWriteBack), gigabyte(3, mmu::MemoryType::kNormalWriteBack)};

void turn_mmu_and_caches_on() {
    cpu::write(cpu::Mair0::from(mmu::kMair0.raw));
    cpu::write(mmu::ttbcr(mmu::Stage1::kGeometry));
    cpu::write(cpu::Ttbr0::from(reinterpret_cast<std::uint32_t>(kLevel1.data())));
    cpu::operate<cpu::kTlbiall>();
    cpu::dsb();
    cpu::isb();
    cpu::write(cpu::read<cpu::Sctlr>()
                   .with(cpu::Sctlr::kI, true)
                   .with(cpu::Sctlr::kZ, true)
                   .with(cpu::Sctlr::kC, true)
                   .with(cpu::Sctlr::kM, true));
    cpu::isb();
}

/// As U-Boot does (arch/arm/cpu/armv7/virt-v7.c and nonsec_virt.S); SCR.SCD stays clear there.
void leave_secure_state() {
    constexpr std::uint32_t kLowestPriority = 0xFF;
    reg::Mmio bus;
    gic::Distributor<reg::Mmio> distributor(bus, board::kGicd);
    gic::CpuInterface<reg::Mmio> cpu_interface(bus, board::kGicc);
    distributor.set_all_group1();
    distributor.set_control(gic::GicdCtlr{}
                                .with(gic::GicdCtlr::kEnableGroup0, true)
                                .with(gic::GicdCtlr::kEnableGroup1, true));
    cpu_interface.set_control(gic::GiccCtlr{}
                                  .with(gic::GiccCtlr::kEnableGroup0, true)
                                  .with(gic::GiccCtlr::kEnableGroup1, true));
    cpu_interface.set_priority_mask(kLowestPriority);
    cpu::write(cpu::Nsacr{}.with(cpu::Nsacr::kCp10, true).with(cpu::Nsacr::kCp11, true));
    if constexpr (kState == State::NO_FREQUENCY) {
        cpu::write(cpu::Cntfrq{});
    }
    cpu::write(cpu::Mvbar::from(reinterpret_cast<std::uint32_t>(monitor_vectors)));
    cpu::isb();
    register std::uint32_t scr asm("r0") =
        cpu::Scr{}.with(cpu::Scr::kNs, true).with(cpu::Scr::kHce, kEntersInHyp).raw;
    register std::uint32_t psr asm("r1") =
        cpu::Psr{}
            .with(cpu::Psr::kA, true)
            .with(cpu::Psr::kI, true)
            .with(cpu::Psr::kF, true)
            .with(cpu::Psr::kMode, kEntersInHyp ? cpu::Mode::kHyp : cpu::Mode::kSvc)
            .raw;
    // The stack pointer changes here; nothing on the stack is needed afterwards.
    asm volatile(".arch_extension sec\n\tmov r2, sp\n\tsmc #0\n\tmov sp, r2"
                 :
                 : "r"(scr), "r"(psr)
                 : "r2", "memory");
}

/// The first word of each page that the second core of a loader needs.
constexpr std::uint32_t kOwned = 0x600d'f00d;

template <class Visit>
void for_each_owned_page(Visit&& visit) {
    const board::KnownRam ram = board::kKnownRam.value_or(board::KnownRam{});
    const std::uint64_t end = ram.base + ram.bytes;
    for (std::uint64_t page = end - board::kLoaderBytes; page < end; page += mmu::kFrameBytes) {
        visit(static_cast<std::uint32_t>(page));
    }
}

[[noreturn]] void report_loss() {
    reg::Mmio bus;
    board::Uart<reg::Mmio> uart(bus, board::kUart);
    for (const char c : std::string_view("\nloader: its memory was overwritten\n")) {
        uart.put(c);
    }
    uart.drain();
    power::VexpressConfiguration<reg::Mmio>(bus, board::kSystemRegisters).shut_down();
    for (;;) {
    }
}

}  // namespace

/// What the second core does: in state HELD it watches over memory that a loader would run in.
extern "C" [[noreturn]] void hold() {
    if constexpr (kState == State::HELD) {
        for_each_owned_page([](std::uint32_t page) { reg::Mmio::write(page, kOwned); });
        for (;;) {
            for_each_owned_page([](std::uint32_t page) {
                if (reg::Mmio::read(page) != kOwned) {
                    report_loss();
                }
            });
        }
    }
    for (;;) {
        cpu::wait_for_interrupt();
    }
}

extern "C" [[noreturn]] void load() {
    if constexpr (kState == State::GO) {
        turn_mmu_and_caches_on();
    } else {
        leave_secure_state();
    }
    // No known loader leaves it so, but an image must not depend on where exceptions went.
    cpu::write(cpu::read<cpu::Sctlr>().with(cpu::Sctlr::kV, true).with(cpu::Sctlr::kTe, true));
    cpu::isb();
    // `go` also gives the words of its command line, which do not count where there is a tree.
    reinterpret_cast<void (*)(std::uint32_t, std::uint32_t, std::uint32_t)>(image)(1, 0, 0);
    for (;;) {
    }
}

}  // namespace hm::test
