#include "host/report_formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "host/rows.hpp"

namespace hm::host {
namespace {

using Rows = std::vector<const Row*>;

/// The rows of `rows`, in groups for which `key` says the same, in the order of their first.
template <class KeyOf>
std::vector<Rows> grouped(const Rows& rows, KeyOf key) {
    std::vector<Rows> groups;
    for (const Row* row : rows) {
        const auto group = std::find_if(groups.begin(), groups.end(), [&](const Rows& known) {
            return key(*known.front()) == key(*row);
        });
        if (group == groups.end()) {
            groups.push_back({row});
        } else {
            group->push_back(row);
        }
    }
    return groups;
}

long long rounded(double value) { return std::llround(value); }

/// "# Max Latencies: 00012 00034", a number for each row.
template <class Value>
std::string summary_line(const char* name, int digits, const Rows& rows, Value value) {
    std::string line = fmt::format("# {}:", name);
    for (const Row* row : rows) {
        line += fmt::format(" {:0{}}", value(*row), digits);
    }
    return line + "\n";
}

std::string histogram_text(const Rows& rows) {
    std::map<double, std::vector<std::uint64_t>> bins;
    for (std::size_t column = 0; column < rows.size(); ++column) {
        for (const auto& [low, count] : rows[column]->histogram) {
            auto& bin = bins[low];
            bin.resize(rows.size());
            bin[column] += count;
        }
    }
    std::string text = "# Histogram\n";
    for (const auto& [low, counts] : bins) {
        text += fmt::format("{:06}", rounded(low));
        for (std::size_t column = 0; column < rows.size(); ++column) {
            text += fmt::format("{}{:06}", column == 0 ? ' ' : '\t', counts[column]);
        }
        text += "\n";
    }
    text += summary_line("Total", 9, rows, [](const Row& row) { return row.count; });
    text += summary_line("Min Latencies", 5, rows, [](const Row& row) { return rounded(row.min); });
    text +=
        summary_line("Avg Latencies", 5, rows, [](const Row& row) { return rounded(row.mean); });
    text += summary_line("Max Latencies", 5, rows, [](const Row& row) { return rounded(row.max); });
    return text + summary_line("Histogram Overflows", 5, rows, [](const Row&) { return 0; });
}

std::string chase_text(const Rows& rows) {
    const Row& first = *rows.front();
    std::string text = fmt::format("{} load latency\n# {} {}, {}\n\"stride=4096\n",
                                   first.param("order") == "random" ? "Random" : "Memory",
                                   first.param("order"), first.setting(), first.unit);
    for (const Row* row : rows) {
        constexpr double kMiB = 1024.0 * 1024.0;
        const auto bytes = row->params.find("bytes");
        if (bytes != row->params.end() && bytes->is_number()) {
            text += fmt::format("{:.5f} {:.3f}\n", bytes->get<double>() / kMiB, row->mean);
        }
    }
    return text;
}

}  // namespace

std::string cyclictest_text(const Results& results) {
    Rows rows;
    for (const Row& row : results.rows) {
        if (row.workload == "timer" && row.layer == kEndToEnd) {
            rows.push_back(&row);
        }
    }
    const auto stamped = [](const Row* row) { return row->param("stamps") == "1"; };
    if (!std::all_of(rows.begin(), rows.end(), stamped)) {
        rows.erase(std::remove_if(rows.begin(), rows.end(), stamped), rows.end());
    }
    std::string text;
    for (const Rows& group : grouped(rows, [](const Row& row) { return label_of(row); })) {
        text += fmt::format("# {}, unit: {}\n# columns:", label_of(*group.front()),
                            group.front()->unit);
        for (const Row* row : group) {
            text += " " + row->setting();
        }
        text += "\n" + histogram_text(group);
    }
    return text;
}

std::string lmbench_text(const Results& results) {
    Rows chases;
    std::string text;
    for (const Row& row : results.rows) {
        if (row.workload == "pagefault" && row.layer == "total") {
            text += fmt::format("Pagefaults on {} {}: {:.4f} {}\n", results.board, row.setting(),
                                row.mean, row.unit);
        } else if (row.workload == "chase" && row.layer == "load") {
            chases.push_back(&row);
        }
    }
    const auto curve = [](const Row& row) { return row.param("order") + " " + row.setting(); };
    for (const Rows& group : grouped(chases, curve)) {
        text += (text.empty() ? "" : "\n") + chase_text(group);
    }
    return text;
}

}  // namespace hm::host
