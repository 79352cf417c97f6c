// Only this file is compiled with VFP on the target. Its results are the same to the bit on every
// IEEE 754 machine if it is compiled with -ffp-contract=off: a fused multiply-add rounds once where
// a multiplication and an addition round twice. No library is called, since libraries differ.

#include "guest/bench/parity.hpp"

#include <bit>
#include <cfloat>
#include <limits>

namespace hm::guest {
namespace {

static_assert(std::numeric_limits<double>::is_iec559 && FLT_EVAL_METHOD == 0);

/// FNV-1a by words, with a shift added, since a product moves nothing from high bits to low ones.
class Checksum {
  public:
    explicit Checksum(std::uint32_t seed) : sum_(0x811C9DC5 ^ seed) {}
    void add(std::uint32_t word) {
        sum_ = (sum_ ^ word) * 0x01000193;
        sum_ ^= sum_ >> 15;
    }
    void add(double number) {
        const auto bits = std::bit_cast<std::uint64_t>(number);
        add(static_cast<std::uint32_t>(bits));
        add(static_cast<std::uint32_t>(bits >> 32));
    }
    [[nodiscard]] std::uint32_t sum() const { return sum_; }

  private:
    std::uint32_t sum_;
};

enum class Kind : std::uint32_t { kFirst, kSecond, kThird, kFourth };

constexpr std::uint32_t kTextLength = 20;

struct Record {
    Record* next;
    Kind kind;
    std::uint32_t number;
    char text[kTextLength];
};

constexpr std::uint32_t kNumbers = 16;
constexpr std::uint32_t kRows = 4;

/// What one round of integers works on, in place of Dhrystone's global variables.
struct Integers {
    Record records[3];
    std::uint32_t numbers[kNumbers];
    std::uint32_t table[kRows][kRows];
};

/// A text that the seed decides, whose last `tail` letters decide a comparison.
[[gnu::noinline]] void write_text(char* text, std::uint32_t seed, std::uint32_t tail) {
    for (std::uint32_t i = 0; i < kTextLength; ++i) {
        const std::uint32_t shift = i < kTextLength - tail ? seed : seed >> (i % 8);
        text[i] = static_cast<char>('@' + ((shift + i * 7) & 31));
    }
}

/// Less than, equal to or greater than zero, as strcmp.
[[gnu::noinline]] std::int32_t compare(const char* one, const char* other) {
    for (std::uint32_t i = 0; i < kTextLength; ++i) {
        if (one[i] != other[i]) {
            return one[i] - other[i];
        }
    }
    return 0;
}

[[gnu::noinline]] Kind next_kind(Kind kind, std::uint32_t number) {
    switch (kind) {
        case Kind::kFirst:
            return number > 100 ? Kind::kThird : Kind::kSecond;
        case Kind::kSecond:
            return Kind::kFourth;
        case Kind::kThird:
            return (number & 1) != 0 ? Kind::kFirst : Kind::kThird;
        case Kind::kFourth:
            break;
    }
    return Kind::kFirst;
}

/// Copies a record into the one that it points to, which then points to the one after that.
[[gnu::noinline]] void copy_to_next(Record& record) {
    Record& copy = *record.next;
    Record* const after = copy.next;
    record.number += 5;
    copy = record;
    copy.next = after;
    copy.kind = next_kind(record.kind, record.number);
    if (copy.kind == Kind::kFirst) {
        copy.number = record.number + 6;
        copy.text[0] = after->text[kTextLength - 1];
    } else {
        record.number ^= copy.number >> 3;
    }
}

/// Indexes both arrays by values computed before.
[[gnu::noinline]] void fill_arrays(Integers& all, std::uint32_t row, std::uint32_t value) {
    const std::uint32_t at = row % (kNumbers - 1);
    all.numbers[at] = value;
    all.numbers[at + 1] = all.numbers[at] + 3;
    for (std::uint32_t column = 0; column < kRows; ++column) {
        all.table[row % kRows][column] += all.numbers[(at + column) % kNumbers];
    }
    all.table[value % kRows][row % kRows] += 1;
}

/// sin(x) for |x| <= pi / 2 and exp(x) for |x| <= 1: Taylor's polynomials by Horner's rule.
[[gnu::noinline]] double sine(double x) {
    const double square = x * x;
    double sum = 1.0 / 362880.0;
    sum = sum * square - 1.0 / 5040.0;
    sum = sum * square + 1.0 / 120.0;
    sum = sum * square - 1.0 / 6.0;
    return x + x * square * sum;
}

[[gnu::noinline]] double exponential(double x) {
    double sum = 1.0;
    for (std::int32_t term = 9; term > 0; --term) {
        sum = 1.0 + x / static_cast<double>(term) * sum;
    }
    return sum;
}

/// Newton's iteration, for numbers between 0.1 and 10.
[[gnu::noinline]] double square_root(double number) {
    double root = 0.5 * (1.0 + number);
    for (int i = 0; i < 5; ++i) {
        root = 0.5 * (root + number / root);
    }
    return root;
}

/// Whetstone's array of four, each computed from all; `scale` a little less than a half keeps them
/// small.
[[gnu::noinline]] void turn(double (&numbers)[4], double scale) {
    auto& [a, b, c, d] = numbers;
    a = (a + b + c - d) * scale;
    b = (a + b - c + d) * scale;
    c = (a - b + c + d) * scale;
    d = (b + c + d - a) * scale;
}

}  // namespace

std::uint32_t integer_round(std::uint32_t seed) {
    Integers all;
    Record& first = all.records[0];
    Record& second = all.records[1];
    Record& third = all.records[2];
    first.next = &second;
    second.next = &third;
    third.next = &first;
    std::uint32_t value = seed | 1;
    for (Record& record : all.records) {
        value = value * 1664525 + 1013904223;  // as rand() of Numerical Recipes
        record.kind = static_cast<Kind>(value >> 30);
        record.number = value >> 8 & 0xFF;
    }
    // The second text differs from the first in its last letters, if at all; the third everywhere.
    write_text(first.text, seed, 0);
    write_text(second.text, seed, seed >> 16 & 7);
    write_text(third.text, value, 0);
    for (std::uint32_t i = 0; i < kNumbers; ++i) {
        all.numbers[i] = value + i;
    }
    for (std::uint32_t row = 0; row < kRows; ++row) {
        for (std::uint32_t column = 0; column < kRows; ++column) {
            all.table[row][column] = value ^ row ^ column;
        }
    }

    Checksum checksum(seed);
    Record* record = &first;
    for (std::uint32_t turn = 0; turn < 4; ++turn) {
        const std::int32_t order = compare(record->text, record->next->text);
        checksum.add(static_cast<std::uint32_t>(order));
        if (order < 0) {
            fill_arrays(all, record->number, value);
        } else if (order > 0) {
            fill_arrays(all, record->number >> 2, ~value);
        } else {
            value += record->number;
        }
        copy_to_next(*record);
        value = value * 3 + record->number;
        record = record->next;
    }
    for (const Record& each : all.records) {
        checksum.add(static_cast<std::uint32_t>(each.kind));
        checksum.add(each.number);
    }
    for (const char letter : record->text) {
        checksum.add(static_cast<std::uint32_t>(letter));
    }
    for (const std::uint32_t number : all.numbers) {
        checksum.add(number);
    }
    for (const auto& row : all.table) {
        for (const std::uint32_t number : row) {
            checksum.add(number);
        }
    }
    checksum.add(value);
    return checksum.sum();
}

std::uint32_t float_round(std::uint32_t seed) {
    Checksum checksum(seed);
    // From 0 to less than 1, made from the seed's two halves.
    const double one = static_cast<double>(seed & 0xFFFF) / 65536.0;
    const double other = static_cast<double>(seed >> 16) / 65536.0;

    double numbers[4] = {1.0 + one, -1.0 - other, 1.0 - one, -1.0};
    for (int i = 0; i < 8; ++i) {
        turn(numbers, 0.499975);
    }
    for (const double number : numbers) {
        checksum.add(number);
    }

    double condition = one;
    for (int i = 0; i < 8; ++i) {
        if (condition > 0.5) {
            condition = condition * 1.75 - 0.625;
        } else {
            condition = condition + other * 0.25 + 0.0625;
        }
        checksum.add(condition);
    }

    double angle = 0.25 + one;
    double power = other;
    for (int i = 0; i < 4; ++i) {
        angle = 0.5 + sine(angle) * 0.75;
        checksum.add(angle);
        power = exponential(power * 0.5) - 1.0 + angle * 0.125;
        checksum.add(power);
        const double root = square_root(1.0 + angle + power * power);
        checksum.add(root);
        power = power / root;
    }
    return checksum.sum();
}

}  // namespace hm::guest
