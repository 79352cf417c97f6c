#include "host/rows/rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "host/base/text.hpp"

namespace hm::host {
namespace {

/// Parameters whose value says what it is.
constexpr std::array<std::string_view, 7> kPlainParams{"order", "path",    "faults", "stage1",
                                                       "loop",  "mapping", "tlb"};

bool is_plain(std::string_view key) {
    return std::find(kPlainParams.begin(), kPlainParams.end(), key) != kPlainParams.end();
}

/// What goes without saying of a chase: the stride that its order has anyway, a warm TLB, laps.
bool is_usual(const Row& row, std::string_view key, const std::string& text) {
    return key == "laps" || (key == "tlb" && text == "warm") ||
           (key == "stride" && row.param("order").starts_with("page-"));
}

/// How a chase goes through its memory comes first, and then by which tables.
std::string chase_label(const Row& row) {
    std::string label = row.workload;
    std::string tables;
    for (const auto& [key, value] : row.params.items()) {
        const std::string text = row.param(key.c_str());
        if (key == "stage1") {
            tables = " " + text;
        } else if (key == "bytes" && value.is_number_unsigned()) {
            label += " " + bytes_text(value.get<std::uint64_t>());
        } else if (!is_usual(row, key, text)) {
            label += is_plain(key) ? " " + text : fmt::format(" {}={}", key, text);
        }
    }
    return label + tables;
}

}  // namespace

std::string label_of(const Row& row) {
    if (row.workload == "chase") {
        return chase_label(row);
    }
    std::string label = row.workload;
    for (const auto& [key, value] : row.params.items()) {
        const std::string text = row.param(key.c_str());
        const bool bytes = (key == "working_set" || key == "memory") && value.is_number_unsigned();
        label += bytes ? fmt::format(" {}={}", key, bytes_key_text(value.get<std::uint64_t>()))
                 : is_plain(key) ? " " + text
                                 : fmt::format(" {}={}", key, text);
    }
    return label;
}

bool same_subject(const Row& a, const Row& b) {
    return a.workload == b.workload && a.layer == b.layer && a.params == b.params;
}

}  // namespace hm::host
