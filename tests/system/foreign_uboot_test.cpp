// A guest of the user's own, booted by U-Boot from the files of `hypmeter guest --write`: Debian's
// build for QEMU, which takes the same commands as that of a board.

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "host/guest/guest_log.hpp"
#include "tests/system/dialogue.hpp"
#include "tests/system/tool.hpp"
#include "tests/system/uboot_machine.hpp"

namespace hm::test {
namespace {

constexpr std::chrono::seconds kPatience{240};
constexpr const char* kGuestsLine = "a guest of the user's own\n";

/// Prints kGuestsLine at a PL011 and turns itself off; `echoes`: only after a `q` that was typed,
/// and each key before it comes back.
std::string flat_guest(bool echoes) {
    // ARM DDI 0406C.d, A8.8; PSCI 0.2 (ARM DEN 0022), SYSTEM_OFF.
    constexpr std::uint32_t kAddressOfText = 3;
    std::vector<std::uint32_t> words{
        0xe3a0'0409,  // mov r0, #0x09000000
        0xe300'1301,  // movw r1, #0x301
        0xe580'1030,  // str r1, [r0, #0x30]: receives and sends
        0xe28f'1000,  // adr r1, text: the offset follows below
        0xe4d1'2001,  // print: ldrb r2, [r1], #1
        0xe352'0000,  // cmp r2, #0
        0x1580'2000,  // strne r2, [r0]
        0x1aff'fffb,  // bne print
    };
    if (echoes) {
        words.insert(words.end(), {
                                      0xe590'2018,  // wait: ldr r2, [r0, #0x18]
                                      0xe312'0010,  // tst r2, #0x10: nothing came
                                      0x1aff'fffc,  // bne wait
                                      0xe590'2000,  // ldr r2, [r0]
                                      0xe580'2000,  // str r2, [r0]
                                      0xe352'0071,  // cmp r2, #'q'
                                      0x1aff'fff8,  // bne wait
                                  });
    }
    words.insert(words.end(), {
                                  0xe300'0008,  // movw r0, #0x0008
                                  0xe348'0400,  // movt r0, #0x8400
                                  0xe140'0070,  // hvc #0
                                  0xeaff'fffe,  // b .
                              });
    words[kAddressOfText] += static_cast<std::uint32_t>(words.size() - kAddressOfText - 2) * 4;
    std::string bytes;
    for (std::uint32_t word : words) {
        for (int i = 0; i < 4; ++i, word >>= 8) {
            bytes.push_back(static_cast<char>(word));
        }
    }
    return bytes + kGuestsLine + '\0';
}

class ForeignUBoot : public ::testing::Test {
  protected:
    void SetUp() override { write_guest(false); }

    /// "hypmeter guest" with the guest, and with `more` words.
    [[nodiscard]] Finished run_guest(const std::string& more) const {
        return run(HYPMETER_TOOL " guest --kernel " + (scratch_ / "guest").string() +
                   " --load 0x40010000 --memory 256M " + more);
    }

    void write_guest(bool echoes) {
        std::ofstream(scratch_ / "guest", std::ios::binary) << flat_guest(echoes);
        const Finished written = run_guest("--write " + (scratch_ / "files").string());
        ASSERT_EQ(written.status, 0) << written.output;
        printed_ = written.output;
    }

    void power_on(const UBootSources& sources) {
        std::vector<std::string> command = uboot_machine("virt,virtualization=on,gic-version=2",
                                                         "stdio,signal=off", sources, "2G");
        command.insert(command.end(), {"-icount", "shift=3,sleep=off", "-d", "guest_errors,unimp",
                                       "-D", (scratch_ / "qemu.log").string()});
        qemu_ = std::make_unique<Dialogue>(command);
    }

    void make_disk_as_printed() {
        std::string script = "set -e\ncd " + (scratch_ / "").string() + "\n";
        for (const std::string& command : commands_below("The disk, as a file ", printed_)) {
            script += command + "\n";
        }
        std::ofstream(scratch_ / "make") << script;
        const Finished made = run("sh " + (scratch_ / "make").string());
        ASSERT_EQ(made.status, 0) << made.output;
    }

    /// Stops at the prompt, and types all commands below the line with `heading`.
    void type_as_printed(const std::string& heading) {
        ASSERT_TRUE(qemu_->expect("stop autoboot", kPatience)) << qemu_->transcript();
        qemu_->send(" ");
        for (const std::string& command : commands_below(heading, printed_)) {
            ASSERT_TRUE(qemu_->expect("=> ", kPatience)) << qemu_->transcript();
            qemu_->send(command + "\r");
        }
    }

