// The image booted by U-Boot: Debian's build for QEMU (package u-boot-qemu), which takes the same
// files and the same commands as that of a board. Each way of booting ends in a complete run.

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
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
constexpr seconds kForARun{300};

constexpr const char* kParameters = "setenv bootargs suite=quick only=hypercall";

/// The state in which U-Boot runs, and so the state in which it enters the image.
struct Entry {
    std::string name;
    std::string machine;
    bool turns_off;  ///< the target can turn the machine off

    friend std::ostream& operator<<(std::ostream& out, const Entry& entry) {
        return out << entry.name;
    }
};

/// How fast the machine's time goes, and the clock that a run finds there.
struct Pace {
    const char* icount;
    const char* clock;
};

constexpr Pace kOneInstructionATick{"shift=0,sleep=off", "instructions"};
// Between the name of a file and its data, U-Boot waits until 2 s of its time have passed. With one
// nanosecond for an instruction that is a minute on a busy host, and after a minute `sb` gives up.
constexpr Pace kFast{"shift=3,sleep=off", "emulator"};

std::string boot_file(const std::string& name) {
    return std::string(HYPMETER_IMAGES_DIR) + "/boot/" + name;
}

class UBoot : public ::testing::TestWithParam<Entry> {
  protected:
    void power_on(const Pace& pace = kOneInstructionATick) {
        clock_ = pace.clock;
        // Ctrl-C is a byte of YMODEM and must not end QEMU.
        std::vector<std::string> command = uboot_machine(
            GetParam().machine, "stdio,signal=off", {.disk = scratch_ / "disk.img", .tftp = {}});
        command.insert(command.end(), {"-icount", pace.icount, "-d", "guest_errors,unimp", "-D",
                                       (scratch_ / "qemu.log").string()});
        qemu_ = std::make_unique<Dialogue>(command);
    }

    /// Stops at U-Boot's prompt.
    void stop_at_prompt(const Pace& pace = kOneInstructionATick) {
        make_disk(scratch_ / "");
        power_on(pace);
        ASSERT_TRUE(qemu_->expect("stop autoboot", kForACommand)) << qemu_->transcript();
        qemu_->send(" ");
        ASSERT_TRUE(qemu_->expect("=> ", kForACommand)) << qemu_->transcript();
    }

    /// Types a command and waits for the next prompt.
    void type(const std::string& command) {
        qemu_->send(command + "\r");
        ASSERT_TRUE(qemu_->expect("=> ", kForACommand)) << qemu_->transcript();
    }

    /// Types the commands that are printed for `file`, and checks the run that the last one starts.
    void boot_as_printed(const std::string& file) {
        const std::vector<std::string> commands = printed_commands("  " + file + ":");
        ASSERT_GE(commands.size(), 2U);
        for (std::size_t i = 0; i + 1 < commands.size(); ++i) {
            type(commands[i]);
        }
        boot_and_check(commands.back());
        expect_hypercalls_alone();
    }

    /// Types the last command, and checks the run that follows.
    void boot_and_check(const std::string& command) {
        qemu_->send(command + "\r");
        ASSERT_TRUE(qemu_->expect("Starting kernel ...", kForACommand)) << qemu_->transcript();
        const std::size_t from = qemu_->transcript().size() - qemu_->rest().size();
        EXPECT_TRUE(qemu_->expect(R"("record":"end")", kForARun)) << qemu_->transcript();
        EXPECT_TRUE(qemu_->expect("\n", kForACommand));
        if (GetParam().turns_off) {
            EXPECT_EQ(qemu_->wait(kForACommand), 0) << qemu_->transcript();
        }
        host::LogParser parser;
        parser.feed(std::string_view(qemu_->transcript()).substr(from));
        parser.finish();
        log_ = parser.log();
        for (const std::string& fault : log_.faults) {
            ADD_FAILURE() << fault;
        }
        EXPECT_EQ(log_.end_ok, true) << qemu_->transcript();
        ASSERT_TRUE(log_.begin);
        EXPECT_EQ(log_.begin->board, "virt");
        EXPECT_EQ(log_.begin->clock, clock_);
        EXPECT_EQ(log_.scenarios.size(), log_.begin->plan.size());
        EXPECT_EQ(read_text(scratch_ / "qemu.log"), "") << "QEMU complained";
    }

    /// The parameters arrived: only hypercalls were measured.
    void expect_hypercalls_alone() const {
        EXPECT_FALSE(log_.scenarios.empty());
        for (const host::ScenarioRecord& scenario : log_.scenarios) {
            EXPECT_TRUE(scenario.name.starts_with("hypercall")) << scenario.name;
        }
    }

    ScratchFolder scratch_;
    std::unique_ptr<Dialogue> qemu_;
    std::string clock_;  ///< that the run must report
    host::RunLog log_;
};

