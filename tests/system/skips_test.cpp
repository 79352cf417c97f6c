// What cannot run is skipped with the reason, and the rest runs.

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <utility>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

using nlohmann::json;

TEST(Skips, AChaseThatDoesNotFitIsSkippedAndTheRestRuns) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(
        scratch / "out", "--only chase --set bytes=256M --set memory=256M --set order=page-random");
    EXPECT_EQ(finished.status, 0) << finished.output;
    const json run = results(scratch / "out");
    std::set<std::uint64_t> sizes;
    for (const json& one : run.at("results")) {
        sizes.insert(one.at("params").at("bytes").get<std::uint64_t>());
    }
    EXPECT_EQ(sizes, (std::set<std::uint64_t>{65'536, 1'048'576, 8'388'608, 67'108'864}));
    EXPECT_NE(finished.output.find("too little memory"), std::string::npos) << finished.output;
}

TEST(Skips, CellsOfOneGigabyteRunWhereThereIsOneForTheGuest) {
    struct Machine {
        const char* options;
        std::size_t ran;
    };
    for (const auto& [options, ran] :
         {Machine{"--set memory=1G", 0U}, Machine{"--set memory=3G", 5U},
          Machine{"--board vexpress", 0U}, Machine{"--board vexpress --set memory=2G", 5U}}) {
        const ScratchFolder scratch;
        const Finished finished = run_tool(
            scratch / "out", std::string("--only chase --set bytes=1M --set stage2=1G ") + options);
        EXPECT_EQ(finished.status, ran == 0 ? 1 : 0) << finished.output;
        const json run = results(scratch / "out");
        std::size_t loads = 0;
        for (const json& one : run.at("results")) {
            loads += one.at("layer") == "load" ? 1 : 0;
        }
        EXPECT_EQ(loads, ran);
        EXPECT_EQ(run.at("skipped").size(), 5U - ran);
        EXPECT_EQ(finished.output.find("memory=2G") == std::string::npos, ran != 0);
    }
}

TEST(Skips, RowsOfTheSecondCoreAreSkippedWithTheReason) {
    for (const auto& [cores, reason] : {std::pair{1, "no second core"}, std::pair{2, "icount"}}) {
        const ScratchFolder scratch;
        const Finished finished = run_tool(
            scratch / "out", "--only timer --set load=core --set smp=" + std::to_string(cores));
        EXPECT_EQ(finished.status, 1) << finished.output;
        EXPECT_NE(finished.output.find("all 8 scenarios were skipped"), std::string::npos)
            << finished.output;
        const json run = results(scratch / "out");
        EXPECT_TRUE(run.at("results").empty());
        ASSERT_EQ(run.at("skipped").size(), 8U);
        for (const json& one : run.at("skipped")) {
            EXPECT_NE(one.at("reason").get<std::string>().find(reason), std::string::npos) << one;
        }
        EXPECT_NE(finished.output.find(reason), std::string::npos) << finished.output;
    }
}

}  // namespace
}  // namespace hm::test
