// Stamps of the images: PMCCNTR is read behind an ISB, or as a vector's first act.

#include <gtest/gtest.h>

#include <optional>
#include <regex>
#include <set>
#include <sstream>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

/// What may come between taking an exception or an ISB and the reading that it makes good: only
/// what loads nothing from memory. A store to the stack is not waited for.
bool keeps_order(const std::string& instruction) {
    static const std::regex harmless(
        R"(^(push\b|stmdb\s+sp!|srsdb\b|mrrc\s+15, [01], \w+, \w+, cr14|mcr\s+15, 0, r0, cr13, cr0, \{4\}).*)");
    return std::regex_match(instruction, harmless);
}

struct Readings {
    std::size_t good = 0;
    std::vector<std::string> bad;  ///< the functions that they are in, and the instructions
};

/// All readings of PMCCNTR in the disassembly of `elf`. `vectors`: functions that an exception
/// enters, which synchronizes the context (ARM DDI 0406C.d, A3.8.3).
Readings readings_of(const std::string& elf, const std::set<std::string>& vectors) {
    const Finished finished = run("arm-none-eabi-objdump -d -C --no-show-raw-insn " + elf);
    EXPECT_EQ(finished.status, 0) << finished.output;
    std::istringstream lines(finished.output);
    const std::regex function(R"(^[0-9a-f]+ <(.*)>:$)");
    const std::regex instruction(R"(^\s*[0-9a-f]+:\s+(.*)$)");
    const std::regex reading(R"(^mrc\s+15, 0, \w+, cr9, cr13, \{0\}.*)");
    Readings found;
    bool in_order = false;
    std::string in;
    for (std::string line; std::getline(lines, line);) {
        std::smatch match;
        if (std::regex_match(line, match, function)) {
            in = match[1];
            in_order = vectors.contains(in);
        } else if (std::regex_match(line, match, instruction)) {
            const std::string text = match[1];
            if (std::regex_match(text, reading)) {
                if (in_order) {
                    ++found.good;
                } else {
                    found.bad.push_back(in + ": " + text);
                }
            } else if (text.starts_with("isb")) {
                in_order = true;
            } else if (!keeps_order(text)) {
                in_order = false;
            }
        }
    }
    return found;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string all;
    for (const std::string& line : lines) {
        all += line + "\n";
    }
    return all;
}

TEST(Stamps, OfTheMonitorComeAfterWhatTheyEnd) {
    const Readings found =
        readings_of(image(), {"trap_stamped", "irq_stamped", "fiq_stamped", "irq_or_tick_stamped",
                              "trap_watched", "irq_watched", "fiq_watched", "irq_or_tick_watched",
                              "trap_counted", "irq_counted", "fiq_counted", "irq_or_tick_counted"});
    EXPECT_TRUE(found.bad.empty()) << joined(found.bad);
    EXPECT_GE(found.good, 12U) << "the vectors and the handlers have that many";
}

TEST(Stamps, OfTheGuestComeAfterWhatTheyEnd) {
    const Readings found = readings_of(image("-guest"), {"data_abort_stamped", "irq_stamped"});
    EXPECT_TRUE(found.bad.empty()) << joined(found.bad);
    EXPECT_GE(found.good, 10U) << "the vectors, the handlers and the loops have that many";
}

}  // namespace
}  // namespace hm::test
