// A run at a serial port. Debian's U-Boot under QEMU takes the place of the board, and a
// pseudo-terminal that of the cable, which can be a bad one.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <functional>
#include <memory>
#include <thread>

#include "tests/system/tool.hpp"
#include "tests/system/uboot_machine.hpp"
#include "tests/unit/host/log/bad_line.hpp"
#include "tests/unit/host/machine/pty.hpp"

namespace hm::test {
namespace {

using host::testing::BadLine;
using host::testing::Pty;
using nlohmann::json;

std::string boot_file(const std::string& name) {
    return std::string(HYPMETER_IMAGES_DIR) + "/boot/" + name;
}

/// QEMU with U-Boot, at the other end of the cable whose near end is `port()`.
class Board {
  public:
    /// From the target's first word on, bytes both ways are damaged this often.
    Board(const ScratchFolder& scratch, double damage, const UBootSources& sources = {})
        : Board(scratch, damage, [&sources](const std::string& uart) {
              return uboot_machine("virt,virtualization=on,gic-version=2", uart, sources);
          }) {}
    /// `machine` is QEMU's command for a UART.
    Board(const ScratchFolder& scratch, double damage,
          const std::function<std::vector<std::string>(const std::string&)>& machine)
        : near_(scratch / "port"), far_(scratch / "uart"), out_(1, damage), in_(2, damage) {
        start(machine("serial,path=" + far_.path()));
        cable_ = std::thread([this] { carry(); });
    }
    Board(const Board&) = delete;
    Board& operator=(const Board&) = delete;
    ~Board() {
        ::kill(qemu_, SIGKILL);
        ::waitpid(qemu_, nullptr, 0);
        stop_ = true;
        cable_.join();
    }

    [[nodiscard]] std::string port() const { return "serial:" + near_.path(); }

    /// Whether the target has ended by itself, within a short while.
    [[nodiscard]] bool has_ended() const {
        siginfo_t info{};
        for (int tries = 0; tries < 250 && info.si_pid == 0; ++tries) {
            ::waitid(P_PID, static_cast<id_t>(qemu_), &info, WEXITED | WNOHANG | WNOWAIT);
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        return info.si_pid == qemu_;
    }

  private:
    void start(const std::vector<std::string>& command) {
        std::vector<char*> argv;
        for (const std::string& word : command) {
            argv.push_back(const_cast<char*>(word.c_str()));
        }
        argv.push_back(nullptr);
        qemu_ = ::fork();
        if (qemu_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            ::execvp(argv.front(), argv.data());
            ::_exit(127);
        }
    }

    void carry() {
        constexpr std::string_view kStart = "Starting kernel ...";
        std::string recent;
        bool runs = false;
        while (!stop_) {
            const std::string out = far_.read();
            near_.write(runs ? out_.pass(out) : out);
            recent += out;
            runs = runs || recent.find(kStart) != std::string::npos;
            const std::string in = near_.read();
            far_.write(runs ? in_.pass(in) : in);
        }
    }

    Pty near_, far_;
    BadLine out_, in_;
    std::atomic<bool> stop_{false};
    std::thread cable_;
    pid_t qemu_ = -1;
};

/// "hypmeter run" on that board, with only hypercalls.
Finished run_on(const Board& board, const std::filesystem::path& out, const std::string& more) {
    return run_tool(out, "--machine " + board.port() + " --only hypercall " + more);
}

void expect_a_whole_run(const Finished& finished, const std::filesystem::path& out,
                        const char* name = "virt") {
    ASSERT_EQ(finished.status, 0) << finished.output;
    const json got = results(out);
    EXPECT_EQ(got.at("board"), name);
    EXPECT_EQ(got.at("clock"), "emulator") << "the image cannot know which clock QEMU has";
    EXPECT_TRUE(got.at("skipped").empty());
    ASSERT_FALSE(got.at("results").empty());
    for (const json& one : got.at("results")) {
        EXPECT_EQ(one.at("workload"), "hypercall");
    }
    EXPECT_TRUE(verdict(got, "serial line brought every record").at("ok"));
}

/// U-Boot enters it in HYP mode, which it leaves. QEMU's clock is this computer's here.
TEST(Serial, TheGuestThatComesAloneRunsWithoutHyp) {
    const ScratchFolder scratch;
    const Board board(scratch, 0);
    const Finished finished =
        run_tool(scratch / "out", "--under " + board.port() + " --only exits --set rounds=1");
    ASSERT_EQ(finished.status, 0) << finished.output;
    const json got = results(scratch / "out");
    EXPECT_EQ(got.at("board"), "alone");
    EXPECT_EQ(got.at("clock"), "counter");
    EXPECT_EQ(got.at("parameters").at("under"), "board");
    ASSERT_EQ(got.at("skipped").size(), 1U);
    EXPECT_NE(got.at("skipped")[0].dump().find("nothing answers HVC here"), std::string::npos);
    EXPECT_EQ(got.at("results").size(), 7U);
    for (const json& one : got.at("results")) {
        EXPECT_EQ(one.at("unit"), "counter ticks");
    }
    EXPECT_TRUE(board.has_ended()) << "the guest turns the board off";
}

TEST(Serial, AnImageSentOverTheLineRunsToACompleteResult) {
    const ScratchFolder scratch;
    const Board board(scratch, 0);
    expect_a_whole_run(run_on(board, scratch / "out", "--load loady"), scratch / "out");
    EXPECT_TRUE(board.has_ended()) << "the run asked the target to end";
}

TEST(Serial, AnImageFromTheNetworkRunsToACompleteResult) {
    const ScratchFolder scratch;
    const Board board(scratch, 0, {.disk = {}, .tftp = HYPMETER_IMAGES_DIR "/boot"});
    expect_a_whole_run(run_on(board, scratch / "out", "--load tftp"), scratch / "out");
    EXPECT_NE(read_text(scratch / "out" / "uart.log").find("TFTP from server"), std::string::npos);
}

TEST(DamagedLine, BringsACompleteResultToo) {
    const ScratchFolder scratch;
    const Board board(scratch, 0.0004);
    expect_a_whole_run(run_on(board, scratch / "out", "--load loady"), scratch / "out");
    EXPECT_GT(results(scratch / "out").at("host").at("asked_again").get<int>(), 0);
}

TEST(Serial, FlashPutsTheImageOnTheCardFromWhichItRuns) {
    const ScratchFolder scratch;
    const std::filesystem::path disk = scratch / "disk.img";
    const Finished made =
        run("truncate -s 32M " + disk.string() + " && /sbin/sfdisk -q " + disk.string() + " <" +
            boot_file("hypmeter-virt.sfdisk") +
            " && dd status=none if=" + boot_file("hypmeter-virt.fat") + " of=" + disk.string() +
            " bs=512 seek=2048 conv=notrunc" + " && echo old >" + (scratch / "old").string() +
            " && mcopy -o -i " + disk.string() + "@@1M " + (scratch / "old").string() +
            " ::hypmeter-virt.uimg");
    ASSERT_EQ(made.status, 0) << made.output;
    const Board board(scratch, 0, {.disk = disk, .tftp = {}});
    const Finished stale = run_on(board, scratch / "stale", "");
    EXPECT_EQ(stale.status, 1);
    EXPECT_NE(stale.output.find("CRC failure"), std::string::npos) << stale.output;
    const Finished flashed = run(std::string(HYPMETER_TOOL) + " flash --machine " + board.port());
    ASSERT_EQ(flashed.status, 0) << flashed.output;
    EXPECT_NE(flashed.output.find("read back and equal"), std::string::npos) << flashed.output;
    expect_a_whole_run(run_on(board, scratch / "out", ""), scratch / "out");
}

/// A board with its own U-Boot on its card, from which the tool loads, and which it renews.
class SerialOfH3 : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!why_no_uboot_for_h3().empty()) {
            GTEST_SKIP() << why_no_uboot_for_h3();
        }
        make_disk(scratch_ / "", "orangepi");
    }

