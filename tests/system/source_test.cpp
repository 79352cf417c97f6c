// Rules that hold of the sources and of the image as it is built.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
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
    std::vector<std::string> folders{"board", "boot",    "drivers", "guest",
                                     "hyp",   "measure", "session"};
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
        {"boot", {"measure", "drivers", "board", "hyp", "session"}},
        {"host", {"measure", "drivers", "board", "guest"}},
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
            if (source.path.extension() != ".S") {
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

TEST(Image, TrustedCoreAndWholeImageStayWithinTheirBudgets) {
    const Finished finished =
        run(std::string(HYPMETER_SOURCE_DIR) + "/toolchain/size.py " + image() + " --check");
    std::cout << finished.output;
    EXPECT_EQ(finished.status, 0) << finished.output;
    std::smatch match;
    for (const auto& [what, least] : {std::pair{"trusted core", 5'000}, {"image", 20'000}}) {
        ASSERT_TRUE(std::regex_search(finished.output, match,
                                      std::regex(std::string(what) + R"(: (\d+) bytes of \d+)")))
            << finished.output;
        EXPECT_GT(std::stoi(match[1]), least) << "what was counted is not the whole";
    }
}

TEST(Image, VfpAndNeonAreTouchedByTheVmSwitchAndByNothingElse) {
    const Finished finished = run("arm-none-eabi-objdump -d -C --no-show-raw-insn " + image());
    ASSERT_EQ(finished.status, 0);
    std::istringstream lines(finished.output);
    const std::regex function(R"(^[0-9a-f]+ <(.*)>:$)");
    const std::regex vector(R"(^\s*[0-9a-f]+:\s+(v[a-z]+(\.[a-z0-9]+)*)\s)");
    // Both have load_vfp or save_vfp of hyp/hw/vcpu_switch.hpp inlined.
    const std::regex allowed("hm::hyp::.*(follow_schedule|load_core)");
    std::size_t instructions = 0;
    std::size_t vectors = 0;
    std::string in;
    for (std::string line; std::getline(lines, line);) {
        ++instructions;
        std::smatch match;
        if (std::regex_match(line, match, function)) {
            in = match[1];
        }
        if (std::regex_search(line, vector)) {
            ++vectors;
            EXPECT_TRUE(std::regex_search(in, allowed)) << in << ": " << line;
        }
    }
    EXPECT_GT(instructions, 5000U);
    EXPECT_GE(vectors, 10U) << "a switch without VFP and NEON";
}

TEST(Image, HasNoInstructionByWhichAnEmulatorServesPrograms) {
    // "Semihosting for AArch32 and AArch64" (ARM-software/abi-aa), section 3: SVC 0x123456 and HLT
    // 0xF000 in A32, SVC 0xAB, BKPT 0xAB and HLT 0x3C in T32. The disassembler prints some as data.
    const std::regex call(
        R"(\s(svc\s+(0x00123456|171)|bkpt\s+0x00ab|hlt\s|\.word\s+0xe10f0070|\.short\s+0xbabc))");
    EXPECT_TRUE(std::regex_search(" 8000:\tsvc\t0x00123456", call));
    for (const std::string& file :
         {image(), image("-guest"), image("-cases"),
          std::string(HYPMETER_BUILDS) + "/vexpress/hypmeter-vexpress.elf"}) {
        const Finished finished = run("arm-none-eabi-objdump -d --no-show-raw-insn " + file);
        ASSERT_EQ(finished.status, 0) << finished.output;
        EXPECT_GT(finished.output.size(), 10'000U) << file;
        std::smatch match;
        EXPECT_FALSE(std::regex_search(finished.output, match, call)) << file << ": " << match[0];
    }
}

TEST(Sources, NoCommandGivesAGuestAWayToTheHost) {
    // Code at PL1 can call this interface of QEMU, and HYP cannot trap it. The word is in two
    // parts, so that it is not found here.
    const std::string option = std::string("-semi") + "hosting";
    const std::string word = option.substr(1);
    const fs::path top = HYPMETER_SOURCE_DIR;
    std::size_t checked = 0;
    const auto check = [&](const fs::path& file) {
        const std::string text = read_text(file);
        const std::string path = fs::relative(file, top);
        const bool only_of_commands = path.starts_with("tests/") || file.extension() == ".md";
        EXPECT_EQ(text.find(only_of_commands ? option : word), std::string::npos) << path;
        ++checked;
    };
    for (const char* const folder : {"board", "boot", "docs", "drivers", "guest", "host", "hyp",
                                     "linker", "measure", "session", "tests", "toolchain"}) {
        for (const auto& entry : fs::recursive_directory_iterator(top / folder)) {
            if (entry.is_regular_file()) {
                check(entry.path());
            }
        }
    }
    for (const char* const file : {"hypmeter", "CMakeLists.txt", "README.md"}) {
        check(top / file);
    }
    EXPECT_GT(checked, 300U);
}

/// Instructions of an image as a disassembler prints them, one function after the other.
std::vector<std::pair<std::string, std::vector<std::string>>> functions_of(
    const std::string& image_file) {
    const Finished finished = run("arm-none-eabi-objdump -d -C --no-show-raw-insn " + image_file);
    EXPECT_EQ(finished.status, 0) << finished.output;
    std::vector<std::pair<std::string, std::vector<std::string>>> functions;
    const std::regex name(R"(^[0-9a-f]+ <(.*)>:$)");
    const std::regex instruction(R"(^\s*[0-9a-f]+:\s+(.*)$)");
    std::istringstream lines(finished.output);
    std::smatch match;
    for (std::string line; std::getline(lines, line);) {
        if (std::regex_match(line, match, name)) {
            functions.emplace_back(match[1], std::vector<std::string>{});
        } else if (!functions.empty() && std::regex_match(line, match, instruction)) {
            functions.back().second.push_back(match[1]);
        }
    }
    return functions;
}

TEST(Image, NothingIsStoredBetweenTheCleaningOfCachesAndTheirEnd) {
    // What a core stores then stays in a cache that it does not look into any more.
    const std::regex store(R"(^(push|st[rm]|vst|vpush))");
    const std::regex cleaning(R"(^bl\s.*clean_invalidate_all_data)");
    const std::regex control(R"(^mcr\s+15, [04], r\w+, cr1, cr0, \{0\})");
    for (const std::string board : {"virt", "vexpress", "arndale"}) {
        std::size_t ends = 0;
        std::size_t cleanings = 0;
        for (const auto& [name, code] : functions_of(std::string(HYPMETER_BUILDS) + "/" + board +
                                                     "/hypmeter-" + board + ".elf")) {
            const bool cleans = name.find("clean_invalidate_all_data") != std::string::npos;
            cleanings += cleans ? 1 : 0;
            bool cleaned = cleans;
            std::vector<std::string> stores;
            for (std::size_t i = cleans ? 1 : 0; i < code.size(); ++i) {
                if (std::regex_search(code[i], store)) {
                    stores.push_back(code[i]);
                } else if (std::regex_search(code[i], cleaning)) {
                    cleaned = true;
                    stores.clear();
                } else if (cleaned && std::regex_search(code[i], control)) {
                    EXPECT_TRUE(stores.empty()) << board << ": " << name << ": " << stores.front();
                    ++ends;
                    cleaned = false;
                }
            }
            EXPECT_TRUE(!cleans || stores.empty()) << board << ": " << name;
        }
        EXPECT_EQ(cleanings, 1U) << board;
        EXPECT_GE(ends, 2U) << board << ": the way out of Secure state, and into the pen";
    }
}

TEST(Image, ADescriptorThatAFaultNeedsIsVisibleToWalksBeforeTheGuestGoesOn) {
    // ARM DDI 0406C.d, B3.10.1: a DSB after the store. QEMU's walks see a store at once.
    const std::regex store(R"(^strd\s+\w+, \w+, \[(?!sp))");
    const std::regex barrier(R"(^dsb\s+ishst)");
    std::size_t stores = 0;
    for (const auto& [name, code] : functions_of(image())) {
        if (name.find("map_on_demand") == std::string::npos &&
            name.find("map_window") == std::string::npos) {
            continue;
        }
        bool open = false;
        for (const std::string& instruction : code) {
            if (std::regex_search(instruction, store)) {
                open = true;
                ++stores;
            } else if (std::regex_search(instruction, barrier)) {
                open = false;
            }
        }
        EXPECT_FALSE(open) << name;
    }
    EXPECT_GE(stores, 2U) << "the page and the windows of fault-around";
}

TEST(Image, ACoreJoinsCoherencyBeforeItDoesAnyMaintenance) {
    // Cortex-A15 TRM, 4.3.28: ACTLR.SMP before caches or TLBs are maintained (CP15, c7 and c8).
    const std::regex joins(R"(^blx?\s.*<join_coherency)");
    const std::regex maintains(R"(^mcr\s+15, \d, r\w+, cr[78],|^blx?\s.*(clean|invalid|caches))");
    for (const std::string board : {"virt", "vexpress", "arndale"}) {
        std::set<std::string> entries;
        for (const auto& [name, code] : functions_of(std::string(HYPMETER_BUILDS) + "/" + board +
                                                     "/hypmeter-" + board + ".elf")) {
            // The way from HYP mode, and that from Secure state.
            if (name != "rise" && name != "leave_secure_state") {
                continue;
            }
            for (const std::string& instruction : code) {
                if (std::regex_search(instruction, joins)) {
                    entries.insert(name);
                }
                EXPECT_TRUE(entries.contains(name) || !std::regex_search(instruction, maintains))
                    << board << ": " << name << ": " << instruction;
            }
        }
        EXPECT_EQ(entries.size(), 2U) << board;
    }
}

TEST(Image, ActlrIsWrittenOnlyOnceALoadHasGivenItsValue) {
    // Erratum 799270: the load makes the L2 cache work, and the write must not overtake it.
    const std::regex write(R"(^mcr\s+15, 0, (r\w+|ip|lr), cr1, cr0, \{1\})");
    for (const std::string board : {"virt", "vexpress", "arndale"}) {
        std::size_t writes = 0;
        for (const auto& [name, code] : functions_of(std::string(HYPMETER_BUILDS) + "/" + board +
                                                     "/hypmeter-" + board + ".elf")) {
            for (std::size_t i = 0; i < code.size(); ++i) {
                std::smatch match;
                if (!std::regex_search(code[i], match, write)) {
                    continue;
                }
                ++writes;
                const std::string word = match[1];
                ASSERT_GE(i, 3U) << board << ": " << name;
                EXPECT_TRUE(
                    std::regex_search(code[i - 3], std::regex("^ldr(\\.w)?\\s+" + word + ", \\[")))
                    << board << ": " << name << ": " << code[i - 3];
                EXPECT_TRUE(std::regex_search(
                    code[i - 2], std::regex("^and(\\.w)?\\s+" + word + ", " + word + ", #0")))
                    << board << ": " << name << ": " << code[i - 2];
                EXPECT_TRUE(std::regex_search(
                    code[i - 1], std::regex("^orr(\\.w)?\\s+" + word + ", " + word + ", ")))
                    << board << ": " << name << ": " << code[i - 1];
            }
        }
        EXPECT_EQ(writes, 1U) << board;
    }
}

TEST(Image, TheTlbFlushThatAGuestAsksForIsOfBothStagesAndCompleteBeforeItReturns) {
    // QEMU's TLBs do not tell the stages apart, so that no run shows which operation was done.
    const std::vector<std::string> wanted{R"(^mcr\s+15, 4, r\w+, cr8, cr7, \{4\})", R"(^dsb\s+sy)",
                                          R"(^isb\s+sy)"};
    std::size_t found = 0;
    for (const auto& [name, code] : functions_of(image())) {
        if (name.find("serve_hypercall") == std::string::npos) {
            continue;
        }
        for (std::size_t i = 0; i + wanted.size() <= code.size(); ++i) {
            bool all = true;
            for (std::size_t part = 0; part < wanted.size(); ++part) {
                all = all && std::regex_search(code[i + part], std::regex(wanted[part]));
            }
            found += all ? 1 : 0;
        }
    }
    EXPECT_EQ(found, 1U);
}

TEST(Image, CodeThatWasWrittenAsDataIsFetchedOnlyAfterTheWholeSequence) {
    // ARM DDI 0406C.d, B2.2.6, the example: ICIALLU, then BPIALL, between two DSBs, then an ISB.
    // QEMU has neither instruction caches nor branch predictors, so that no run shows it.
    const std::regex invalidates(R"(^mcr\s+15, 0, \w+, cr7, cr5, \{0\})");
    const std::regex before(R"(^dsb\s+sy)");
    const std::vector<std::string> after{R"(^mcr\s+15, 0, \w+, cr7, cr5, \{6\})", R"(^dsb\s+sy)",
                                         R"(^isb\s+sy)"};
    std::size_t found = 0;
    for (const auto& [name, code] : functions_of(image())) {
        for (std::size_t i = 0; i < code.size(); ++i) {
            if (!std::regex_search(code[i], invalidates)) {
                continue;
            }
            ++found;
            // The word to write may be made in between.
            ASSERT_TRUE(i >= 2 && i + after.size() < code.size()) << name;
            EXPECT_TRUE(std::regex_search(code[i - 1], before) ||
                        std::regex_search(code[i - 2], before))
                << name << ": " << code[i - 1];
            for (std::size_t part = 0; part < after.size(); ++part) {
                EXPECT_TRUE(std::regex_search(code[i + 1 + part], std::regex(after[part])))
                    << name << ": " << code[i + 1 + part];
            }
        }
    }
    EXPECT_GE(found, 1U);
}

}  // namespace
}  // namespace hm::test
