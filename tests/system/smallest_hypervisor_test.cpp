// The smallest hypervisor, which authors of others read as an example, says what it cannot do.

#include <gtest/gtest.h>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

struct Machine {
    const char* lack;
    const char* options;
    const char* words;
};
constexpr Machine kMachines[]{
    {"Hyp", "virt,gic-version=2",
     "smallest: not entered in HYP mode; QEMU: -M virt,virtualization=on\n"},
    {"Gicv2", "virt,virtualization=on,gic-version=3",
     "smallest: this is not the device tree of -M virt,virtualization=on,gic-version=2\n"},
    {"Image", "virt,virtualization=on,gic-version=2",
     "smallest: there is no zImage at 0x42000000; QEMU: -device "
     "loader,file=IMAGE,addr=0x42000000,force-raw=on\n"},
};

class SmallestHypervisor : public testing::TestWithParam<Machine> {};

TEST_P(SmallestHypervisor, SaysWhatItLacksAndTurnsTheMachineOff) {
    const Finished finished = run(
        std::string("timeout -k 5 60 qemu-system-arm -cpu cortex-a15 -m 256 -nic none "
                    "-nographic -serial stdio -monitor none -kernel ") +
        HYPMETER_IMAGES_DIR + "/smallest-hypervisor.bin -M " + GetParam().options + " </dev/null");
    EXPECT_EQ(finished.status, 0) << "it hangs";
    EXPECT_EQ(finished.output, GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(Without, SmallestHypervisor, testing::ValuesIn(kMachines),
                         [](const auto& row) { return row.param.lack; });

}  // namespace
}  // namespace hm::test
