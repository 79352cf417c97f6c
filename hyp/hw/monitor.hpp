#pragma once
// The monitor as its caller sees it: one run of a guest at a time.

#include <optional>

#include "hyp/core/cpu.hpp"
#include "hyp/core/stop.hpp"
#include "hyp/core/vm_config.hpp"
#include "hyp/hw/stage2.hpp"

namespace hm::hyp {

/// Sets up the physical GIC and the part of HYP's state that no guest changes. The `frames` frames
/// from `tables` on are for stage-2 tables. `owns_group0`: Secure state has left Group 0 of the GIC
/// to the HYP timer.
void start(mmu::Pa tables, unsigned frames, bool owns_group0);

/// Whether a guest that hangs is ended, if its interrupts are routed so.
[[nodiscard]] bool watches(InterruptRouting routing);

/// Builds what `config` describes, enters it, and returns when it has stopped and the GIC is taken
/// back. A companion gets the core in turn with it. Nothing where the tables do not fit.
[[nodiscard]] std::optional<Stop> run(const VmConfig& config, CheckpointHandler on_checkpoint,
                                      const Companion* companion = nullptr);

/// What another core than the first does while a VM whose virtual CPUs have cores of their own
/// runs, or may: it runs what such a VM turns on, as long as `is_wanted` and until that has
/// stopped. It is asked again after each event. Interrupts stay masked in between.
void serve_on_another_core(bool (*is_wanted)());

/// CNTPCT ticks that second virtual CPUs have had on a core of their own, since the start.
[[nodiscard]] std::uint64_t ticks_on_other_core();

/// From now on the performance monitors of other cores count what that of this one does, from
/// before a guest's virtual CPU runs there.
void count_on_every_core();

/// A character for the UART of the first VM, while its guest runs. False where the guest does not
/// take it: its receiver is off, or full.
[[nodiscard]] bool give_to_guest(char c);

/// Where the walk of stage 2 starts, for the guest that runs or ran last, until the next one. `vm`:
/// 1 for its companion.
[[nodiscard]] mmu::Pa stage2_root(std::uint32_t vm = 0);
[[nodiscard]] Stage2Memory& stage2_memory();

/// `inspector` is called after a guest has stopped and before anything is taken back; null: nothing
/// is.
void set_inspector(void (*inspector)());

}  // namespace hm::hyp
