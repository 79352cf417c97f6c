// The tool as it is installed.

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

using nlohmann::json;

TEST(Install, TheInstalledToolRunsWithoutTheSourceTree) {
    const ScratchFolder scratch;
    const Finished installed = run(std::string(HYPMETER_CMAKE) + " --install '" +
                                   HYPMETER_BUILD_TREE + "' --prefix " + quoted(scratch / "usr"));
    ASSERT_EQ(installed.status, 0) << installed.output;
    const std::string tool = (scratch / "usr/bin/hypmeter").string();
    for (const std::string board : {"virt", "vexpress"}) {
        const Finished finished = run("cd / && '" + tool + "' run --only exits --board " + board +
                                      " --out " + quoted(scratch / board));
        EXPECT_EQ(finished.status, 0) << finished.output;
        const json command = results(scratch / board).at("host").at("command");
        const auto kernel = std::find(command.begin(), command.end(), "-kernel");
        ASSERT_NE(kernel, command.end());
        EXPECT_TRUE((kernel + 1)->get<std::string>().starts_with((scratch / "usr").string()))
            << *(kernel + 1);
        const bool names_source = std::any_of(command.begin(), command.end(), [](const json& word) {
            return word.get<std::string>().starts_with(HYPMETER_SOURCE_DIR);
        });
        EXPECT_FALSE(names_source) << command;
    }
    EXPECT_EQ(run("cd / && '" + tool + "' --version").output.rfind("hypmeter ", 0), 0U);
    EXPECT_NE(read_text(scratch / "usr/share/man/man1/hypmeter.1").find(".TH HYPMETER 1"),
              std::string::npos);
    const Finished completion = run(
        "bash -c \". '" + (scratch / "usr/share/bash-completion/completions/hypmeter").string() +
        "'; COMP_WORDS=(hypmeter run --su); COMP_CWORD=2; _hypmeter; echo \\${COMPREPLY[@]}\"");
    EXPECT_NE(completion.output.find("--suite"), std::string::npos) << completion.output;
}

}  // namespace
}  // namespace hm::test
