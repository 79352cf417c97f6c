#include "drivers/fdt/command_line.hpp"

#include "drivers/fdt/text.hpp"

namespace hm::fdt {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr unsigned kNotADigit = 16;

unsigned digit_value(char c) {
    if (c >= '0' && c <= '9') {
        return static_cast<unsigned>(c - '0');
    }
    if (c >= 'a' && c <= 'f') {
        return static_cast<unsigned>(c - 'a') + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return static_cast<unsigned>(c - 'A') + 10;
    }
    return kNotADigit;
}

/// By how many bits the suffix `c` shifts a number; 0 where it is none.
unsigned suffix_shift(char c) {
    switch (c) {
        case 'k':
        case 'K':
            return 10;
        case 'M':
            return 20;
        case 'G':
            return 30;
        default:
            return 0;
    }
}

/// All of `digits` in `base`; too large rather than wrapped around.
Number parse_digits(std::string_view digits, unsigned base) {
    if (digits.empty()) {
        return {.error = NumberError::kNotANumber};
    }
    Number number;
    for (const char c : digits) {
        const unsigned digit = digit_value(c);
        if (digit >= base) {
            return {.error = NumberError::kNotANumber};
        }
        if (__builtin_mul_overflow(number.value, std::uint64_t{base}, &number.value) ||
            __builtin_add_overflow(number.value, std::uint64_t{digit}, &number.value)) {
            number.error = NumberError::kTooLarge;
        }
    }
    return number;
}

}  // namespace

std::string_view describe(NumberError error) {
    switch (error) {
        case NumberError::kNone:
            return "is a valid number";
        case NumberError::kNotANumber:
            return "is not a number";
        case NumberError::kTooSmall:
            return "is too small";
        case NumberError::kTooLarge:
            return "is too large";
    }
    return "is in an unknown state";
}

Number parse_number(std::string_view text, std::uint64_t min, std::uint64_t max) {
    const unsigned shift = text.empty() ? 0 : suffix_shift(text.back());
    if (shift != 0) {
        text.remove_suffix(1);
    }
    unsigned base = 10;
    if (text.starts_with("0x")) {
        text.remove_prefix(2);
        base = 16;
    }
    Number number = parse_digits(text, base);
    if (!number.ok()) {
        return number;
    }
    if (number.value > std::numeric_limits<std::uint64_t>::max() >> shift) {
        return {.error = NumberError::kTooLarge};
    }
    number.value <<= shift;
    if (number.value < min) {
        return {.error = NumberError::kTooSmall};
    }
    if (number.value > max) {
        return {.error = NumberError::kTooLarge};
    }
    return number;
}

CommandLine::Iterator& CommandLine::Iterator::operator++() {
    const std::size_t start = rest_.find_first_not_of(kBlanks);
    if (start == std::string_view::npos) {
        *this = Iterator();
        return *this;
    }
    rest_.remove_prefix(start);
    const std::string_view word = before(rest_, kBlanks);
    rest_.remove_prefix(word.size());
    argument_ = {.key = before(word, "="), .value = {}};
    if (argument_.key.size() < word.size()) {
        argument_.value = word;
        argument_.value.remove_prefix(argument_.key.size() + 1);
    }
    return *this;
}

std::optional<std::string_view> CommandLine::value(std::string_view key) const {
    std::optional<std::string_view> found;
    for (const Argument& argument : *this) {
        if (argument.key == key) {
            found = argument.value;
        }
    }
    return found;
}

}  // namespace hm::fdt
