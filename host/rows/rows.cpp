#include "host/rows/rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "host/base/text.hpp"

namespace hm::host {
namespace {

/// Parameters whose value says what it is.
constexpr std::array<std::string_view, 8> kPlainParams{"order", "path",    "faults", "stage1",
                                                       "loop",  "mapping", "tlb",    "placement"};

bool is_plain(std::string_view key) {
    return std::find(kPlainParams.begin(), kPlainParams.end(), key) != kPlainParams.end();
}

/// What a chase's label leaves out: the stride that its order implies, a warm TLB, laps.
bool is_usual(const Row& row, std::string_view key, const std::string& text) {
    return key == "laps" || (key == "tlb" && text == "warm") ||
           (key == "stride" &&
            (row.param("order").starts_with("page-") || row.param("order") == "thrash"));
}

/// How a chase goes through its memory comes first, and then by which tables.
std::string chase_label(const Row& row) {
    std::string label = row.workload;
    std::string tables;
    for (const auto& [key, value] : row.params) {
        const std::string text = text_of(value);
        const auto* whole = std::get_if<std::uint64_t>(&value);
        if (key == "stage1") {
            tables = " " + text;
        } else if (key == "bytes" && whole != nullptr) {
            label += " " + bytes_text(*whole);
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
    for (const auto& [key, value] : row.params) {
        const std::string text = text_of(value);
        const auto* whole = std::get_if<std::uint64_t>(&value);
        const bool bytes = (key == "working_set" || key == "memory") && whole != nullptr;
        label += bytes           ? fmt::format(" {}={}", key, bytes_key_text(*whole))
                 : is_plain(key) ? " " + text
                                 : fmt::format(" {}={}", key, text);
    }
    return label;
}

std::string params_text(const Row& row) {
    const std::string label = label_of(row);
    return label.size() > row.workload.size() ? label.substr(row.workload.size() + 1)
                                              : std::string("-");
}

bool same_subject(const Row& a, const Row& b) {
    return a.workload == b.workload && a.layer == b.layer && a.params == b.params;
}

}  // namespace hm::host
