// Demand faults that map more than the page that was touched.

#include <algorithm>

#include "hyp/hw/monitor.hpp"

namespace hm::hyp {

/// Maps the window of pages that the one at `offset` lies in. Windows are whole or empty,
/// but for what a guest has released.
bool Monitor::map_window_on_demand(std::uint32_t offset) {
    constexpr std::uint32_t kBlockWindow = mmu::bytes(mmu::Size::k2M) / mmu::kFrameBytes;
    const DemandFrames& demand = current_->demand;
    const std::uint32_t begin = offset & ~(demand.window - 1);
    const std::uint32_t pages = std::min(demand.window, demand.count - begin);
    const mmu::Ipa input{std::uint64_t{demand.first + begin} * mmu::kFrameBytes};
    const mmu::Pa output{std::uint64_t{demand.target + begin} * mmu::kFrameBytes};
    Stage2Builder& tables = *current_->stage2;
    const mmu::Status status =
        pages == kBlockWindow
            ? tables.map({input, mmu::bytes(mmu::Size::k2M)}, output, kGuestMemory, mmu::Size::k2M)
            : tables.map_pages(input, output, pages, kGuestMemory);
    return status == mmu::Status::kOk;
}

}  // namespace hm::hyp
