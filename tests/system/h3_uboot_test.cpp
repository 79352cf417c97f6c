// A board booted from its card by its own boot loader: Debian's U-Boot for NanoPi NEO, on QEMU's
// model of an Allwinner H3, from the card that `hypmeter image` makes. Each way ends in a complete
// run.
//
// That model has no watchdog, and U-Boot's PSCI turns nothing off: the test ends the machine.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <sstream>

#include "host/log/log_parser.hpp"
#include "tests/system/dialogue.hpp"
#include "tests/system/tool.hpp"
#include "tests/system/uboot_machine.hpp"

namespace hm::test {
namespace {

using std::chrono::seconds;

constexpr seconds kForACommand{180};
constexpr seconds kForATransfer{240};
constexpr seconds kForARun{400};

class UBootOfH3 : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!why_no_uboot_for_h3().empty()) {
            GTEST_SKIP() << why_no_uboot_for_h3();
        }
        make_disk(scratch_ / "", "orangepi");
        // Eight nanoseconds for an instruction. With less than four, the SPL never ends its first
        // wait: where it reads a timer of 24 MHz twice between two ticks, it waits a tick longer
        // (U-Boot v2023.01, arch/arm/cpu/armv7/sunxi/timer.c, __udelay).
        std::vector<std::string> command =
            h3_machine("stdio,signal=off", {.disk = scratch_ / "disk.img", .tftp = {}});
        command.insert(command.end(), {"-icount", "shift=3,sleep=off", "-d", "guest_errors,unimp",
                                       "-D", (scratch_ / "qemu.log").string()});
        qemu_ = std::make_unique<Dialogue>(command);
    }

    void stop_at_prompt() {
        ASSERT_TRUE(qemu_->expect("stop autoboot", kForACommand)) << qemu_->transcript();
        qemu_->send(" ");
        ASSERT_TRUE(qemu_->expect("=> ", kForACommand)) << qemu_->transcript();
    }

    /// Types a command and waits for the next prompt.
    void type(const std::string& command) {
        qemu_->send(command + "\r");
        ASSERT_TRUE(qemu_->expect("=> ", kForACommand)) << qemu_->transcript();
    }

    /// Types all of them but the last.
    void type_all_but_last(const std::vector<std::string>& commands) {
        ASSERT_FALSE(commands.empty());
        for (std::size_t i = 0; i + 1 < commands.size(); ++i) {
            type(commands[i]);
        }
    }

    /// Types the commands that are printed for `file`, and reads the run that the last one starts.
    void boot_as_printed(const std::string& file) {
        const auto commands = printed_commands("  " + file + ":", "orangepi");
        type_all_but_last(commands);
        boot_and_read(commands.back(), "Starting kernel ...");
    }

    void boot_and_read(const std::string& command, const std::string& start) {
        qemu_->send(command + "\r");
        read_run(start);
    }

    /// Reads the run that follows, and checks that it is whole.
    void read_run(const std::string& start) {
        ASSERT_TRUE(qemu_->expect(start, kForACommand)) << qemu_->transcript();
        const std::size_t from = qemu_->transcript().size() - qemu_->rest().size();
        ASSERT_TRUE(qemu_->expect(R"("record":"begin")", kForACommand)) << qemu_->transcript();
        const std::string before = complaints();
        EXPECT_TRUE(qemu_->expect(R"("record":"end")", kForARun)) << qemu_->transcript();
        EXPECT_TRUE(qemu_->expect("\n", kForACommand));
        host::LogParser parser;
        parser.feed(std::string_view(qemu_->transcript()).substr(from));
        parser.finish();
        log_ = parser.log();
        EXPECT_EQ(log_.faults, std::vector<std::string>{});
        EXPECT_EQ(log_.end_ok, true) << qemu_->transcript();
        ASSERT_TRUE(log_.begin);
        EXPECT_EQ(log_.begin->board, "orangepi");
        EXPECT_EQ(log_.begin->machine, "QEMU orangepi-pc");
        EXPECT_EQ(log_.begin->clock, "emulator");
        EXPECT_EQ(log_.begin->counter_hz, 24'000'000U) << "as U-Boot has set it";
        EXPECT_EQ(log_.scenarios.size(), log_.begin->plan.size());
        for (const host::ScenarioRecord& scenario : log_.scenarios) {
            EXPECT_TRUE(scenario.ok) << scenario.name << ": " << scenario.detail;
        }
        EXPECT_EQ(complaints(), before) << "QEMU complained of us";
    }

    /// QEMU's, but for those of what U-Boot's PSCI does to a core's power.
    [[nodiscard]] std::string complaints() const {
        std::istringstream lines(read_text(scratch_ / "qemu.log"));
        std::string others;
        for (std::string line; std::getline(lines, line);) {
            if (!line.starts_with("r_prcm: ") && !line.starts_with("allwinner_cpucfg_")) {
                others += line + "\n";
            }
        }
        return others;
    }

    /// The parameters arrived: only hypercalls were measured.
    void expect_hypercalls_alone() const {
        EXPECT_FALSE(log_.scenarios.empty());
        for (const host::ScenarioRecord& scenario : log_.scenarios) {
            EXPECT_TRUE(scenario.name.starts_with("hypercall")) << scenario.name;
        }
    }

    /// How many rows were measured.
    [[nodiscard]] std::ptrdiff_t measured() const {
        return std::count_if(log_.scenarios.begin(), log_.scenarios.end(),
                             [](const auto& scenario) { return !scenario.skipped; });
    }

    ScratchFolder scratch_;
    std::unique_ptr<Dialogue> qemu_;
    host::RunLog log_;
};

