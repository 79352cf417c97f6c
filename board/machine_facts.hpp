#pragma once
// What a machine models, and what it cannot do. Rows that it cannot run are skipped, with the
// reason.

#include <cstdint>
#include <string_view>

namespace hm {

struct MachineFacts {
    std::string_view name;
    /// What the board's identification register reads on this machine, as far as the board's mask
    /// lets it through; the last machine's is any other.
    std::uint32_t system_id = 0;
    bool models_caches = false;
    bool models_tlb = false;
    /// A list register with HW = 1 deactivates the physical interrupt (ARM IHI 0048B, 5.2.1).
    bool links_interrupts = true;
    /// GICC_EOIR can drop only the priority (EOImode = 1, 3.2.1).
    bool splits_end_of_interrupt = true;
    /// The GIC has the registers by which a core that sleeps saves its interface, and
    /// GICD_CPENDSGIR (ARM IHI 0048B, 4.3.16, 4.4.8, 4.4.12, 4.4.13).
    bool saves_gic_state = true;
    /// VFP and NEON can be used in Non-secure state.
    bool has_vfp = true;
    /// ACTLR.SMP reads 1 once a core takes part in coherency. A core on
    /// which it reads 0 may neither do maintenance nor turn its caches on there, and is not used.
    bool shows_coherency = false;
    /// The SoC's watchdog resets the board.
    bool has_watchdog = true;
    /// The SoC's registers give power to a core.
    bool has_power_control = true;
    /// The core's L2 registers can be read, if it has them (drivers/cpu/core_facts.hpp): an
    /// emulator may lack L2CTLR and L2ECTLR, or L2PFR.
    bool has_l2_registers = true;
    bool has_l2_prefetch_register = true;
    /// The board's spare timer is there, and its interrupt has been seen to come.
    bool has_spare_timer = true;
    /// Maintenance of the data caches by set and way works (ARM DDI 0406C.d, B4.2.1).
    bool cleans_by_set_way = true;
    /// The data of a guest whose MMU is off are Strongly-ordered, whatever stage 2 says of them
    /// (ARM DDI 0406C.d, B3.2.1, B3.6.6): until then a VM is as slow as the same program natively.
    bool orders_without_mmu = true;
    /// The TLB distinguishes entries of two VMIDs (ARM DDI 0406C.d, B3.9.1).
    bool tells_vmids_apart = true;
};

}  // namespace hm
