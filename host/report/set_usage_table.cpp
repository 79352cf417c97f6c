#include "host/report/set_usage_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "host/base/text.hpp"
#include "host/model/set_usage.hpp"
#include "host/report/run_core.hpp"

namespace hm::host {
namespace {

using measure::Placement;

/// What the lines of a chase depend on.
using Lines = std::tuple<std::size_t, std::uint64_t, std::uint64_t>;  // order, stride, bytes

/// Where the memory of each begins. Of chases that differ in their tables only, the first counts.
std::map<Lines, std::uint64_t> lines_of_chases(const Scenarios& chases) {
    std::map<Lines, std::uint64_t> all;
    const auto& names = measure::kChaseOrderNames;
    for (const ScenarioRows& scenario : chases) {
        const auto* const order = std::find(names.begin(), names.end(), scenario.param("order"));
        const std::uint64_t stride = scenario.number("stride");
        const std::uint64_t bytes = scenario.number("bytes");
        // A results file may say anything.
        constexpr std::uint64_t kMost = std::uint64_t{1} << 28;
        if (order != names.end() && bytes != 0 && bytes <= kMost &&
            stride >= measure::chase::kLineBytes && stride <= bytes) {
            all.try_emplace({order - names.begin(), stride, bytes},
                            static_cast<std::uint64_t>(scenario.mean("base").value_or(0)));
        }
    }
    return all;
}

/// "4", or "7 (1)" where the least used set is used less often by more than one.
std::string usage_text(const SetUsage& usage) {
    return usage.most - usage.least <= 1 ? fmt::format("{}", usage.most)
                                         : fmt::format("{} ({})", usage.most, usage.least);
}

}  // namespace

std::string set_usage_text(const GroupedResults& run, Verbosity verbosity, std::size_t width) {
    const auto all = lines_of_chases(run.rows.of("chase"));
    const ModelledCore& core = core_of(run.results);
    const DataCaches caches = caches_of(core);
    Table table{
        {"set usage", "stride", "lines", "L1D", "L1D scattered", "L2", "L2 scattered"}, {}, 2};
    for (auto at = all.begin(); at != all.end(); ++at) {
        const auto& [lines, base] = *at;
        const auto& [order, stride, bytes] = lines;
        const auto next = std::next(at);
        const bool largest = next == all.end() || std::get<0>(next->first) != order ||
                             std::get<1>(next->first) != stride;
        if (verbosity == Verbosity::kSummary && !largest) {
            continue;
        }
        const measure::chase::Shape shape{static_cast<measure::ChaseOrder>(order),
                                          static_cast<std::uint32_t>(bytes),
                                          static_cast<std::uint32_t>(stride)};
        const ChaseUsage contiguous = set_usage(caches, shape, Placement::kContiguous, base);
        const ChaseUsage scattered = set_usage(caches, shape, Placement::kScattered, base);
        table.rows.push_back(
            {fmt::format("{} {}", measure::kChaseOrderNames[order], bytes_text(bytes)),
             bytes_text(stride), fmt::format("{}", lines_of(shape)), usage_text(contiguous.l1_data),
             usage_text(scattered.l1_data), usage_text(contiguous.l2), usage_text(scattered.l2)});
    }
    if (table.rows.empty()) {
        return {};
    }
    return wrap(fmt::format("Sets of the caches that a chase uses, computed for a {}", core.title),
                width) +
           render(table, width) +
           wrap(fmt::format("Lines of a lap in the set that has most of them, in brackets in the "
                            "one that has fewest, if fewer by more than one. L1D: {} in {} "
                            "ways; L2: {} in {} ways; scattered: if pages lie in a random order.",
                            bytes_text(caches.l1_data.bytes), caches.l1_data.ways,
                            bytes_text(caches.l2.bytes), caches.l2.ways),
                width);
}

}  // namespace hm::host
