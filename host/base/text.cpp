#include "host/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace hm::host {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::string_view kNothing = "-";

std::string in_units(std::uint64_t bytes, std::string_view separator, std::string_view suffix) {
    constexpr std::uint64_t kStep = 1024;
    constexpr std::string_view kUnits = "KMG";
    std::size_t steps = 0;
    while (steps < kUnits.size() && bytes != 0 && bytes % kStep == 0) {
        bytes /= kStep;
        ++steps;
    }
    if (steps == 0) {
        return fmt::format("{}{}", bytes, suffix.empty() ? "" : " B");
    }
    return fmt::format("{}{}{}{}", bytes, separator, kUnits[steps - 1], suffix);
}

std::vector<std::size_t> column_widths(const Table& table) {
    std::vector<std::size_t> widths;
    for (const std::string& title : table.header) {
        widths.push_back(title.size());
    }
    for (const auto& row : table.rows) {
        for (std::size_t i = 0; i < widths.size(); ++i) {
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    return widths;
}

/// One row; a text that is too long for the first column continues on the next lines.
std::string columns_text(const std::vector<std::string>& cells, const Table& table,
                         const std::vector<std::size_t>& widths) {
    std::string label = wrap(cells[0], widths[0], kGap);
    const std::size_t first_line = label.find('\n');
    std::string line = fmt::format("{:<{}}", label.substr(0, first_line), widths[0]);
    for (std::size_t i = 1; i < cells.size(); ++i) {
        line += std::string(kGap, ' ');
        line += i < table.left ? fmt::format("{:<{}}", cells[i], widths[i])
                               : fmt::format("{:>{}}", cells[i], widths[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line + label.substr(first_line);
}

/// The table in two, one below the other, each with the texts on its left.
std::string halves(const Table& table, std::size_t width) {
    const std::size_t first = table.left + (table.header.size() - table.left + 1) / 2;
    std::string text;
    for (const auto& [from, to] :
         {std::pair{table.left, first}, std::pair{first, table.header.size()}}) {
        const auto part = [&, from = from, to = to](const std::vector<std::string>& cells) {
            std::vector<std::string> kept(cells.begin(),
                                          cells.begin() + static_cast<std::ptrdiff_t>(table.left));
            kept.insert(kept.end(), cells.begin() + static_cast<std::ptrdiff_t>(from),
                        cells.begin() + static_cast<std::ptrdiff_t>(to));
            return kept;
        };
        Table half{part(table.header), {}, table.left};
        for (const auto& row : table.rows) {
            half.rows.push_back(part(row));
        }
        text += render(half, width);
    }
    return text;
}

std::string stacked(const Table& table, std::size_t width) {
    std::string text;
    for (const auto& row : table.rows) {
        text += wrap(row[0], width, kGap);
        for (std::size_t i = 1; i < row.size(); ++i) {
            text += wrap(fmt::format("  {} {}", table.header[i], row[i]), width, 2 * kGap);
        }
    }
    return text;
}

}  // namespace

std::string printable(std::string_view text) {
    std::string clean(text);
    std::replace_if(
        clean.begin(), clean.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return clean;
}

std::string number_text(double value) {
    std::string text = fmt::format("{:.3f}", value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') {
        text.pop_back();
    }
    if (text == "-0") {
        return "0";
    }
    const std::size_t first = text.front() == '-' ? 1 : 0;
    const std::size_t whole = std::min(text.find('.'), text.size());
    for (std::size_t i = whole; i > first + 3;) {
        i -= 3;
        text.insert(i, 1, ',');
    }
    return text;
}

std::string short_number(double value) {
    constexpr double kWhole = 1000;
    return number_text(std::abs(value) >= kWhole ? std::round(value) : value);
}

std::string cell_text(std::optional<double> value) {
    return value ? short_number(*value) : std::string(kNothing);
}

std::string ratio_text(std::optional<double> value, std::optional<double> native) {
    if (!value || !native || *native == 0) {
        return std::string(kNothing);
    }
    constexpr double kWhole = 100;
    const double ratio = *value / *native;
    return ratio >= kWhole ? number_text(std::round(ratio)) : fmt::format("{:.2f}", ratio);
}

std::string bytes_text(std::uint64_t bytes) { return in_units(bytes, " ", "B"); }

std::string bytes_key_text(std::uint64_t bytes) { return in_units(bytes, "", ""); }

namespace {

/// The end of a line of `room` columns: at the last space after some text, or else after the dots
/// of a layer's name, or else within a word.
std::size_t place_to_cut(std::string_view text, std::size_t room) {
    const std::size_t space = text.rfind(' ', room);
    if (space != std::string_view::npos &&
        text.substr(0, space).find_first_not_of(' ') != std::string_view::npos) {
        return space;
    }
    const std::size_t dots = room < 2 ? std::string_view::npos : text.rfind("..", room - 2);
    return dots == std::string_view::npos ? room : dots + 2;
}

}  // namespace

std::string without_carriage_returns(std::string_view text) {
    std::string lines(text);
    std::erase(lines, '\r');
    return lines;
}

std::string wrap(std::string_view text, std::size_t width, std::size_t indent) {
    std::string wrapped;
    std::size_t room = std::max<std::size_t>(width, 1);
    while (text.size() > room) {
        const std::size_t cut = place_to_cut(text, room);
        wrapped += text.substr(0, cut);
        text.remove_prefix(cut);
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
        indent = indent < width ? indent : 0;
        wrapped += "\n" + std::string(text.empty() ? 0 : indent, ' ');
        room = std::max<std::size_t>(width - indent, 1);
        if (text.empty()) {
            return wrapped;
        }
    }
    return wrapped + std::string(text) + "\n";
}

Table without_empty_columns(const Table& table) {
    Table kept{{}, std::vector<std::vector<std::string>>(table.rows.size()), table.left};
    for (std::size_t i = 0; i < table.header.size(); ++i) {
        const bool empty = std::all_of(table.rows.begin(), table.rows.end(),
                                       [i](const auto& row) { return row[i] == kNothing; });
        if (empty && i >= table.left) {
            continue;
        }
        kept.header.push_back(table.header[i]);
        for (std::size_t row = 0; row < table.rows.size(); ++row) {
            kept.rows[row].push_back(table.rows[row][i]);
        }
    }
    return kept;
}

std::string render(const Table& table, std::size_t width) {
    // With less room for the first column, columns are of no help.
    constexpr std::size_t kLeastLabel = 20;
    std::vector<std::size_t> widths = column_widths(table);
    const std::size_t others =
        std::accumulate(widths.begin() + 1, widths.end(), kGap * (widths.size() - 1));
    if (others + widths[0] > width) {
        if (others + kLeastLabel > width) {
            return table.header.size() > table.left + 1 ? halves(table, width)
                                                        : stacked(table, width);
        }
        widths[0] = width - others;
    }
    std::string text = columns_text(table.header, table, widths);
    for (const auto& row : table.rows) {
        text += columns_text(row, table, widths);
    }
    return text;
}

}  // namespace hm::host
