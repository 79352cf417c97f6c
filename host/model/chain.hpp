#pragma once
// The chain of a pointer chase: where it lies, and the addresses that it goes through.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "measure/setting.hpp"
#include "measure/translation.hpp"

namespace hm::host {

/// Where a chase goes. Its memory lies at the same VA, IPA and PA.
struct Chain {
    std::uint64_t base = 0;
    std::uint64_t bytes = 0;
    std::uint64_t stride = 0;  ///< From one place to its neighbour in memory, whatever the order.
    /// IPA of the root of the stage-1 tables, a multiple of 4 KB. Zero if it is unknown, which only
    /// a chase without stage 1 may have.
    std::uint64_t tables = 0;

    friend constexpr bool operator==(const Chain&, const Chain&) = default;
};

/// Where a guest on board `virt` has a chase of `bytes` with such tables, for those who have no
/// run that reports it.
[[nodiscard]] Chain usual_chain(measure::Stage1 stage1, measure::ChaseOrder order,
                                std::uint64_t bytes);

/// The places in a chain that the guest's loop loads from, as bytes from the chain's base: the
/// first `most` of them, linked by the guest's own code; it begins again at the chain's end. Takes
/// as much memory as the chain while it runs. Empty if no guest has such a chain: of more than 256
/// MB, or not a multiple of 32 KB, or with another stride than a multiple of 64 bytes up to a page.
[[nodiscard]] std::vector<std::uint32_t> offsets_of(const Chain& chain, measure::ChaseOrder order,
                                                    std::size_t most);

}  // namespace hm::host
