#pragma once
// Plain text for people: numbers, wrapped lines, tables that never get wider than the terminal.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hm::host {

/// "12,345.67": thousands separators, at most three decimals, none that are zero at the end.
[[nodiscard]] std::string number_text(double value);

/// A number for a table: whole from a thousand on.
[[nodiscard]] std::string short_number(double value);

/// "1.72", whole from a hundred on, or "-" if either is missing.
[[nodiscard]] std::string ratio_text(std::optional<double> value, std::optional<double> native);

/// "-" for nothing.
[[nodiscard]] std::string cell_text(std::optional<double> value);

/// "8 MB", "64 KB": the largest unit that leaves a whole number.
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);

/// "8M", "64K": the same, as keys take it.
[[nodiscard]] std::string bytes_key_text(std::uint64_t bytes);

/// `text` with a '?' for each byte that a terminal may take for a command, or that is no ASCII.
[[nodiscard]] std::string printable(std::string_view text);

/// A terminal's text as a file of lines.
[[nodiscard]] std::string without_carriage_returns(std::string_view text);

/// Lines of at most `width` columns, each ended by a newline, broken between words; lines after the
/// first are indented by `indent`. A word longer than a line is cut.
[[nodiscard]] std::string wrap(std::string_view text, std::size_t width, std::size_t indent = 0);

/// The first `left` columns, at least one, are texts, aligned left; the others numbers, aligned
/// right.
struct Table {
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows;  ///< each as long as the header
    std::size_t left = 1;
};

/// The table without the columns that say "-" throughout.
[[nodiscard]] Table without_empty_columns(const Table& table);

/// If `width` is small, the first column is wrapped; if that is not enough, the columns of numbers
/// are spread over several tables, one below the other; if not even one fits, each row becomes
/// lines of "header cell".
[[nodiscard]] std::string render(const Table& table, std::size_t width);

}  // namespace hm::host
