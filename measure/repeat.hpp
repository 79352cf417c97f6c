#pragma once
// Repeats records, for a reader whose line has lost some. A target that lingers keeps all lines of
// records. After the last one it takes requests, one per line: "again N FROM:" for line N from
// character FROM on, "bye" to end. The answer is a piece of the line,
//
//     @piece 7 256:TEXT crc=89abcdef
//
// with the CRC-32 of "7 256:TEXT". A record of many kilobytes hardly ever arrives whole over a
// bad line; its pieces do. Everything here is plain state; session/hw/linger.cpp has the UART.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "measure/char_sink.hpp"
#include "measure/crc32.hpp"
#include "measure/record.hpp"

namespace hm::measure {

/// All lines of records, in the order of their numbers: each record is one line, and numbers rise
/// by one.
class RecordLog {
  public:
    explicit constexpr RecordLog(std::span<char> memory) : memory_(memory) {}

    /// The next character of the log. Dropped if there is no more room.
    constexpr void put(char c) {
        if (used_ < memory_.size()) {
            memory_[used_] = c;
            ++used_;
        }
    }

    /// Line `number`, without its newline; nothing if it does not exist or is not complete.
    [[nodiscard]] constexpr std::optional<std::string_view> line(std::uint32_t number) const {
        std::string_view rest(memory_.data(), used_);
        for (;;) {
            const std::size_t cut = rest.find('\n');
            if (cut == std::string_view::npos) {
                return std::nullopt;
            }
            if (number == 0) {
                return rest.substr(0, cut);
            }
            --number;
            rest.remove_prefix(cut + 1);
        }
    }

  private:
    std::span<char> memory_;
    std::size_t used_ = 0;
};

inline constexpr std::string_view kAgain = "again ";
inline constexpr std::string_view kBye = "bye";
inline constexpr std::string_view kPieceMarker = "@piece ";
/// Characters of a piece, unless its line ends before.
inline constexpr std::size_t kPieceBytes = 256;

/// A request: a record's line, and the character to begin at.
struct Piece {
    std::uint32_t record;
    std::uint32_t from;
};

namespace detail {

/// Takes a number and `after` off the front of `text`; nothing if they are not there.
constexpr std::optional<std::uint32_t> take_number(std::string_view& text, char after) {
    constexpr std::size_t kMostDigits = 9;  // these fit into 32 bits
    std::uint32_t number = 0;
    for (std::size_t digits = 0; digits < text.size() && digits <= kMostDigits; ++digits) {
        const char c = text[digits];
        if (c == after && digits != 0) {
            text.remove_prefix(digits + 1);
            return number;
        }
        if (c < '0' || c > '9' || digits == kMostDigits) {
            break;
        }
        number = number * 10 + static_cast<std::uint32_t>(c - '0');
    }
    return std::nullopt;
}

}  // namespace detail

/// Reads "N FROM:", and takes it off the front of `text`.
[[nodiscard]] constexpr std::optional<Piece> take_piece(std::string_view& text) {
    const auto record = detail::take_number(text, ' ');
    const auto from = record ? detail::take_number(text, ':') : std::nullopt;
    return from ? std::optional(Piece{*record, *from}) : std::nullopt;
}

/// Answers `request`, a line without its newline, with a piece of `log` and a newline. False, and
/// nothing is sent, if there is no such piece.
inline bool put_piece(CharSink sink, const RecordLog& log, std::string_view request) {
    if (!request.starts_with(kAgain)) {
        return false;
    }
    request.remove_prefix(kAgain.size());
    std::string_view rest = request;
    const auto asked = take_piece(rest);
    auto line = asked && rest.empty() ? log.line(asked->record) : std::nullopt;
    if (!line || asked->from >= line->size()) {
        return false;
    }
    line->remove_prefix(asked->from);
    const std::string_view text = line->substr(0, kPieceBytes);
    Crc32 crc;
    crc.add(std::as_bytes(std::span(request)));
    crc.add(std::as_bytes(std::span(text)));
    put_text(sink, kPieceMarker);
    put_text(sink, request);
    put_text(sink, text);
    put_crc(sink, crc.value());
    return true;
}

}  // namespace hm::measure
