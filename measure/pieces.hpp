#pragma once
// Records in pieces, for consoles that break long lines or put words before each: Xen's does both.
// A line that is longer than kMostColumns ends in a backslash, and goes on in the next line that
// begins with "@+". A reader takes both marks away. Lines of others may come in between.

#include <cstddef>
#include <string_view>

#include "measure/char_sink.hpp"

namespace hm::measure {

/// Xen breaks a guest's line after 127 characters (its vpl011, xen/arch/arm/vpl011.c).
inline constexpr std::size_t kMostColumns = 100;
inline constexpr char kPieceEnd = '\\';
inline constexpr std::string_view kPieceBegin = "@+";

/// Passes characters on, and cuts lines.
class PieceWriter {
  public:
    explicit PieceWriter(CharSink to) : to_(to) {}

    void operator()(char c) {
        if (c == '\n') {
            column_ = 0;
            to_(c);
            return;
        }
        if (column_ == kMostColumns - 1) {
            to_(kPieceEnd);
            to_('\n');
            put_text(to_, kPieceBegin);
            column_ = kPieceBegin.size();
        }
        to_(c);
        ++column_;
    }

  private:
    CharSink to_;
    std::size_t column_ = 0;
};

}  // namespace hm::measure
