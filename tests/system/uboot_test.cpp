// The image through U-Boot: Debian's build for QEMU (package u-boot-qemu), which takes the same
// files with the same commands as a board's. Each way of booting ends in a complete run.

#include <gtest/gtest.h>

#include <memory>
#include <ostream>

#include "host/log_parser.hpp"
#include "tests/system/dialogue.hpp"
#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

using std::chrono::seconds;

constexpr seconds kForACommand{60};
constexpr seconds kForATransfer{240};
constexpr seconds kForARun{300};

constexpr const char* kParameters = "setenv bootargs suite=quick only=hypercall";

/// In which state U-Boot runs, and so in which state it enters the image.
struct Entry {
    std::string name;
    std::string machine;

    friend std::ostream& operator<<(std::ostream& out, const Entry& entry) {
        return out << entry.name;
    }
};

std::string boot_file(const std::string& name) {
    return std::string(HYPMETER_IMAGES_DIR) + "/boot/" + name;
}

class UBoot : public ::testing::TestWithParam<Entry> {
  protected:
    /// Makes a disk as one makes a card: these are the commands that `hypmeter image` prints.
    void make_disk() const {
        const std::string disk = (scratch_ / "disk.img").string();
        const Finished made =
            run("truncate -s 32M " + disk + " && /sbin/sfdisk --wipe never " + disk + " <" +
                boot_file("hypmeter-virt.sfdisk") + " && dd if=" + boot_file("hypmeter-virt.fat") +
                " of=" + disk + " bs=512 seek=2048 conv=notrunc,fsync");
        ASSERT_EQ(made.status, 0) << made.output;
    }

    void power_on() {
        // Device models of virtio 1, since U-Boot writes feature bits 32 and up to older ones too,
        // of which QEMU complains. Ctrl-C, a byte of YMODEM's, is not to end QEMU.
        qemu_ = std::make_unique<Dialogue>(std::vector<std::string>{
            "qemu-system-arm",
            "-M",
            GetParam().machine,
            "-cpu",
            "cortex-a15,cntfrq=1000000000",
            "-icount",
            "shift=0,sleep=off",
            "-m",
            "1G",
            "-bios",
            "/usr/lib/u-boot/qemu_arm/u-boot.bin",
            "-display",
            "none",
            "-nic",
            "none",
            "-monitor",
            "none",
            "-chardev",
            "stdio,id=uart,signal=off",
            "-serial",
            "chardev:uart",
            "-semihosting-config",
            "enable=on,target=native",
            "-global",
            "virtio-mmio.force-legacy=false",
            "-drive",
            "if=none,id=d,format=raw,file=" + (scratch_ / "disk.img").string(),
            "-device",
            "virtio-blk-device,drive=d",
            "-d",
            "guest_errors,unimp",
            "-D",
            (scratch_ / "qemu.log").string()});
    }

    /// Stops at U-Boot's prompt.
    void stop_at_prompt() {
        make_disk();
        power_on();
        ASSERT_TRUE(qemu_->expect("stop autoboot", kForACommand)) << qemu_->transcript();
        qemu_->send(" ");
        ASSERT_TRUE(qemu_->expect("=> ", kForACommand)) << qemu_->transcript();
    }

    /// Types a command and waits for the next prompt.
    void type(const std::string& command) {
        qemu_->send(command + "\r");
        ASSERT_TRUE(qemu_->expect("=> ", kForACommand)) << qemu_->transcript();
    }

    /// Types the last command, unless that is empty, and checks the run that follows.
    void boot_and_check(const std::string& command) {
        if (!command.empty()) {
            qemu_->send(command + "\r");
        }
        ASSERT_TRUE(qemu_->expect("Starting kernel ...", kForACommand)) << qemu_->transcript();
        EXPECT_EQ(qemu_->wait(kForARun), 0) << qemu_->transcript();
        host::LogParser parser;
        parser.feed(qemu_->rest());
        parser.finish();
        log_ = parser.log();
        for (const std::string& fault : log_.faults) {
            ADD_FAILURE() << fault;
        }
        EXPECT_EQ(log_.end_ok, true) << qemu_->transcript();
        ASSERT_TRUE(log_.begin);
        EXPECT_EQ(log_.begin->board, "virt");
        EXPECT_EQ(log_.begin->clock, "instructions");
        EXPECT_EQ(log_.scenarios.size(), log_.begin->plan.size());
        EXPECT_EQ(read_text(scratch_ / "qemu.log"), "") << "QEMU complained";
    }

    /// The parameters arrived: nothing but hypercalls was measured.
    void expect_hypercalls_alone() const {
        EXPECT_FALSE(log_.scenarios.empty());
        for (const host::Scenario& scenario : log_.scenarios) {
            EXPECT_TRUE(scenario.name.starts_with("hypercall")) << scenario.name;
        }
    }

    ScratchFolder scratch_;
    std::unique_ptr<Dialogue> qemu_;
    host::RunLog log_;
};

TEST_P(UBoot, RunsTheQuickSuiteFromTheDiskWithoutAKeyTouched) {
    make_disk();
    power_on();
    boot_and_check("");
    EXPECT_GT(log_.scenarios.size(), 100U);
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
    type("virtio scan");
    type("load virtio 0:1 0x42200000 hypmeter-virt.uimg");
    type("load virtio 0:1 0x41200000 hypmeter-virt.dtb");
    boot_and_check("bootm 0x42200000 - 0x41200000");
    expect_hypercalls_alone();
}

TEST_P(UBoot, BootsTheFitAfterCheckingItsHashes) {
    stop_at_prompt();
    type(kParameters);
    type("virtio scan");
    type("load virtio 0:1 0x42200000 hypmeter-virt.itb");
    boot_and_check("bootm 0x42200000");
    expect_hypercalls_alone();
    const std::string& said = qemu_->transcript();
    const std::size_t first = said.find("sha256+ OK");
    ASSERT_NE(first, std::string::npos) << said;
    EXPECT_NE(said.find("sha256+ OK", first + 1), std::string::npos) << said;
}

TEST_P(UBoot, BootsTheRawImage) {
    stop_at_prompt();
    type(kParameters);
    type("virtio scan");
    type("load virtio 0:1 0x40200000 hypmeter-virt.bin");
    type("load virtio 0:1 0x41200000 hypmeter-virt.dtb");
    boot_and_check("bootz 0x40200000 - 0x41200000");
    expect_hypercalls_alone();
}

TEST_P(UBoot, BootsTheFitThatCameOverTheSerialLine) {
    stop_at_prompt();
    type(kParameters);
    qemu_->send("loady 0x42200000\r");
    ASSERT_TRUE(qemu_->expect("Ready for binary (ymodem) download", kForACommand))
        << qemu_->transcript();
    EXPECT_EQ(qemu_->lend_to({"sb", "-k", "-q", boot_file("hypmeter-virt.itb")}, kForATransfer), 0);
    ASSERT_TRUE(qemu_->expect("=> ", kForACommand)) << qemu_->transcript();
    boot_and_check("bootm 0x42200000");
    expect_hypercalls_alone();
}

std::string name_of(const ::testing::TestParamInfo<Entry>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Entered, UBoot,
                         ::testing::Values(Entry{"InHyp", "virt,virtualization=on,gic-version=2"}),
                         name_of);

// As after `go` on Arndale. Disabled until the monitor takes this entry.
INSTANTIATE_TEST_SUITE_P(DISABLED_Entered, UBoot,
                         ::testing::Values(Entry{"InSecureSvc",
                                                 "virt,virtualization=on,secure=on,gic-version=2"}),
                         name_of);

}  // namespace
}  // namespace hm::test
