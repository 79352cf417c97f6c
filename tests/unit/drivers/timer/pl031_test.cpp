#include "drivers/timer/pl031.hpp"

#include <gtest/gtest.h>

#include "tests/unit/drivers/fake_bus.hpp"

namespace hm::timer {
namespace {

using test::FakeBus;
using test::History;
using test::read;
using test::write;

// ARM DDI 0224B, table 3-1.
constexpr std::uint32_t kRtc = 0x0901'0000;
constexpr std::uint32_t kRtcMatch = kRtc + 0x004;
constexpr std::uint32_t kRtcControl = kRtc + 0x00C;
constexpr std::uint32_t kRtcMask = kRtc + 0x010;
constexpr std::uint32_t kRtcRawStatus = kRtc + 0x014;
constexpr std::uint32_t kRtcStatus = kRtc + 0x018;
constexpr std::uint32_t kRtcClear = kRtc + 0x01C;

TEST(Pl031, StartsWithWhatItMatchesMasked) {
    FakeBus bus;
    bus.answer(kRtc, {1234});
    bus.answer(kRtcRawStatus, {1});
    Pl031(bus, kRtc).start();
    EXPECT_EQ(bus.history, (History{write(kRtcControl, 1), write(kRtcMask, 0), write(kRtcClear, 1),
                                    read(kRtcStatus, 0), read(kRtc, 1234), write(kRtcMatch, 1234),
                                    read(kRtcRawStatus, 1)}));
}

TEST(Pl031, IsRaisedByUnmaskingIt) {
    FakeBus bus;
    const RaisingWrite raising = Pl031(bus, kRtc).raising();
    EXPECT_EQ(raising.address, kRtcMask);
    EXPECT_EQ(raising.value, 1U);
}
static_assert(Spare<Pl031<FakeBus>>);

TEST(Pl031, IsClearedOnlyOnceItAssertsNothingAndMatchesAgain) {
    FakeBus bus;
    bus.answer(kRtc, {7, 8});  // the count goes on before it can be matched
    bus.answer(kRtcStatus, {1, 0});
    bus.answer(kRtcRawStatus, {0, 1});
    Pl031(bus, kRtc).clear();
    EXPECT_EQ(bus.history, (History{write(kRtcMask, 0), write(kRtcClear, 1), read(kRtcStatus, 1),
                                    read(kRtcStatus, 0), read(kRtc, 7), write(kRtcMatch, 7),
                                    read(kRtcRawStatus, 0), read(kRtc, 8), write(kRtcMatch, 8),
                                    read(kRtcRawStatus, 1)}));
}

}  // namespace
}  // namespace hm::timer
