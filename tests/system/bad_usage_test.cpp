// Wrong words, refused by the tool and by the image.

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

TEST(BadUsage, AnUnknownKeyIsRefusedBeforeAnythingStarts) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(scratch / "out", "--set bogus=1");
    EXPECT_EQ(finished.status, 2);
    EXPECT_NE(finished.output.find("bogus"), std::string::npos);
    EXPECT_NE(finished.output.find("period"), std::string::npos) << "valid keys are not listed";
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
    EXPECT_EQ(run_tool(scratch / "out", "--only hypercall --set from=899").status, 1);
    const json success = verdict(results(scratch / "out"), "target reports success");
    ASSERT_FALSE(success.is_null());
    EXPECT_FALSE(success.at("ok").get<bool>());
}

}  // namespace
}  // namespace hm::test
