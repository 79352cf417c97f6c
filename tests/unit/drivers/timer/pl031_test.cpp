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
constexpr std::uint32_t kRtcLoad = kRtc + 0x008;
constexpr std::uint32_t kRtcControl = kRtc + 0x00C;
constexpr std::uint32_t kRtcMask = kRtc + 0x010;
constexpr std::uint32_t kRtcStatus = kRtc + 0x018;
constexpr std::uint32_t kRtcClear = kRtc + 0x01C;

TEST(Pl031, StartsMaskedUntilWhatItAssertsIsCleared) {
    FakeBus bus;
    Pl031(bus, kRtc).start();
    EXPECT_EQ(bus.history,
              (History{write(kRtcMask, 0), write(kRtcControl, 1), write(kRtcMatch, 0x4000'0000),
                       write(kRtcClear, 1), read(kRtcStatus, 0), write(kRtcMask, 1)}));
}

TEST(Pl031, IsRaisedByLoadingWhatTheCountIsToMatch) {
    FakeBus bus;
    const RaisingWrite raising = Pl031(bus, kRtc).raising();
    EXPECT_EQ(raising.address, kRtcLoad);
    EXPECT_EQ(raising.value, 0x4000'0000U);
}
static_assert(Spare<Pl031<FakeBus>>);

TEST(Pl031, IsClearedOnlyOnceItAssertsNothing) {
    FakeBus bus;
    bus.answer(kRtcStatus, {1, 1, 0});
    Pl031(bus, kRtc).clear();
    EXPECT_EQ(bus.history, (History{write(kRtcClear, 1), read(kRtcStatus, 1), read(kRtcStatus, 1),
                                    read(kRtcStatus, 0)}));
}

}  // namespace
}  // namespace hm::timer
