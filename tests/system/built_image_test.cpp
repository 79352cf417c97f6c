// Rules that hold of the image as it is built: its size and its instructions.

#include <gtest/gtest.h>

#include <iostream>
#include <regex>
#include <sstream>

#include "host/machine/boards.hpp"
#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

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
    const std::regex allowed("hm::hyp::.*(switch_to|load_core)");
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

TEST(Image, ForGem5HasNoMrsOfABankedRegisterAsThumbCode) {
    // gem5 24.0 reads a wrong register there (docs/gem5.md). In Thumb the instruction is F3Ex or
    // F3Fx, then 8x2x or 8x3x (ARM DDI 0406C.d, B9.3.9).
    const std::regex thumb(R"(\sf3[ef][0-9a-f] 8[0-9a-f][23]0 \s*mrs\s)");
    EXPECT_TRUE(std::regex_search("8020cd76:\tf3ee 8330 \tmrs\tr3, ELR_hyp", thumb));
    const std::regex arm(R"(\se1[0-9a-f]{6} \s*mrs\s.*ELR_hyp)");
    for (const char* const name : {"hypmeter-vexpress", "hypmeter-vexpress-foreign"}) {
        const Finished finished = run("arm-none-eabi-objdump -d " + (std::string(HYPMETER_BUILDS) +
                                                                     "/vexpress/" + name + ".elf"));
        ASSERT_EQ(finished.status, 0) << finished.output;
        std::smatch match;
        EXPECT_FALSE(std::regex_search(finished.output, match, thumb)) << name << ": " << match[0];
        EXPECT_TRUE(std::regex_search(finished.output, arm)) << name;
    }
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
    for (const host::Board* const one : host::boards()) {
        const std::string board(one->name);
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
    const std::regex store(R"(^strd\s+\w+, (\w+, )?\[(?!sp))");
    const std::regex barrier(R"(^dsb\s+ishst)");
    std::size_t stores = 0;
    for (const auto& [name, code] : functions_of(image())) {
        if (name.find("serve_data_abort") == std::string::npos &&
            name.find("hyp_trap_stamped") == std::string::npos &&
            name.find("map_on_demand") == std::string::npos &&
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
    EXPECT_GE(stores, 4U) << "the page at once, with stamps too, all else, and fault-around";
}

TEST(Image, ACoreJoinsCoherencyBeforeItDoesAnyMaintenance) {
    // Cortex-A15 TRM, 4.3.28: ACTLR.SMP before caches or TLBs are maintained (CP15, c7 and c8).
    const std::regex joins(R"(^blx?\s.*<join_coherency)");
    const std::regex maintains(R"(^mcr\s+15, \d, r\w+, cr[78],|^blx?\s.*(clean|invalid|caches))");
    for (const host::Board* const one : host::boards()) {
        const std::string board(one->name);
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

TEST(Image, TheTlbRamsAreReadForHypAloneAndAfterABarrier) {
    // No emulator has these registers. Cortex-A7 TRM 6.6: a write selects, then three reads; ARM
    // DDI 0406C.d, B3.15.5: an ISB between them. Anybody but HYP is sent back before that.
    const std::vector<std::string> wanted{R"(^mrs\s+(ip|r12), SPSR)",
                                          R"(^and\s+(ip|r12), (ip|r12), #31)",
                                          R"(^cmp\s+(ip|r12), #26)",
                                          R"(^movsne\s+pc, lr)",
                                          R"(^mcr\s+15, 3, r0, cr15, cr4, \{2\})",
                                          R"(^isb\s+sy)",
                                          R"(^mrc\s+15, 3, r0, cr15, cr0, \{0\})",
                                          R"(^mrc\s+15, 3, r1, cr15, cr0, \{1\})",
                                          R"(^mrc\s+15, 3, r2, cr15, cr0, \{2\})",
                                          R"(^movs\s+pc, lr)"};
    const auto functions =
        functions_of(std::string(HYPMETER_BUILDS) + "/orangepi/hypmeter-orangepi.elf");
    const std::regex of_tlb(R"(^m[rc]+\s+15, 3, \w+, cr15)");
    for (const auto& [name, code] : functions) {
        if (name != "read_tlb_ram") {
            for (const std::string& instruction : code) {
                EXPECT_FALSE(std::regex_search(instruction, of_tlb)) << name;
            }
            continue;
        }
        ASSERT_EQ(code.size(), wanted.size());
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            EXPECT_TRUE(std::regex_search(code[i], std::regex(wanted[i]))) << code[i];
        }
    }
    EXPECT_TRUE(std::ranges::any_of(
        functions, [](const auto& function) { return function.first == "read_tlb_ram"; }));
}

TEST(Image, ActlrIsWrittenOnlyOnceALoadHasGivenItsValue) {
    // Erratum 799270: the load makes the L2 cache work, and the write must not overtake it.
    const std::regex write(R"(^mcr\s+15, 0, (r\w+|ip|lr), cr1, cr0, \{1\})");
    for (const host::Board* const one : host::boards()) {
        const std::string board(one->name);
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
        if (name.find("serve_measuring_call") == std::string::npos) {
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
