#pragma once
// What a guest's synchronous exceptions are served by: the rows of the table in traps.cpp. Each
// handler serves its trap, or ends in refuse().

#include "hyp/core/stop.hpp"
#include "hyp/core/syndrome.hpp"
#include "hyp/core/trap_frame.hpp"
#include "hyp/core/trap_table.hpp"

namespace hm::hyp {

void serve_data_abort(Hsr hsr, TrapFrame& frame);
void serve_prefetch_abort(Hsr hsr, TrapFrame& frame);
void serve_hypercall(Hsr hsr, TrapFrame& frame);
void serve_wait(Hsr hsr, TrapFrame& frame);
void serve_cp15(Hsr hsr, TrapFrame& frame);
void serve_cp14(Hsr hsr, TrapFrame& frame);

/// The guest takes an undefined instruction exception, if the instruction's condition holds.
void serve_undefined(Hsr hsr, TrapFrame& frame);

/// What no mapping on demand and no device serves: the guest takes the abort.
void give_abort(Hsr hsr, TrapFrame& frame);

/// Stops the guest, with the syndrome of what it did.
[[noreturn]] void refuse(Hsr hsr, TrapFrame& frame);
[[noreturn]] void refuse(Hsr hsr, TrapFrame& frame, Refusal why);

}  // namespace hm::hyp

/// The handler of each class.
extern "C" const hm::hyp::TrapTable hyp_traps;
/// Serves a trap by its class, as the vectors do by themselves. `word`: HSR.
extern "C" void hyp_trap(std::uint32_t word, hm::hyp::TrapFrame* frame);