    [[nodiscard]] std::unique_ptr<Board> power_on(const std::filesystem::path& tftp = {}) const {
        return std::make_unique<Board>(scratch_, 0, [this, &tftp](const std::string& uart) {
            return h3_machine(uart, {.disk = scratch_ / "disk.img", .tftp = tftp});
        });
    }

    void expect_a_whole_run_by(const Board& board, const std::string& words) const {
        expect_a_whole_run(run_on(board, scratch_ / "out", "--board orangepi " + words),
                           scratch_ / "out", "orangepi");
    }

    ScratchFolder scratch_;
};

TEST_F(SerialOfH3, FlashPutsTheImageOnTheCardFromWhichItRuns) {
    const Finished spoiled = run("echo old >" + (scratch_ / "old").string() + " && mcopy -o -i " +
                                 (scratch_ / "disk.img").string() + "@@1M " +
                                 (scratch_ / "old").string() + " ::hypmeter-orangepi.uimg");
    ASSERT_EQ(spoiled.status, 0) << spoiled.output;
    const auto board = power_on();
    const Finished stale = run_on(*board, scratch_ / "stale", "--board orangepi");
    EXPECT_EQ(stale.status, 1);
    EXPECT_NE(stale.output.find("CRC failure"), std::string::npos) << stale.output;
    const Finished flashed =
        run(std::string(HYPMETER_TOOL) + " flash --board orangepi --machine " + board->port());
    ASSERT_EQ(flashed.status, 0) << flashed.output;
    EXPECT_NE(flashed.output.find("read back and equal"), std::string::npos) << flashed.output;
    expect_a_whole_run_by(*board, "");
}

/// It has the computer to itself (tests/system/h3_uboot_test.cpp says why).
class YmodemByToolOfH3 : public SerialOfH3 {};

TEST_F(YmodemByToolOfH3, AnImageSentOverTheLineRunsToACompleteResult) {
    expect_a_whole_run_by(*power_on(), "--load loady");
}

TEST_F(SerialOfH3, AnImageFromTheNetworkRunsToACompleteResult) {
    expect_a_whole_run_by(*power_on(HYPMETER_BUILDS "/orangepi/boot"), "--load tftp");
    EXPECT_NE(read_text(scratch_ / "out" / "uart.log").find("TFTP from server"), std::string::npos);
}

}  // namespace
}  // namespace hm::test
