#include "host/report/lmbench_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "host/report/machine_name.hpp"
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

/// ",faults=both,order=random,batch=16": without spaces, for the name of a file stands there.
std::string fault_name(const Row& row) {
    std::string name = words_of(row, {"faults", "order", "batch"});
    std::replace(name.begin(), name.end(), ' ', ',');
    return name;
}

/// What all points of a curve have in common.
std::string curve_of(const Row& row) {
    return row.param("order") + words_of(row, {"stride", "tlb", "stage1", "placement"}) + " " +
           row.setting();
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

/// The page fault that LMbench's table takes, of which it has one: from nothing to a page.
const Row* chosen_fault(const std::vector<const Row*>& faults) {
    for (const char* const kind : {"both", "stage1", "stage2"}) {
        const auto found = std::ranges::find_if(
            faults, [kind](const Row* row) { return row->param("faults") == kind; });
        if (found != faults.end()) {
            return *found;
        }
    }
    return faults.empty() ? nullptr : faults.front();
}

/// The first words of a result file, as LMbench's scripts look for them. Its table prints the first
/// word and the version in the column of the operating system, so that the first is the unit where
/// that is no time.
std::string header_text(const Results& results) {
    const bool is_time = in_nanoseconds(results, 1).has_value();
    constexpr double kMillion = 1e6;
    const double hz = is_time ? static_cast<double>(results.ticks_hz.value_or(0))
                              : results.parameters.number("counter_hz").value_or(0);
    return fmt::format(
        "[lmbench3.0 results for {} {} {} {}]\n[MHZ: {:.0f} MHz, {:.4f} nanosec clock]\n",
        is_time ? "hypmeter" : results.clock, results.board, results.version, machine_name(results),
        hz / kMillion, hz > 0 ? 1e9 / hz : 0);
}

/// One regime as a result file of LMbench.
std::string file_text(const Results& results, const std::vector<const Row*>& rows) {
    std::vector<std::vector<const Row*>> curves;
    std::vector<const Row*> faults;
    for (const Row* const row : rows) {
        if (is_page_fault(*row)) {
            faults.push_back(row);
        } else if (row->workload == "chase" && row->layer == "load") {
            const auto known = std::find_if(curves.begin(), curves.end(), [row](const auto& c) {
                return curve_of(*c.front()) == curve_of(*row);
            });
            if (known == curves.end()) {
                curves.push_back({row});
            } else {
                known->push_back(row);
            }
        }
    }
    std::string text = header_text(results);
    const Row* const chosen = chosen_fault(faults);
    for (const Row* const row : faults) {
        const Amount fault = fault_of(results, *row);
        text += fmt::format("{}Pagefaults on {}{}: {:.4f} {}\n", row == chosen ? "" : "# ",
                            results.board, fault_name(*row), fault.value, fault.unit);
    }
    text += "\nMemory load latency\n";
    for (const auto& curve : curves) {
        text += curve_text(results, curve) + "\n";
    }
    return text + fmt::format("[{}]\n", host_text(results, "/started"));
}

}  // namespace

std::string lmbench_text(const GroupedResults& run, std::size_t) {
    const Results& results = run.results;
    std::vector<std::pair<std::string, std::vector<const Row*>>> regimes;
    for (const Row& row : results.rows) {
        if (!is_page_fault(row) && (row.workload != "chase" || row.layer != "load")) {
            continue;
        }
        const std::string name = row.regime + (row.stage2.empty() ? "" : "-" + row.stage2);
        const auto known =
            std::ranges::find_if(regimes, [&name](const auto& one) { return one.first == name; });
        if (known == regimes.end()) {
            regimes.emplace_back(name, std::vector{&row});
        } else {
            known->second.push_back(&row);
        }
    }
    std::string text;
    for (const auto& [name, rows] : regimes) {
        text += fmt::format(
            "From: hypmeter\n\nhypmeter {} on {}: {}\n---- ../results/hypmeter-{}/{}.0\n{}\n",
            results.version, results.board, machine_name(results), results.board, name,
            file_text(results, rows));
    }
    return text;
}

}  // namespace hm::host
