#pragma once
// How the timer's interrupt becomes a virtual one. It is counted, so it is inlined where the
// interrupt is taken (hyp/hw/interrupts.cpp) and where a guest that slept through it gets the core
// (hyp/hw/turns.cpp).

#include "board.hpp"
#include "board/machine.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/gic/gic_layout.hpp"
#include "drivers/pmu/hw/counters.hpp"
#include "drivers/reg/hw/mmio.hpp"
#include "hyp/core/cpu.hpp"
#include "measure/guest_abi.hpp"

namespace hm::hyp {

/// An interrupt that is not the virtual timer's: maintenance, a passed device's, or none.
[[gnu::noinline]] void other_interrupt(gic::GiccIar interrupt);

[[nodiscard]] inline gic::GiccIar acknowledge() {
    return gic::GiccIar::from(reg::Mmio::read_at(board::kGicc, gic::GiccIar::kOffset));
}

/// Whether the distributor signals `interrupt`, private to this core.
[[gnu::noinline, gnu::cold]] inline void set_signalled(gic::GiccIar interrupt, bool signalled) {
    reg::Mmio::write(board::kGicd + (signalled ? gic::gicd::kIsenabler : gic::gicd::kIcenabler),
                     1U << interrupt.get(gic::GiccIar::kIntId));
}

[[gnu::always_inline]] inline void drop_priority(gic::GiccIar interrupt) {
    reg::Mmio::write_at(board::kGicc, gic::GiccEoir::kOffset, interrupt.raw);
}

/// Drops the priority. A machine that cannot do only that deactivates at once, and would see the
/// same level again, so its distributor stops signalling the interrupt until deactivate().
[[gnu::always_inline]] inline void end(gic::GiccIar interrupt) {
    if (!machine_has<&MachineFacts::splits_end_of_interrupt>()) [[unlikely]] {
        set_signalled(interrupt, false);
    }
    drop_priority(interrupt);
}

[[gnu::always_inline]] inline void deactivate(gic::GiccIar interrupt) {
    if (!machine_has<&MachineFacts::splits_end_of_interrupt>()) [[unlikely]] {
        set_signalled(interrupt, true);
        return;
    }
    reg::Mmio::write(board::kGicc + gic::GiccDir::kOffset, interrupt.raw);
}

/// One bit for each that is empty; bits of others read as zero (ARM IHI 0048B, 5.3.8).
[[nodiscard]] inline std::uint32_t empty_list_registers() {
    return reg::Mmio::read_at(board::kGich, gic::gich::kElrsr0);
}

/// Where no list register is free, or others wait for one.
[[gnu::noinline, gnu::cold]] void inject_by_priority(Cpu& cpu);
/// And ends `interrupt`. As the last that its caller does, it leaves the quick way without a frame.
[[gnu::noinline, gnu::cold]] void inject_by_priority_and_end(Cpu& cpu, gic::GiccIar interrupt);

/// `interrupt`: the virtual timer's, as acknowledged, of the virtual CPU that runs. `kSwitched`: it
/// has just got the core from another, which never happens on a machine that cannot drop only the
/// priority.
template <bool kStamped, bool kSwitched = false>
[[gnu::always_inline]] inline void inject(Cpu& cpu, gic::GiccIar interrupt) {
    const QuickInjection& quick = cpu.vcpu->quick;
    if ((empty_list_registers() & quick.free_bit) != 0) [[likely]] {
        reg::Mmio::write_at(board::kGich, quick.lr_address, quick.word.raw);
    } else if constexpr (!kStamped && !kSwitched) {
        inject_by_priority_and_end(cpu, interrupt);
        return;
    } else {
        inject_by_priority(cpu);
    }
    if constexpr (kStamped) {
        cpu.stamps->list_register = pmu::stamp();
        cpu.stamps->sequence = cpu.stamps->sequence + 1;
    }
    // The priority drops here. What deactivates is the guest's own end of interrupt, through the
    // link, or else the maintenance that follows it.
    if constexpr (kSwitched) {
        drop_priority(interrupt);
    } else {
        end(interrupt);
    }
}

}  // namespace hm::hyp
