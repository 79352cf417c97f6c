// What is in the guests' memory once a session is over.

#include <gtest/gtest.h>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

/// From the guests' base to the end of 256 MB of memory: the measured guest's, the second VM's and
/// the second core's.
constexpr const char* kGuests = "0x42000000 0x0e000000";

TEST(LeftMemory, IsZeroAfterEveryGuest) {
    const ScratchFolder scratch;
    const std::string uart = test::quoted(scratch / "uart.log");
    const std::string memory = test::quoted(scratch / "memory");
    // -no-shutdown: the machine stops where it would end, and keeps its memory.
    const Finished finished =
        run("(for i in $(seq 600); do grep -q '\"record\":\"end\"' " + uart +
            " 2>/dev/null && break; sleep 0.1; done; echo 'pmemsave " + kGuests + " \"" +
            (scratch / "memory").string() +
            "\"'; echo quit) | timeout -k 5 120 qemu-system-arm -M "
            "virt,virtualization=on,gic-version=2 "
            "-cpu cortex-a15,cntfrq=1000000000 -m 256M -nic none -display none -no-shutdown "
            "-icount shift=0,sleep=off,align=off -serial file:" +
            uart + " -monitor stdio -kernel " + test::quoted(image()) +
            " -append 'only=pagefault,timer count=20 pages=16 rounds=2 wait=wfi'");
    ASSERT_EQ(finished.status, 0) << finished.output;
    const std::string records = read_text(scratch / "uart.log");
    EXPECT_EQ(records.find("\"ok\":false"), std::string::npos) << records;
    EXPECT_NE(records.find("\"record\":\"end\""), std::string::npos) << records;
    EXPECT_EQ(std::filesystem::file_size(scratch / "memory"), 0x0e000000U);
    EXPECT_EQ(run("cmp -n 234881024 " + memory + " /dev/zero").output, "");
}

}  // namespace
}  // namespace hm::test
