#include <gtest/gtest.h>

#include "host/machine/uboot.hpp"

namespace hm::host {
namespace {

TEST(HostUBootPrompt, AGivenOneNeedsNoBlanksAtItsEnd) {
    EXPECT_TRUE(may_be_prompt("ARNDALE # ", "ARNDALE #"));
    EXPECT_TRUE(may_be_prompt("ARNDALE # ", "ARNDALE # "));
    EXPECT_TRUE(may_be_prompt("ARNDALE #", "ARNDALE # "));
    EXPECT_FALSE(may_be_prompt("ARNDALE # x", "ARNDALE #"));
    EXPECT_FALSE(may_be_prompt("=> ", "ARNDALE #"));
}

TEST(HostUBootPrompt, WithoutAGivenOneAShortLineThatEndsLikeAPromptMayBeIt) {
    for (const char* const line : {"=> ", "ARNDALE # ", "$ "}) {
        EXPECT_TRUE(may_be_prompt(line, "")) << line;
    }
    EXPECT_FALSE(may_be_prompt("=>", ""));
    EXPECT_FALSE(may_be_prompt("", ""));
    EXPECT_FALSE(may_be_prompt(std::string(40, '-') + "=> ", ""));
}

}  // namespace
}  // namespace hm::host
