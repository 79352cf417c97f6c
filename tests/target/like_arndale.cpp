// An image for a machine on which ACTLR.SMP must read 1 once it is set. QEMU's Cortex-A15 reads it
// as 0.

#include "board.hpp"
#include "board/hw/start.hpp"

namespace hm::board {

const MachineFacts* recognise() {
    static MachineFacts facts = board::kMachines.back();
    facts.name = "QEMU vexpress-a15, like Arndale";
    facts.shows_coherency = true;
    return &facts;
}

}  // namespace hm::board
