// What the documents name exists: files, commands, options, keys, messages.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <functional>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "host/cli/options.hpp"

namespace hm::test {
namespace {

namespace fs = std::filesystem;

const fs::path kTop = HYPMETER_SOURCE_DIR;

std::string read_file(const fs::path& path) {
    std::ifstream stream(path);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

std::vector<fs::path> documents() {
    std::vector<fs::path> found{kTop / "README.md", kTop / "CONTRIBUTING.md",
                                kTop / "CHANGELOG.md"};
    for (const auto& entry : fs::directory_iterator(kTop / "docs")) {
        if (entry.path().extension() == ".md") {
            found.push_back(entry.path());
        }
    }
    return found;
}

/// Every first group of `pattern` in `text`.
std::vector<std::string> all_in(const std::string& text, const std::regex& pattern) {
    std::vector<std::string> found;
    for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) {
        found.push_back((*at)[1]);
    }
    return found;
}

/// What stands in single backquotes outside of blocks, and the lines of ```sh blocks.
std::vector<std::string> code_in(const std::string& text) {
    std::vector<std::string> code;
    std::string prose;
    std::string block;
    for (const std::string& line : lines_of(text)) {
        const std::size_t fence = line.find("```");
        if (fence != std::string::npos) {
            block = block.empty() ? line.substr(fence) : "";
        } else if (block.empty()) {
            prose += line + " ";
        } else if (block == "```sh") {
            code.push_back(line);
        }
    }
    const std::vector<std::string> spans = all_in(prose, std::regex("`([^`]+)`"));
    code.insert(code.end(), spans.begin(), spans.end());
    return code;
}

/// Calls `check` for each piece of code in each document.
void for_each_code(const std::function<void(const std::string&, const fs::path&)>& check) {
    for (const fs::path& document : documents()) {
        for (const std::string& code : code_in(read_file(document))) {
            check(code, document);
        }
    }
}

/// As a shell splits a line; quotes keep no spaces together here.
std::vector<std::string> words_of(const std::string& text) {
    std::string line = text.substr(0, text.find_first_of("#&|;"));
    line = line.substr(0, line.find(" >"));  // not that of a rule, as "p99>2%"
    std::erase(line, '"');
    std::istringstream stream(line);
    return {std::istream_iterator<std::string>(stream), {}};
}

TEST(Documents, ReadmeHasAtMost150Lines) {
    const std::size_t lines = lines_of(read_file(kTop / "README.md")).size();
    EXPECT_GT(lines, 50U);
    EXPECT_LE(lines, 150U);
}

TEST(Documents, EveryRelativeLinkLeadsToAFileOrAFolder) {
    std::size_t checked = 0;
    for (const fs::path& document : documents()) {
        for (const std::string& link :
             all_in(read_file(document), std::regex(R"(\]\(([^)#]+)(#[^)]*)?\))"))) {
            if (link.find("://") == std::string::npos) {
                EXPECT_TRUE(fs::exists(document.parent_path() / link)) << document << ": " << link;
                ++checked;
            }
        }
    }
    EXPECT_GT(checked, 50U);
}

TEST(Documents, EveryPathInBackquotesExists) {
    const std::regex path(
        "(board|boot|docs|drivers|guest|host|hyp|linker|measure|session|tests|toolchain)/[\\w./"
        "-]*");
    std::size_t checked = 0;
    for_each_code([&](const std::string& code, const fs::path& document) {
        if (std::regex_match(code, path)) {
            EXPECT_TRUE(fs::exists(kTop / code)) << document << ": " << code;
            ++checked;
        }
    });
    EXPECT_GT(checked, 10U);
}

TEST(Documents, EveryCommandLineIsAccepted) {
    const std::string script = read_file(kTop / "hypmeter");
    std::size_t checked = 0;
    for_each_code([&](const std::string& code, const fs::path& document) {
        if (!code.starts_with("./hypmeter ")) {
            return;
        }
        ++checked;
        std::vector<std::string> words = words_of(code.substr(std::string("./hypmeter ").size()));
        ASSERT_FALSE(words.empty()) << document << ": " << code;
        if (words[0] == "test") {
            const std::string start = words.size() == 1 ? "test" : "test " + words[1];
            EXPECT_NE(script.find("#   ./hypmeter " + start + " "), std::string::npos)
                << document << ": " << code;
            return;
        }
        constexpr std::array kOfTheScript{"benchmark", "golden", "reference", "repeat", "size",
                                          "coverage",  "mutate", "linux",     "u-boot"};
        if (std::find(kOfTheScript.begin(), kOfTheScript.end(), words[0]) != kOfTheScript.end()) {
            EXPECT_NE(script.find("\n    " + words[0] + ")\n"), std::string::npos)
                << document << ": " << code;
            return;
        }
        const host::Options options = host::parse_options(words, "builds");
        const auto* const refused = std::get_if<host::UsageError>(&options);
        EXPECT_EQ(refused, nullptr)
            << document << ": " << code << ": " << (refused == nullptr ? "" : refused->line);
    });
    EXPECT_GT(checked, 10U);
}

TEST(Documents, EveryOptionIsOneOfTheTool) {
    std::string parser;
    for (const auto& entry : fs::directory_iterator(kTop / "host/cli")) {
        if (entry.path().string().ends_with("words.cpp")) {
            parser += read_file(entry.path());
        }
    }
    std::size_t checked = 0;
    for_each_code([&](const std::string& code, const fs::path& document) {
        if (!code.starts_with("--")) {
            return;
        }
        ++checked;
        const std::vector<std::string> words = words_of(code);
        EXPECT_NE(parser.find("\"" + words[0] + "\""), std::string::npos)
            << document << ": " << code;
        if (words.size() > 1 && words[0] != "--format") {
            const auto why_refused = [&words](std::vector<std::string> command) {
                command.insert(command.end(), words.begin(), words.end());
                const host::Options options = host::parse_options(command, "builds");
                const auto* const refused = std::get_if<host::UsageError>(&options);
                return refused == nullptr ? std::string() : refused->line;
            };
            const std::string of_run = why_refused({"run"});
            const bool accepted = of_run.empty() || why_refused({"predict"}).empty() ||
                                  why_refused({"guest", "--kernel", "k"}).empty();
            EXPECT_TRUE(accepted || words[0] == "--load")  // of a port only
                << document << ": " << code << ": " << of_run;
        }
    });
    EXPECT_GT(checked, 8U);
}

/// The C++ sources of `folder`, with adjacent string literals joined and quotes dropped.
std::string literals_in(const char* folder) {
    std::string text;
    for (const auto& entry : fs::recursive_directory_iterator(kTop / folder)) {
        if (entry.path().extension() == ".cpp") {
            text += read_file(entry.path());
        }
    }
    text = std::regex_replace(text, std::regex("\"\\s*\\n\\s*\""), "");
    return std::regex_replace(text, std::regex(R"(\\")"), "");
}

TEST(Documents, EveryMessageInATableOfMessagesIsPrinted) {
    std::string sources;
    for (const char* const folder : {"board", "boot", "host", "session"}) {
        sources += literals_in(folder);
    }
    std::size_t checked = 0;
    for (const fs::path& document : documents()) {
        bool in_table = false;
        for (const std::string& line : lines_of(read_file(document))) {
            in_table = line.starts_with("| message |") || (in_table && line.starts_with("|"));
            std::smatch match;
            if (!in_table || !std::regex_search(line, match, std::regex("^\\| `([^`]+)`"))) {
                continue;
            }
            // Parts that the message fills in are written as "..".
            std::string rest = match[1];
            while (!rest.empty()) {
                const std::size_t cut = std::min(rest.find(".."), rest.size());
                std::string part = rest.substr(0, cut);
                part.erase(0, part.find_first_not_of(' '));
                part.erase(part.find_last_not_of(' ') + 1);
                EXPECT_TRUE(sources.find(part) != std::string::npos) << document << ": " << part;
                rest.erase(0, cut + 2);
                ++checked;
            }
        }
    }
    EXPECT_GT(checked, 5U);
}

/// The cells of a row of a table, without the spaces around them.
std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    std::istringstream stream(line.substr(1));
    for (std::string cell; std::getline(stream, cell, '|');) {
        cell.erase(0, cell.find_first_not_of(' '));
        cell.erase(cell.find_last_not_of(' ') + 1);
        cells.push_back(cell);
    }
    return cells;
}

/// What is named in backquotes, or nothing.
std::string named_in(const std::string& cell) {
    const std::vector<std::string> names = all_in(cell, std::regex("`([^`]+)`"));
    return names.empty() ? "" : names[0];
}

/// The mean instructions of HYP in the one kind of golden row that all words of `name` occur in,
/// and that was measured in a virtual machine without stamps.
double golden_mean(const std::string& name) {
    std::set<double> means;
    for (const std::string& line : lines_of(read_file(kTop / "board/virt/golden.txt"))) {
        std::istringstream columns(line);
        std::string label;
        std::string count;
        std::string least;
        std::string mean;
        std::getline(columns, label, '\t');
        const std::vector<std::string> words = words_of(label);
        const auto has = [&words](const std::string& word) {
            return std::find(words.begin(), words.end(), word) != words.end();
        };
        const std::vector<std::string> wanted = words_of(name);
        if (columns >> count >> least >> mean && words.back() == "hyp-instructions" &&
            !has("native/native") && !has("stamps=1") && words.front() == wanted.front() &&
            std::all_of(wanted.begin(), wanted.end(), has)) {
            means.insert(std::stod(mean));
        }
    }
    EXPECT_EQ(means.size(), 1U) << name;
    return means.empty() ? -1 : *means.begin();
}

/// A table of steps in floor.md: the least and ours. Where ours does not exist, the second is 0.
struct Steps {
    std::string name;
    double floor = 0;
    double ours = 0;
    friend bool operator==(const Steps&, const Steps&) = default;
};

TEST(Documents, TheStepsOfEachFloorAddUpToItsSumAndToTheGoldenValue) {
    std::vector<Steps> sums;
    Steps added;
    Steps the_switch;
    bool in_table = false;
    bool has_ours = false;
    for (const std::string& line : lines_of(read_file(kTop / "docs/floor.md"))) {
        if (line.starts_with("| step |")) {
            in_table = true;
            has_ours = line.find("| ours |") != std::string::npos;
            added = {};
            continue;
        }
        if (!in_table || !line.starts_with("|") || line.starts_with("|---")) {
            EXPECT_TRUE(!in_table || line.starts_with("|")) << "no sum before: " << line;
            continue;
        }
        const std::vector<std::string> cells = cells_of(line);
        const Steps step{named_in(cells.at(0)), std::stod(cells.at(1)),
                         has_ours ? std::stod(cells.at(2)) : 0};
        if (!cells[0].starts_with("**sum**")) {
            if (cells[0] == "the switch") {
                EXPECT_EQ(step, the_switch) << "the table that both switches share";
            }
            added.floor += step.floor;
            added.ours += step.ours;
            continue;
        }
        EXPECT_EQ(step.floor, added.floor) << step.name;
        EXPECT_EQ(step.ours, added.ours) << step.name;
        if (has_ours && step.name.empty()) {
            the_switch = step;
        }
        sums.push_back(step);
        in_table = false;
    }
    EXPECT_EQ(sums.size(), 8U);
    std::size_t checked = 0;
    for (const std::string& line : lines_of(read_file(kTop / "docs/floor.md"))) {
        const std::vector<std::string> cells =
            line.starts_with("| ") ? cells_of(line) : std::vector<std::string>{};
        // The table at the top has an operation in each row, with its name, and the target at last.
        if (cells.size() != 4 || named_in(cells[0]).empty() || cells[0].starts_with("**sum**") ||
            !std::isdigit(static_cast<unsigned char>(cells[3][0]))) {
            continue;
        }
        const Steps row{named_in(cells[0]), std::stod(cells[1]), std::stod(cells[2])};
        EXPECT_EQ(row.ours, golden_mean(row.name)) << row.name;
        const auto detail = std::find_if(sums.begin(), sums.end(),
                                         [&row](const Steps& sum) { return sum.name == row.name; });
        if (detail != sums.end()) {
            EXPECT_EQ(detail->floor, row.floor) << row.name;
            EXPECT_EQ(detail->ours, row.ours) << row.name;
            ++checked;
        }
    }
    EXPECT_EQ(checked, 6U) << "operations with a table of steps";
}

}  // namespace
}  // namespace hm::test
