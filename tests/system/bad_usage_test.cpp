// Wrong words, refused by the tool and by the image.

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

TEST(BadUsage, AnUnknownKeyIsRefusedBeforeAnythingStarts) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(scratch / "out", "--set perod=1");
    EXPECT_EQ(finished.status, 2);
    EXPECT_NE(finished.output.find("perod"), std::string::npos);
    EXPECT_NE(finished.output.find("did you mean \"period\"?"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(scratch / "out"));
}

TEST(BadUsage, TheImageRefusesAnUnknownKeyByItself) {
    const Finished finished =
        run("timeout 20 qemu-system-arm -M virt,virtualization=on,gic-version=2 -cpu cortex-a15 "
            "-nic none -nographic -append bogus=1 -kernel " +
            image() + " </dev/null");
    EXPECT_EQ(finished.status, 0) << "it has not turned the machine off: " << finished.output;
    EXPECT_NE(finished.output.find("unknown key: bogus=1"), std::string::npos) << finished.output;
}

TEST(BadUsage, ARunThatLeavesOutItsWholePlanFails) {
    const ScratchFolder scratch;
    const Finished refused = run_tool(scratch / "out", "--only hypercall --set from=899");
    EXPECT_EQ(refused.status, 2) << refused.output;
    EXPECT_NE(refused.output.find("no scenario is left"), std::string::npos) << refused.output;
    EXPECT_FALSE(std::filesystem::exists(scratch / "out"));
    // The target says so too, if nobody has looked before.
    const Finished finished =
        run("timeout 20 qemu-system-arm -M virt,virtualization=on,gic-version=2 -cpu cortex-a15 "
            "-nic none -nographic -append 'only=hypercall from=899' -kernel " +
            image() + " </dev/null");
    EXPECT_EQ(finished.status, 0) << finished.output;
    EXPECT_NE(finished.output.find("\"record\":\"end\",\"records\":1,\"ok\":false"),
              std::string::npos)
        << finished.output;
}

}  // namespace
}  // namespace hm::test
