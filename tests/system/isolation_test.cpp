// The suite of hostile guests (tests/target/isolation_cases.cpp): every act ends as its row says,
// and nobody else notices it. A machine that falls silent is noticed within five seconds of its own
// time.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "host/base/process.hpp"
#include "host/log/log_parser.hpp"
#include "tests/system/points.hpp"
#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

using nlohmann::json;
using std::chrono::steady_clock;

constexpr double kSilence = 5;
/// A machine that waits uses no time of its own.
constexpr std::chrono::seconds kMostWaiting{60};

/// Seconds of processor time that the process has had.
double processor_time(const std::string& pid) {
    const std::string stat = read_text("/proc/" + pid + "/stat");
    std::istringstream fields(stat.substr(std::min(stat.size(), stat.rfind(')') + 1)));
    std::string skipped;
    for (int i = 3; i < 14 && fields; ++i) {  // proc(5): utime and stime are fields 14 and 15
        fields >> skipped;
    }
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

/// A QEMU that runs an image until its `end` record, or until it says nothing more.
class Suite {
  public:
    Suite(const ScratchFolder& scratch, const std::string& image)
        : pid_file_((scratch / "pid").string()) {
        const host::Command command{
            host::find_program("qemu-system-arm"),
            {"-M", "virt,virtualization=on", "-cpu", "cortex-a15,cntfrq=1000000000", "-icount",
             "shift=0,sleep=off,rr=record,rrfile=/dev/null", "-m", "1024M", "-nographic", "-nic",
             "none", "-monitor", "none", "-serial", "stdio", "-pidfile", pid_file_, "-kernel",
             image}};
        host::Process process(command, {.time = std::chrono::minutes(15)});
        const auto on_output = [this](std::string_view bytes) { take(bytes); };
        const auto on_error = [](std::string_view) {};
        while (!ended_ && !is_silent() && process.read(on_output, on_error)) {
        }
    }

    [[nodiscard]] bool ended() const { return ended_; }
    [[nodiscard]] const std::vector<json>& verdicts() const { return verdicts_; }
    /// The names of the acts that it has done, in their order.
    [[nodiscard]] std::vector<std::string> acts() const {
        std::vector<std::string> names;
        for (const json& verdict : verdicts_) {
            const std::string name = verdict.at("name");
            if (!name.starts_with("isolation: ")) {
                names.push_back(name);
            }
        }
        return names;
    }

  private:
    void take(std::string_view bytes) {
        heard_at_ = steady_clock::now();
        time_when_heard_ = own_time();
        pending_ += bytes;
        for (std::size_t end = pending_.find('\n'); end != std::string::npos;
             end = pending_.find('\n')) {
            take_line(pending_.substr(0, end));
            pending_.erase(0, end + 1);
        }
    }

    void take_line(const std::string& line) {
        const auto body = host::record_body(std::string_view(line).substr(0, line.find('\r')));
        const json record = body ? json::parse(*body, nullptr, false) : json();
        const std::string kind = record.is_object() ? record.value("record", "") : "";
        if (kind == "verdict") {
            verdicts_.push_back(record);
        }
        ended_ = ended_ || kind == "end";
    }

    [[nodiscard]] double own_time() const {
        std::string pid = read_text(pid_file_);
        pid.erase(std::min(pid.size(), pid.find('\n')));
        return pid.empty() ? 0 : processor_time(pid);
    }

    [[nodiscard]] bool is_silent() const {
        return own_time() - time_when_heard_ > kSilence ||
               steady_clock::now() - heard_at_ > kMostWaiting;
    }

    std::string pid_file_;
    std::string pending_;
    std::vector<json> verdicts_;
    bool ended_ = false;
    steady_clock::time_point heard_at_ = steady_clock::now();
    double time_when_heard_ = 0;
};

/// A row of the table, as its source has it.
struct Row {
    std::string topic, mechanism, sentence;
    bool alone;
};

/// In the order of their numbers.
std::vector<Row> rows() {
    const std::string folder = std::string(HYPMETER_SOURCE_DIR) + "/tests/target/";
    const std::string cases = read_text(folder + "isolation_cases.cpp");
    const std::regex topic(R"(Topic\{(\w+)_acts\})");
    const std::regex act(R"re(Act\{\s*\.mechanism = "([^"]+)",\s*\.sentence =\s*"([^"]+)")re");
    std::vector<Row> found;
    for (std::sregex_iterator it(cases.begin(), cases.end(), topic), end; it != end; ++it) {
        const std::string text = read_text(folder + "isolation_" + (*it)[1].str() + ".cpp");
        std::sregex_iterator next(text.begin(), text.end(), act);
        while (next != std::sregex_iterator()) {
            const std::smatch here = *next++;
            const auto begin = static_cast<std::size_t>(here.position());
            const std::size_t stop = next == std::sregex_iterator()
                                         ? text.size()
                                         : static_cast<std::size_t>(next->position());
            found.push_back(
                {(*it)[1], here[1], here[2],
                 text.substr(begin, stop - begin).find("kSilence") != std::string::npos});
        }
    }
    return found;
}

/// The names of every second act, beginning with the `first`.
std::vector<std::string> every_second(std::size_t first) {
    const std::vector<Row> table = rows();
    std::vector<std::string> names;
    for (std::size_t i = first; i < table.size(); i += 2) {
        names.push_back(
            fmt::format("isolation {:04}: {}: {}", i, table[i].mechanism, table[i].sentence));
    }
    return names;
}

void expect_share_holds(std::uint32_t share) {
    const ScratchFolder scratch;
    const Suite suite(scratch,
                      image_with_values(scratch / "image.elf", "-isolation",
                                        {{"isolation_share", share}, {"isolation_shares", 2}}));
    ASSERT_GT(suite.verdicts().size(), 2U);
    EXPECT_TRUE(suite.ended()) << "silent after " << suite.verdicts().back();
    EXPECT_EQ(suite.acts(), every_second(share - 1));
    for (const json& verdict : suite.verdicts()) {
        EXPECT_TRUE(verdict.at("ok").get<bool>()) << verdict;
    }
}

// Two machines at a time.
TEST(IsolationEvenActs, EndAsTheyShouldAndNobodyNoticesThem) { expect_share_holds(1); }
TEST(IsolationOddActs, EndAsTheyShouldAndNobodyNoticesThem) { expect_share_holds(2); }

TEST(IsolationTable, HasManyActsOfManyMechanismsAndTheDocumentNamesThem) {
    const std::vector<Row> table = rows();
    std::set<std::string> mechanisms;
    std::map<std::string, std::size_t> acts;
    std::map<std::string, std::set<std::string>> by_topic;
    for (const Row& row : table) {
        mechanisms.insert(row.mechanism);
        ++acts[row.topic];
        by_topic[row.topic].insert(row.mechanism);
    }
    EXPECT_GE(table.size(), 120U);
    EXPECT_GE(mechanisms.size(), 60U);
    const std::string text = read_text(std::string(HYPMETER_SOURCE_DIR) + "/docs/isolation.md");
    for (const auto& [topic, named] : by_topic) {
        std::smatch found;
        const std::regex line("\\| " + topic + R"( \| (\d+) \| ([^|]+) \|)");
        ASSERT_TRUE(std::regex_search(text, found, line)) << topic;
        EXPECT_EQ(std::stoul(found[1]), acts[topic]) << topic;
        std::set<std::string> documented;
        std::istringstream list(found[2].str() + ";");
        for (std::string one; std::getline(list, one, ';');) {
            documented.insert(one.substr(one.find_first_not_of(' ')));
        }
        EXPECT_EQ(documented, named) << topic;
    }
}

TEST(IsolationSilence, IsNoticedWithinFiveSecondsAndOnlyWhereItsRowSaysSo) {
    const std::vector<Row> table = rows();
    for (std::uint32_t number = 0; number < table.size(); ++number) {
        if (!table[number].alone) {
            continue;
        }
        const ScratchFolder scratch;
        const Suite suite(scratch, image_with_values(scratch / "image.elf", "-isolation",
                                                     {{"isolation_one", number}}));
        EXPECT_EQ(suite.verdicts().size(), 2U) << table[number].sentence;
        EXPECT_FALSE(suite.ended())
            << table[number].sentence << ": a machine that says how it went "
            << "needs none of its own";
    }
}

}  // namespace
}  // namespace hm::test
