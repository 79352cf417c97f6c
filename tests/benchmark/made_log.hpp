#pragma once
// Logs of any length, as a target writes them: for the benchmark.

#include <cstddef>
#include <string>

namespace hm::benchmark {

/// A log with `scenarios` timer scenarios. Each has `layers` rows, each with a histogram of
/// `buckets` buckets and every percentile; three of the worst events; and `remarks` lines of
/// progress and for people, of which a run may have any number.
struct Shape {
    std::size_t scenarios = 1;
    std::size_t layers = 8;
    std::size_t buckets = 10;
    std::size_t remarks = 4;
};
[[nodiscard]] std::string made_log(const Shape& shape);

}  // namespace hm::benchmark
