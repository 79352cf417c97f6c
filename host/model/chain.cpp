#include "host/model/chain.hpp"

#include <memory>

#include "guest/bench/chase.hpp"
#include "host/model/guest_layout.hpp"

namespace hm::host {
namespace {

using measure::ChaseOrder;

/// Whether the guest's code can link such a chain, and this program has the memory for it.
bool can_be_linked(const Chain& chain) {
    constexpr std::uint64_t kMost = std::uint64_t{256} << 20;
    return chain.bytes != 0 && chain.bytes <= kMost && chain.bytes % measure::chase::kGrain == 0 &&
           chain.stride != 0 && chain.stride % guest::kLineBytes == 0 &&
           chain.stride <= guest::kPageBytes;
}

}  // namespace

Chain usual_chain(measure::Stage1 stage1, ChaseOrder order, std::uint64_t bytes) {
    const GuestLayout layout = GuestLayout::usual(measure::is_short(stage1));
    const bool by_pages = order == ChaseOrder::kPageRandom;
    return {.base = layout.memory_for_chase(stage1),
            .bytes = bytes,
            .stride = by_pages ? std::uint64_t{guest::kPageBytes} : guest::kLineBytes,
            .tables = layout.tables};
}

std::vector<std::uint32_t> offsets_of(const Chain& chain, ChaseOrder order, std::size_t most) {
    const guest::ChaseShape shape{.order = order,
                                  .bytes = static_cast<std::uint32_t>(chain.bytes),
                                  .stride = static_cast<std::uint32_t>(chain.stride)};
    if (!can_be_linked(chain)) {
        return {};
    }
    const auto memory = std::make_unique_for_overwrite<std::byte[]>(chain.bytes);
    const guest::ChaseLines lines(memory.get(), shape);
    guest::build_chain(lines);
    std::vector<std::uint32_t> offsets;
    offsets.reserve(most);
    for (const guest::Link* link = lines.link(0); offsets.size() < most; link = link->next) {
        const auto* const place = static_cast<const std::byte*>(static_cast<const void*>(link));
        offsets.push_back(static_cast<std::uint32_t>(place - memory.get()));
    }
    return offsets;
}

}  // namespace hm::host
