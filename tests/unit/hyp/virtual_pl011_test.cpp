// The UART of a VM. Offsets, bits and values are those of ARM DDI 0183G.

#include "hyp/core/virtual_pl011.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <string>

namespace hm::hyp {
namespace {

constexpr std::uint32_t kDr = 0x000;
constexpr std::uint32_t kRsr = 0x004;
constexpr std::uint32_t kFr = 0x018;
constexpr std::uint32_t kLcrH = 0x02C;
constexpr std::uint32_t kCr = 0x030;
constexpr std::uint32_t kIfls = 0x034;
constexpr std::uint32_t kImsc = 0x038;
constexpr std::uint32_t kRis = 0x03C;
constexpr std::uint32_t kMis = 0x040;
constexpr std::uint32_t kIcr = 0x044;

// Table 3-4.
constexpr std::uint32_t kRing = 1U << 8;
constexpr std::uint32_t kTransmitEmpty = 1U << 7;
constexpr std::uint32_t kReceiveFull = 1U << 6;
constexpr std::uint32_t kReceiveEmpty = 1U << 4;
constexpr std::uint32_t kModem = 0b111;  // DCD, DSR, CTS
// Table 3-15.
constexpr std::uint32_t kOverrunInterrupt = 1U << 10;
constexpr std::uint32_t kTimeoutInterrupt = 1U << 6;
constexpr std::uint32_t kTransmitInterrupt = 1U << 5;
constexpr std::uint32_t kReceiveInterrupt = 1U << 4;

constexpr std::uint32_t kEnabled = 0x301;
constexpr std::uint32_t kLoopback = 1U << 7;
constexpr std::uint32_t kFifos = 0x70;

struct Uart : VirtualPl011 {
    std::uint32_t at(std::uint32_t offset, std::uint32_t bytes = 4) {
        const auto value = read({.offset = offset, .bytes = bytes});
        EXPECT_TRUE(value) << offset;
        return value.value_or(0xDEAD'0000);
    }
    std::optional<char> set(std::uint32_t offset, std::uint32_t value, std::uint32_t bytes = 4) {
        const UartWrite written = write({.offset = offset, .bytes = bytes}, value);
        EXPECT_TRUE(written.done) << offset;
        return written.sent;
    }
    /// How many of them it has taken.
    unsigned give_all(const std::string& text) {
        unsigned taken = 0;
        for (const char c : text) {
            taken += give(c) ? 1 : 0;
        }
        return taken;
    }
    std::string read_all() {
        std::string text;
        while ((at(kFr) & kReceiveEmpty) == 0) {
            text += static_cast<char>(at(kDr));
        }
        return text;
    }
};

/// One that its guest has set up: eight bits, with FIFOs.
Uart started() {
    Uart uart;
    EXPECT_FALSE(uart.set(kLcrH, kFifos));
    EXPECT_FALSE(uart.set(kCr, kEnabled));
    return uart;
}

TEST(VirtualPl011, ItsRegistersAreAtFirstAsAfterAReset) {
    Uart uart;
    // Table 3-1. Of UARTFR the modem's lines depend on what is connected.
    const std::pair<std::uint32_t, std::uint32_t> values[] = {
        {kRsr, 0},    {kFr, 0x90 | kModem}, {0x020, 0}, {0x024, 0}, {0x028, 0}, {kLcrH, 0},
        {kCr, 0x300}, {kIfls, 0x12},        {kImsc, 0}, {kRis, 0},  {kMis, 0},  {0x048, 0}};
    for (const auto& [offset, value] : values) {
        EXPECT_EQ(uart.at(offset), value) << std::hex << offset;
    }
    EXPECT_FALSE(uart.interrupt_line());
}

TEST(VirtualPl011, ItIdentifiesItselfAsOneWithFifosOf16) {
    Uart uart;
    const std::uint32_t expected[] = {0x11, 0x10, 0x24, 0x00, 0x0D, 0xF0, 0x05, 0xB1};
    for (std::uint32_t i = 0; i < 8; ++i) {
        EXPECT_FALSE(uart.set(0xFE0 + 4 * i, 0xFFFF'FFFF));
        EXPECT_EQ(uart.at(0xFE0 + 4 * i), expected[i]) << i;
    }
}

TEST(VirtualPl011, ARegisterKeepsTheBitsThatItHas) {
    // The widths of Table 3-1; bits 6 to 3 of UARTCR are reserved (Table 3-12).
    const std::pair<std::uint32_t, std::uint32_t> masks[] = {
        {0x020, 0xFF}, {0x024, 0xFFFF}, {0x028, 0x3F},  {kLcrH, 0xFF},
        {kCr, 0xFF87}, {kIfls, 0x3F},   {kImsc, 0x7FF}, {0x048, 0x7}};
    Uart uart;
    for (const auto& [offset, mask] : masks) {
        EXPECT_FALSE(uart.set(offset, 0xFFFF'FFFF));
        EXPECT_EQ(uart.at(offset), mask) << std::hex << offset;
        EXPECT_FALSE(uart.set(offset, 0x5555'5555));
        EXPECT_EQ(uart.at(offset), 0x5555'5555 & mask) << std::hex << offset;
        EXPECT_FALSE(uart.set(offset, 0));
        EXPECT_EQ(uart.at(offset), 0U) << std::hex << offset;
    }
}

TEST(VirtualPl011, WhatIsOnlyReadIgnoresWrites) {
    Uart uart = started();
    ASSERT_TRUE(uart.give('a'));
    for (const std::uint32_t offset : {kFr, kRis, kMis}) {
        const std::uint32_t before = uart.at(offset);
        EXPECT_FALSE(uart.set(offset, ~before));
        EXPECT_EQ(uart.at(offset), before) << std::hex << offset;
    }
}

TEST(VirtualPl011, WhereNoRegisterIsZeroIsReadAndWritesAreIgnored) {
    Uart uart;
    for (std::uint32_t offset = 0; offset < 0x1000; offset += 4) {
        const bool is_reserved = (offset >= 0x008 && offset <= 0x014) || offset == 0x01C ||
                                 (offset >= 0x04C && offset < 0xFE0) || offset == kIcr;
        if (is_reserved) {
            EXPECT_FALSE(uart.set(offset, 0xFFFF'FFFF));
            EXPECT_EQ(uart.at(offset), 0U) << std::hex << offset;
        }
    }
    EXPECT_EQ(uart.at(kFr), 0x90 | kModem);
    EXPECT_EQ(uart.at(kCr), 0x300U);
}

TEST(VirtualPl011, ARegisterCanBeReadAndWrittenInPart) {
    Uart uart;
    EXPECT_FALSE(uart.set(0x024, 0xABCD'1234, 2));
    EXPECT_EQ(uart.at(0x024), 0x1234U);
    EXPECT_EQ(uart.at(0x024, 2), 0x1234U);
    EXPECT_EQ(uart.at(0x024, 1), 0x34U);
    EXPECT_FALSE(uart.set(0x024, 0xABCD'1234, 1));
    EXPECT_EQ(uart.at(0x024), 0x34U);
    EXPECT_EQ(uart.set(kDr, 0xFFFF'FF41, 1), 'A');
}

TEST(VirtualPl011, BetweenTwoRegistersThereIsNone) {
    Uart uart = started();
    ASSERT_TRUE(uart.give('a'));
    for (const std::uint32_t offset : {1U, 2U, 3U, kFr + 1, kFr + 2, kFr + 3}) {
        EXPECT_FALSE(uart.read({.offset = offset, .bytes = 1})) << offset;
        const UartWrite written = uart.write({.offset = offset, .bytes = 1}, 'x');
        EXPECT_FALSE(written.done) << offset;
        EXPECT_FALSE(written.sent) << offset;
    }
    EXPECT_EQ(uart.read_all(), "a");
}

TEST(VirtualPl011, SaysBeforehandWhetherItTakesACharacter) {
    for (const bool fifo : {false, true}) {
        Uart uart;
        EXPECT_FALSE(uart.takes()) << "disabled (3.3.8)";
        uart.set(kLcrH, fifo ? kFifos : 0);
        for (const std::uint32_t control : {0x001U, 0x300U, kEnabled | kLoopback, 0x101U}) {
            uart.set(kCr, control);
            EXPECT_FALSE(uart.takes()) << control;
            EXPECT_FALSE(uart.give('x'));
        }
        uart.set(kCr, kEnabled);
        for (unsigned i = 0; i < (fifo ? 16U : 1U); ++i) {
            EXPECT_TRUE(uart.takes());
            EXPECT_TRUE(uart.give('x'));
        }
        EXPECT_FALSE(uart.takes()) << "full";
        (void)uart.at(kDr);
        EXPECT_TRUE(uart.takes());
    }
}

TEST(VirtualPl011, WhatIsWrittenHasLeftAtOnce) {
    Uart uart = started();
    EXPECT_EQ(uart.set(kDr, 'H'), 'H');
    EXPECT_EQ(uart.set(kDr, 0xFFFF'FF00 | 'i'), 'i');
    EXPECT_EQ(uart.set(kDr, 0), '\0');
    EXPECT_EQ(uart.at(kFr) & 0x0A8, kTransmitEmpty) << "neither full nor busy (3.3.3)";
}

TEST(VirtualPl011, ItSendsThoughNobodyHasSetItUp) {
    Uart uart;
    EXPECT_EQ(uart.set(kDr, 'H'), 'H');
    EXPECT_FALSE(uart.set(kCr, 0));
    EXPECT_EQ(uart.set(kDr, 'i'), 'i');
}

TEST(VirtualPl011, WhatComesInIsReadInItsOrder) {
    Uart uart = started();
    for (int lap = 0; lap < 5; ++lap) {
        EXPECT_EQ(uart.give_all("some words"), 10U);
        EXPECT_EQ(uart.read_all(), "some words");
    }
    EXPECT_EQ(uart.give_all("\xFF"), 1U);
    EXPECT_EQ(uart.at(kDr), 0xFFU) << "a character has no sign";
}

TEST(VirtualPl011, AnEmptyFifoReadsZeroAndStaysEmpty) {
    Uart uart = started();
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(uart.at(kDr), 0U);
    }
    EXPECT_EQ(uart.at(kFr), 0x90 | kModem);
    EXPECT_EQ(uart.give_all("ab"), 2U);
    EXPECT_EQ(uart.read_all(), "ab");
}

TEST(VirtualPl011, TheReceiverIsOffUntilItIsEnabled) {
    Uart uart;
    EXPECT_FALSE(uart.give('a'));
    EXPECT_FALSE(uart.set(kCr, 0x101));  // without RXE
    EXPECT_FALSE(uart.give('b'));
    EXPECT_FALSE(uart.set(kCr, 0x200));  // without UARTEN
    EXPECT_FALSE(uart.give('c'));
    EXPECT_FALSE(uart.set(kCr, 0x201));
    EXPECT_TRUE(uart.give('d'));
    EXPECT_EQ(uart.at(kRis) & kOverrunInterrupt, 0U);
    EXPECT_EQ(uart.read_all(), "d");
}

TEST(VirtualPl011, TheFlagsSayHowFullTheReceiveFifoIs) {
    Uart uart = started();
    for (int count = 0; count <= 16; ++count) {
        EXPECT_EQ(uart.at(kFr), kTransmitEmpty | kModem | (count == 0 ? kReceiveEmpty : 0) |
                                    (count == 16 ? kReceiveFull : 0))
            << count;
        EXPECT_EQ(uart.at(kFr), uart.flags().raw);
        EXPECT_EQ(uart.give('x'), count < 16);
    }
}

TEST(VirtualPl011, WithoutFifosItHoldsOneCharacter) {
    Uart uart;
    EXPECT_FALSE(uart.set(kCr, kEnabled));
    EXPECT_TRUE(uart.give('a'));
    EXPECT_EQ(uart.at(kFr) & (kReceiveFull | kReceiveEmpty), kReceiveFull);
    EXPECT_EQ(uart.at(kRis) & kReceiveInterrupt, kReceiveInterrupt) << "2.8.2";
    EXPECT_FALSE(uart.give('b'));
    EXPECT_EQ(uart.at(kDr), 'a');
    EXPECT_EQ(uart.at(kFr) & (kReceiveFull | kReceiveEmpty), kReceiveEmpty);
    EXPECT_EQ(uart.at(kRis) & kReceiveInterrupt, 0U);
}

TEST(VirtualPl011, AnOverrunIsSaidAtOnceAndWithTheNextCharacterThatFits) {
    Uart uart = started();
    EXPECT_EQ(uart.give_all("0123456789abcdefXY"), 16U);
    EXPECT_EQ(uart.at(kRsr), 1U << 3) << "immediately (3.3.2)";
    EXPECT_EQ(uart.at(kRis) & kOverrunInterrupt, kOverrunInterrupt);
    EXPECT_EQ(uart.at(kDr), '0') << "what is in the FIFO is not touched (Table 3-3)";
    EXPECT_EQ(uart.give_all("gh"), 1U);
    for (const char c : std::string("123456789abcdef")) {
        EXPECT_EQ(uart.at(kDr), static_cast<std::uint32_t>(c));
    }
    EXPECT_EQ(uart.at(kDr), 1U << 11 | 'g') << "2.4.3, Overrun bit";
    EXPECT_TRUE(uart.give('i'));
    EXPECT_EQ(uart.at(kDr), 1U << 11 | 'i') << "the one that was lost before it";
    EXPECT_TRUE(uart.give('j'));
    EXPECT_EQ(uart.at(kDr), 'j');
    EXPECT_EQ(uart.at(kRsr), 1U << 3) << "until it is cleared";
    EXPECT_FALSE(uart.set(kRsr, 0));
    EXPECT_EQ(uart.at(kRsr), 0U);
    EXPECT_EQ(uart.at(kRis) & kOverrunInterrupt, kOverrunInterrupt);
    EXPECT_FALSE(uart.set(kIcr, kOverrunInterrupt));
    EXPECT_EQ(uart.at(kRis) & kOverrunInterrupt, 0U);
}

TEST(VirtualPl011, TheReceiveInterruptFollowsTheLevelThatIsSelected) {
    // Table 3-13: 1/8, 1/4, 1/2, 3/4 and 7/8 of 16.
    const unsigned levels[] = {2, 4, 8, 12, 14};
    for (std::uint32_t select = 0; select < 5; ++select) {
        Uart uart = started();
        EXPECT_FALSE(uart.set(kIfls, select << 3));
        for (unsigned count = 1; count <= 16; ++count) {
            ASSERT_TRUE(uart.give('x'));
            EXPECT_EQ((uart.at(kRis) & kReceiveInterrupt) != 0, count >= levels[select]) << count;
        }
        for (unsigned count = 16; count-- > 0;) {
            (void)uart.at(kDr);
            EXPECT_EQ((uart.at(kRis) & kReceiveInterrupt) != 0, count >= levels[select]) << count;
        }
    }
}

TEST(VirtualPl011, AReservedLevelBreaksNothing) {
    for (std::uint32_t select = 5; select < 8; ++select) {
        Uart uart = started();
        EXPECT_FALSE(uart.set(kIfls, select << 3 | select));
        EXPECT_EQ(uart.give_all(std::string(20, 'x')), 16U);
        EXPECT_EQ(uart.read_all(), std::string(16, 'x'));
    }
}

TEST(VirtualPl011, AReceiveInterruptThatWasClearedComesWithTheNextPassageThroughTheLevel) {
    Uart uart = started();
    EXPECT_EQ(uart.give_all("12345678"), 8U);
    EXPECT_FALSE(uart.set(kIcr, kReceiveInterrupt));
    EXPECT_TRUE(uart.give('9'));
    EXPECT_EQ(uart.at(kRis) & kReceiveInterrupt, 0U) << "not by the level itself (3.3.9)";
    (void)uart.at(kDr);
    (void)uart.at(kDr);
    EXPECT_TRUE(uart.give('a'));
    EXPECT_EQ(uart.at(kRis) & kReceiveInterrupt, kReceiveInterrupt);
}

TEST(VirtualPl011, TheTimeoutComesWithEachCharacterAndGoesWithTheLast) {
    Uart uart = started();
    EXPECT_EQ(uart.give_all("ab"), 2U);
    EXPECT_EQ(uart.at(kRis), kTimeoutInterrupt);
    (void)uart.at(kDr);
    EXPECT_EQ(uart.at(kRis), kTimeoutInterrupt);
    (void)uart.at(kDr);
    EXPECT_EQ(uart.at(kRis), 0U) << "2.8.4";
    EXPECT_TRUE(uart.give('c'));
    EXPECT_FALSE(uart.set(kIcr, kTimeoutInterrupt));
    EXPECT_EQ(uart.at(kRis), 0U);
    EXPECT_TRUE(uart.give('d'));
    EXPECT_EQ(uart.at(kRis), kTimeoutInterrupt);
}

TEST(VirtualPl011, TheTransmitInterruptComesOnceSomethingWasWritten) {
    Uart uart = started();
    EXPECT_FALSE(uart.set(kImsc, kTransmitInterrupt));
    EXPECT_EQ(uart.at(kRis), 0U) << "not before anything is written (2.8.3)";
    EXPECT_TRUE(uart.set(kDr, 'a'));
    EXPECT_EQ(uart.at(kRis), kTransmitInterrupt);
    EXPECT_FALSE(uart.set(kIcr, kTransmitInterrupt));
    EXPECT_EQ(uart.at(kRis), 0U);
    EXPECT_TRUE(uart.set(kDr, 'b'));
    EXPECT_EQ(uart.at(kRis), kTransmitInterrupt);
}

TEST(VirtualPl011, ItsInterruptIsAnyOneThatIsLetThrough) {
    Uart uart = started();
    EXPECT_EQ(uart.give_all(std::string(17, 'x')), 16U);
    EXPECT_TRUE(uart.set(kDr, 'a'));
    const std::uint32_t all =
        kOverrunInterrupt | kTimeoutInterrupt | kTransmitInterrupt | kReceiveInterrupt;
    EXPECT_EQ(uart.at(kRis), all);
    EXPECT_EQ(uart.at(kMis), 0U);
    EXPECT_FALSE(uart.interrupt_line());
    for (unsigned bit = 0; bit < 11; ++bit) {
        EXPECT_FALSE(uart.set(kImsc, 1U << bit));
        EXPECT_EQ(uart.at(kMis), all & 1U << bit) << bit;
        EXPECT_EQ(uart.interrupt_line(), (all & 1U << bit) != 0) << bit;
        EXPECT_EQ(uart.at(kRis), all) << "a mask does not change what it masks";
    }
    EXPECT_FALSE(uart.set(kImsc, 0x7FF));
    EXPECT_FALSE(uart.set(kIcr, all & ~kTransmitInterrupt));
    EXPECT_TRUE(uart.interrupt_line());
    EXPECT_FALSE(uart.set(kIcr, kTransmitInterrupt));
    EXPECT_FALSE(uart.interrupt_line());
}

TEST(VirtualPl011, TurningTheFifosOnOrOffEmptiesThem) {
    Uart uart = started();
    EXPECT_EQ(uart.give_all("0123456789abcdefX"), 16U);
    EXPECT_FALSE(uart.set(kLcrH, 0x60));
    EXPECT_EQ(uart.at(kFr) & (kReceiveEmpty | kReceiveFull), kReceiveEmpty);
    EXPECT_EQ(uart.at(kRis), kOverrunInterrupt);
    EXPECT_TRUE(uart.give('a'));
    EXPECT_FALSE(uart.set(kLcrH, kFifos));
    EXPECT_EQ(uart.give_all("b"), 1U);
    EXPECT_FALSE(uart.set(kLcrH, kFifos | 0x0E));  // parity and stop bits only
    EXPECT_EQ(uart.at(kDr), 'b');
}

TEST(VirtualPl011, WithLoopbackItReceivesWhatItSendsAndNothingElse) {
    Uart uart = started();
    EXPECT_FALSE(uart.set(kCr, kEnabled | kLoopback));
    EXPECT_EQ(uart.set(kDr, 'a'), 'a');
    EXPECT_FALSE(uart.give('b'));
    EXPECT_EQ(uart.set(kDr, 'c'), 'c');
    EXPECT_EQ(uart.read_all(), "ac");
    EXPECT_FALSE(uart.set(kCr, kEnabled));
    EXPECT_EQ(uart.set(kDr, 'd'), 'd');
    EXPECT_EQ(uart.read_all(), "");
    EXPECT_TRUE(uart.give('e'));
}

TEST(VirtualPl011, WithLoopbackTheModemsLinesAreItsOwn) {
    // Output (Table 3-12), flag (Table 3-4), interrupt (Table 3-15); Table 2-2 pairs the lines.
    const struct {
        std::uint32_t output, flag, interrupt;
    } lines[] = {{1U << 13, kRing, 1U << 0},     // Out2, RI
                 {1U << 12, 1U << 2, 1U << 2},   // Out1, DCD
                 {1U << 11, 1U << 0, 1U << 1},   // RTS, CTS
                 {1U << 10, 1U << 1, 1U << 3}};  // DTR, DSR
    for (const auto& line : lines) {
        Uart uart = started();
        EXPECT_FALSE(uart.set(kCr, kEnabled | line.output));
        EXPECT_EQ(uart.at(kFr), 0x90 | kModem) << "without loopback";
        EXPECT_EQ(uart.at(kRis), 0U);
        EXPECT_FALSE(uart.set(kCr, kEnabled | kLoopback));
        EXPECT_EQ(uart.at(kFr), 0x90U);
        EXPECT_EQ(uart.at(kRis), 0b1110U) << "three have changed (2.8.1)";
        EXPECT_FALSE(uart.set(kIcr, 0x7FF));
        EXPECT_FALSE(uart.set(kCr, kEnabled | kLoopback | line.output));
        EXPECT_EQ(uart.at(kFr), 0x90 | line.flag);
        EXPECT_EQ(uart.at(kRis), line.interrupt);
    }
}

/// A UART beside a queue, which says what must be read of it.
class RandomGuest {
  public:
    explicit RandomGuest(std::uint32_t seed) : random_(seed) {}

    void step() {
        const std::uint32_t choice = below(100);
        if (choice < 30) {
            give();
        } else if (choice < 50) {
            take();
        } else if (choice < 95) {
            write(choice < 75 ? below(0x50) & ~3U : below(0x1000), 1U << below(3));
        } else {
            (void)uart_.read({.offset = below(0x1000) | 1, .bytes = 1U << below(3)});
        }
        check();
    }

  private:
    std::uint32_t below(std::uint32_t end) {
        return std::uniform_int_distribution<std::uint32_t>(0, end - 1)(random_);
    }
    [[nodiscard]] std::size_t depth() const { return (line_ & 0x10) != 0 ? 16 : 1; }

    void come(char c) {
        if ((control_ & 0x201) == 0x201 && queue_.size() < depth()) {
            queue_.push_back(static_cast<unsigned char>(c));
        }
    }
    void give() {
        const auto c = static_cast<char>(below(256));
        const std::size_t before = queue_.size();
        if ((control_ & kLoopback) == 0) {
            come(c);
        }
        EXPECT_EQ(uart_.give(c), queue_.size() != before);
    }
    void take() {
        const std::uint32_t value = uart_.at(kDr);
        EXPECT_EQ(value & ~0x8FFU, 0U);
        EXPECT_EQ(value & 0xFF, queue_.empty() ? 0U : queue_.front());
        if (!queue_.empty()) {
            queue_.pop_front();
        }
    }
    void write(std::uint32_t offset, std::uint32_t bytes) {
        auto value = static_cast<std::uint32_t>(random_());
        const UartWrite written = uart_.write({.offset = offset, .bytes = bytes}, value);
        EXPECT_EQ(written.done, offset % 4 == 0);
        EXPECT_EQ(written.sent.has_value(), offset == kDr);
        value = bytes == 4 ? value : value & ((1U << 8 * bytes) - 1);
        if (offset == kDr && (control_ & kLoopback) != 0) {
            come(static_cast<char>(value));
        } else if (offset == kCr) {
            control_ = value;
        } else if (offset == kLcrH) {
            if (((line_ ^ value) & 0x10) != 0) {
                queue_.clear();
            }
            line_ = value;
        }
    }
    void check() {
        const std::uint32_t flags = uart_.at(kFr);
        ASSERT_EQ(flags, uart_.flags().raw);
        ASSERT_EQ((flags & kReceiveEmpty) != 0, queue_.empty());
        ASSERT_EQ((flags & kReceiveFull) != 0, queue_.size() == depth());
        ASSERT_EQ(flags & 0xFFFF'FEA8, kTransmitEmpty);
        ASSERT_EQ(uart_.at(kMis), uart_.at(kRis) & uart_.at(kImsc));
        ASSERT_EQ(uart_.at(kRis) & ~0x47FU, 0U) << "no other error can happen";
        ASSERT_EQ(uart_.interrupt_line(), uart_.at(kMis) != 0);
        if (queue_.empty()) {
            ASSERT_EQ(uart_.at(kRis) & (kTimeoutInterrupt | kReceiveInterrupt), 0U);
        }
    }

    std::mt19937 random_;
    Uart uart_;
    std::deque<std::uint32_t> queue_;
    std::uint32_t control_ = 0x300;
    std::uint32_t line_ = 0;
};

TEST(VirtualPl011, NoSequenceOfAccessesBreaksIt) {
    for (std::uint32_t seed = 0; seed < 100 && !testing::Test::HasFailure(); ++seed) {
        RandomGuest guest(seed);
        for (int step = 0; step < 2000 && !testing::Test::HasFailure(); ++step) {
            guest.step();
        }
        EXPECT_FALSE(testing::Test::HasFailure()) << "seed " << seed;
    }
}

}  // namespace
}  // namespace hm::hyp
