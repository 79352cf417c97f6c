// Suite paper, as long as it takes.

#include <gtest/gtest.h>

#include <set>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

using nlohmann::json;

TEST(PaperSuite, EndsWithinFifteenMinutesWithAllItsWakeUps) {
    const ScratchFolder scratch;
    const Finished finished = run_tool(scratch / "out", "--suite paper --time-limit 900");
    EXPECT_EQ(finished.status, 0) << finished.output;
    const json run = results(scratch / "out");
    for (const std::string delivery : {"native", "injected", "injected-soft", "direct"}) {
        for (const int stamps : {0, 1}) {
            const json end_to_end = row(run, "timer", delivery, "deadline..application",
                                        {{"wait", "wfi"}, {"load", "idle"}, {"stamps", stamps}});
            EXPECT_EQ(end_to_end.at("count"), 120'000);
            EXPECT_EQ(end_to_end.at("min"), end_to_end.at("max")) << "a wake-up was not exact";
        }
    }
    for (const char* const order : {"sequential", "random", "page-random"}) {
        for (const char* const delivery : {"native", "injected"}) {
            const json params{
                {"bytes", 268'435'456}, {"order", order}, {"stage1", "lpae-4K"}, {"tlb", "warm"}};
            EXPECT_EQ(row(run, "chase", delivery, "load", params).at("mean"), 1);
        }
    }
}

TEST(PaperChase, OfOneLineAPageIn256MegabytesRunsInEveryCellWithinThreeMinutes) {
    const ScratchFolder scratch;
    const Finished finished =
        run_tool(scratch / "out",
                 "--suite paper --only chase --set order=page-random --set memory=3G "
                 "--time-limit 180");
    EXPECT_EQ(finished.status, 0) << finished.output;
    const json run = results(scratch / "out");
    std::set<std::string> cells;
    for (const json& one : run.at("results")) {
        if (one.at("layer") == "load" && one.at("params").at("bytes") == 268'435'456) {
            cells.insert(one.at("params").at("stage1").get<std::string>() + " " +
                         one.at("regime").get<std::string>() + " " + one.value("stage2", ""));
            EXPECT_EQ(one.at("mean"), 1);
        }
    }
    EXPECT_EQ(cells.size(), 29U);
    for (const json& one : run.at("skipped")) {
        const std::string reason = one.at("reason");
        EXPECT_TRUE(reason.starts_with("blocks of 1 GB") || reason.starts_with("without")) << one;
    }
}

}  // namespace
}  // namespace hm::test
