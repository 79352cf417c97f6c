#include "host/rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "host/text.hpp"

namespace hm::host {
namespace {

/// Parameters whose value says what it is.
constexpr std::array<std::string_view, 2> kPlainParams{"order", "path"};

}  // namespace

std::string label_of(const Row& row) {
    std::string label = row.workload;
    for (const auto& [key, value] : row.params.items()) {
        const std::string text = row.param(key.c_str());
        if (key == "bytes" && value.is_number_unsigned()) {
            label += " " + bytes_text(value.get<std::uint64_t>());
        } else if (std::find(kPlainParams.begin(), kPlainParams.end(), key) != kPlainParams.end()) {
            label += " " + text;
        } else {
            label += fmt::format(" {}={}", key, text);
        }
    }
    return label;
}

bool same_subject(const Row& a, const Row& b) {
    return a.workload == b.workload && a.layer == b.layer && a.params == b.params;
}

std::vector<RowPair> pair_rows(const std::vector<Row>& rows,
                               const std::function<bool(const Row&)>& wanted) {
    std::vector<RowPair> pairs;
    for (const Row& row : rows) {
        if (!wanted(row)) {
            continue;
        }
        auto pair = std::find_if(pairs.begin(), pairs.end(), [&row](const RowPair& known) {
            return same_subject(known.any(), row);
        });
        if (pair == pairs.end()) {
            pair = pairs.insert(pairs.end(), RowPair{});
        }
        const Row*& place = row.native() ? pair->native : pair->guest;
        if (place == nullptr || row.setting() == "nested/injected") {
            place = &row;
        }
    }
    return pairs;
}

}  // namespace hm::host
