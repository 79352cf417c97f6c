// Stamps of the images: PMCCNTR is read behind an ISB, or as a vector's first act; and one image
// that does without these ISBs.

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

#include "measure/record.hpp"
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
    std::vector<std::string> beside_isb;  ///< the functions of those right after or before an ISB
    std::vector<std::string> bad;         ///< the functions that they are in, and the instructions
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
    bool after_isb = false;  ///< with nothing but a reading of the counter between them
    bool after_reading = false;
    std::string in;
    for (std::string line; std::getline(lines, line);) {
        std::smatch match;
        if (std::regex_match(line, match, function)) {
            in = match[1];
            in_order = vectors.contains(in);
        } else if (std::regex_match(line, match, instruction)) {
            const std::string text = match[1];
            const bool is_reading = std::regex_match(text, reading);
            const bool is_isb = text.starts_with("isb");
            if ((is_reading && after_isb) || (is_isb && after_reading)) {
                found.beside_isb.push_back(in);
            }
            after_isb = is_isb || (after_isb && text.starts_with("mrrc"));
            after_reading = is_reading;
            if (is_reading) {
                if (in_order) {
                    ++found.good;
                } else {
                    found.bad.push_back(in + ": " + text);
                }
            } else if (is_isb) {
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

std::string vexpress(const std::string& name) {
    return std::string(HYPMETER_BUILDS) + "/vexpress/hypmeter-vexpress" + name + ".elf";
}

TEST(StampsWithoutIsb, HaveNoneBesideThem) {
    const Readings monitor = readings_of(vexpress("-stamps-without-isb"), {});
    EXPECT_GE(monitor.bad.size() + monitor.good, 12U);
    // Its stamp comes after the ISB with which the guest's timer is on (B3.15.5).
    EXPECT_EQ(monitor.beside_isb.size(), 1U) << joined(monitor.beside_isb);
    EXPECT_TRUE(joined(monitor.beside_isb).find("wake_up") != std::string::npos);
    const Readings guest = readings_of(vexpress("-stamps-without-isb-guest"), {});
    EXPECT_GE(guest.bad.size() + guest.good, 10U);
    EXPECT_TRUE(guest.beside_isb.empty()) << joined(guest.beside_isb);
    // The same readings, and that the search sees an ISB where there is one.
    const Readings usual = readings_of(vexpress("-guest"), {});
    EXPECT_EQ(guest.bad.size() + guest.good, usual.bad.size() + usual.good);
    EXPECT_GT(usual.beside_isb.size(), 10U);
}

using nlohmann::json;

/// What names the event whose layers they are.
json event_of(const json& row) {
    return {row.at("workload"), row.at("regime"), row.at("delivery"), row.at("params")};
}

/// Instructions that the layer takes less without ISBs, by what its two ends are.
double expected_of(const std::string& from, const std::string& to) {
    if (to == "retired") {
        return -1;  // its own, but two more are taken off it for each reading with two of them
    }
    const double of_access = from == "access" ? 1 : 0;  // the ISB after that reading
    return of_access + (to.ends_with("-vector") ? 0 : 1);
}

/// What is measured from one end to the other.
const char* whole_of(const json& row) {
    return row.at("workload") == "timer" ? "deadline..application" : "fault";
}

TEST(StampsWithoutIsb, TakeOneInstructionLessEach) {
    const ScratchFolder scratch;
    const std::string words =
        "--board vexpress --only timer,pagefault --set load=idle --set wait=wfi --set count=20 "
        "--set rounds=2 "
        "--set shares=2 --image ";
    const Finished with = run_tool(scratch / "with", words + vexpress(""));
    const Finished without = run_tool(scratch / "without", words + vexpress("-stamps-without-isb"));
    ASSERT_EQ(with.status, 0) << with.output;
    ASSERT_EQ(without.status, 0) << without.output;
    constexpr const char* kLine = "Stamps without ISB: figures of layers are not exact.";
    EXPECT_EQ(with.output.find(kLine), std::string::npos);
    EXPECT_NE(without.output.find(kLine), std::string::npos) << without.output;
    const json usual = results(scratch / "with");
    const json other = results(scratch / "without");
    EXPECT_FALSE(usual.at("parameters").contains(measure::kStampIsbsName));
    EXPECT_EQ(other.at("parameters").at(measure::kStampIsbsName), 0);

    ASSERT_EQ(usual.at("results").size(), other.at("results").size());
    std::map<json, double> stamps;  ///< of an event, those with an ISB
    std::map<json, double> wholes;
    std::size_t layers = 0;
    for (std::size_t i = 0; i < usual.at("results").size(); ++i) {
        const json& row = usual.at("results")[i];
        const json& less = other.at("results")[i];
        ASSERT_EQ(event_of(row), event_of(less));
        ASSERT_EQ(row.at("layer"), less.at("layer"));
        const std::string delivery = row.at("delivery");
        if (row.at("params").value("stamps", 0) != 1 || delivery == "shared" ||
            delivery == "boosted") {
            continue;  // when a turn ends has a part in those of a shared core
        }
        const std::string layer = row.at("layer");
        const double difference = row.at("mean").get<double>() - less.at("mean").get<double>();
        if (layer == whole_of(row)) {
            wholes[event_of(row)] = difference;
        } else if (const std::size_t dots = layer.find(".."); dots != std::string::npos) {
            const std::string from = layer.substr(0, dots);
            const std::string to = layer.substr(dots + 2);
            EXPECT_DOUBLE_EQ(difference, expected_of(from, to)) << row;
            stamps[event_of(row)] += to.ends_with("-vector") || to == "retired" ? 0 : 1;
            ++layers;
        }
    }
    EXPECT_GT(layers, 50U);
    EXPECT_GE(wholes.size(), 9U) << "five of page faults and four of the timer";
    for (const auto& [event, difference] : wholes) {
        EXPECT_DOUBLE_EQ(difference, stamps[event]) << event;
    }
}

}  // namespace
}  // namespace hm::test
