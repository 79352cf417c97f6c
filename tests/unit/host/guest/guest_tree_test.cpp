#include "host/guest/guest_tree.hpp"

#include <gtest/gtest.h>

#include "drivers/fdt/machine.hpp"
#include "drivers/fdt/tree.hpp"
#include "host/base/files.hpp"
#include "host/base/process.hpp"
#include "tests/unit/host/base/scripts.hpp"
#include "tests/unit/host/guest/fdt_reader.hpp"

namespace hm::host::testing {
namespace {

using Cells = std::vector<std::uint32_t>;
using Strings = std::vector<std::string>;

VirtualMachine two_cpus() {
    return {.memory_base = 0x4000'0000,
            .memory_bytes = 0x1000'0000,
            .cpus = 2,
            .distributor = 0x0800'0000,
            .cpu_interface = 0x0801'0000,
            .uart = 0x0900'0000,
            .uart_interrupt = 33,
            .bootargs = "console=ttyAMA0 quiet"};
}

TEST(HostGuestTree, HasTheMemoryTheCpusAndTheCommandLine) {
    const FdtReader tree(guest_tree(two_cpus(), std::nullopt));
    EXPECT_EQ(tree.cells("/", "#address-cells"), Cells{1});
    EXPECT_EQ(tree.cells("/", "#size-cells"), Cells{1});
    EXPECT_TRUE(tree.has("/", "model"));
    EXPECT_EQ(tree.strings("/", "compatible"), Strings{"linux,dummy-virt"});
    EXPECT_EQ(tree.strings("/memory@40000000", "device_type"), Strings{"memory"});
    EXPECT_EQ(tree.cells("/memory@40000000", "reg"), (Cells{0x4000'0000, 0x1000'0000}));
    EXPECT_EQ(tree.strings("/chosen", "bootargs"), Strings{"console=ttyAMA0 quiet"});
    EXPECT_FALSE(tree.has("/chosen", "linux,initrd-start"));
    EXPECT_FALSE(tree.has("/chosen", "linux,initrd-end"));
    EXPECT_EQ(tree.cells("/cpus", "#address-cells"), Cells{1});
    EXPECT_EQ(tree.cells("/cpus", "#size-cells"), Cells{0});
    for (const std::uint32_t cpu : {0U, 1U}) {
        const std::string path = "/cpus/cpu@" + std::to_string(cpu);
        EXPECT_EQ(tree.strings(path, "device_type"), Strings{"cpu"});
        EXPECT_EQ(tree.strings(path, "compatible"), Strings{"arm,cortex-a15"});
        EXPECT_EQ(tree.cells(path, "reg"), Cells{cpu});
        EXPECT_EQ(tree.strings(path, "enable-method"), Strings{"psci"});
    }
    EXPECT_FALSE(tree.has("/cpus/cpu@2"));
}

TEST(HostGuestTree, TheCoreIsTheBoards) {
    VirtualMachine machine = two_cpus();
    machine.core = "cortex-a7";
    const FdtReader tree(guest_tree(machine, std::nullopt));
    EXPECT_EQ(tree.strings("/cpus/cpu@1", "compatible"), Strings{"arm,cortex-a7"});
}

TEST(HostGuestTree, NamesPsciByHvcAsTheOneWayToStartACpu) {
    VirtualMachine machine = two_cpus();
    const FdtReader tree(guest_tree(machine, std::nullopt));
    // 0.2 too, for a kernel that knows no other.
    EXPECT_EQ(tree.strings("/psci", "compatible"), (Strings{"arm,psci-1.0", "arm,psci-0.2"}));
    EXPECT_EQ(tree.strings("/psci", "method"), Strings{"hvc"});
    machine.has_psci = false;
    const FdtReader without(guest_tree(machine, std::nullopt));
    EXPECT_FALSE(without.has("/psci"));
    EXPECT_FALSE(without.has("/cpus/cpu@0", "enable-method"));
}

TEST(HostGuestTree, SaysHowInterruptsArrive) {
    VirtualMachine machine = two_cpus();
    const FdtReader tree(guest_tree(machine, std::nullopt));
    const Cells parent = tree.cells("/", "interrupt-parent");
    ASSERT_EQ(parent.size(), 1U);
    const std::string gic = tree.path_of(parent[0]);
    EXPECT_EQ(tree.strings(gic, "compatible"), Strings{"arm,cortex-a15-gic"});
    EXPECT_TRUE(tree.has(gic, "interrupt-controller"));
    EXPECT_EQ(tree.cells(gic, "#interrupt-cells"), Cells{3});
    // A GICv2's registers: GICD of 4 KB, GICC of 8 KB (IHI 0048B.b, 4.1.2 and 4.1.3).
    EXPECT_EQ(tree.cells(gic, "reg"), (Cells{0x0800'0000, 0x1000, 0x0801'0000, 0x2000}));
    // arm,arch_timer.yaml: secure, non-secure, virtual, hypervisor. arm,gic.yaml: 1 is a PPI, whose
    // number is its ID less 16; both CPUs from bit 8 on, and 4 for a level that is high.
    EXPECT_EQ(tree.strings("/timer", "compatible"), Strings{"arm,armv7-timer"});
    EXPECT_EQ(tree.cells("/timer", "interrupts"),
              (Cells{1, 13, 0x304, 1, 14, 0x304, 1, 11, 0x304, 1, 10, 0x304}));
    EXPECT_TRUE(tree.has("/timer", "always-on"));
    machine.cpus = 1;
    const FdtReader one(guest_tree(machine, std::nullopt));
    EXPECT_EQ(one.cells("/timer", "interrupts"),
              (Cells{1, 13, 0x104, 1, 14, 0x104, 1, 11, 0x104, 1, 10, 0x104}));
    EXPECT_FALSE(one.has("/cpus/cpu@1"));
}

TEST(HostGuestTree, HasAUartThatIsTheConsole) {
    VirtualMachine machine = two_cpus();
    machine.uart_hz = 12'345;
    const FdtReader tree(guest_tree(machine, std::nullopt));
    const Strings console = tree.strings("/chosen", "stdout-path");
    ASSERT_EQ(console.size(), 1U);
    const std::string uart = console[0];
    EXPECT_EQ(tree.strings(uart, "compatible"), (Strings{"arm,pl011", "arm,primecell"}));
    EXPECT_EQ(tree.cells(uart, "reg"), (Cells{0x0900'0000, 0x1000}));
    // arm,gic.yaml: 0 is an SPI, whose number is its ID less 32.
    EXPECT_EQ(tree.cells(uart, "interrupts"), (Cells{0, 1, 4}));
    EXPECT_EQ(tree.strings(uart, "clock-names"), (Strings{"uartclk", "apb_pclk"}));
    const Cells clocks = tree.cells(uart, "clocks");
    ASSERT_EQ(clocks.size(), 2U);
    for (const std::uint32_t clock : clocks) {
        const std::string path = tree.path_of(clock);
        EXPECT_EQ(tree.strings(path, "compatible"), Strings{"fixed-clock"});
        EXPECT_EQ(tree.cells(path, "#clock-cells"), Cells{0});
        EXPECT_EQ(tree.cells(path, "clock-frequency"), Cells{12'345});
    }
    machine.uart = 0x1c09'0000;
    machine.uart_interrupt = 63;
    const FdtReader moved(guest_tree(machine, std::nullopt));
    EXPECT_EQ(moved.strings("/chosen", "stdout-path"), Strings{"/serial@1c090000"});
    EXPECT_EQ(moved.cells("/serial@1c090000", "interrupts"), (Cells{0, 31, 4}));
}

TEST(HostGuestTree, SaysWhereTheInitrdLies) {
    VirtualMachine machine = two_cpus();
    machine.bootargs = "";
    const FdtReader tree(guest_tree(machine, Stretch{0x4400'0000, 0x4412'3456}));
    EXPECT_EQ(tree.cells("/chosen", "linux,initrd-start"), Cells{0x4400'0000});
    EXPECT_EQ(tree.cells("/chosen", "linux,initrd-end"), Cells{0x4412'3456});
    EXPECT_FALSE(tree.has("/chosen", "bootargs"));
}

TEST(HostGuestTree, IsReadByOurOwnKernelToo) {
    VirtualMachine machine = two_cpus();
    machine.bootargs = std::string(20'000, 'w');
    const std::string blob = guest_tree(machine, std::nullopt);
    const auto opened = fdt::Tree::open(std::as_bytes(std::span(blob)));
    ASSERT_EQ(opened.error, fdt::Error::kNone);
    EXPECT_EQ(fdt::bootargs(opened.tree), machine.bootargs);
    const auto memory = fdt::memory(opened.tree);
    ASSERT_TRUE(memory);
    EXPECT_EQ(memory->total_bytes(), 0x1000'0000U);
}

class HostGuestTreeByDtc : public ScriptTest {};

TEST_F(HostGuestTreeByDtc, IsReadWithoutAWarning) {
    const auto file = write("guest.dtb", guest_tree(two_cpus(), Stretch{0x4400'0000, 0x4410'0000}));
    std::string source;
    std::string warnings;
    const ProcessEnd end = run_process(
        {find_program("dtc"), {"-I", "dtb", "-O", "dts", file.string()}}, ProcessLimits{},
        [&](std::string_view text) { source += text; },
        [&](std::string_view text) { warnings += text; });
    EXPECT_EQ(describe(end), "exit status 0");
    EXPECT_EQ(warnings, "");
    EXPECT_NE(source.find("cpu@1"), std::string::npos);
}

}  // namespace
}  // namespace hm::host::testing
