// Which of a board's machines this is.

#include <algorithm>

#include "board.hpp"
#include "board/hw/start.hpp"
#include "drivers/reg/hw/mmio.hpp"

namespace hm::board {

const MachineFacts* recognise() {
    const std::uint32_t id = reg::Mmio::read(board::kSystemId) & board::kSystemIdMask;
    return std::find_if(board::kMachines.begin(), board::kMachines.end() - 1,
                        [id](const MachineFacts& facts) { return facts.system_id == id; });
}

}  // namespace hm::board
