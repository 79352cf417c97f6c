#include "host/base/clean_stream.hpp"

#include <algorithm>
#include <cerrno>

namespace hm::host {
namespace {

constexpr std::string_view kReplacement = "?";

/// A character that any terminal shows, the end of a line, or a tab.
bool is_plain(char character) {
    return (character >= ' ' && character <= '~') || character == '\n' || character == '\t';
}

/// How many bytes follow the first of a sequence (The Unicode Standard, table 3-7); none: it is
/// not the first of any.
std::size_t followers(unsigned char first) {
    return first >= 0xc2 && first <= 0xdf   ? 1
           : first >= 0xe0 && first <= 0xef ? 2
           : first >= 0xf0 && first <= 0xf4 ? 3
                                            : 0;
}

/// Whether `second` may follow `first`: overlong forms, surrogates and the controls from U+0080 to
/// U+009F may not.
bool may_follow(unsigned char first, unsigned char second) {
    const unsigned char low = first == 0xc2 || first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    const unsigned char high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    return second >= low && second <= high;
}

}  // namespace

void CleanBuffer::pass(std::string_view text) {
    errno = 0;
    if (!to_.write(text.data(), static_cast<std::streamsize>(text.size())) && error_ == 0) {
        error_ = errno != 0 ? errno : EIO;
    }
}

void CleanBuffer::take(char character) {
    const auto byte = static_cast<unsigned char>(character);
    if (due_ > 0) {
        const bool fits = sequence_.size() == 1
                              ? may_follow(static_cast<unsigned char>(sequence_[0]), byte)
                              : (byte & 0xc0) == 0x80;
        if (fits) {
            sequence_ += character;
            if (--due_ == 0) {
                pass(sequence_);
            }
            return;
        }
        due_ = 0;
        pass(kReplacement);
    }
    if (is_plain(character)) {
        pass({&character, 1});
    } else if (due_ = followers(byte); due_ > 0) {
        sequence_ = character;
    } else {
        pass(kReplacement);
    }
}

CleanBuffer::int_type CleanBuffer::overflow(int_type character) {
    if (!traits_type::eq_int_type(character, traits_type::eof())) {
        take(traits_type::to_char_type(character));
    }
    return error_ == 0 ? traits_type::not_eof(character) : traits_type::eof();
}

std::streamsize CleanBuffer::xsputn(const char* text, std::streamsize size) {
    std::string_view rest(text, static_cast<std::size_t>(size));
    while (!rest.empty() && error_ == 0) {
        const auto end = due_ > 0 ? rest.begin() : std::ranges::find_if_not(rest, is_plain);
        const auto plain = static_cast<std::size_t>(end - rest.begin());
        if (plain > 0) {
            pass(rest.substr(0, plain));
            rest.remove_prefix(plain);
        } else {
            take(rest.front());
            rest.remove_prefix(1);
        }
    }
    return error_ == 0 ? size : 0;
}

int CleanBuffer::sync() {
    errno = 0;
    if (!to_.flush() && error_ == 0) {
        error_ = errno != 0 ? errno : EIO;
    }
    return error_ == 0 ? 0 : -1;
}

}  // namespace hm::host
