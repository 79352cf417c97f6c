// The page as a whole: it shows what there is, and nothing that comes from results becomes markup.

#include <gtest/gtest.h>

#include <string>

#include "host/report/answer.hpp"
#include "host/report/page/html_format.hpp"
#include "host/report/page/page_tables.hpp"
#include "host/report/page/svg.hpp"
#include "tests/unit/host/judge/judged.hpp"
#include "tests/unit/host/rows/timer_log.hpp"

namespace hm::host::page {
namespace {

using host::testing::Grouped;

Results of_timers() {
    return host::testing::judged_results(host::testing::parse_log(host::testing::timer_log()));
}

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++count;
    }
    return count;
}

TEST(Page, HasItsPartsAndLeavesOutThoseWithoutRows) {
    const Results results = of_timers();
    const std::string page = html_text(Grouped(results), 80);
    EXPECT_EQ(page.find("<!doctype html>"), 0U);
    for (const char* part : {"answer", "interrupts", "exits", "paper", "machine", "trust", "raw"}) {
        EXPECT_EQ(count_of(page, "<section id=\"" + std::string(part) + "\">"), 1U) << part;
        EXPECT_EQ(count_of(page, "<a href=\"#" + std::string(part) + "\">"), 1U) << part;
    }
    EXPECT_EQ(count_of(page, "<section id=\"memory\">"), 0U);
    EXPECT_EQ(count_of(page, "<section"), count_of(page, "</section>"));
    EXPECT_EQ(count_of(page, "<table"), count_of(page, "</table>"));
    EXPECT_EQ(count_of(page, "<svg"), count_of(page, "</svg>"));
    // Nothing of the template is left, and no row of the run is lost.
    EXPECT_EQ(count_of(page, "{{"), 0U);
    EXPECT_NE(page.find("<summary>timer (" +
                        short_number(static_cast<double>(results.rows.size())) + " rows)"),
              std::string::npos);
    EXPECT_EQ(html_text(Grouped(Results{}), 80), "");
}

TEST(Page, BeginsWithTheSentencesOfTheAnswer) {
    const Results results = of_timers();
    const std::string page = html_text(Grouped(results), 80);
    const RunAnswer answer = answer_of(Grouped(results));
    std::size_t cards = 0;
    for (const Finding& finding : answer.findings) {
        if (!finding.sentence.empty()) {
            ++cards;
            EXPECT_NE(page.find("<p>" + escaped(finding.sentence) + "</p>"), std::string::npos)
                << finding.sentence;
        }
    }
    EXPECT_GT(cards, 0U);
    EXPECT_EQ(count_of(page, "<article class=\"card\">"), cards);
    EXPECT_NE(page.find(escaped(answer.outcome)), std::string::npos);
    // 86 instructions to 50 natively.
    EXPECT_NE(page.find("&thinsp;1.72</p>"), std::string::npos);
}

TEST(Page, NeedsNoNetworkAndForbidsScripts) {
    const Results results = of_timers();
    const std::string page = html_text(Grouped(results), 80);
    for (const char* part : {"http:", "https:", "src=", "@import", "url(", "<script", "<link"}) {
        EXPECT_EQ(count_of(page, part), 0U) << part;
    }
    EXPECT_NE(page.find("content=\"default-src 'none'; style-src 'unsafe-inline'\""),
              std::string::npos);
}

TEST(Page, WhatComesFromResultsIsTextAndNotMarkup) {
    const std::string bad = "</style><script>alert('x')</script>\"onload=\"{{{css}}}\x1b[31m\xff";
    Results results = of_timers();
    results.version = results.compiler = results.board = results.machine = bad;
    results.parameters.set("suite", bad);
    results.verdicts.push_back({bad, false, bad});
    results.skipped.push_back({bad, bad});
    for (Row& row : results.rows) {
        row.layer += bad;
        row.unit = bad;
        row.params.set("load", bad);
    }
    const std::string page = html_text(Grouped(results), 80);
    EXPECT_EQ(count_of(page, "<script"), 0U);
    EXPECT_EQ(count_of(page, "</style>"), 1U);
    EXPECT_EQ(count_of(page, "\"onload=\""), 0U);
    EXPECT_EQ(count_of(page, "\x1b"), 0U);
    EXPECT_EQ(count_of(page, "\xff"), 0U);
    EXPECT_GT(count_of(page, "&lt;script&gt;"), results.rows.size());
}

TEST(Page, TablesOfThePaperSayWhyNothingStandsBesideThem) {
    const Results results = of_timers();
    const PageTable paper = paper_table(Grouped(results));
    ASSERT_EQ(paper.table.rows.size(), 5U);
    EXPECT_EQ(paper.table.rows[0],
              (std::vector<std::string>{"4", "page fault, us", "no: this machine models no time",
                                        "2.4", "2.38", "0.992"}));
    EXPECT_EQ(paper.table.rows[4][4], "8,939");
    EXPECT_EQ(paper.table.rows[4][5], "48");
}

TEST(Page, FailedVerdictsComeFirst) {
    Results results = of_timers();
    results.verdicts = {{"guest a", true, ""}, {"guest b", true, ""}, {"log: c", false, "why"}};
    EXPECT_EQ(verdict_list(results).table.rows.front(),
              (std::vector<std::string>{"log: c", "FAILED", "why"}));
    EXPECT_EQ(verdict_summary(results).table.rows.front(),
              (std::vector<std::string>{"log", "0", "1"}));
    const std::string page = html_text(Grouped(results), 80);
    EXPECT_NE(page.find("class=\"outcome bad\""), std::string::npos);
}

TEST(Page, TheProbeEffectIsTheDifferenceThatStampsMake) {
    const Results results = of_timers();
    const PageTable probe = probe_table(Grouped(results));
    ASSERT_FALSE(probe.table.rows.empty());
    EXPECT_EQ(probe.table.rows[0],
              (std::vector<std::string>{"wfi idle native", "instructions", "76", "50", "26"}));
}

}  // namespace
}  // namespace hm::host::page
