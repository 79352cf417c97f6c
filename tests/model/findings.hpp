#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>

namespace hm::model {

/// What the operations so far have led to, so that a test can tell that it tests something.
struct Counts {
    unsigned acknowledged = 0;
    unsigned preemptions = 0;   ///< acknowledged while another was active
    unsigned overflows = 0;     ///< more to forward than list registers
    unsigned counted_ends = 0;  ///< ends without a list register (5.3.1)
    unsigned quick = 0;         ///< quick injections
    unsigned quick_shared = 0;  ///< of a shared interrupt
    unsigned quick_sgis = 0;    ///< SGIs to itself without a look at anything else
    unsigned quick_ipis = 0;    ///< SGIs of another CPU, presented so
    unsigned told = 0;          ///< CPUs that had to look, since another made work for them
    unsigned at_rest = 0;       ///< writes while nothing was pending or active
    unsigned takes = 0;
    unsigned maintenance = 0;
    unsigned deactivations = 0;
};

/// What came out of the operations so far.
struct Findings {
    Counts counts;
    /// The first thing in which two differ, or a rule that was broken; empty if there is none.
    std::string difference;

    void require(bool holds, const char* claim, std::uint32_t what) {
        if (!holds) {
            std::array<char, 96> text{};
            std::snprintf(text.data(), text.size(), "%s: %u (0x%X)", claim, what, what);
            fail(text.data());
        }
    }
    void fail(const std::string& what) {
        if (difference.empty()) {
            difference = what;
        }
    }
};

}  // namespace hm::model
