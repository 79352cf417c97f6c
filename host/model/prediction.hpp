#pragma once
// What a pointer chase asks of the translation tables: how many descriptors a miss of all TLBs and
// walk caches reads, and how many cache lines of them all of its walks touch.

#include <cstdint>

#include "host/model/chain.hpp"
#include "measure/translation.hpp"

namespace hm::host {

struct Prediction {
    struct Reads {
        unsigned min = 0;
        unsigned max = 0;

        friend constexpr bool operator==(const Reads&, const Reads&) = default;
    };
    /// Descriptors that the walk for one place reads, over all places.
    Reads reads;
    /// (n + 1)(m + 1) - 1 for n levels of stage 1 and m of stage 2.
    unsigned formula = 0;
    /// Different lines of 64 bytes in which these descriptors lie, over all places.
    std::uint64_t stage1_lines = 0;
    std::uint64_t stage2_lines = 0;
    std::uint64_t lines = 0;
    /// All tables of the stage, roots included. They map the guest's image and devices too.
    std::uint64_t stage1_table_bytes = 0;
    std::uint64_t stage2_table_bytes = 0;

    friend constexpr bool operator==(const Prediction&, const Prediction&) = default;
};

/// Builds the tables as the target does and walks them for every place. All zero where no machine
/// can run the cell (`Translation::impossible`), and where the chain is empty or does not fit.
/// What was asked once is remembered. Only one thread may call it at a time.
[[nodiscard]] Prediction predict(const measure::Translation& translation, const Chain& chain);

}  // namespace hm::host
