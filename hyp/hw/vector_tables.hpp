#pragma once
// Which of HYP's vector tables (hyp/hw/vectors.S) holds while a virtual CPU runs.

#include "drivers/cpu/hyp_registers.hpp"
#include "hyp/core/cpu.hpp"

namespace hm::hyp {

/// What the vectors do for a virtual CPU beside calling the handlers.
struct VectorNeeds {
    bool faults_are_stamped = false;
    bool interrupts_are_stamped = false;
    /// Hypercall::kNull returns without a handler. Stamps exclude it.
    bool null_ends_in_vector = false;
    bool masking_is_watched = false;
    bool exits_are_counted = false;
    bool first = true;  ///< it is the measured one; of a companion only the timer's FIQ is stamped
};

[[nodiscard]] cpu::Hvbar vectors_for(const VectorNeeds& needs, TimerRoute route);

/// While no guest runs.
[[nodiscard]] cpu::Hvbar plain_vectors();

/// A trap only returns, until the next interrupt.
[[nodiscard]] cpu::Hvbar vectors_that_only_return();

}  // namespace hm::hyp
