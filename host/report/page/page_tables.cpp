#include "host/report/page/page_tables.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

#include "host/report/exits_table.hpp"
#include "host/report/hypervisor_formats.hpp"
#include "host/report/machine_name.hpp"
#include "host/report/notes.hpp"
#include "host/report/paper.hpp"
#include "host/rows/rows.hpp"
#include "host/rows/timer_cases.hpp"
#include "host/rows/times.hpp"

namespace hm::host::page {
namespace {

std::string whole_text(std::uint64_t value) { return short_number(static_cast<double>(value)); }

std::string crc_text(const Results& results) {
    if (results.alone() && results.guest_crc32) {
        return fmt::format("0x{:08x}", *results.guest_crc32);
    }
    if (!results.native_crc32 || !results.guest_crc32) {
        return "not recorded";
    }
    return fmt::format(
        "0x{:08x} natively, 0x{:08x} as a guest: {}", *results.native_crc32, *results.guest_crc32,
        *results.native_crc32 == *results.guest_crc32 ? "the same bytes" : "not the same bytes");
}

/// A line of `text` without its end, as the notes of the text report give it.
std::string one_line(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

constexpr std::size_t kNoLimit = 100000;

/// One figure of the paper, and what this run has beside it.
void add_paper_rows(Table& table, const char* where, const paper::Figure& figure,
                    const GroupedResults& run) {
    const std::string_view lack = paper::lacking(figure, run.results);
    const std::vector<paper::Pair> pairs = paper::beside(figure, run);
    const auto add = [&](std::string comparable, std::string host, std::string guest,
                         std::string ratio) {
        table.rows.push_back({where, fmt::format("{}, {}", figure.name, figure.unit),
                              std::move(comparable), number_text(figure.host),
                              number_text(figure.guest), fmt::format("{:.3g}", figure.ratio),
                              std::move(host), std::move(guest), std::move(ratio)});
    };
    const auto with_time = [&](double value, const paper::Pair& pair) {
        constexpr double kNanosecondsPerMicrosecond = 1000;
        const auto time = in_nanoseconds(run.results, pair.guest->unit, value);
        return short_number(value) +
               (time ? fmt::format(
                           " ({} {})",
                           number_text(figure.unit == "us" ? *time / kNanosecondsPerMicrosecond
                                                           : *time),
                           figure.unit)
                     : std::string());
    };
    if (pairs.empty()) {
        add(lack.empty() ? std::string("no: this run has not measured the same")
                         : fmt::format("no: this machine {}", lack),
            "-", "-", "-");
    }
    for (const paper::Pair& pair : pairs) {
        add(fmt::format("the ratio: {}, in {}", label_of(*pair.guest), pair.guest->unit),
            with_time(pair.host_value, pair), with_time(pair.guest_value, pair),
            ratio_text(pair.guest_value, pair.host_value));
    }
}

}  // namespace

Table machine_table(const Results& results) {
    const auto yes_no = [](bool value) { return value ? "yes" : "no"; };
    Table table{{"what", "of this run"}, {}, 2};
    const auto add = [&table](const char* what, std::string said) {
        if (!said.empty()) {
            table.rows.push_back({what, std::move(said)});
        }
    };
    add("machine", machine_and_board(results));
    add("emulator", host_text(results, "/qemu/version"));
    add("configuration", one_line(gem5_text(results, kNoLimit)));
    add("clock", one_line(clock_text(results, kNoLimit)));
    add("stamps", one_line(stamps_text(results, kNoLimit)));
    add("it models", fmt::format("caches: {}; TLBs: {}", yes_no(results.models_caches),
                                 yes_no(results.models_tlb)));
    add("suite", results.parameters.text("suite"));
    add("hypmeter", results.version);
    add("compiler of the image", results.compiler);
    add("CRC-32 of the guest's image", crc_text(results));
    add("started", host_text(results, "/started"));
    add("golden values", one_line(golden_note_text(results, kNoLimit)));
    add("core", one_line(registers_text(results, kNoLimit)));
    return table;
}

Table parameters_table(const Results& results) {
    Table table{{"parameter", "value"}, {}, 1};
    for (const auto& [key, value] : results.parameters) {
        table.rows.push_back({key, text_of(value)});
    }
    return table;
}

PageTable paper_table(const GroupedResults& run) {
    const std::string machine = machine_name(run.results);
    PageTable page{
        "Beside the paper's tables 4, 5 and 6",
        {{"table", "figure", "comparable?", "Arndale: host", "Arndale: guest", "ratio",
          "ours: native", "ours: guest", "ratio"},
         {},
         3},
        fmt::format("Ours: {}. The paper measured an Arndale board (Cortex-A15 at 1.7 GHz) with "
                    "Linux 3.8 and KVM/ARM. Its text has {} and {} us for p95 where "
                    "its table 6 has {} and {}; the ratio is the same.",
                    machine, number_text(paper::kTextHostP95), number_text(paper::kTextGuestP95),
                    number_text(paper::kResponseP95.host), number_text(paper::kResponseP95.guest))};
    struct Line {
        const char* where;
        const paper::Figure* figure;
    };
    for (const auto& [where, figure] : std::array<Line, 5>{{{"4", &paper::kPageFault},
                                                            {"5", &paper::kSequentialRead},
                                                            {"5", &paper::kRandomRead},
                                                            {"6", &paper::kResponseP95},
                                                            {"6", &paper::kResponseMax}}}) {
        add_paper_rows(page.table, where, *figure, run);
    }
    page.table = without_empty_columns(page.table);
    return page;
}

PageTable responses_table(const GroupedResults& run) {
    PageTable page{"Every kind of wake-up",
                   {{"waiting, load, delivery", "n", "min", "mean", "p50", "p95", "p99", "p99.9",
                     "max", "mean ns", "max ns", "mean to native", "max to native"},
                    {}},
                   ""};
    const TimerCases& cases = run.rows.timer();
    for (const TimerCase& one : cases) {
        if (one.plain == nullptr) {
            continue;
        }
        const Row& row = *one.plain;
        const TimerCase* native = native_of(cases, one);
        const Row* beside = native == nullptr ? nullptr : native->plain;
        const auto of = [beside](double Row::*value) {
            return beside == nullptr ? std::nullopt : std::optional(beside->*value);
        };
        page.table.rows.push_back(
            {one.name(), whole_text(row.count), cell_text(row.min), cell_text(row.mean),
             cell_text(row.p50), cell_text(row.p95), cell_text(row.p99), cell_text(row.p999),
             cell_text(row.max), nanoseconds_text(in_nanoseconds(run.results, row.unit, row.mean)),
             nanoseconds_text(in_nanoseconds(run.results, row.unit, row.max)),
             ratio_text(row.mean, of(&Row::mean)), ratio_text(row.max, of(&Row::max))});
        page.note =
            fmt::format("From the deadline to the application, without stamps, in {}.", row.unit);
    }
    page.table = without_empty_columns(page.table);
    return page;
}

PageTable exits_table(const GroupedResults& run) {
    return {"Instructions that the monitor adds to one event", exits_of(run),
            "Counted by the performance monitor in HYP, without stamps. The budget is what the "
            "monitor may take at most."};
}

PageTable under_page_table(const Results& results) {
    return {"Under " + results.parameters.text("under"), under_table(results),
            "The mean has all that an operation took, also where the hypervisor did something else "
            "meanwhile; p50 is the median. Timers: from the deadline to the application. "
            "`hypmeter compare` puts several hypervisors side by side."};
}

PageTable probe_table(const GroupedResults& run) {
    PageTable page{
        "Probe effect: what the stamps themselves cost",
        {{"event", "unit", "with stamps", "without", "probe effect"}, {}, 2},
        "A stamp reads the clock and stores it. Every event is measured once with stamps "
        "and once without; only layers are quoted with them."};
    const auto add = [&page](std::string name, const Row& with, const Row& without) {
        page.table.rows.push_back({std::move(name), with.unit, short_number(with.mean),
                                   short_number(without.mean),
                                   short_number(with.mean - without.mean)});
    };
    for (const TimerCase& one : run.rows.timer()) {
        if (one.stamped != nullptr && one.plain != nullptr) {
            add(one.name(), *one.stamped, *one.plain);
        }
    }
    const Scenarios& faults = run.rows.of("pagefault");
    for (const ScenarioRows& stamped : faults) {
        const Row* with = stamped.param("stamps") == "1" ? stamped.find("fault") : nullptr;
        if (with == nullptr) {
            continue;
        }
        Params wanted = with->params;
        wanted.set("stamps", std::uint64_t{0});
        for (const ScenarioRows& plain : faults) {
            const Row* without = plain.find("fault");
            if (without != nullptr && without->params == wanted &&
                without->setting() == with->setting()) {
                add(fmt::format("page fault {} {}", with->param("faults"), with->setting()), *with,
                    *without);
            }
        }
    }
    return page;
}

PageTable verdict_summary(const Results& results) {
    PageTable page{"Verdicts", {{"claim", "passed", "failed"}, {}}, ""};
    struct Kind {
        std::string name;
        std::size_t passed = 0;
        std::size_t failed = 0;
    };
    std::vector<Kind> kinds;
    for (const Verdict& verdict : results.verdicts) {
        const bool scenario = verdict.name.starts_with("scenario ");
        const std::string name = scenario ? "scenarios end as they should"
                                          : verdict.name.substr(0, verdict.name.find(':'));
        auto known = std::find_if(kinds.begin(), kinds.end(),
                                  [&name](const Kind& kind) { return kind.name == name; });
        if (known == kinds.end()) {
            known = kinds.insert(kinds.end(), Kind{name});
        }
        (verdict.ok ? known->passed : known->failed) += 1;
    }
    std::stable_sort(kinds.begin(), kinds.end(), [](const Kind& a, const Kind& b) {
        return std::pair(b.failed, b.passed) < std::pair(a.failed, a.passed);
    });
    for (const Kind& kind : kinds) {
        page.table.rows.push_back({kind.name, whole_text(kind.passed), whole_text(kind.failed)});
    }
    return page;
}

PageTable verdict_list(const Results& results) {
    PageTable page{"All verdicts", {{"verdict", "", "detail"}, {}, 3}, ""};
    for (const bool ok : {false, true}) {
        for (const Verdict& verdict : results.verdicts) {
            if (verdict.ok == ok) {
                page.table.rows.push_back({verdict.name, ok ? "ok" : "FAILED", verdict.detail});
            }
        }
    }
    return page;
}

std::vector<PageTable> raw_tables(const GroupedResults& run) {
    const bool timed = in_nanoseconds(run.results, kCycles, 1).has_value();
    std::vector<PageTable> tables;
    for (const auto& [workload, scenarios] : run.rows.workloads()) {
        PageTable page{workload,
                       {{"regime/delivery", "parameters", "layer", "unit", "n", "min", "mean",
                         "p50", "p95", "p99", "p99.9", "max"},
                        {},
                        4},
                       ""};
        for (const ScenarioRows& scenario : scenarios) {
            for (const Row* row : scenario.rows) {
                page.table.rows.push_back({row->setting(), params_text(*row), row->layer, row->unit,
                                           whole_text(row->count), cell_text(row->min),
                                           cell_text(row->mean), cell_text(row->p50),
                                           cell_text(row->p95), cell_text(row->p99),
                                           cell_text(row->p999), cell_text(row->max)});
                if (timed) {
                    page.table.rows.back().push_back(
                        nanoseconds_text(in_nanoseconds(run.results, row->unit, row->mean)));
                }
            }
        }
        if (timed) {
            page.table.header.emplace_back("mean ns");
        }
        tables.push_back(std::move(page));
    }
    return tables;
}

}  // namespace hm::host::page
