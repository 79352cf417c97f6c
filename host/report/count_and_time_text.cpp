#include "host/report/count_and_time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "host/base/text.hpp"
#include "host/log/json.hpp"
#include "host/report/comparison_text.hpp"
#include "host/report/csv_format.hpp"
#include "host/report/machine_name.hpp"
#include "host/report/markdown_format.hpp"
#include "host/rows/times.hpp"

namespace hm::host {
namespace {

/// Rows at the head of a summary.
constexpr std::size_t kMostGrown = 10;

constexpr const char* kRatio = "cycles per instruction";

std::string cycles_words(const Results& results) {
    constexpr double kMillion = 1e6;
    return results.ticks_hz ? fmt::format("cycles at {:.0f} MHz",
                                          static_cast<double>(*results.ticks_hz) / kMillion)
                            : "cycles";
}

const Results& counted_of(const std::vector<Side>& sides, const CountAndTime& pair) {
    return sides[pair.counted].first();
}
const Results& timed_of(const std::vector<Side>& sides, const CountAndTime& pair) {
    return sides[pair.timed].first();
}

/// "A counts instructions on QEMU virt, B has cycles at 1700 MHz on gem5 24.0.0.1, ex5_big-like."
std::string heading_of(const std::vector<Side>& sides, const CountAndTime& pair) {
    return fmt::format("{} counts instructions on {}; {} has {} on {}.", letter_of(pair.counted),
                       machine_name(counted_of(sides, pair)), letter_of(pair.timed),
                       cycles_words(timed_of(sides, pair)), machine_name(timed_of(sides, pair)));
}

constexpr std::string_view kPairing =
    "Rows of the same thing stand side by side, whatever their count, laps, pages, period, rounds "
    "and warm-up. Nothing is subtracted.";

std::string unpaired_text(const CountAndTime& pair) {
    return fmt::format("{} rows stand side by side; {} of {} and {} of {} have no partner.",
                       pair.rows.size(), pair.only_counted, letter_of(pair.counted),
                       pair.only_timed, letter_of(pair.timed));
}

/// The rows by workload and then by layer, both in the order in which they first come.
std::vector<const CountedAndTimed*> grouped_by_layer(const std::vector<CountedAndTimed>& rows) {
    std::vector<std::string> workloads;
    std::vector<std::pair<std::string, std::string>> layers;
    const auto place = [](auto& known, auto name) {
        auto found = std::ranges::find(known, name);
        if (found == known.end()) {
            found = known.insert(known.end(), std::move(name));
        }
        return found - known.begin();
    };
    std::vector<std::pair<std::pair<std::ptrdiff_t, std::ptrdiff_t>, const CountedAndTimed*>> keyed;
    keyed.reserve(rows.size());
    for (const CountedAndTimed& row : rows) {
        keyed.push_back({{place(workloads, row.row->workload),
                          place(layers, std::pair(row.row->workload, row.row->layer))},
                         &row});
    }
    std::ranges::stable_sort(keyed, {}, [](const auto& one) { return one.first; });
    std::vector<const CountedAndTimed*> sorted;
    std::ranges::transform(keyed, std::back_inserter(sorted),
                           [](const auto& one) { return one.second; });
    return sorted;
}

/// "2,124 +/- 71"
std::string cycles_text(const CountedAndTimed& row) {
    return short_number(row.cycles) +
           (row.rounding > 0 ? " +/- " + short_number(row.rounding) : std::string());
}

/// Of all rows with the same `key` only the first: that which grows most, if they are in order.
template <class Key>
std::vector<const CountedAndTimed*> first_of_each(const std::vector<const CountedAndTimed*>& rows,
                                                  Key key) {
    std::vector<const CountedAndTimed*> firsts;
    for (const CountedAndTimed* const row : rows) {
        if (std::ranges::none_of(firsts, [&](const auto* one) { return key(*one) == key(*row); })) {
            firsts.push_back(row);
        }
    }
    return firsts;
}

std::string workload_key(const CountedAndTimed& row) { return row.row->workload; }
std::pair<std::string, std::string> layer_key(const CountedAndTimed& row) {
    return {row.row->workload, row.row->layer};
}

/// Of each workload the row that grows most.
std::vector<const CountedAndTimed*> greatest_of_each(const std::vector<CountedAndTimed>& rows) {
    return first_of_each(by_growth(rows), workload_key);
}

Table pair_table(const CountAndTime& pair, const std::vector<const CountedAndTimed*>& rows,
                 const std::vector<const CountedAndTimed*>& marks) {
    const std::string timed = letter_of(pair.timed);
    Table table{{"row", letter_of(pair.counted) + " instructions", timed + " cycles", timed + " ns",
                 kRatio},
                {}};
    for (const CountedAndTimed* const row : rows) {
        const bool is_marked = std::ranges::find(marks, row) != marks.end();
        table.rows.push_back({row->name, short_number(row->instructions), cycles_text(*row),
                              nanoseconds_text(row->nanoseconds),
                              cell_text(row->cycles_per_instruction()) + (is_marked ? " <" : "")});
    }
    return table;
}

/// A line for each layer of each workload.
Table pair_layers(const CountAndTime& pair) {
    Table table{{"workload, layer", "rows", "least", "middle", "greatest"}, {}};
    std::vector<const CountedAndTimed*> group;
    const auto close = [&] {
        std::vector<const CountedAndTimed*> with_ratio;
        std::ranges::copy_if(group, std::back_inserter(with_ratio), [](const auto* row) {
            return row->cycles_per_instruction().has_value();
        });
        if (!with_ratio.empty()) {
            const auto [least, most] = std::ranges::minmax(with_ratio, {}, [](const auto* row) {
                return row->cycles_per_instruction().value_or(0);
            });
            table.rows.push_back(
                {fmt::format("{}, {}", group.front()->row->workload, group.front()->row->layer),
                 std::to_string(with_ratio.size()), cell_text(least->cycles_per_instruction()),
                 cell_text(median_of(with_ratio)), cell_text(most->cycles_per_instruction())});
        }
        group.clear();
    };
    for (const CountedAndTimed* const row : grouped_by_layer(pair.rows)) {
        if (!group.empty() && (group.front()->row->workload != row->row->workload ||
                               group.front()->row->layer != row->row->layer)) {
            close();
        }
        group.push_back(row);
    }
    close();
    return table;
}

std::string rounding_text(const CountAndTime& pair, const Results& timed) {
    constexpr double kMillion = 1e6;
    const auto found = std::ranges::find_if(
        pair.rows, [](const CountedAndTimed& row) { return row.rounding > 0; });
    return found == pair.rows.end()
               ? std::string()
               : fmt::format(
                     "+/-: read from the counter, right to 1 tick of {:.1f} MHz. Rows are put in "
                     "order by the least that this leaves.",
                     timed.parameters.number("counter_hz").value_or(0) / kMillion);
}

std::string pair_text(const std::vector<Side>& sides, const CountAndTime& pair, bool all,
                      std::size_t width) {
    const Results& timed = timed_of(sides, pair);
    std::vector<const CountedAndTimed*> grown = by_growth(pair.rows);
    const auto middle = median_of(grown);
    // Chases alone would fill the table.
    grown = first_of_each(grown, layer_key);
    grown.resize(std::min(grown.size(), kMostGrown));
    const std::string rounding = rounding_text(pair, timed);
    std::string text = wrap(heading_of(sides, pair) + " " + std::string(kPairing), width);
    if (!grown.empty()) {
        text +=
            "\n" +
            wrap(fmt::format("Where time grows most beyond the count: of each workload and layer "
                             "the row with the most {}; in the middle of all rows {}",
                             kRatio, cell_text(middle)),
                 width) +
            render(without_empty_columns(pair_table(pair, grown, {})), width) +
            (rounding.empty() ? rounding : wrap(rounding, width)) + "\n" +
            wrap(fmt::format("By workload and layer, {}", kRatio), width) +
            render(pair_layers(pair), width);
    }
    if (all && !pair.rows.empty()) {
        text += "\n" + wrap("All rows; <: the one of its workload where time grows most", width) +
                render(without_empty_columns(pair_table(pair, grouped_by_layer(pair.rows),
                                                        greatest_of_each(pair.rows))),
                       width);
    }
    return text + "\n" + wrap(unpaired_text(pair), width);
}

std::string text_of_pairs(const std::vector<Side>& sides, const std::vector<CountAndTime>& pairs,
                          bool all, std::size_t width) {
    std::string text;
    for (const CountAndTime& pair : pairs) {
        text += (text.empty() ? "" : "\n") + pair_text(sides, pair, all, width);
    }
    return text;
}

std::string markdown_of_pairs(const std::vector<Side>& sides,
                              const std::vector<CountAndTime>& pairs, bool, std::size_t) {
    std::string text;
    for (const CountAndTime& pair : pairs) {
        text += fmt::format("{}{} {}\n\n", text.empty() ? "" : "\n", heading_of(sides, pair),
                            kPairing) +
                markdown_table(
                    pair_table(pair, grouped_by_layer(pair.rows), greatest_of_each(pair.rows))) +
                "\n" + unpaired_text(pair) + "\n";
    }
    return text;
}

/// One row for programs, its fields in their order.
using PairFields = std::vector<std::pair<const char*, Json>>;

std::vector<PairFields> pair_fields_of(const std::vector<Side>& sides,
                                       const std::vector<CountAndTime>& pairs) {
    const auto number = [](const std::optional<double>& value) {
        return value ? Json(*value) : Json(nullptr);
    };
    std::vector<PairFields> all;
    for (const CountAndTime& pair : pairs) {
        const std::vector<const CountedAndTimed*> grown = by_growth(pair.rows);
        for (const CountedAndTimed* const row : grouped_by_layer(pair.rows)) {
            const auto rank = std::ranges::find(grown, row);
            all.push_back(
                {{"row", row->name},
                 {"workload", row->row->workload},
                 {"setting", row->row->setting()},
                 {"layer", row->row->layer},
                 {"counted_on", machine_name(counted_of(sides, pair))},
                 {"timed_on", machine_name(timed_of(sides, pair))},
                 {"instructions", row->instructions},
                 {"cycles", row->cycles},
                 {"cycles_rounding", row->rounding},
                 {"ns", number(row->nanoseconds)},
                 {"cycles_per_instruction", number(row->cycles_per_instruction())},
                 {"growth_rank",
                  rank == grown.end() ? Json(nullptr) : Json(1 + (rank - grown.begin()))}});
        }
    }
    return all;
}

std::string csv_of_pairs(const std::vector<Side>& sides, const std::vector<CountAndTime>& pairs,
                         bool, std::size_t) {
    std::string text;
    for (const PairFields& fields : pair_fields_of(sides, pairs)) {
        std::vector<std::string> header;
        std::vector<std::string> cells;
        for (const auto& [name, value] : fields) {
            header.emplace_back(name);
            cells.push_back(value.is_null()           ? std::string()
                            : value.is_string()       ? value.get<std::string>()
                            : value.is_number_float() ? fmt::format("{}", value.get<double>())
                                                      : value.dump());
        }
        text += (text.empty() ? csv_line(header) : "") + csv_line(cells);
    }
    return text;
}

std::string json_of_pairs(const std::vector<Side>& sides, const std::vector<CountAndTime>& pairs,
                          bool, std::size_t) {
    std::string text;
    for (const PairFields& fields : pair_fields_of(sides, pairs)) {
        Json json = Json::object();
        for (const auto& [name, value] : fields) {
            json[name] = value;
        }
        text += (text.empty() ? "[\n  " : ",\n  ") + dump(json);
    }
    return text.empty() ? "[]\n" : text + "\n]\n";
}

constexpr std::array<CountAndTimeFormat, 4> kCountAndTimeFormats{{{"text", text_of_pairs},
                                                                  {"markdown", markdown_of_pairs},
                                                                  {"csv", csv_of_pairs},
                                                                  {"json", json_of_pairs}}};

}  // namespace

std::span<const CountAndTimeFormat> count_and_time_formats() { return kCountAndTimeFormats; }

}  // namespace hm::host
