#include "boot/second_core.hpp"

#include <array>
#include <atomic>

#include "board.hpp"
#include "boot/cores.hpp"
#include "boot/hyp_mmu.hpp"
#include "boot/wait.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hyp_registers.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/reg/hw/mmio.hpp"
#include "hyp/core/entry_controls.hpp"
#include "hyp/hw/monitor.hpp"

namespace hm::boot::second_core {

namespace {

/// What the two cores share, on a cache line of its own, so that the first core's measurement does
/// not wait for it. std::atomic compiles to plain loads and stores here, with a DMB where the
/// memory order asks for one.
struct alignas(kLineBytes) Shared {
    Load load{};
    bool serves = false;           ///< guests; else it is a load
    std::atomic<bool> stop{true};  ///< true before the start: a core that comes has nothing to do
    std::atomic<std::uint32_t> rounds{};
};
constinit Shared shared;
static_assert(std::atomic<std::uint32_t>::is_always_lock_free);

/// Registers that a read does not change. The first word of each bank is this core's own.
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
        // The count means that the whole round is done, so it comes after it.
        shared.rounds.store(rounds() + 1, std::memory_order_release);
    }
}

bool wait_for_another_round(std::uint32_t since) {
    return wait_for([since] { return rounds() != since; });
}

}  // namespace

bool exists() {
    // Firmware knows too, but QEMU reports a question about a core that does not exist as a guest
    // error.
    const auto typer =
        gic::GicdTyper::from(reg::Mmio::read(board::kGicd + gic::GicdTyper::kOffset));
    return typer.get(gic::GicdTyper::kCpuNumber) > 0;
}

namespace {

bool start(const Load& load, bool serves) {
    if (!exists() || !cores::is_off()) {
        return false;
    }
    shared.load = load;
    shared.serves = serves;
    shared.stop.store(false, std::memory_order_relaxed);
    shared.rounds.store(0, std::memory_order_relaxed);
    // The core begins with its caches off. What it reads before they are on must be in memory, and
    // no dirty line of its stack, from when it last ran, may be written back over what it pushes
    // (ARM DDI 0406C.d, B2.2.6). The code is in memory already.
    clean_hyp_memory();
    if (cores::turn_on() && wait_for_another_round(0)) {
        return true;
    }
    shared.stop.store(true, std::memory_order_relaxed);
    return false;
}

}  // namespace

bool start(const Load& load) { return start(load, false); }

bool serve() { return start({}, true); }

std::uint32_t rounds() { return shared.rounds.load(std::memory_order_acquire); }

bool goes_on() { return wait_for_another_round(rounds()); }

bool stop() {
    shared.stop.store(true, std::memory_order_relaxed);
    cpu::send_event();  // it may wait for one
    return !exists() || wait_for(cores::is_off);
}

/// What the second core runs, from reset.S, which has set ACTLR.SMP where it may.
///
/// Its faults use the first core's vectors and fault stack. Any fault ends the run, so two at the
/// same moment could spoil each other's report, but not a verdict. Interrupts stay masked, and its
/// CPU interface stays as it was unless it serves guests. Of the registers that control guests only
/// HCR is set, as on the first core between two guests.
extern "C" [[noreturn]] void second_core_main() {
    cores::report_coherency();
    enter_hyp_space();
    cpu::write(hyp::kPlainHcr);
    cpu::isb();  // ARM DDI 0406C.d, B3.15.5
    if (shared.serves) {
        hyp::serve_on_another_core([] {
            shared.rounds.store(1, std::memory_order_release);  // it is ready
            return !shared.stop.load(std::memory_order_acquire);
        });
    } else {
        run(shared.load);
    }
    cores::turn_off_this_core();
    for (;;) {
        cpu::wait_for_interrupt();  // firmware refused to turn it off
    }
}

}  // namespace hm::boot::second_core
