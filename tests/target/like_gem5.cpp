// An image that does without what gem5 lacks, on any machine.

#include "board.hpp"
#include "board/hw/start.hpp"

namespace hm::board {

const MachineFacts* recognise() {
    static MachineFacts facts = board::kMachines[0];
    facts.name = "QEMU vexpress-a15, like gem5";
    facts.models_caches = false;
    facts.models_tlb = false;
    return &facts;
}

}  // namespace hm::board
