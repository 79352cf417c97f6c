#pragma once
// What HYP's plain vectors call for an interrupt (hyp/hw/vectors.S).

#include "hyp/core/trap_frame.hpp"

/// An IRQ, where the HYP timer's interrupt is an FIQ.
extern "C" void hyp_irq();
/// An IRQ, where the HYP timer's is one too.
extern "C" void hyp_irq_or_tick(hm::hyp::TrapFrame* frame);
/// An FIQ: the HYP timer's.
extern "C" void hyp_fiq(hm::hyp::TrapFrame* frame);
