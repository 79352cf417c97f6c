#include "host/linux/linux_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "host/base/text.hpp"
#include "host/linux/linux_results.hpp"
#include "host/report/histogram_format.hpp"
#include "host/report/paper.hpp"

namespace hm::host {
namespace {

/// cyclictest elsewhere, 200 wake-ups 30 ms apart, with the same kernel on the same emulated
/// machine: instructions.
struct ElsewhereRow {
    std::string_view name;
    std::optional<double> min, mean, p95;
};
constexpr std::array kElsewhere{
    ElsewhereRow{"Xen 4.17, dom0less domU", 14'608, 16'878, std::nullopt},
    ElsewhereRow{"KVM/ARM of Linux 4.9", std::nullopt, std::nullopt, 14'676},
};

std::string whole(std::uint64_t value) { return number_text(static_cast<double>(value)); }

std::string whole_or_none(std::optional<std::uint64_t> value) {
    return value ? whole(*value) : "-";
}

std::string times(double value, double native) {
    return native == 0 ? "-" : fmt::format("{:.4f}", value / native);
}

std::string failures_text(const std::vector<LinuxResult>& results, std::size_t width) {
    std::string text;
    for (const LinuxResult& result : results) {
        if (!result.why_failed.empty()) {
            text +=
                wrap(fmt::format("{}: failed: {}", result.row->name, result.why_failed), width, 2);
        }
    }
    return text;
}

std::string kernel_of(const std::vector<LinuxResult>& results) {
    for (const LinuxResult& result : results) {
        if (result.read.userland) {
            return "Linux " + result.read.userland->kernel;
        }
    }
    return "Linux";
}

/// What one fault that maps memory takes in HYP, new tables included: against `mapped`, where
/// nothing else differs.
std::string cost_of_a_fault(const BootCosts& costs, std::uint64_t faults,
                            const std::optional<BootCosts>& mapped) {
    return faults == 0 || !mapped || costs.in_hyp < mapped->in_hyp
               ? "-"
               : short_number(static_cast<double>(costs.in_hyp - mapped->in_hyp) /
                              static_cast<double>(faults));
}

std::string boot_text(const std::vector<LinuxResult>& results, std::size_t width) {
    Table table{{"memory", "to userland", "x", "to the end", "x", "in HYP", "stage-2 faults",
                 "each", "tables"},
                {},
                1};
    std::optional<BootCosts> native;
    std::optional<BootCosts> mapped;
    for (const LinuxResult& result : results) {
        const auto costs = boot_costs(result);
        if (!costs) {
            continue;
        }
        native = native ? native : costs;
        if (result.row->mapping == measure::Mapping::kPremapped4K) {
            mapped = costs;
        }
        const std::uint64_t faults = result.end.results.costs->demand_faults;
        const auto against = [&](std::uint64_t BootCosts::*part) {
            return times(static_cast<double>((*costs).*part), static_cast<double>((*native).*part));
        };
        table.rows.push_back(
            {std::string(result.row->name), whole(costs->userland), against(&BootCosts::userland),
             whole(costs->all), against(&BootCosts::all), whole(costs->in_hyp),
             faults == 0 ? "-" : whole(faults), cost_of_a_fault(*costs, faults, mapped),
             result.end.results.costs->table_bytes == 0
                 ? "-"
                 : bytes_text(result.end.results.costs->table_bytes)});
    }
    return wrap(fmt::format("{} from its entry until it turns itself off, in instructions. To "
                            "userland by its own clock, which begins once it has unpacked itself.",
                            kernel_of(results)),
                width) +
           render(table, width);
}

std::string paper_text(std::size_t width) {
    const auto& p95 = paper::kResponseP95;
    const auto& max = paper::kResponseMax;
    return wrap(
        fmt::format(
            "The paper's table 6, on an Arndale: host p95 {} us, max {} us; guest of KVM/ARM "
            "p95 {} us (x {}), max {} us (x {}). Ours are instructions, not times.",
            p95.host, max.host, p95.guest, p95.ratio, max.guest, max.ratio),
        width);
}

std::string goal_text(const Cyclictest& native, const Cyclictest& injected, std::size_t width) {
    const auto difference = [](std::uint64_t one, std::uint64_t other) {
        return static_cast<std::int64_t>(one) - static_cast<std::int64_t>(other);
    };
    return wrap(
        fmt::format("Delivery injected adds {:+} to the least and {:+} to the mean. The mean "
                    "moves by some hundreds with the phase of Linux' own ticks, natively "
                    "too.",
                    difference(injected.min, native.min), difference(injected.mean, native.mean)),
        width);
}

std::string cyclictest_table_text(const std::vector<LinuxResult>& results, std::size_t width) {
    Table table{
        {"deadline to application", "min", "mean", "p95", "p99", "max", "x mean", "x p95", "x max"},
        {},
        1};
    std::optional<Cyclictest> native;
    for (const LinuxResult& result : results) {
        const auto found = cyclictest_of(result);
        if (!found) {
            continue;
        }
        native = native ? native : found;
        const auto p95 = found->percentile(95);
        const auto number = [](std::optional<std::uint64_t> value) {
            return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
        };
        table.rows.push_back({std::string(result.row->name), whole(found->min), whole(found->mean),
                              whole_or_none(p95), whole_or_none(found->percentile(99)),
                              whole(found->max),
                              ratio_text(number(found->mean), number(native->mean)),
                              ratio_text(number(p95), number(native->percentile(95))),
                              ratio_text(number(found->max), number(native->max))});
    }
    for (const ElsewhereRow& row : kElsewhere) {
        table.rows.push_back({std::string(row.name), cell_text(row.min), cell_text(row.mean),
                              cell_text(row.p95), "-", "-", "-", "-", "-"});
    }
    return render(table, width);
}

std::string histograms_text(const std::vector<LinuxResult>& results, std::size_t width) {
    std::string text;
    for (const LinuxResult& result : results) {
        const auto found = cyclictest_of(result);
        if (!found || found->bins.empty()) {
            continue;
        }
        Histogram bins;
        for (const auto& [latency, count] : found->bins) {
            bins.emplace_back(static_cast<double>(latency), count);
        }
        text += "\n" +
                wrap(fmt::format("{}: {} wake-ups, {} to {}{}", result.row->name,
                                 whole(found->count()), whole(found->min), whole(found->max),
                                 found->beyond == 0
                                     ? std::string()
                                     : fmt::format("; {} were too late for the histogram",
                                                   whole(found->beyond))),
                     width, 2) +
                bars_text(bins, bins.back().first, width);
    }
    return text.empty() ? text
                        : wrap(
                              "Figures 5 and 6: delays (each line's least), how often, and that on "
                              "a logarithmic scale",
                              width) +
                              text;
}

std::string cyclictest_text_of(const std::vector<LinuxResult>& results, std::size_t width) {
    std::string text =
        wrap(fmt::format("cyclictest -t1 -p99 -m -N in {}, one CPU, in instructions (Linux' ns)",
                         kernel_of(results)),
             width) +
        cyclictest_table_text(results, width);
    if (results.size() > 1) {
        const auto native = cyclictest_of(results[0]);
        const auto injected = cyclictest_of(results[1]);
        if (native && injected) {
            text += goal_text(*native, *injected, width);
        }
    }
    return text + paper_text(width) + "\n" + histograms_text(results, width);
}

std::string lmbench_text_of(const std::vector<LinuxResult>& results, std::size_t width) {
    Table table{{"LMbench"}, {}, 1};
    for (const LinuxResult& result : results) {
        table.header.emplace_back(result.row->name);
    }
    table.header.emplace_back("x");
    for (const LmbenchProgram& program : kLmbenchPrograms) {
        std::vector<std::string> cells{std::string(program.meaning)};
        std::optional<double> native;
        std::optional<double> last;
        for (const LinuxResult& result : results) {
            last = lmbench_of(result, program);
            native = native ? native : last;
            cells.push_back(last ? fmt::format("{:.3f}", *last) : "-");
        }
        cells.push_back(ratio_text(last, native));
        table.rows.push_back(std::move(cells));
    }
    return wrap(fmt::format(
                    "LMbench in {}, in instructions (Linux' ns). The emulator has no TLB, "
                    "where the paper's x 2.24 of a random read cannot show: that is left out.",
                    kernel_of(results)),
                width) +
           render(table, width);
}

}  // namespace

std::string linux_text(const LinuxWorkload& workload, const std::vector<LinuxResult>& results,
                       std::size_t width) {
    std::string text;
    switch (workload.work) {
        case LinuxWork::kBoot:
            text = boot_text(results, width);
            break;
        case LinuxWork::kCyclictest:
            text = cyclictest_text_of(results, width);
            break;
        case LinuxWork::kLmbench:
            text = lmbench_text_of(results, width);
            break;
    }
    return text + failures_text(results, width);
}

}  // namespace hm::host
