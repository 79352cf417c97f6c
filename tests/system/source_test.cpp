// Rules that hold of the sources.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <regex>
#include <set>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

namespace fs = std::filesystem;

struct Source {
    fs::path path;  ///< from the top of the tree
    std::vector<std::string> lines;
};

/// A line without its // comment, and without what stands in quotes.
std::string code_of(std::string line) {
    static const std::regex text_in_quotes(R"("([^"\\]|\\.)*")");
    line = std::regex_replace(line, text_in_quotes, "\"\"");
    return line.substr(0, line.find("//"));
}

/// All of the target's sources, and with `host` the host tool's too.
std::vector<Source> sources(bool host = false) {
    std::vector<Source> all;
    const fs::path top = HYPMETER_SOURCE_DIR;
    std::vector<std::string> folders{"alone", "board", "boot",    "drivers", "foreign",
                                     "guest", "hyp",   "measure", "session"};
    if (host) {
        folders.emplace_back("host");
    }
    for (const std::string& folder : folders) {
        for (const auto& entry : fs::recursive_directory_iterator(top / folder)) {
            const std::string extension = entry.path().extension();
            if (extension != ".cpp" && extension != ".hpp" && extension != ".S") {
                continue;
            }
            Source source{fs::relative(entry.path(), top), {}};
            std::ifstream stream(entry.path());
            for (std::string line; std::getline(stream, line);) {
                source.lines.push_back(line);
            }
            all.push_back(source);
        }
    }
    return all;
}

/// Everything that people wrote.
void each_file(const std::function<void(const fs::path&)>& use) {
    const fs::path top = HYPMETER_SOURCE_DIR;
    for (const char* const folder :
         {"alone", "board", "boot", "docs", "drivers", "foreign", "guest", "host", "hyp", "lab",
          "linker", "measure", "session", "tests", "toolchain"}) {
        for (const auto& entry : fs::recursive_directory_iterator(top / folder)) {
            if (entry.is_regular_file()) {
                use(entry.path());
            }
        }
    }
    for (const char* const file : {"hypmeter", "CMakeLists.txt", "README.md"}) {
        use(top / file);
    }
}

bool may_touch_hardware(const fs::path& path) {
    const std::set<fs::path> parts(path.begin(), path.end());
    return parts.contains("hw") || *path.begin() == "boot";
}

TEST(Layering, AssemblyVolatileAndIntegerToPointerCastsLiveInHwAndBootAlone) {
    const std::regex forbidden(R"(\b(asm|__asm__|volatile)\b|reinterpret_cast<[^>]*\*\s*>)");
    std::size_t checked = 0;
    for (const Source& source : sources()) {
        if (may_touch_hardware(source.path)) {
            continue;
        }
        EXPECT_NE(source.path.extension(), ".S") << source.path;
        for (std::size_t i = 0; i < source.lines.size(); ++i) {
            EXPECT_FALSE(std::regex_search(code_of(source.lines[i]), forbidden))
                << source.path << ":" << i + 1 << ": " << source.lines[i];
        }
        ++checked;
    }
    EXPECT_GT(checked, 40U);
}

TEST(Layering, WhatCompilesOnTheHostIncludesNothingFromHw) {
    const std::regex include(R"(#include "[^"]*\bhw/)");
    for (const Source& source : sources()) {
        if (may_touch_hardware(source.path)) {
            continue;
        }
        for (const std::string& line : source.lines) {
            EXPECT_FALSE(std::regex_search(line, include)) << source.path << ": " << line;
        }
    }
}

/// The folder that `included` belongs to; a board's own header is found by its name.
std::string folder_of(const std::string& included) {
    if (included == "board.hpp") {
        return "board";
    }
    const std::size_t slash = included.find('/');
    return slash == std::string::npos ? "" : included.substr(0, slash);
}

TEST(Layering, NoIncludeRunsUpwards) {
    const std::map<std::string, std::set<std::string>> allowed{
        {"measure", {}},
        {"drivers", {"measure"}},
        {"board", {"measure", "drivers"}},
        {"hyp", {"measure", "drivers", "board"}},
        {"guest", {"measure", "drivers", "board"}},
        {"session", {"measure", "drivers", "board", "hyp"}},
        {"foreign", {"measure", "drivers", "board", "hyp", "session"}},
        {"alone", {"measure", "drivers", "guest", "session"}},
        {"boot", {"measure", "drivers", "board", "hyp", "session"}},
        {"host", {"measure", "drivers", "board", "guest", "alone"}},
    };
    const std::regex include(R"re(^#include "([^"]+)")re");
    std::map<std::string, std::map<std::string, int>> map;
    for (const Source& source : sources(true)) {
        const std::string from = source.path.begin()->string();
        for (const std::string& line : source.lines) {
            std::smatch match;
            if (!std::regex_search(line, match, include)) {
                continue;
            }
            const std::string to = folder_of(match[1]);
            if (to.empty() || to == from) {
                continue;  // its own, or one that the build makes
            }
            ++map[from][to];
            EXPECT_TRUE(allowed.at(from).contains(to)) << source.path << ": " << line;
            if (from == "host") {
                EXPECT_EQ(match[1].str().find("hw/"), std::string::npos)
                    << source.path << ": " << line;
            }
        }
    }
    EXPECT_GE(map.size(), allowed.size() - 2) << "only measure and drivers may include no other";
    for (const auto& [from, targets] : map) {
        std::cout << from << " ->";
        for (const auto& [to, count] : targets) {
            std::cout << " " << to << " (" << count << ")";
        }
        std::cout << "\n";
    }
}

TEST(Layering, BoardsAreDataAndNoConditionNamesOne) {
    const std::regex condition(R"(^\s*#\s*(if|ifdef|elif)\b)");
    for (const Source& source : sources()) {
        for (const std::string& line : source.lines) {
            // The one that is no assembly leaves out the ISBs of stamps, on whatever board.
            const bool may = source.path.extension() == ".S" ||
                             (source.path == "drivers/pmu/hw/stamp_barrier.hpp" &&
                              line == "#ifdef HYPMETER_STAMPS_WITHOUT_ISB");
            if (!may) {
                EXPECT_FALSE(std::regex_search(line, condition)) << source.path << ": " << line;
            }
        }
    }
}

TEST(Layering, AssemblyIsFew) {
    const std::regex statement(R"(\basm\b)");
    std::size_t files = 0;
    std::size_t statements = 0;
    for (const Source& source : sources()) {
        const bool assembly = source.path.extension() == ".S";
        bool in_comment = false;
        for (const std::string& line : source.lines) {
            if (assembly) {
                const bool begins = line.starts_with("/*");
                in_comment = in_comment || begins;
                const bool blank = line.find_first_not_of(" \t") == std::string::npos;
                files += !in_comment && !blank ? 1 : 0;
                in_comment = in_comment && line.find("*/") == std::string::npos;
            } else {
                statements += std::regex_search(code_of(line), statement) ? 1 : 0;
            }
        }
    }
    std::cout << "lines of assembly: " << files << " in .S files, " << statements
              << " statements in C++\n";
    EXPECT_GT(files, 50U);
}

TEST(Barriers, EachAndEachMaintenanceOperationCitesWhatDemandsIt) {
    const std::regex operation(R"(\b([id]sb|dmb|dsb_inner_shareable)\b|\boperate<)");
    const std::regex citation(R"(\b[A-D]\d+\.\d+|TRM|IHI 0048)");
    std::size_t checked = 0;
    for (const Source& source : sources()) {
        const char* const comment = source.path.extension() == ".S" ? "@" : "//";
        const auto cites = [&](const std::string& line) {
            return std::regex_search(line, citation);
        };
        for (std::size_t i = 0; i < source.lines.size(); ++i) {
            const std::string& line = source.lines[i];
            const std::string code = line.substr(0, line.find(comment));
            if (!std::regex_search(code, operation) || code.starts_with("/*")) {
                continue;
            }
            // On its line, or further up in its function and the comment before that.
            bool found = cites(line);
            for (std::size_t j = i; !found && j-- > 0 && !source.lines[j].starts_with("}");) {
                found = cites(source.lines[j]);
            }
            EXPECT_TRUE(found) << source.path << ":" << i + 1 << ": " << line;
            ++checked;
        }
    }
    EXPECT_GT(checked, 80U);
}

TEST(Sources, WhatNamesItsInterpreterCanBeCalled) {
    std::size_t checked = 0;
    each_file([&](const fs::path& file) {
        if (read_text(file).starts_with("#!")) {
            EXPECT_NE(fs::status(file).permissions() & fs::perms::owner_exec, fs::perms::none)
                << file << " is a script that cannot be executed";
            ++checked;
        }
    });
    EXPECT_GT(checked, 10U);
}

TEST(Sources, NoCommandGivesAGuestAWayToTheHost) {
    // Code at PL1 can call this interface of QEMU, and HYP cannot trap it. The word is in two
    // parts, so that it is not found here.
    const std::string option = std::string("-semi") + "hosting";
    const std::string word = option.substr(1);
    std::size_t checked = 0;
    const auto check = [&](const fs::path& file) {
        const std::string text = read_text(file);
        const std::string path = fs::relative(file, HYPMETER_SOURCE_DIR);
        const bool only_of_commands = path.starts_with("tests/") || file.extension() == ".md";
        EXPECT_EQ(text.find(only_of_commands ? option : word), std::string::npos) << path;
        ++checked;
    };
    each_file(check);
    EXPECT_GT(checked, 300U);
}

}  // namespace
}  // namespace hm::test