constexpr const char* kHypercalls = "setenv bootargs suite=quick only=hypercall";

TEST_F(UBootOfH3, RunsTheQuickSuiteFromTheCardWithoutAKeyTouched) {
    read_run("Starting kernel ...");
    EXPECT_EQ(log_.begin->parameters.text("suite"), "quick");
    EXPECT_GT(measured(), 200);
    EXPECT_EQ(log_.begin->memory_bytes, std::uint64_t{1} << 30) << "as U-Boot has found it";
    std::ofstream(scratch_ / "uart.log", std::ios::binary) << qemu_->transcript();
    const Finished read = run_tool(
        scratch_ / "out", "--board orangepi --machine log:" + (scratch_ / "uart.log").string());
    EXPECT_EQ(read.status, 0) << read.output;
}

TEST_F(UBootOfH3, BootsTheUImage) {
    stop_at_prompt();
    type(kHypercalls);
    boot_as_printed("hypmeter-orangepi.uimg");
    expect_hypercalls_alone();
}

TEST_F(UBootOfH3, BootsTheFitAfterCheckingItsHashes) {
    stop_at_prompt();
    type(kHypercalls);
    boot_as_printed("hypmeter-orangepi.itb");
    expect_hypercalls_alone();
    const std::string& said = qemu_->transcript();
    const std::size_t first = said.find("sha256+ OK");
    ASSERT_NE(first, std::string::npos) << said;
    EXPECT_NE(said.find("sha256+ OK", first + 1), std::string::npos) << said;
}

TEST_F(UBootOfH3, BootsTheRawImage) {
    stop_at_prompt();
    type(kHypercalls);
    boot_as_printed("hypmeter-orangepi.bin");
    expect_hypercalls_alone();
}

// It is entered in Secure state, and gets no device tree: the smallest board's memory is used.
TEST_F(UBootOfH3, StartsTheRawImageByGo) {
    stop_at_prompt();
    type("mmc rescan");
    type("load mmc 0:1 0x42000000 hypmeter-orangepi.bin");
    boot_and_read("usb stop; go 0x42000000 suite=quick only=hypercall",
                  "Starting application at 0x42000000 ...");
    expect_hypercalls_alone();
    EXPECT_EQ(log_.begin->memory_bytes, std::uint64_t{256} << 20);
}

// U-Boot's monitor is not in the way of Secure state there, but its device tree is given.
TEST_F(UBootOfH3, BootsTheUImageInSecureState) {
    stop_at_prompt();
    type("setenv bootargs suite=quick only=exits exit=ipi-other-core");
    type("setenv bootm_boot_mode sec");
    boot_as_printed("hypmeter-orangepi.uimg");
    EXPECT_EQ(log_.begin->memory_bytes, std::uint64_t{1} << 30);
    EXPECT_EQ(measured(), 2) << "natively too: HYP's timer is an FIQ there";
}

// The second core comes by the PSCI of U-Boot, which is that of version 0.1.
TEST_F(UBootOfH3, GivesTheSecondCore) {
    stop_at_prompt();
    type("setenv bootargs suite=quick only=exits,timer load=core count=50");
    boot_and_read("boot", "Starting kernel ...");
    const auto ipi = std::find_if(
        log_.scenarios.begin(), log_.scenarios.end(),
        [](const auto& one) { return one.name == "exits exit=ipi-other-core nested/injected"; });
    ASSERT_NE(ipi, log_.scenarios.end());
    EXPECT_FALSE(ipi->skipped) << ipi->detail;
}

// HYP's timer is an IRQ there, since U-Boot's monitor takes each FIQ.
TEST_F(UBootOfH3, HasATimerInHyp) {
    stop_at_prompt();
    type("setenv bootargs suite=quick only=timer load=vm-idle count=50");
    boot_and_read("boot", "Starting kernel ...");
    EXPECT_GT(measured(), 2);
}

/// U-Boot's patience is in the machine's time, and that of `sb` in ours. So it has the computer to
/// itself (tests/CMakeLists.txt).
class YmodemOfH3 : public UBootOfH3 {};

TEST_F(YmodemOfH3, BootsTheFitThatCameOverTheSerialLine) {
    stop_at_prompt();
    type(kHypercalls);
    const auto commands = printed_commands("over the serial line", "orangepi");
    ASSERT_EQ(commands.size(), 2U);
    qemu_->send(commands[0] + "\r");
    ASSERT_TRUE(qemu_->expect("Ready for binary (ymodem) download", kForACommand))
        << qemu_->transcript();
    EXPECT_EQ(
        qemu_->lend_to({"sb", "-k", "-q", HYPMETER_BUILDS "/orangepi/boot/hypmeter-orangepi.itb"},
                       kForATransfer),
        0);
    ASSERT_TRUE(qemu_->expect("=> ", kForACommand)) << qemu_->transcript();
    boot_and_read(commands[1], "Starting kernel ...");
    expect_hypercalls_alone();
}

}  // namespace
}  // namespace hm::test
