// Runs on a board at a serial port, from the words of the command to its exit status, with a fake
// at the other end of a pseudo-terminal.

#include <gtest/gtest.h>
#include <sys/file.h>

#include <sstream>

#include "host/cli/main_command.hpp"
#include "tests/unit/host/base/scripts.hpp"
#include "tests/unit/host/log/log.hpp"
#include "tests/unit/host/machine/boot_files.hpp"
#include "tests/unit/host/machine/fake_board.hpp"

namespace hm::host::testing {
namespace {

std::string uimage(const std::string& data) { return legacy_file(2, data, kBase); }

class HostSerial : public ScriptTest {
  protected:
    HostSerial() : image_(write("image.uimg", uimage("an image"))) {
        plan_.log = good_log();
        plan_.card["hypmeter-virt.uimg"] = uimage("an image");
    }

    int tool(std::vector<std::string> words) {
        std::ostringstream out;
        std::ostringstream err;
        const int status =
            main_command(std::move(words), path("builds"), {out, err, 80, ProgressMode::kLines});
        out_ = out.str();
        err_ = err.str();
        return status;
    }

    int run(const std::string& port, const std::vector<std::string>& more = {}) {
        std::vector<std::string> words{"run",           "--machine",          port,
                                       "--out",         path("out").string(), "--image",
                                       image_.string(), "--time-limit",       time_limit_};
        words.insert(words.end(), more.begin(), more.end());
        return tool(words);
    }

    int resume(const std::string& port) {
        return tool({"run", "--machine", port, "--out", path("out").string(), "--time-limit", "30",
                     "--resume"});
    }

    /// The results without what may differ between two runs.
    [[nodiscard]] Json results() const {
        Json json = Json::parse(read("out/results.json"), nullptr, false);
        json.erase("host");
        return json;
    }

    [[nodiscard]] std::filesystem::path link() const { return path("port"); }