TEST_P(UBoot, StartsTheQuickSuiteFromTheDiskWithoutAKeyTouched) {
    make_disk(scratch_ / "");
    power_on(kFast);  // it waits 2 s for a key
    ASSERT_TRUE(qemu_->expect("Starting kernel ...", kForACommand)) << qemu_->transcript();
    const std::size_t from = qemu_->transcript().size() - qemu_->rest().size();
    ASSERT_TRUE(qemu_->expect(R"("record":"scenario")", kForARun)) << qemu_->transcript();
    ASSERT_TRUE(qemu_->expect("\n", kForACommand));
    host::LogParser parser;
    parser.feed(std::string_view(qemu_->transcript()).substr(from));
    EXPECT_EQ(parser.log().faults, std::vector<std::string>{});
    ASSERT_TRUE(parser.log().begin);
    const host::Begin& begin = *parser.log().begin;
    EXPECT_EQ(begin.board, "virt");
    EXPECT_EQ(begin.clock, clock_);
    EXPECT_EQ(begin.parameters.text("suite"), "quick");
    EXPECT_EQ(begin.parameters.text("count"), "1000") << "not as it is by default";
    EXPECT_GT(begin.plan.size(), 200U);
    ASSERT_FALSE(parser.log().scenarios.empty());
    EXPECT_TRUE(parser.log().scenarios.front().ok) << parser.log().scenarios.front().detail;
    EXPECT_EQ(parser.log().scenarios.front().name, begin.plan.front());
    EXPECT_EQ(read_text(scratch_ / "qemu.log"), "") << "QEMU complained";
}

TEST_P(UBoot, RunsEveryScenarioOfTheQuickSuiteFromTheDisk) {
    stop_at_prompt();
    // Each less often than by default. The script on the disk passes the words on.
    type("setenv bootargs suite=quick count=20 spins=20 shares=3 rounds=2 laps=2");
    boot_and_check("boot");
    EXPECT_GT(log_.scenarios.size(), 200U);
}

TEST_P(UBoot, RunsTheBootScriptWithTheUsersParameters) {
    stop_at_prompt();
    type(kParameters);
    boot_and_check("boot");
    expect_hypercalls_alone();
}

TEST_P(UBoot, SaysWhatIsMissingWhereTheScriptCannotGoOn) {
    stop_at_prompt();
    const Finished removed =
        run("mdel -i " + (scratch_ / "disk.img").string() + "@@1M ::hypmeter-virt.dtb");
    ASSERT_EQ(removed.status, 0) << removed.output;
    qemu_->send("boot\r");
    EXPECT_TRUE(qemu_->expect("hypmeter: not started: /hypmeter-virt.uimg or ", kForACommand))
        << qemu_->transcript();
    EXPECT_TRUE(qemu_->expect("=> ", kForACommand)) << qemu_->transcript();
}

TEST_P(UBoot, BootsTheUImage) {
    stop_at_prompt();
    type(kParameters);
    boot_as_printed("hypmeter-virt.uimg");
}

TEST_P(UBoot, BootsTheFitAfterCheckingItsHashes) {
    stop_at_prompt();
    type(kParameters);
    boot_as_printed("hypmeter-virt.itb");
    const std::string& said = qemu_->transcript();
    const std::size_t first = said.find("sha256+ OK");
    ASSERT_NE(first, std::string::npos) << said;
    EXPECT_NE(said.find("sha256+ OK", first + 1), std::string::npos) << said;
}

TEST_P(UBoot, BootsTheRawImage) {
    stop_at_prompt();
    type(kParameters);
    boot_as_printed("hypmeter-virt.bin");
}

TEST_P(UBoot, BootsTheFitThatCameOverTheSerialLine) {
    stop_at_prompt(kFast);
    type(kParameters);
    const std::vector<std::string> commands = printed_commands("over the serial line");
    ASSERT_EQ(commands.size(), 2U);
    qemu_->send(commands[0] + "\r");
    ASSERT_TRUE(qemu_->expect("Ready for binary (ymodem) download", kForACommand))
        << qemu_->transcript();
    EXPECT_EQ(qemu_->lend_to({"sb", "-k", "-q", boot_file("hypmeter-virt.itb")}, kForATransfer), 0);
    ASSERT_TRUE(qemu_->expect("=> ", kForACommand)) << qemu_->transcript();
    boot_and_check(commands[1]);
    expect_hypercalls_alone();
}

std::string name_of(const ::testing::TestParamInfo<Entry>& info) { return info.param.name; }

// U-Boot runs in the state in which the machine started it, and enters the image in the same state:
// also in Secure SVC, as after `go` on Arndale.
INSTANTIATE_TEST_SUITE_P(
    Entered, UBoot,
    ::testing::Values(Entry{"InHyp", "virt,virtualization=on,gic-version=2", true},
                      Entry{"InSecureSvc", "virt,virtualization=on,secure=on,gic-version=2",
                            false}),
    name_of);

}  // namespace
}  // namespace hm::test
