#include "hyp/core/banked_register.hpp"

#include <gtest/gtest.h>

namespace hm::hyp {
namespace {

using cpu::Mode;

// ARM DDI 0406C.d, figure B1-1.
TEST(BankedRegister, TheStackPointerAndTheLinkRegisterAreTheModesOwn) {
    const struct {
        Mode mode;
        BankedRegister sp, lr;
    } rows[] = {
        {Mode::kUsr, BankedRegister::kSpUsr, BankedRegister::kLrUsr},
        {Mode::kSys, BankedRegister::kSpUsr, BankedRegister::kLrUsr},
        {Mode::kSvc, BankedRegister::kSpSvc, BankedRegister::kLrSvc},
        {Mode::kAbt, BankedRegister::kSpAbt, BankedRegister::kLrAbt},
        {Mode::kUnd, BankedRegister::kSpUnd, BankedRegister::kLrUnd},
        {Mode::kIrq, BankedRegister::kSpIrq, BankedRegister::kLrIrq},
        {Mode::kFiq, BankedRegister::kSpFiq, BankedRegister::kLrFiq},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(banked_register(13, row.mode), row.sp);
        EXPECT_EQ(banked_register(14, row.mode), row.lr);
        EXPECT_EQ(banked_register(15, row.mode), BankedRegister::kNone) << "the PC";
    }
}

TEST(BankedRegister, FiqModeHasFiveMore) {
    const BankedRegister own[] = {BankedRegister::kR8Fiq, BankedRegister::kR9Fiq,
                                  BankedRegister::kR10Fiq, BankedRegister::kR11Fiq,
                                  BankedRegister::kR12Fiq};
    for (std::uint32_t number = 0; number < 13; ++number) {
        EXPECT_EQ(banked_register(number, Mode::kFiq),
                  number < 8 ? BankedRegister::kNone : own[number - 8]);
        for (const Mode mode :
             {Mode::kUsr, Mode::kSys, Mode::kSvc, Mode::kAbt, Mode::kUnd, Mode::kIrq}) {
            EXPECT_EQ(banked_register(number, mode), BankedRegister::kNone);
        }
    }
}

}  // namespace
}  // namespace hm::hyp
