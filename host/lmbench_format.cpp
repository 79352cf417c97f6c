// As lat_mem_rd and lat_pagefault of LMbench print.

#include "host/report_formats.hpp"

#include <fmt/format.h>

#include <algorithm>
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
