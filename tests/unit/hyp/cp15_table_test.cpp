#include "hyp/core/cp15_table.hpp"

#include <gtest/gtest.h>

#include <array>

namespace hm::hyp {
namespace {

/// HSR's ISS of a trapped `mrc p15, opc1, r3, c<crn>, c<crm>, opc2` (B3.13.6).
RegisterTrap read_of(std::uint32_t opc1, std::uint32_t crn, std::uint32_t crm, std::uint32_t opc2) {
    return RegisterTrap::from(opc2 << 17 | opc1 << 14 | crn << 10 | 3 << 5 | crm << 1 | 1);
}

constexpr std::array kRows{Cp15Row{.encoding = cp15_register(1, 0, 0, 1)},
                           Cp15Row{.encoding = cp15_group(9, 0, 12)}};

TEST(Cp15Table, ARegisterIsFoundWhateverTheDirectionAndTheGeneralRegister) {
    EXPECT_EQ(find_cp15_row(kRows, read_of(0, 1, 0, 1)), &kRows[0]);
    const RegisterTrap write =
        read_of(0, 1, 0, 1).with(RegisterTrap::kRead, false).with(RegisterTrap::kRt, 12);
    EXPECT_EQ(find_cp15_row(kRows, write), &kRows[0]);
}

TEST(Cp15Table, ARegisterIsNotTakenForItsNeighbours) {
    EXPECT_EQ(find_cp15_row(kRows, read_of(0, 1, 0, 0)), nullptr);
    EXPECT_EQ(find_cp15_row(kRows, read_of(0, 1, 1, 1)), nullptr);
    EXPECT_EQ(find_cp15_row(kRows, read_of(4, 1, 0, 1)), nullptr);
    EXPECT_EQ(find_cp15_row(kRows, read_of(0, 2, 0, 1)), nullptr);
}

TEST(Cp15Table, AGroupTakesEveryOpc2) {
    for (std::uint32_t opc2 = 0; opc2 < 8; ++opc2) {
        EXPECT_EQ(find_cp15_row(kRows, read_of(0, 9, 12, opc2)), &kRows[1]);
    }
    EXPECT_EQ(find_cp15_row(kRows, read_of(0, 9, 13, 0)), nullptr);
    EXPECT_EQ(find_cp15_row(kRows, read_of(1, 9, 12, 0)), nullptr);
}

}  // namespace
}  // namespace hm::hyp
