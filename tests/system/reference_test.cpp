// The kept results of a release.

#include <gtest/gtest.h>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

std::string kept(const std::string& board, const std::string& suite) {
    return std::string(HYPMETER_SOURCE_DIR) + "/reference/" + board + "-" + suite + ".json";
}

TEST(Reference, HasACompleteRunOfEachSuiteOnEachEmulatedBoard) {
    for (const char* const board : {"virt", "vexpress"}) {
        for (const char* const suite : {"quick", "paper"}) {
            const auto results =
                nlohmann::json::parse(read_text(kept(board, suite)), nullptr, false);
            ASSERT_TRUE(results.is_object()) << board << " " << suite;
            EXPECT_EQ(results.at("board"), board);
            EXPECT_EQ(results.at("parameters").at("suite"), suite);
            EXPECT_EQ(results.at("clock"), "instructions");
            EXPECT_GT(results.at("results").size(), 1000U);
            // Nothing of the computer and of the day.
            EXPECT_EQ(results.at("host").size(), 1U);
            EXPECT_TRUE(results.at("host").at("qemu").contains("version"));
            const Finished said =
                run(std::string(HYPMETER_TOOL) + " report --format tap " + kept(board, suite));
            EXPECT_EQ(said.status, 0) << said.output;
            EXPECT_EQ(said.output.find("not ok"), std::string::npos) << board << " " << suite;
        }
    }
}

TEST(Reference, SaysTheSameAsTheGoldenValues) {
    const Finished said =
        run(std::string(HYPMETER_TOOL) + " report --format golden " + kept("virt", "quick"));
    EXPECT_EQ(said.status, 0);
    EXPECT_EQ(said.output, read_text(std::string(HYPMETER_SOURCE_DIR) + "/board/virt/golden.txt"))
        << "./hypmeter golden writes both";
}

}  // namespace
}  // namespace hm::test
