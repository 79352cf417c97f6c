// The header that authors of other hypervisors include agrees with what the guest reads.

#include <gtest/gtest.h>

#include <cstddef>

#include "guest/abi/hypmeter_stamps.h"
#include "measure/guest_abi.hpp"

namespace hm {
namespace {

using measure::HypStamps;

struct Field {
    const char* name;
    std::size_t elsewhere;  ///< its offset for another hypervisor
    std::size_t here;       ///< for the guest
};
#define FIELD(name) \
    Field { #name, offsetof(hypmeter_stamps, name), offsetof(HypStamps, name) }
/// All fields, in the order in which the guest has them.
constexpr Field kFields[]{
    FIELD(sequence),           FIELD(vector_count),       FIELD(vector),
    FIELD(acknowledged),       FIELD(list_register),      FIELD(guest_return),
    FIELD(maintenance_vector), FIELD(maintenance_return), FIELD(deferred),
    FIELD(scheduled_count),    FIELD(scheduled),          FIELD(switched_out),
    FIELD(switched_in),
};
#undef FIELD

TEST(StampsAbi, EachFieldLiesWhereTheGuestReadsIt) {
    std::size_t offset = 0;
    for (const Field& field : kFields) {
        EXPECT_EQ(field.elsewhere, field.here) << field.name;
        EXPECT_EQ(field.elsewhere, offset) << field.name;
        offset += sizeof(std::uint32_t);
    }
    EXPECT_EQ(sizeof(hypmeter_stamps), offset) << "a field that the table above lacks";
    EXPECT_EQ(sizeof(HypStamps), offset);
    EXPECT_EQ(alignof(hypmeter_stamps), alignof(HypStamps));
}

/// SMC Calling Convention (ARM DEN 0028): a fast call (bit 31) of 32 bits (bit 30 is 0), of the
/// vendor's hypervisor service (29:24 are 6), where bits 23:16 are zero. -1 is NOT_SUPPORTED.
TEST(StampsAbi, TheCallIsAFastOneToAVendorsHypervisorService) {
    EXPECT_EQ(HYPMETER_STAMPS_CALL >> 24, 0x80U | 6U);
    EXPECT_EQ(HYPMETER_STAMPS_CALL >> 16 & 0xFFU, 0U);
    EXPECT_EQ(static_cast<std::int32_t>(HYPMETER_STAMPS_REFUSED), -1);
    EXPECT_EQ(HYPMETER_STAMPS_LEFT, 0U);
}

}  // namespace
}  // namespace hm