    /// The guest runs to its end, and the machine turns itself off.
    void expect_the_guests_run() {
        ASSERT_TRUE(qemu_->expect("Starting kernel ...", kPatience)) << qemu_->transcript();
        const std::size_t from = qemu_->transcript().size() - qemu_->rest().size();
        EXPECT_EQ(qemu_->wait(kPatience), 0) << qemu_->transcript();
        std::string text;
        host::GuestLog log([&text](std::string_view bytes) { text += bytes; });
        log.take(std::string_view(qemu_->transcript()).substr(from));
        std::erase(text, '\r');  // which the console adds
        EXPECT_TRUE(log.ended()) << qemu_->transcript();
        const host::GuestResults results = log.finish();
        EXPECT_EQ(results.faults, std::vector<std::string>{});
        EXPECT_EQ(text, kGuestsLine);
        EXPECT_EQ(results.ended_well, true);
        EXPECT_EQ(results.ending, "it turned itself off");
        EXPECT_EQ(results.board, "virt");
        EXPECT_EQ(results.parameters.text("memory"), "268435456");
        std::uint64_t accesses = 0;
        for (const host::ExitRow& row : results.exits) {
            accesses += row.reason == "uart" ? row.count : 0;
        }
        EXPECT_EQ(accesses, 1 + std::string_view(kGuestsLine).size()) << "it enables it first";
        EXPECT_EQ(read_text(scratch_ / "qemu.log"), "") << "QEMU complained";
    }

    ScratchFolder scratch_;
    std::string printed_;
    std::unique_ptr<Dialogue> qemu_;
};

TEST_F(ForeignUBoot, RunsTheGuestFromTheDiskWithoutAKeyTouched) {
    make_disk_as_printed();
    power_on({.disk = scratch_ / "disk.img", .tftp = {}});
    expect_the_guests_run();
}

TEST_F(ForeignUBoot, RunsTheGuestFromTheDiskByTheCommandsThatArePrinted) {
    make_disk_as_printed();
    power_on({.disk = scratch_ / "disk.img", .tftp = {}});
    type_as_printed("  each file by itself:");
    expect_the_guests_run();
}

TEST_F(ForeignUBoot, RunsTheGuestFromTheNetworkByTheCommandsThatArePrinted) {
    power_on({.disk = {}, .tftp = scratch_ / "files"});
    type_as_printed("on a TFTP server");
    expect_the_guests_run();
}

TEST_F(ForeignUBoot, IsLoadedByTheToolAtASerialPortWithKeysForTheGuest) {
    write_guest(true);
    std::ofstream(scratch_ / "keys") << "typed here, and more than a UART holds at once: q";
    std::vector<std::string> command =
        uboot_machine("virt,virtualization=on,gic-version=2", "pty",
                      {.disk = {}, .tftp = scratch_ / "files"}, "2G");
    // With QEMU the port would go, and take what was not read yet with it. A board's stays.
    command.emplace_back("-no-shutdown");
    qemu_ = std::make_unique<Dialogue>(command);
    ASSERT_TRUE(qemu_->expect("redirected to ", kPatience)) << qemu_->transcript();
    ASSERT_TRUE(qemu_->expect(" ", kPatience)) << qemu_->transcript();
    const std::string& said = qemu_->transcript();
    const std::size_t at = said.find("/dev/pts/");
    ASSERT_NE(at, std::string::npos) << said;
    const Finished ran = run_guest("--machine serial:" + said.substr(at, said.find(' ', at) - at) +
                                   " --from tftp --input " + (scratch_ / "keys").string() +
                                   " --time-limit 600 --out " + (scratch_ / "out").string());
    EXPECT_EQ(ran.status, 0) << ran.output;
    EXPECT_EQ(read_text(scratch_ / "out" / "console.txt"),
              std::string(kGuestsLine) + "typed here, and more than a UART holds at once: q");
    EXPECT_NE(ran.output.find("it turned itself off"), std::string::npos) << ran.output;
}

TEST_F(ForeignUBoot, SaysWhatIsMissingOnTheDisk) {
    make_disk_as_printed();
    const Finished removed =
        run("mdel -i " + (scratch_ / "disk.img").string() + "@@1M ::hypmeter-guest.bundle");
    ASSERT_EQ(removed.status, 0) << removed.output;
    power_on({.disk = scratch_ / "disk.img", .tftp = {}});
    EXPECT_TRUE(qemu_->expect("hypmeter: not started: hypmeter-guest.bundle or ", kPatience))
        << qemu_->transcript();
}

TEST_F(ForeignUBoot, ItsOwnToolsAgreeWithTheScriptsImage) {
    const Finished listed = run("mkimage -l " + (scratch_ / "files/boot.scr").string());
    EXPECT_EQ(listed.status, 0) << listed.output;
    EXPECT_NE(listed.output.find("ARM Linux Script (uncompressed)"), std::string::npos)
        << listed.output;
}

}  // namespace
}  // namespace hm::test