    FakeBoardPlan plan_;
    std::filesystem::path image_;
    std::string time_limit_ = "30";
    std::string out_, err_;
};

TEST_F(HostSerial, AGoodRunIsRecordedAndShown) {
    FakeBoard board(link(), plan_);
    ASSERT_EQ(run(board.port(), {"--only", "timer", "--set", "count=7"}), kAllOk) << out_ << err_;
    EXPECT_TRUE(has(out_, "Figure 7"));
    EXPECT_TRUE(has(err_, "loading hypmeter-virt.uimg"));
    EXPECT_TRUE(has(err_, "[10/10] demand"));
    EXPECT_TRUE(has(read("out/uart.log"), good_log())) << "the line's bytes are kept as they came";
    for (int tries = 0; tries < 100 && !board.was_told_to_end(); ++tries) {
        ::usleep(20'000);
    }
    board.stop();
    EXPECT_TRUE(board.was_told_to_end());
    EXPECT_EQ(board.arguments(), "suite=quick only=timer count=7 linger=600");
}

TEST_F(HostSerial, ALossyLineGivesTheSameResultsAsAGoodOne) {
    {
        FakeBoard board(link(), plan_);
        ASSERT_EQ(run(board.port()), kAllOk) << out_ << err_;
    }
    Json perfect = results();
    plan_.damage = 0.0003;
    FakeBoard board(link(), plan_);
    ASSERT_EQ(run(board.port()), kAllOk) << out_ << err_;
    Json lossy = results();
    const std::string told = lossy["verdicts"].back()["detail"];
    EXPECT_FALSE(has(told, ", 0 of them")) << told;
    perfect.erase("verdicts");
    lossy.erase("verdicts");
    EXPECT_EQ(perfect, lossy);
}

TEST_F(HostSerial, ALossyLineFailsTheRunOfATargetThatDoesNotLinger) {
    plan_.damage = 0.001;
    plan_.lingers = false;
    FakeBoard board(link(), plan_);
    EXPECT_EQ(run(board.port(), {"--set", "linger=0"}), kFailed);
    EXPECT_TRUE(has(err_, "the run failed: serial line: ")) << err_;
}

TEST_F(HostSerial, ALineThatBreaksIsWaitedForAndGoesOn) {
    plan_.cut_at = 3000;
    plan_.cut_bytes = 500;
    FakeBoard board(link(), plan_);
    ASSERT_EQ(run(board.port()), kAllOk) << out_ << err_;
    EXPECT_TRUE(has(err_, "the line broke; waiting for"));
    EXPECT_TRUE(has(err_, "is back"));
    EXPECT_TRUE(has(read("out/results.json"), "\"line_breaks\":1"));
}

TEST_F(HostSerial, ARunThatWasStoppedIsResumedFromItsLog) {
    const std::string log = good_log();
    std::filesystem::create_directory(path("out"));
    (void)write("out/uart.log", "U-Boot 2023.01\r\n=> bootm\r\n" + log.substr(0, log.size() / 2));
    plan_.lingers_already = true;
    FakeBoard board(link(), plan_);
    ASSERT_EQ(resume(board.port()), kAllOk) << out_ << err_;
    EXPECT_TRUE(has(out_, "Figure 7"));
}

TEST_F(HostSerial, WhatAToolThatWasKilledLeftIsResumedToo) {
    const std::string log = good_log();
    std::filesystem::create_directory(path("out"));
    (void)write("out/uart.log.part", log.substr(0, log.size() / 3));
    plan_.lingers_already = true;
    EXPECT_EQ(resume("serial:" + link().string()), kFailed) << "no port";
    FakeBoard board(link(), plan_);
    EXPECT_EQ(resume(board.port()), kAllOk) << out_ << err_;
}

TEST_F(HostSerial, AnotherRunIsNotTakenForTheOneThatWasStopped) {
    std::filesystem::create_directory(path("out"));
    (void)write("out/uart.log", LogText().begin({"another"}).text());
    plan_.lingers_already = true;
    FakeBoard board(link(), plan_);
    EXPECT_EQ(resume(board.port()), kFailed);
    EXPECT_TRUE(has(err_, "the target has begun another run")) << err_;
}

TEST_F(HostSerial, ThereMustBeSomethingToResume) {
    EXPECT_EQ(resume("serial:" + link().string()), kFailed);
    EXPECT_TRUE(has(err_, "nothing to resume: no uart.log in"));
}

TEST_F(HostSerial, ATargetThatLingersFromAnEarlierRunIsNotThrownAway) {
    plan_.lingers_already = true;
    FakeBoard board(link(), plan_);
    EXPECT_EQ(run(board.port()), kFailed);
    EXPECT_TRUE(has(err_, "--resume")) << err_;
    EXPECT_FALSE(std::filesystem::exists(path("out/results.json")));
}

TEST_F(HostSerial, AnImageThatDoesNotStartIsTold) {
    plan_.refuses_boot = true;
    FakeBoard board(link(), plan_);
    EXPECT_EQ(run(board.port()), kFailed);
    EXPECT_TRUE(has(err_, "U-Boot did not start the image: Wrong Image Format")) << err_;
}

TEST_F(HostSerial, ACardWithAnotherImageIsTold) {
    plan_.card["hypmeter-virt.uimg"] = uimage("an emage");
    FakeBoard board(link(), plan_);
    EXPECT_EQ(run(board.port()), kFailed);
    EXPECT_TRUE(has(err_, "CRC failure: hypmeter-virt.uimg on the card")) << err_;
    EXPECT_TRUE(has(err_, "hypmeter flash"));
    EXPECT_FALSE(std::filesystem::exists(path("out/uart.log"))) << "nothing has run";
}

TEST_F(HostSerial, ACardWithoutAnImageIsTold) {
    plan_.card.clear();
    FakeBoard board(link(), plan_);
    EXPECT_EQ(run(board.port()), kFailed);
    EXPECT_TRUE(has(err_, "no card holds hypmeter-virt.uimg")) << err_;
}

TEST_F(HostSerial, AnImageOfAnotherKindIsRefusedBeforeThePortIsOpened) {
    image_ = write("image.elf",
                   "\x7f"
                   "ELF");
    EXPECT_EQ(run("serial:" + link().string()), kFailed);
    EXPECT_TRUE(has(err_, "it is no uImage")) << err_;
    std::string damaged = uimage("an image");
    damaged.back() = 'X';
    image_ = write("image.uimg", damaged);
    EXPECT_EQ(run("serial:" + link().string()), kFailed);
    EXPECT_TRUE(has(err_, "data with a wrong CRC")) << err_;
}

TEST_F(HostSerial, APortThatIsNotThereIsTold) {
    EXPECT_EQ(run("serial:" + link().string()), kFailed);
    EXPECT_TRUE(has(err_, "no serial port \"" + link().string() + "\"; ports here: ")) << err_;
    EXPECT_EQ(run("serial:" + image_.string()), kFailed);
    EXPECT_TRUE(has(err_, "is no serial port")) << err_;
}

TEST_F(HostSerial, APortThatAnotherProgramHasIsTold) {
    FakeBoard board(link(), plan_);
    const int other = ::open(link().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    ASSERT_EQ(::flock(other, LOCK_EX), 0);
    EXPECT_EQ(run(board.port()), kFailed);
    ::close(other);
    EXPECT_TRUE(has(err_, "is busy")) << err_;
}

TEST_F(HostSerial, AWrongSpeedIsTold) {
    plan_.babble = "\x80\xfe\x00\xf8\x80\x1c\xe0\x60";
    FakeBoard board(link(), plan_);
    EXPECT_EQ(run(board.port()), kFailed);
    EXPECT_TRUE(has(err_, "mostly garbage comes")) << err_;
    EXPECT_TRUE(has(err_, "--speed"));
}

TEST_F(HostSerial, ABoardThatSaysNothingIsTold) {
    time_limit_ = "2";
    const Pty silent(link());
    EXPECT_EQ(run("serial:" + silent.path()), kFailed);
    EXPECT_TRUE(has(err_, "no prompt of U-Boot")) << err_;
    EXPECT_TRUE(has(err_, "nothing came"));
}

TEST_F(HostSerial, ABoardThatWasBootedByItselfIsTold) {
    time_limit_ = "2";
    plan_.babble = "@hypmeter {\"seq\":7,\"record\":\"result\"} crc=00000000\n";
    FakeBoard board(link(), plan_);
    EXPECT_EQ(run(board.port()), kFailed);
    EXPECT_TRUE(has(err_, "runs there already: reset the board")) << err_;
    EXPECT_TRUE(has(err_, "no prompt of U-Boot")) << err_;
}

TEST_F(HostSerial, ATargetThatStopsInTheMiddleEndsAtTheTimeLimit) {
    time_limit_ = "6";
    plan_.log = plan_.log.substr(0, plan_.log.size() / 2);
    plan_.lingers = false;
    FakeBoard board(link(), plan_);
    EXPECT_EQ(run(board.port()), kFailed);
    EXPECT_TRUE(has(err_, "time limit")) << err_;
    EXPECT_TRUE(has(err_, "scenarios complete"));
    EXPECT_TRUE(has(err_, "--resume"));
}

TEST_F(HostSerial, TheNetworkBringsTheImageToo) {
    FakeBoard board(link(), plan_);
    board.served = uimage("an image");
    EXPECT_EQ(run(board.port(), {"--load", "tftp", "--tftp-server", "10.0.0.1"}), kAllOk) << err_;
}

TEST_F(HostSerial, ALongCommandLineArrivesWhole) {
    std::vector<std::string> settings{"--set"};
    std::string expected = "suite=quick";
    for (const char* const key :
         {"period=1000", "count=1000", "pages=256", "rounds=20", "batch=16", "bytes=8388608",
          "laps=20", "working_set=16777216", "busy_period=100", "spins=500", "shares=20",
          "slice=10000", "watchdog=2000000000", "linger=5"}) {
        settings.emplace_back(key);
        expected += std::string(" ") + key;
    }
    FakeBoard board(link(), plan_);
    EXPECT_EQ(run(board.port(), settings), kAllOk) << err_;
    board.stop();
    EXPECT_EQ(board.arguments(), expected);
}

TEST_F(HostSerial, ABoardThatIsDeafForSomeSecondsIsAskedAgain) {
    plan_.deaf = std::chrono::milliseconds(3500);
    FakeBoard board(link(), plan_);
    EXPECT_EQ(run(board.port()), kAllOk) << err_;
}

TEST_F(HostSerial, ABoardThatStaysDeafIsTold) {
    plan_.deaf = std::chrono::seconds(60);
    FakeBoard board(link(), plan_);
    EXPECT_EQ(run(board.port()), kFailed);
    EXPECT_TRUE(has(err_, "U-Boot does not echo what is typed: \"fatsize virtio 0:1 "));
}

TEST_F(HostSerial, FlashWritesWhatTheCardHasNotYet) {
    plan_.card["hypmeter-virt.uimg"] = "old";
    FakeBoard board(link(), plan_);
    board.served = uimage("an image");
    const std::vector<std::string> flash{"flash", "--machine", board.port(),   "--load",
                                         "tftp",  "--image",   image_.string()};
    EXPECT_EQ(tool(flash), kAllOk) << err_;
    EXPECT_TRUE(has(out_, "hypmeter-virt.uimg (72 bytes, CRC-32 "));
    EXPECT_TRUE(has(out_, "is on virtio 0:1: read back and equal"));
    EXPECT_EQ(tool(flash), kAllOk) << err_;
    EXPECT_TRUE(has(out_, "is on virtio 0:1 already"));
    board.stop();
    EXPECT_EQ(board.card().at("hypmeter-virt.uimg"), uimage("an image"));
    EXPECT_EQ(board.writes(), 1u);
}

TEST_F(HostSerial, ACardThatForgetsIsToldOf) {
    plan_.card["hypmeter-virt.uimg"] = "old";
    plan_.forgets_writes = true;
    FakeBoard board(link(), plan_);
    board.served = uimage("an image");
    EXPECT_EQ(
        tool({"flash", "--machine", board.port(), "--load", "tftp", "--image", image_.string()}),
        kFailed);
    EXPECT_TRUE(has(err_, "CRC failure")) << err_;
    EXPECT_TRUE(has(err_, "flash again before it is booted"));
}

TEST_F(HostSerial, AnImageThatArrivesDamagedIsNeverWritten) {
    plan_.card["hypmeter-virt.uimg"] = "old";
    FakeBoard board(link(), plan_);
    board.served = uimage("an emage");
    EXPECT_EQ(
        tool({"flash", "--machine", board.port(), "--load", "tftp", "--image", image_.string()}),
        kFailed);
    EXPECT_TRUE(has(err_, "did not arrive whole in two attempts")) << err_;
    board.stop();
    EXPECT_EQ(board.writes(), 0u);
}

TEST_F(HostSerial, WordsThatMakeNoSenseThereAreRefused) {
    const std::string port = "serial:/dev/nothing";
    const auto refused = [&](std::vector<std::string> words, const std::string& part) {
        EXPECT_EQ(tool(std::move(words)), kBadUsage);
        EXPECT_TRUE(has(err_, part));
    };
    refused({"run", "--machine", port, "--clock", "wall"}, "--clock is only for --machine qemu");
    refused({"run", "--machine", port, "--set", "smp=2"}, "key \"smp\" is only for QEMU");
    refused({"run", "--machine", port, "--speed", "12345"}, "speeds: 9600, ");
    refused({"run", "--machine", port, "--load", "usb"}, "ways to load: sd, loady, tftp");
    refused({"run", "--machine", port, "--card", "mmc"}, "\"mmc 0:1\"");
    refused({"run", "--machine", port, "--resume", "--only", "timer"}, "comes too late");
    refused({"run", "--load", "sd"}, "only for --machine serial:DEVICE");
    refused({"flash", "--machine", "qemu"}, "serial:DEVICE");
    refused({"flash"}, "--machine");
    refused({"flash", "--machine", port, "--load", "sd"}, "loady, tftp");
    refused({"flash", "--board", "vexpress", "--machine", port}, "no serial port");
}

}  // namespace
}  // namespace hm::host::testing
