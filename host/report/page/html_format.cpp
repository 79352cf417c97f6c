#include "host/report/page/html_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <kainjow/mustache.hpp>
#include <map>
#include <string>

#include "host/report/answer.hpp"
#include "host/report/machine_name.hpp"
#include "host/report/page/address_figure.hpp"
#include "host/report/page/anchors_figure.hpp"
#include "host/report/page/distribution_figure.hpp"
#include "host/report/page/interrupt_figure.hpp"
#include "host/report/page/latency_figure.hpp"
#include "host/report/page/page_tables.hpp"
#include "host/report/page/wait_figure.hpp"
#include "host/report/tables.hpp"
#include "host/rows/times.hpp"
#include "page_parts.hpp"

namespace hm::host::page {
namespace {

using Data = kainjow::mustache::data;

/// A figure: one file and one row here. The template has its place, heading and explanation under
/// the row's name, in
/// the part that is left out if none of its figures has anything.
struct PageFigure {
    const char* name;
    const char* part;
    Drawing (*draw)(const GroupedResults& run, double width);
    /// Whether it is drawn once for wide screens and paper, and once for phones.
    bool twice;
};
constexpr std::array<PageFigure, 7> kFigures{
    {{"interrupt", "has_interrupts", draw_interrupt, false},
     {"distributions", "has_interrupts", draw_distributions, true},
     {"waits", "has_sharing", draw_waits, true},
     {"translation", "has_memory", draw_translation, true},
     {"faults", "has_memory", draw_faults, false},
     {"latency", "has_memory", draw_latency, true},
     {"anchors", "has_exits", draw_anchors, true}}};

constexpr double kWide = 760;
constexpr double kPhone = 350;

/// Text for the template, which escapes it; without bytes that a browser may refuse.
Data said(std::string_view text) { return printable(text); }

/// The same with its lines kept.
Data said_lines(std::string_view text) {
    std::string clean;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        clean += printable(text.substr(0, end)) + "\n";
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return clean;
}

Data table_data(const Table& table) {
    Data head{Data::type::list};
    for (std::size_t i = 0; i < table.header.size(); ++i) {
        Data cell;
        cell.set("text", said(table.header[i]));
        cell.set("number", i >= table.left);
        head << cell;
    }
    Data rows{Data::type::list};
    for (const std::vector<std::string>& row : table.rows) {
        Data cells{Data::type::list};
        for (std::size_t i = 0; i < row.size(); ++i) {
            Data cell;
            cell.set("text", said(row[i]));
            cell.set("number", i >= table.left);
            cells << cell;
        }
        Data line;
        line.set("cells", cells);
        rows << line;
    }
    Data data;
    data.set("head", head);
    data.set("rows", rows);
    return data;
}

Data page_table_data(const PageTable& page) {
    Data data = table_data(page.table);
    data.set("title", said(page.title));
    data.set("note", said(page.note));
    data.set("lines", said(fmt::format("{}", page.table.rows.size())));
    return data;
}

bool set_table(Data& page, const char* name, const PageTable& table) {
    const bool any = !table.table.rows.empty();
    page.set(name, any ? page_table_data(table) : Data(false));
    return any;
}

/// Whether there is anything.
bool set_figure(Data& page, const PageFigure& figure, const GroupedResults& run) {
    const Drawing wide = figure.draw(run, kWide);
    if (wide.picture.empty()) {
        page.set(figure.name, false);
        return false;
    }
    Data data;
    data.set("wide", wide.picture);
    data.set("phone", figure.twice ? Data(figure.draw(run, kPhone).picture) : Data(false));
    data.set("note", said(wide.note));
    page.set(figure.name, data);
    return true;
}

Data answer_data(const RunAnswer& answer) {
    Data findings{Data::type::list};
    for (const Finding& finding : answer.findings) {
        if (finding.sentence.empty()) {
            continue;
        }
        Data data;
        data.set("question", said(finding.question));
        data.set("sentence", said(finding.sentence));
        const Cost* const plain = finding.guests.empty() ? nullptr : &finding.guests.front();
        const bool has_ratio = plain != nullptr && plain->ratio;
        data.set("ratio", has_ratio ? said(ratio_text(plain->ratio, 1))
                          : finding.predicted
                              ? said(fmt::format("{:.2f} to {:.2f}", finding.predicted->low,
                                                 finding.predicted->high))
                              : Data(false));
        data.set("predicted", !has_ratio && finding.predicted);
        data.set("value", plain == nullptr || has_ratio ? Data(false)
                          : finding.unit == "ns"        ? said(nanoseconds_text(plain->value))
                                                        : said(short_number(plain->value)));
        data.set("unit", said(finding.unit));
        findings << data;
    }
    Data data;
    data.set("machine", said(answer.machine));
    data.set("ok", answer.ok);
    data.set("outcome", said(answer.outcome));
    data.set("findings", findings);
    return data;
}

}  // namespace

std::string html_text(const GroupedResults& run, std::size_t) {
    const Results& results = run.results;
    if (results.rows.empty() && results.verdicts.empty()) {
        return {};
    }
    Data page;
    page.set("css", std::string(kPageStyle));
    page.set("machine_name", said(machine_name(results)));
    page.set("version", said(results.version));
    page.set("counts", results.clock == "instructions");
    page.set("alone", results.alone());
    page.set("answer", answer_data(answer_of(run)));
    // Which parts of the page have anything to show.
    std::map<std::string, bool> parts;
    for (const PageFigure& figure : kFigures) {
        // They are about what a run has natively and as a guest.
        if (!results.alone()) {
            parts[figure.part] |= set_figure(page, figure, run);
        }
    }
    set_table(page, "under", results.alone() ? under_page_table(results) : PageTable{});
    parts["has_interrupts"] |=
        set_table(page, "responses", results.alone() ? PageTable{} : responses_table(run));
    parts["has_exits"] |= set_table(page, "exits", exits_table(run));
    for (const auto& [part, any] : parts) {
        page.set(part, any);
    }
    page.set("machine", table_data(machine_table(results)));
    page.set("parameters", table_data(parameters_table(results)));
    set_table(page, "paper", results.alone() ? PageTable{} : paper_table(run));
    set_table(page, "probe", probe_table(run));
    set_table(page, "verdicts", verdict_summary(results));
    set_table(page, "all_verdicts", verdict_list(results));
    Data raw{Data::type::list};
    for (const PageTable& table : raw_tables(run)) {
        raw << page_table_data(table);
    }
    page.set("raw", raw);
    constexpr std::size_t kColumns = 100;
    page.set("text", said_lines(results_text(run, Verbosity::kFull, kColumns)));
    page.set("table", kainjow::mustache::partial([] { return std::string(kPageTable); }));
    kainjow::mustache::mustache tmpl{std::string(kPageTemplate)};
    return tmpl.render(page);
}

}  // namespace hm::host::page
