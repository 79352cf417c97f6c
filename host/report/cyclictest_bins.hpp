#pragma once
// The delays of the timer rows without stamps as cyclictest counts them: whole numbers of one unit,
// and one thread for each row.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "host/rows/grouped_rows.hpp"

namespace hm::host {

struct CyclictestThread {
    std::string name;
    std::string period_us;
    std::uint64_t count = 0;
    long long min = 0;
    long long max = 0;
    double mean = 0;
    std::map<long long, std::uint64_t> bins;  ///< by the least delay of each
};

struct CyclictestData {
    /// Nanoseconds where the clock's frequency is known; else what the clock counts.
    std::string unit;
    std::vector<CyclictestThread> threads;  ///< none if the run has no such rows
};

[[nodiscard]] CyclictestData cyclictest_data(const GroupedResults& run);

}  // namespace hm::host
