// Hypervisors side by side: what the guest alone measured under each.

#include "host/report/hypervisor_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "host/report/tables.hpp"
#include "tests/unit/host/judge/judged.hpp"
#include "tests/unit/host/rows/alone_log.hpp"

namespace hm::host::testing {
namespace {

constexpr std::size_t kTerminal = 80;

std::vector<Side> sides_of(const std::vector<FakeHypervisor>& fakes) {
    std::vector<Side> sides;
    std::transform(fakes.begin(), fakes.end(), std::back_inserter(sides),
                   [](const FakeHypervisor& fake) {
                       return Side{fake.under + "-results", {alone_results(fake)}};
                   });
    return sides;
}

std::string text_of(const std::vector<FakeHypervisor>& fakes, std::size_t width = kTerminal) {
    const std::vector<Side> sides = sides_of(fakes);
    return hypervisors_text(sides, compare(sides, [](const std::string&) { return true; }), width);
}

std::string three() { return text_of({fake_native(), fake_monitor(), fake_xen()}); }

/// The lines from the one that contains `part` on, so many, each with its spaces made one.
std::vector<std::string> lines_from(const std::string& text, const std::string& part,
                                    std::size_t count) {
    std::string rest = text.substr(std::min(text.find(part), text.size()));
    std::vector<std::string> lines;
    while (lines.size() < count && !rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        lines.push_back(line_with(rest.substr(0, end), ""));
        rest.erase(0, end + 1);
    }
    return lines;
}

TEST(HypervisorText, EachOperationHasALineForEachHypervisor) {
    // A tenth takes 100 more, so that the mean lies 10 above the median.
    EXPECT_EQ(
        lines_from(three(), "PSCI_VERSION", 3),
        (std::vector<std::string>{"PSCI_VERSION call native 12 1.00 2 102 102",
                                  "monitor 36 3.00 26 126 126", "xen 560 46.67 550 650 650"}));
    EXPECT_EQ(lines_from(three(), "timer, spinning", 3),
              (std::vector<std::string>{"timer, spinning native 50 1.00 40 140 140",
                                        "monitor 90 1.80 80 180 180",
                                        "xen 1,250 25.00 1,240 1,340 1,340"}));
    EXPECT_EQ(line_with(three(), "operation"), "operation under mean x native p50 p95 max");
    EXPECT_TRUE(has(three(), "Hypervisors side by side, in instructions\n"));
    EXPECT_TRUE(has(three(), "Instructions are counts, not times."));
}

TEST(HypervisorText, OperationsStandInTheOrderOfTheTableWhateverTheGuestBeganWith) {
    std::size_t last = 0;
    for (const char* const name : {"PSCI_VERSION call", "GICD_CTLR read", "SGI to itself",
                                   "timer, spinning", "timer, from WFI"}) {
        const std::size_t at = three().find(name);
        ASSERT_NE(at, std::string::npos) << name;
        EXPECT_GT(at, last) << name;
        last = at;
    }
}

TEST(HypervisorText, WhatWasNotMeasuredHasNoNumberAndNoRatio) {
    EXPECT_EQ(lines_from(three(), "SGI to itself", 3),
              (std::vector<std::string>{"SGI to itself native - - - - -", "monitor - - - - -",
                                        "xen 1,310 - 1,300 1,400 1,400"}));
}

TEST(HypervisorText, RatiosReferToNativeWhereverItStands) {
    const std::string text = text_of({fake_xen(), fake_native()});
    EXPECT_EQ(lines_from(text, "PSCI_VERSION", 2),
              (std::vector<std::string>{"PSCI_VERSION call xen 560 46.67 550 650 650",
                                        "native 12 1.00 2 102 102"}));
    const std::string without = text_of({fake_xen(), fake_monitor()});
    EXPECT_TRUE(has(without, "x xen"));
    EXPECT_EQ(lines_from(without, "GICD_CTLR", 2)[1], "monitor 70 0.09 60 160 160");
}

TEST(HypervisorText, ATerminalHoldsItWithMoreHypervisorsToo) {
    std::vector<FakeHypervisor> fakes{fake_native(), fake_monitor(), fake_xen()};
    for (const char* const more : {"kvm-4.9", "xvisor", "a-hypervisor-with-a-32-letter-name"}) {
        fakes.push_back(fake_xen());
        fakes.back().under = more;
        const std::string text = text_of(fakes);
        EXPECT_TRUE(has(text, more));
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) {
            EXPECT_LE(line.size(), kTerminal) << line;
        }
    }
}

TEST(HypervisorText, WorkOfTheGuestsOwnHasTheRangeOfItsRatios) {
    EXPECT_EQ(line_with(three(), "work of the guest's own"),
              "work of the guest's own rows monitor xen");
    EXPECT_EQ(line_with(three(), "chase"), "chase 2 1.00 1.00..1.25");
    EXPECT_EQ(line_with(three(), "loop, integer"), "loop, integer 1 1.00 1.00");
}

TEST(HypervisorText, LayersStandSideBySideInTheOrderOfAWakeUp) {
    EXPECT_EQ(lines_from(three(), "Layers of the timer, from WFI", 7),
              (std::vector<std::string>{
                  "Layers of the timer, from WFI, in instructions",
                  "layer (mean) native monitor xen", "deadline..hyp-vector - 3 -",
                  "deadline..guest-vector 3 - 9,300", "hyp-vector..hyp-acknowledged - 11 -",
                  "hyp-acknowledged..list-register - 26 -", "list-register..guest-return - 13 -"}));
    EXPECT_FALSE(has(three(), "Layers of the timer, spinning"));
}

TEST(HypervisorText, OtherSettingsAreSaidAndTheirRowsStandApart) {
    FakeHypervisor other = fake_xen();
    other.parameters = Json{{"rounds", 5}};
    EXPECT_TRUE(has(text_of({fake_native(), other}, 200),
                    "Its settings are not those of native: rounds 5 and 20."));
    EXPECT_FALSE(has(three(), "settings are not"));
    // Rows of other parameters are other rows.
    std::vector<Side> sides = sides_of({fake_native(), fake_xen()});
    for (Row& row : sides[1].runs[0].rows) {
        if (row.workload == "timer") {
            row.params.set("period_us", std::uint64_t{500});
        }
    }
    const std::string text =
        hypervisors_text(sides, compare(sides, [](const std::string&) { return true; }), 200);
    EXPECT_EQ(line_with(text, "timer, spinning"), "");
    EXPECT_TRUE(has(line_with(text, "wait=spin load=idle period_us=1000"), "native 50 1.00"));
    EXPECT_TRUE(has(text, "period_us=500"));
}

TEST(HypervisorText, UnequalClocksAreNotPutInOneTable) {
    EXPECT_EQ(why_apart(sides_of({fake_native(), fake_monitor(), fake_xen()})), "");
    FakeHypervisor cycles = fake_xen();
    cycles.begin = Json{{"clock", "cycles"}};
    FakeHypervisor source = fake_xen();
    source.parameters = Json{{"clock_register", "PMCCNTR"}};
    FakeHypervisor counter = fake_xen();
    counter.begin = Json{{"counter_hz", 24'000'000}};
    for (const auto& [fake, what] :
         {std::pair{cycles, "clock \"instructions\" and \"cycles\""},
          std::pair{source, "clock_register \"CNTVCT\" and \"PMCCNTR\""},
          std::pair{counter, "counter_hz \"1000000000\" and \"24000000\""}}) {
        const std::vector<Side> sides = sides_of({fake_native(), fake_monitor(), fake});
        EXPECT_EQ(why_apart(sides),
                  fmt::format("No table of hypervisors, since A and C differ in {}.", what));
        EXPECT_EQ(compare(sides, [](const std::string&) { return true; }).methods[2],
                  Method::kNone);
    }
}

TEST(HypervisorText, TwoRunsUnderTheSameHypervisorHaveTheirLetters) {
    const std::string text = text_of({fake_native(), fake_xen(), fake_xen()});
    EXPECT_EQ(lines_from(text, "PSCI_VERSION", 3)[2], "xen C 560 46.67 550 650 650");
    EXPECT_TRUE(has(text, "B: xen-results, under xen B: xen,machine, clock instructions by "));
}

TEST(HypervisorText, AFailedRunAndWhatWasNotRunAreSaid) {
    std::vector<Side> sides = sides_of({fake_native(), fake_xen()});
    sides[1].runs[0].verdicts[0].ok = false;
    sides[1].runs[0].skipped = {{"exits exit=actlr-read alone/alone", "it injects UND"}};
    const std::string text =
        hypervisors_text(sides, compare(sides, [](const std::string&) { return true; }), 200);
    EXPECT_TRUE(has(line_with(text, "B: xen"), "FAILED"));
    EXPECT_FALSE(has(line_with(text, "A: native"), "FAILED"));
    EXPECT_TRUE(has(text, "Not run under xen\nit injects UND"));
}

TEST(HypervisorText, AReportOfOneRunHasTheSameTableWithoutRatios) {
    const Results xen = alone_results(fake_xen());
    const std::string text = results_text(Grouped(xen), Verbosity::kSummary, kTerminal);
    EXPECT_TRUE(text.starts_with("hypmeter 0.1.0 alone under xen, on xen,machine: costs in "));
    EXPECT_EQ(line_with(text, "operation"), "operation under mean p50 p95 max");
    EXPECT_EQ(line_with(text, "PSCI_VERSION"), "PSCI_VERSION call xen 560 550 650 650");
    // What tables of native and guest would say of it is wrong.
    for (const char* const other :
         {"Figure", "Not measured here", "Every row", "Words:", "Beside other hypervisors"}) {
        EXPECT_FALSE(has(text, other)) << other;
    }
    EXPECT_TRUE(has(results_text(Grouped(xen), Verbosity::kFull, 200), "Every row\nexits"));
    const Results ours = judged_results(parse_log(good_log()));
    EXPECT_EQ(under_text(Grouped(ours), Verbosity::kFull, kTerminal), "");
}

}  // namespace
}  // namespace hm::host::testing
