#include "host/guest/guest_log.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "measure/record.hpp"

namespace hm::host {
namespace {

/// What a target says, by its own writer.
class Target {
  public:
    void begin() {
        writer_.begin({.version = "1",
                       .board = "virt",
                       .machine = "QEMU virt",
                       .clock = measure::Clock::kInstructions,
                       .counter_hz = 1'000'000'000,
                       .settings = {},
                       .plan = {}});
    }
    void guest(const std::string& text) { said += "\x1e" + text + "\x1e\n"; }
    void exits(std::uint32_t cpu, const char* reason, std::uint64_t count, std::uint64_t ticks) {
        const std::array counts{measure::NamedCount{"count", count},
                                measure::NamedCount{"ticks", ticks},
                                measure::NamedCount{"most", ticks}};
        writer_.counts({.kind = "exits", .name = reason, .cpu = cpu, .counts = counts});
    }
    void time(std::uint32_t cpu, std::uint64_t on) {
        const std::array counts{measure::NamedCount{"on", on}};
        writer_.counts({.kind = "time", .name = "cpu", .cpu = cpu, .counts = counts});
    }
    void costs(bool with_instructions = true) {
        const std::array counts{measure::NamedCount{"elapsed", 5000},
                                measure::NamedCount{"prepare_ticks", 7},
                                measure::NamedCount{"demand_faults", 3},
                                measure::NamedCount{"table_bytes", 20480},
                                measure::NamedCount{"stale_interrupts", 0},
                                measure::NamedCount{"instructions", 4000},
                                measure::NamedCount{"guest_instructions", 3000}};
        writer_.counts({.kind = "costs",
                        .name = "guest",
                        .cpu = 0,
                        .counts = std::span(counts).first(with_instructions ? 7 : 5)});
    }
    void ending(bool ok, const char* why) {
        writer_.verdict({.name = "the guest ended", .ok = ok, .detail = why});
        writer_.end(ok);
    }

    std::string said;

  private:
    std::function<void(char)> put_ = [this](char c) { said += c; };
    measure::RecordWriter writer_{measure::CharSink(put_)};
};

struct Heard {
    std::string text;
    GuestLog log{[this](std::string_view bytes) { text += bytes; }};

    GuestResults of(const std::string& said, std::size_t piece = std::string::npos) {
        for (std::size_t i = 0; i < said.size(); i += std::min(piece, said.size())) {
            log.take(std::string_view(said).substr(i, piece));
        }
        return log.finish();
    }
};

Target whole() {
    Target target;
    target.said = "hypmeter: something before\n";
    target.begin();
    target.guest("hello\r\n@hypmeter {\"seq\":1} crc=00000000\r\nworld");
    target.exits(0, "timer", 3, 90);
    target.exits(1, "uart", 2, 700);
    target.time(0, 5000);
    target.time(1, 4100);
    target.costs();
    target.ending(true, "it turned itself off");
    return target;
}

TEST(GuestLog, RecordsAndTheGuestsTextAreToldApartHoweverTheyAreCut) {
    for (const std::size_t piece : {std::string::npos, std::size_t{1}, std::size_t{7}}) {
        Heard heard;
        const GuestResults results = heard.of(whole().said, piece);
        EXPECT_EQ(heard.text, "hello\r\n@hypmeter {\"seq\":1} crc=00000000\r\nworld")
            << "what it prints is text, whatever it looks like";
        EXPECT_TRUE(results.faults.empty());
        EXPECT_TRUE(results.ok());
        EXPECT_TRUE(heard.log.ended());
        EXPECT_EQ(results.board, "virt");
        EXPECT_EQ(results.clock, "instructions");
        ASSERT_EQ(results.exits.size(), 2U);
        EXPECT_EQ(results.exits[1].cpu, 1U);
        EXPECT_EQ(results.exits[1].reason, "uart");
        EXPECT_EQ(results.exits[1].count, 2U);
        ASSERT_TRUE(results.costs);
        EXPECT_EQ(results.costs->instructions, 4000U);
        EXPECT_EQ(results.costs->demand_faults, 3U);
        EXPECT_EQ(results.ending, "it turned itself off");
    }
}

TEST(GuestLog, ADamagedAndAMissingRecordAreNoticed) {
    Target damaged = whole();
    damaged.said.replace(damaged.said.find("\"count\":3"), 9, "\"count\":4");
    EXPECT_FALSE(Heard().of(damaged.said).ok());

    Target missing = whole();
    const std::size_t begin = missing.said.find("@hypmeter {\"seq\":2");
    missing.said.erase(begin, missing.said.find('\n', begin) + 1 - begin);
    EXPECT_FALSE(Heard().of(missing.said).ok());
}

TEST(GuestLog, WithoutItsEndNothingIsWell) {
    Target cut = whole();
    cut.said.erase(cut.said.rfind("@hypmeter"));
    Heard heard;
    EXPECT_FALSE(heard.of(cut.said).ok());
    EXPECT_FALSE(heard.log.ended());
}

TEST(GuestLog, ATargetThatGivesUpSaysWhy) {
    Heard heard;
    const GuestResults results =
        heard.of("hypmeter: the bundle is damaged\r\nhypmeter: nothing more will come\r\n");
    EXPECT_TRUE(heard.log.ended());
    EXPECT_EQ(heard.log.last_words(), "the bundle is damaged");
    EXPECT_FALSE(results.ok());
}

TEST(GuestLog, AGuestThatWasStoppedIsNotWell) {
    Target target;
    target.begin();
    target.guest("");
    target.costs(false);
    target.ending(false, "stopped by the monitor: HVC #9");
    Heard heard;
    const GuestResults results = heard.of(target.said);
    EXPECT_TRUE(results.faults.empty());
    EXPECT_FALSE(results.ok());
    EXPECT_FALSE(results.costs->instructions);
}

TEST(GuestResults, TheTextHasTheCostsAndATableOfExits) {
    Heard heard;
    const std::string text = guest_text(heard.of(whole().said), 100);
    EXPECT_NE(text.find("it turned itself off"), std::string::npos);
    EXPECT_NE(text.find("4,000 instructions: 3,000 in the guest, 1,000 in HYP (25.000 %)"),
              std::string::npos);
    EXPECT_NE(text.find("CPU 0: interrupt of its timer"), std::string::npos);
    EXPECT_NE(text.find("CPU 1: access of the UART"), std::string::npos);
    EXPECT_NE(text.find("CPU 1           4,100     700      2"), std::string::npos) << text;
    EXPECT_NE(text.find("350"), std::string::npos) << "the mean of an access";
}

TEST(GuestResults, TheJsonHasTheSame) {
    Heard heard;
    const auto json = nlohmann::json::parse(guest_json(heard.of(whole().said)));
    EXPECT_EQ(json.at("ok"), true);
    EXPECT_EQ(json.at("costs").at("guest_instructions"), 3000);
    EXPECT_EQ(json.at("cpus").at(1).at("on"), 4100);
    EXPECT_EQ(json.at("exits").at(0).at("reason"), "timer");
    EXPECT_EQ(json.at("exits").at(0).at("longest"), 90);
}

}  // namespace
}  // namespace hm::host
