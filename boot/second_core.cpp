#include "boot/second_core.hpp"

#include <array>
#include <atomic>

#include "board.hpp"
#include "boot/cores.hpp"
#include "boot/hyp_mmu.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/wait.hpp"
#include "drivers/cpu/hyp_registers.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/reg/hw/mmio.hpp"

namespace hm::boot::second_core {

namespace {

/// What the two cores tell each other, on a line of its own: what the first core measures with
/// must not wait for it. std::atomic is plain loads and stores here, with DMB where it is asked
/// for.
struct alignas(kLineBytes) Shared {
    Load load{};
    std::atomic<bool> stop{true};  ///< until it is started, a core that comes has nothing to do
    std::atomic<std::uint32_t> rounds{};
};
constinit Shared shared;
static_assert(std::atomic<std::uint32_t>::is_always_lock_free);

/// Registers that reading does not change; those of the first word are this core's own.
constexpr std::array<std::uint32_t, 8> kHammered{
    gic::gicd::kIspendr,         gic::gicd::kIspendr + 4,    gic::gicd::kIsactiver,
    gic::gicd::kIsactiver + 4,   gic::gicd::kIsenabler + 4,  gic::gicd::kIgroupr + 4,
    gic::gicd::kIpriorityr + 32, gic::gicd::kItargetsr + 32,
};

void hammer_distributor() {
    for (const std::uint32_t offset : kHammered) {
        (void)reg::Mmio::read(board::kGicd + offset);
    }
}

/// Reads and writes one word of every line, so that lines move in and out of the caches.
void touch_line(std::uint32_t address) {
    auto* const word = reinterpret_cast<volatile std::uint32_t*>(address);
    *word = *word + 1;
}

void run(Load load) {
    std::uint32_t offset = 0;
    while (!shared.stop.load(std::memory_order_acquire)) {
        for (std::uint32_t line = 0; line < load.lines; ++line) {
            touch_line(load.base + offset);
            offset = offset + kLineBytes < load.bytes ? offset + kLineBytes : 0;
        }
        hammer_distributor();
        // The count tells that everything of the round is done, so it comes after it.
        shared.rounds.store(rounds() + 1, std::memory_order_release);
    }
}

bool wait_for_another_round(std::uint32_t since) {
    return wait_for([since] { return rounds() != since; });
}

}  // namespace

bool exists() {
    // Firmware knows too, but QEMU takes the question for the core that is not there for an error
    // of the one who asks.
    const auto typer =
        gic::GicdTyper::from(reg::Mmio::read(board::kGicd + gic::GicdTyper::kOffset));
    return typer.get(gic::GicdTyper::kCpuNumber) > 0;
}

bool start(const Load& load) {
    if (!exists() || !cores::is_off()) {
        return false;
    }
    shared.load = load;
    shared.stop.store(false, std::memory_order_relaxed);
    shared.rounds.store(0, std::memory_order_relaxed);
    // It begins with its caches off: what it reads before they are on must be in memory, and no
    // line of its stack, dirty since it ran last, may be written back over what it pushes (ARM DDI
    // 0406C.d, B2.2.6). The code was never anywhere else.
    clean_hyp_memory();
    if (cores::turn_on() && wait_for_another_round(0)) {
        return true;
    }
    shared.stop.store(true, std::memory_order_relaxed);
    return false;
}

std::uint32_t rounds() { return shared.rounds.load(std::memory_order_acquire); }

bool goes_on() { return wait_for_another_round(rounds()); }

bool stop() {
    shared.stop.store(true, std::memory_order_relaxed);
    return !exists() || wait_for(cores::is_off);
}

/// The second core's life, from reset.S. ACTLR.SMP, which must be set before caches and MMU are on
/// and before any maintenance (Cortex-A15 TRM, "Auxiliary Control Register"), was set by the
/// firmware that PSCI called: the Non-secure state may not be allowed to.
///
/// Its faults take the first core's vectors and fault stack: any of them ends the run, so that two
/// at the same moment could spoil each other's report, but no verdict. Interrupts stay masked and
/// its CPU interface as it was; of the registers that rule guests HCR alone is set, as on the first
/// core between two guests.
extern "C" [[noreturn]] void second_core_main() {
    enter_hyp_space();
    cpu::write(cpu::Hcr{}.with(cpu::Hcr::kTsc, true));
    cpu::isb();
    run(shared.load);
    cores::turn_off_this_core();
    for (;;) {
        cpu::wait_for_interrupt();  // firmware did not let it end
    }
}

}  // namespace hm::boot::second_core
