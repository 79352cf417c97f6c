// The figures of the page: what they draw is what was measured.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "host/report/layer_order.hpp"
#include "host/report/page/address_figure.hpp"
#include "host/report/page/anchors_figure.hpp"
#include "host/report/page/distribution_figure.hpp"
#include "host/report/page/interrupt_figure.hpp"
#include "host/report/page/latency_figure.hpp"
#include "host/report/page/path_diagram.hpp"
#include "host/report/page/wait_figure.hpp"
#include "tests/unit/host/judge/judged.hpp"
#include "tests/unit/host/rows/alone_log.hpp"
#include "tests/unit/host/rows/memory_log.hpp"
#include "tests/unit/host/rows/timer_log.hpp"

namespace hm::host::page {
namespace {

using host::testing::Grouped;

Results timers() {
    return host::testing::judged_results(host::testing::parse_log(host::testing::timer_log()));
}

/// All first groups of `pattern`.
std::vector<std::string> found_in(const std::string& text, const std::string& pattern) {
    const std::regex expression(pattern);
    std::vector<std::string> found;
    for (std::sregex_iterator at(text.begin(), text.end(), expression), end; at != end; ++at) {
        found.push_back((*at)[1]);
    }
    return found;
}

Row& plain_row(Results& results, const std::string& delivery, const std::string& slice_us) {
    return *std::find_if(results.rows.begin(), results.rows.end(), [&](const Row& row) {
        return row.layer == "deadline..application" && row.param("stamps") == "0" &&
               row.delivery == delivery && row.param("wait") == "wfi" &&
               row.param("slice_us") == slice_us &&
               (row.param("load") == "idle" || row.param("load") == "vm-compute");
    });
}

TEST(PageFigures, EachLayerOfAPathHasItsCostOnItsArrow) {
    const Results results = timers();
    const Drawing drawing = draw_interrupt(Grouped(results), 760);
    const std::vector<std::string> titles = found_in(drawing.picture, "<h4>([a-z-]+)");
    EXPECT_EQ(titles, (std::vector<std::string>{"native", "injected", "injected-soft", "direct",
                                                "shared", "boosted"}));
    std::string injected = drawing.picture.substr(drawing.picture.find("<h4>injected:"));
    injected = injected.substr(0, injected.find("</svg>"));
    EXPECT_EQ(found_in(injected, "class=\"cost\"[^>]*>([^<]*)<"),
              (std::vector<std::string>{"3", "11", "26", "13", "7", "24", "30", "19"}));
    EXPECT_EQ(found_in(injected, "x=\"0\"[^>]*>([a-z-]+)<"),
              (std::vector<std::string>{"deadline", "hyp-vector", "hyp-acknowledged",
                                        "list-register", "guest-return", "guest-vector",
                                        "guest-acknowledged", "handler-done", "application"}));
    EXPECT_NE(injected.find("86 instructions from deadline to application, 112 with"),
              std::string::npos)
        << injected.substr(0, 300);
    EXPECT_EQ(draw_interrupt(Grouped(Results{}), 760).picture, "");
}

TEST(PageFigures, APathOfASharedCoreGoesThroughTheSwitchAndMarksWhatOnlySomeEventsHave) {
    const Results results = timers();
    std::string shared = draw_interrupt(Grouped(results), 760).picture;
    shared = shared.substr(shared.find("<h4>shared:"));
    shared = shared.substr(0, shared.find("</svg>"));
    const auto costs = found_in(shared, "class=\"cost\"[^>]*>([^<]*)<");
    EXPECT_EQ(costs, (std::vector<std::string>{"3", "4,990,000* wait", "150*", "160*", "12*", "26",
                                               "13", "7", "24", "30", "19"}));
}

TEST(PageFigures, APathEndsWhereItsLayersEndEvenIfTheyGoRound) {
    std::vector<Row> rows(4);
    rows[0].layer = "deadline..hyp-vector";
    rows[1].layer = "hyp-vector..deadline";
    rows[2].layer = "hyp-vector..nowhere";
    rows[3].layer = "..";
    Path path{"round", "c-guest", "", {}, 0};
    for (const Row& row : rows) {
        path.layers.push_back(&row);
    }
    EXPECT_EQ(found_in(draw_path(path, kWakeUpStamps), "(class=\"cost\")").size(), 1U);
    path.layers.clear();
    EXPECT_EQ(draw_path(path, kWakeUpStamps), "");
}

TEST(PageFigures, NativeAndGuestDistributionsHaveABarForEachBinOnOneAxis) {
    Results results = timers();
    for (Row& row : results.rows) {
        if (row.layer == "deadline..application") {
            row.histogram = {{row.min, 990}, {row.min * 100, 10}};
            row.max = row.min * 100;
        }
    }
    const std::string picture = draw_distributions(Grouped(results), 760).picture;
    const auto names = found_in(picture, "class=\"strong\"[^>]*>([^<]+)<");
    ASSERT_EQ(names.size(), 9U);
    EXPECT_EQ(names[0], "native");
    EXPECT_EQ(names[8], "boosted 10 ms");
    const auto places = found_in(picture, "class=\"bar c-[a-z]+\" x1=\"([0-9.]+)\"");
    ASSERT_EQ(places.size(), 18U);
    // One factor is one distance everywhere: from 50 to 5,000 as from 86 to 8,600.
    const double decades = std::stod(places[1]) - std::stod(places[0]);
    EXPECT_NEAR(std::stod(places[3]) - std::stod(places[2]), decades, 0.2);
    EXPECT_NEAR(std::stod(places[2]) - std::stod(places[0]), decades / 2 * std::log10(86.0 / 50),
                0.2);
}

TEST(PageFigures, TheWaitIsAStairThatGoesDownBehindEachDelay) {
    Results results = timers();
    Row& row = plain_row(results, "shared", "10000");
    results.parameters.set("counter_hz", std::uint64_t{1'000'000'000});
    row.histogram = {{100, 500}, {2'500'000, 250}, {5'000'000, 250}};
    row.max = 5'000'000;
    const std::string picture = draw_waits(Grouped(results), 760).picture;
    const auto curves = found_in(picture, "class=\"curve [a-z0-9-]+\" points=\"([^\"]+)\"");
    // Those of 1, 2, 5 and 10 ms, of which the last also has a boosted one, and theory.
    ASSERT_EQ(curves.size(), 6U);
    const std::string& ours = curves[3];
    // The axes: 52 to 736 for 0 to 1.1 slices, and 30 to 330 for 100 to 0 %.
    const auto place = [](double slices, double part) {
        std::ostringstream text;
        const auto rounded = [](double value) { return std::round(value * 10) / 10; };
        text << rounded(52 + slices / 1.1 * 684) << "," << rounded(330 - part * 300);
        return text.str();
    };
    std::string expected;
    for (const auto& [slices, part] : std::vector<std::pair<double, double>>{{0, 1},
                                                                             {1e-5, 1},
                                                                             {1e-5, 0.5},
                                                                             {0.25, 0.5},
                                                                             {0.25, 0.25},
                                                                             {0.5, 0.25},
                                                                             {0.5, 0},
                                                                             {0.5, 0}}) {
        expected += (expected.empty() ? "" : " ") + place(slices, part);
    }
    EXPECT_EQ(ours, expected);
    // Half of all wait, uniformly up to a whole slice.
    EXPECT_EQ(curves[5],
              place(0, 1) + " " + place(0, 0.5) + " " + place(1, 0) + " " + place(1.1, 0));
}

TEST(PageFigures, ExitsStandBesideOtherHypervisorsOnlyWhereInstructionsAreCounted) {
    Results results = timers();
    const std::string picture = draw_anchors(Grouped(results), 760).picture;
    EXPECT_EQ(found_in(picture, "class=\"strong\"[^>]*>([^<]+)<").size(), 2U);
    EXPECT_NE(picture.find(">9,416</text>"), std::string::npos);
    // Measured ones, if there are any: ours, native and Xen for each of two timers.
    const std::vector<Results> others{host::testing::alone_results(host::testing::fake_native()),
                                      host::testing::alone_results(host::testing::fake_xen())};
    const GroupedRows rows(results.rows);
    const std::string measured = draw_anchors({results, rows, others}, 760).picture;
    EXPECT_EQ(found_in(measured, "class=\"mark\"[^>]*>([^<]+)<"),
              (std::vector<std::string>{"hypmeter", "no hypervisor", "xen", "hypmeter",
                                        "no hypervisor", "xen"}));
    EXPECT_NE(measured.find(">9,450</text>"), std::string::npos);
    results.clock = "cycles";
    EXPECT_EQ(draw_anchors(Grouped(results), 760).picture, "");
}

TEST(PageFigures, TheStagesOfATranslationHaveTheirFaultsAndTheirReads) {
    const Results results =
        host::testing::judged_results(host::testing::parse_log(host::testing::memory_log()));
    const std::string picture = draw_translation(Grouped(results), 760).picture;
    EXPECT_EQ(found_in(picture, "class=\"cost\"[^>]*>([^<]+)<"),
              (std::vector<std::string>{"fault 96", "fault 96", "fault 120"}));
    EXPECT_EQ(found_in(picture, "miss: ([0-9-]+) reads"), (std::vector<std::string>{"3", "3"}));
    EXPECT_NE(picture.find("both faults 196; a miss of both: 15 reads"), std::string::npos);
    const std::string faults = draw_faults(Grouped(results), 760).picture;
    EXPECT_EQ(found_in(faults, "<h4>(\\([A-C]\\)(?:\\+\\(C\\))?)"),
              (std::vector<std::string>{"(A)", "(B)", "(C)", "(B)+(C)"}));
    // Twelve stamps of one that goes through both, eleven arrows.
    const std::string both = faults.substr(faults.find("<h4>(B)+(C)"));
    EXPECT_EQ(found_in(both, "(class=\"cost\")").size(), 11U);
}

TEST(PageFigures, LatencyIsMeasuredWhereTheMachineHasCachesAndElseOnlyTheModels) {
    const auto drawn = [](const char* clock) {
        Results results = host::testing::judged_results(
            host::testing::parse_log(host::testing::memory_log({clock, true})));
        // The model takes long for more than 8 MB.
        std::erase_if(results.rows, [](const Row& row) {
            return row.workload == "chase" && row.param("bytes") == "33554432";
        });
        return draw_latency(Grouped(results), 760);
    };
    const Drawing counted = drawn("instructions");
    EXPECT_EQ(found_in(counted.picture, "(<polygon class=\"band)").size(), 2U);
    EXPECT_EQ(found_in(counted.picture, "(<circle class=\"dot)").size(), 0U);
    EXPECT_NE(counted.note.find("Nothing measured is drawn"), std::string::npos);
    const Drawing timed = drawn("cycles");
    EXPECT_EQ(found_in(timed.picture, "(<polygon class=\"band)").size(), 2U);
    // In cycles as they are in the rows: 3 reads of 30, and 22.
    EXPECT_EQ(found_in(timed.picture, "<title>(native, page-random: [^<]+)</title>"),
              (std::vector<std::string>{"native, page-random: 8 MB, 112"}));
    EXPECT_NE(timed.picture.find("L2 TLB holds 2 MB"), std::string::npos);
}

TEST(PageFigures, ARunWithoutARowForAFigureHasNone) {
    const Results none;
    for (const auto draw : {draw_interrupt, draw_distributions, draw_waits, draw_translation,
                            draw_faults, draw_latency, draw_anchors}) {
        EXPECT_EQ(draw(Grouped(none), 350).picture, "");
    }
}

}  // namespace
}  // namespace hm::host::page
