// Logs of a plan whose parts several machines have run side by side.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/host/log/log.hpp"

namespace hm::host::testing {
namespace {

const std::vector<std::string> kWhole{"a native/native", "b nested/injected", "c nested/injected"};

/// What one machine says: a row and the end of each scenario from `first` to before `last`.
std::string said(const std::vector<std::string>& plan, std::size_t first, std::size_t last,
                 const Json& changes = Json::object()) {
    LogText log;
    log.begin(plan, changes);
    for (std::size_t i = first; i < last; ++i) {
        log.row("chase", kGuest, Json{{"bytes", i + 1}}, "read", static_cast<double>(i));
        log.scenario(kWhole[i]);
    }
    return log.end().text();
}

RunLog of_parts(const std::string& first, const std::string& second) {
    LogParser parser;
    parser.expect_parts(kWhole);
    parser.feed(first);
    parser.expect_next_part();
    parser.feed(second);
    parser.finish();
    return parser.log();
}

TEST(HostParts, SayWhatOneMachineWouldHaveSaid) {
    const RunLog whole = parse_log(said(kWhole, 0, 3));
    const RunLog parts = of_parts(said({kWhole[0], kWhole[1]}, 0, 2), said({kWhole[2]}, 2, 3));
    EXPECT_TRUE(parts.faults.empty()) << parts.faults.front();
    EXPECT_EQ(parts.begin, whole.begin);
    EXPECT_EQ(parts.rows, whole.rows);
    EXPECT_EQ(parts.scenarios.size(), whole.scenarios.size());
    EXPECT_TRUE(parts.end_ok.value_or(false));
    EXPECT_EQ(parts.new_machines, 0U);
}

TEST(HostParts, AMachineThatPlansAnotherPartIsFound) {
    const RunLog parts = of_parts(said({kWhole[0], kWhole[1]}, 0, 2), said({kWhole[1]}, 1, 2));
    ASSERT_FALSE(parts.faults.empty());
    EXPECT_TRUE(has(parts.faults.front(), "does not plan the part of the plan"));
}

TEST(HostParts, AMachineThatPlansMoreThanIsLeftIsFound) {
    const RunLog parts = of_parts(said(kWhole, 0, 3), said(kWhole, 0, 0));
    ASSERT_FALSE(parts.faults.empty());
    EXPECT_TRUE(has(parts.faults.front(), "does not plan the part of the plan"));
}

TEST(HostParts, APartWithoutItsEndIsFound) {
    const std::string first = said({kWhole[0], kWhole[1]}, 0, 2);
    const std::string cut = first.substr(0, first.rfind("@hypmeter"));
    const RunLog parts = of_parts(cut, said({kWhole[2]}, 2, 3));
    ASSERT_FALSE(parts.faults.empty());
    EXPECT_TRUE(has(parts.faults.front(), "no end record of a part of the plan"));
}

TEST(HostParts, AMachineThatIsNotLikeTheFirstIsFound) {
    const RunLog parts = of_parts(said({kWhole[0], kWhole[1]}, 0, 2),
                                  said({kWhole[2]}, 2, 3, Json{{"board", "vexpress"}}));
    ASSERT_FALSE(parts.faults.empty());
    EXPECT_TRUE(has(parts.faults.front(), "their begin records differ"));
}

}  // namespace
}  // namespace hm::host::testing
