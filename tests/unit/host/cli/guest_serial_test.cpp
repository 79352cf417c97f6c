// hypmeter guest on a board at a serial port, with a thread in the board's place.

#include <gtest/gtest.h>

#include <sstream>

#include "host/cli/main_command.hpp"
#include "measure/record.hpp"
#include "tests/unit/host/base/scripts.hpp"
#include "tests/unit/host/log/log.hpp"
#include "tests/unit/host/machine/boot_files.hpp"
#include "tests/unit/host/machine/fake_board.hpp"

namespace hm::host::testing {
namespace {

/// What the target says of a guest that ran well.
std::string log_of_guest() {
    const std::string mark(1, measure::kGuestTextMark);
    const auto line = [](const std::string& json) { return record_line(json) + "\r\n"; };
    return line(R"({"seq":0,"record":"begin","version":"1","board":"virt","machine":"m",)"
                R"("clock":"cycles","counter_hz":24,"parameters":{}})") +
           mark + "hello\r\n" + mark + "\r\n" +
           line(R"({"seq":1,"record":"costs","name":"guest","cpu":0,"elapsed":5,"prepare_ticks":1,)"
                R"("demand_faults":0,"table_bytes":0,"stale_interrupts":0})") +
           line(R"({"seq":2,"record":"verdict","name":"the guest ended","ok":true,)"
                R"("detail":"it turned itself off"})") +
           line(R"({"seq":3,"record":"end","records":3,"ok":true})");
}

class HostGuestSerial : public ScriptTest {
  protected:
    HostGuestSerial() : kernel_(write("kernel", std::string(64, 'k')).string()) {
        std::filesystem::create_directories(path("virt/boot"));
        for (const char* const name : {"hypmeter-virt-foreign.uimg", "hypmeter-virt.dtb"}) {
            plan_.card[name] = boot_files().at(name);
            (void)write(std::string("virt/boot/") + name, plan_.card[name]);
        }
        EXPECT_EQ(guest({"--write", path("card").string()}), kAllOk) << err_;
        plan_.card["hypmeter-guest.bundle"] = read("card/hypmeter-guest.bundle");
        plan_.log = log_of_guest();
        plan_.lingers = false;
    }

    int guest(const std::vector<std::string>& more) {
        std::ostringstream out;
        std::ostringstream err;
        std::vector<std::string> words{"guest", "--kernel", kernel_, "--load", "0x40010000"};
        words.insert(words.end(), more.begin(), more.end());
        const int status =
            main_command(std::move(words), path(""), {out, err, 100, ProgressMode::kLines});
        out_ = out.str();
        err_ = err.str();
        return status;
    }

    int run_on(const FakeBoard& board) {
        return guest({"--machine", board.port(), "--out", path("out").string()});
    }

    [[nodiscard]] std::filesystem::path link() const { return path("port"); }

    FakeBoardPlan plan_;
    std::string kernel_, out_, err_;
};

TEST_F(HostGuestSerial, ShowsWhatTheGuestPrintsAndItsCosts) {
    FakeBoard board(link(), plan_);
    EXPECT_EQ(run_on(board), kAllOk) << out_ << err_;
    board.stop();
    EXPECT_EQ(board.arguments(), "suite=quick");
    EXPECT_TRUE(out_.starts_with("hello\n")) << out_;
    EXPECT_TRUE(has(out_, "it turned itself off"));
    EXPECT_EQ(read("out/console.txt"), "hello\n");
    EXPECT_TRUE(has(read("out/guest.json"), "\"device\""));
    for (const char* const name :
         {"hypmeter-guest.bundle", "hypmeter-virt-foreign.uimg", "hypmeter-virt.dtb"}) {
        EXPECT_TRUE(has(err_, std::string("loading ") + name));
    }
}

TEST_F(HostGuestSerial, AnotherBundleOnTheCardIsFoundBeforeItRuns) {
    plan_.card["hypmeter-guest.bundle"].back() ^= 1;
    FakeBoard board(link(), plan_);
    EXPECT_EQ(run_on(board), kFailed);
    EXPECT_TRUE(has(err_, "CRC failure: hypmeter-guest.bundle on the card is not"));
    EXPECT_TRUE(has(err_, "`hypmeter guest --write` writes it"));
}

TEST_F(HostGuestSerial, ACardWithoutTheBundleIsNamedWithTheOtherWay) {
    plan_.card.erase("hypmeter-guest.bundle");
    FakeBoard board(link(), plan_);
    EXPECT_EQ(run_on(board), kFailed);
    EXPECT_TRUE(has(err_, "no card holds hypmeter-guest.bundle"));
    EXPECT_TRUE(has(err_, "--from loady"));
}

TEST_F(HostGuestSerial, SaysThatUBootDidNotStartTheImage) {
    plan_.refuses_boot = true;
    FakeBoard board(link(), plan_);
    EXPECT_EQ(run_on(board), kFailed);
    EXPECT_TRUE(has(err_, "U-Boot did not start the image: Wrong Image Format"));
}

TEST_F(HostGuestSerial, ATargetThatGivesUpIsQuoted) {
    plan_.log = "hypmeter: the bundle's CRC is wrong\r\n" + std::string(measure::kGivesUp) + "\r\n";
    FakeBoard board(link(), plan_);
    EXPECT_EQ(run_on(board), kFailed);
    EXPECT_TRUE(has(err_, "the target gave up: the bundle's CRC is wrong"));
}

TEST_F(HostGuestSerial, OptionsThatWouldHaveNoEffectAreRefused) {
    EXPECT_EQ(guest({"--from", "tftp"}), kBadUsage);
    EXPECT_TRUE(has(err_, "only for --machine serial:DEVICE"));
    EXPECT_EQ(guest({"--machine", "serial:/dev/null", "--clock", "wall"}), kBadUsage);
    EXPECT_TRUE(has(err_, "--clock is only for"));
    EXPECT_EQ(guest({"--machine", "gem5:here"}), kBadUsage);
    EXPECT_TRUE(has(err_, "unknown machine"));
    EXPECT_EQ(guest({"--machine", "serial:/dev/null", "--from", "pigeon"}), kBadUsage);
    EXPECT_TRUE(has(err_, "unknown way to load"));
}

}  // namespace
}  // namespace hm::host::testing
