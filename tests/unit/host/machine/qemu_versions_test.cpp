// QEMU's versions.

#include "host/machine/qemu_versions.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/host/log/log.hpp"

namespace hm::host::testing {
namespace {

TEST(HostQemuVersions, TheNumbersAreReadFromWhatQemuSays) {
    EXPECT_EQ(parse_qemu_version("QEMU emulator version 7.2.15 (Debian 1:7.2+dfsg-7)"),
              (QemuVersion{7, 2}));
    EXPECT_EQ(parse_qemu_version("QEMU emulator version 10.0.2"), (QemuVersion{10, 0}));
    for (const char* const line :
         {"", "QEMU emulator version", "QEMU emulator version x.1", "QEMU emulator version 7",
          "gem5 7.2", "QEMU emulator version 99999999999.1"}) {
        EXPECT_EQ(parse_qemu_version(line), std::nullopt) << line;
    }
}

TEST(HostQemuVersions, TheTableIsInOrder) {
    EXPECT_TRUE(std::ranges::is_sorted(known_qemus(), {}, &KnownQemu::version));
    EXPECT_TRUE(std::ranges::any_of(known_qemus(), &KnownQemu::tested));
}

TEST(HostQemuVersions, OnlyWhatIsOutsideOfTheRangeIsWarnedOf) {
    for (const char* const version : {"7.2.0", "8.1.3", "10.0.2", "11.1.0"}) {
        EXPECT_EQ(qemu_warning(std::string("QEMU emulator version ") + version), "") << version;
    }
    EXPECT_EQ(qemu_warning("QEMU emulator version 7.1.0"),
              "QEMU 7.1 is older than any that hypmeter was tried with (7.2 to 11.1): its counts "
              "may differ");
    EXPECT_TRUE(has(qemu_warning("QEMU emulator version 11.2.0"), "QEMU 11.2 is newer"));
    EXPECT_EQ(qemu_warning("some other emulator"), "");
}

}  // namespace
}  // namespace hm::host::testing
