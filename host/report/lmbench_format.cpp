#include "host/report/lmbench_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "host/rows/scenario_rows.hpp"

namespace hm::host {
namespace {

/// A number of the clock's unit, and the unit; nanoseconds if they are known.
struct Amount {
    double value;
    std::string unit;
};

Amount latency_of(const Results& results, const Row& row) {
    const auto nanoseconds = in_nanoseconds(results, row.mean);
    return nanoseconds ? Amount{*nanoseconds, "ns/load"} : Amount{row.mean, row.unit};
}

/// lat_pagefault prints microseconds.
Amount fault_of(const Results& results, const Row& row) {
    constexpr double kNanosecondsPerMicrosecond = 1000;
    const auto nanoseconds = in_nanoseconds(results, row.mean);
    return nanoseconds ? Amount{*nanoseconds / kNanosecondsPerMicrosecond, "microseconds"}
                       : Amount{row.mean, row.unit};
}

/// " key=value" for each of `keys` that the row has.
std::string words_of(const Row& row, std::initializer_list<const char*> keys) {
    std::string text;
    for (const char* key : keys) {
        const std::string value = row.param(key);
        text += value.empty() ? "" : fmt::format(" {}={}", key, value);
    }
    return text;
}

/// What all points of a curve have in common.
std::string curve_of(const Row& row) {
    return row.param("order") + words_of(row, {"stride", "tlb", "stage1"}) + " " + row.setting();
}

std::string curve_text(const Results& results, std::vector<const Row*> rows) {
    const auto bytes_of = [](const Row* row) { return row->params.number("bytes").value_or(0); };
    std::stable_sort(rows.begin(), rows.end(),
                     [&bytes_of](const Row* a, const Row* b) { return bytes_of(a) < bytes_of(b); });
    const Row& first = *rows.front();
    const std::string stride = first.param("stride");
    std::string text =
        fmt::format("{} load latency\n# {}, {}\n\"stride={}\n",
                    first.param("order") == "sequential" ? "Memory" : "Random", curve_of(first),
                    latency_of(results, first).unit, stride.empty() ? "4096" : stride);
    for (const Row* row : rows) {
        constexpr double kMiB = 1024.0 * 1024.0;
        if (const double bytes = bytes_of(row); bytes > 0) {
            text += fmt::format("{:.5f} {:.3f}\n", bytes / kMiB, latency_of(results, *row).value);
        }
    }
    return text;
}

/// Whether the row is a page fault as it is without stamps, which would count too.
bool is_page_fault(const Row& row) {
    return row.workload == "pagefault" && row.layer == "total" && row.param("stamps") != "1";
}

}  // namespace

std::string lmbench_text(const GroupedResults& run, std::size_t) {
    const Results& results = run.results;
    std::vector<std::vector<const Row*>> curves;
    std::string text;
    for (const Row& row : results.rows) {
        if (is_page_fault(row)) {
            const Amount fault = fault_of(results, row);
            text += fmt::format("Pagefaults on {}{} {}: {:.4f} {}\n", results.board,
                                words_of(row, {"faults", "order", "batch"}), row.setting(),
                                fault.value, fault.unit);
        } else if (row.workload == "chase" && row.layer == "load") {
            const auto known = std::find_if(curves.begin(), curves.end(), [&row](const auto& c) {
                return curve_of(*c.front()) == curve_of(row);
            });
            if (known == curves.end()) {
                curves.push_back({&row});
            } else {
                known->push_back(&row);
            }
        }
    }
    for (const auto& curve : curves) {
        text += (text.empty() ? "" : "\n") + curve_text(results, curve);
    }
    return text;
}

}  // namespace hm::host
