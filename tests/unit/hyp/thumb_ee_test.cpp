#include "hyp/core/thumb_ee.hpp"

#include <gtest/gtest.h>

#include "hyp/core/vcpu.hpp"

namespace hm::hyp {
namespace {

/// HSR of MRC or MCR p14, opc1, r3, CRn, CRm, opc2 (ARM DDI 0406C.d, B3.13.6).
RegisterTrap access(std::uint32_t opc1, std::uint32_t crn, std::uint32_t crm, std::uint32_t opc2,
                    bool read) {
    return RegisterTrap::from(0x05U << 26 | 1U << 25 | 1U << 24 | 0xEU << 20 | opc2 << 17 |
                              opc1 << 14 | crn << 10 | 3U << 5 | crm << 1 | (read ? 1U : 0U));
}

/// TEECR is p14, 6, c0, c0, 0; TEEHBR is p14, 6, c1, c0, 0 (B4.1).
TEST(ThumbEe, ItsRegistersAreTheseTwoAndNoOthers) {
    for (std::uint32_t opc1 = 0; opc1 < 8; ++opc1) {
        for (std::uint32_t crn = 0; crn < 16; ++crn) {
            for (std::uint32_t crm = 0; crm < 16; ++crm) {
                for (std::uint32_t opc2 = 0; opc2 < 8; ++opc2) {
                    const bool expected = opc1 == 6 && crn < 2 && crm == 0 && opc2 == 0;
                    EXPECT_EQ(is_of_thumb_ee(access(opc1, crn, crm, opc2, true)), expected);
                    EXPECT_EQ(is_of_thumb_ee(access(opc1, crn, crm, opc2, false)), expected);
                }
            }
        }
    }
}

TEST(ThumbEe, AVirtualCpuBeginsWithoutIt) {
    const Vcpu vcpu;
    EXPECT_FALSE(vcpu.thumb_ee.used);
    EXPECT_FALSE(vcpu.has_rare_state);
    EXPECT_EQ(vcpu.thumb_ee.control.raw, 0U);
    EXPECT_EQ(vcpu.thumb_ee.handlers.raw, 0U);
}

}  // namespace
}  // namespace hm::hyp
