#include "host/report/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/base/text.hpp"
#include "host/report/forecast_section.hpp"
#include "host/report/forecast_table.hpp"
#include "host/report/paper.hpp"
#include "host/rows/chase_cells.hpp"
#include "host/rows/times.hpp"

namespace hm::host {
namespace {

Cost cost_of(std::string what, double value, std::optional<double> native) {
    return {std::move(what), value,
            native && *native > 0 ? std::optional(value / *native) : std::nullopt};
}

/// A value of such a row as a sentence says it: in nanoseconds where they are known.
double told(const Results& results, const Row& row, double value) {
    return in_nanoseconds(results, row.unit, value).value_or(value);
}
std::string told_unit(const Results& results, const Row& row) {
    return in_nanoseconds(results, row.unit, 1) ? "ns" : row.unit;
}

/// A number of such a sentence: of nanoseconds no more than tenths.
std::string amount_text(double value, std::string_view unit) {
    constexpr double kTenths = 10;
    return short_number(unit == "ns" ? std::round(value * kTenths) / kTenths : value);
}

/// The first number of a sentence, which says the unit where that is a time: "59.5 ns".
std::string first_amount(double value, std::string_view unit) {
    return amount_text(value, unit) + (unit == "ns" ? " ns" : "");
}

/// "89 (x 1.82)", or "89 (x -)" without a native figure.
std::string beside_native(const Cost& cost, std::string_view unit) {
    return fmt::format("{} (x {})", amount_text(cost.value, unit), ratio_text(cost.ratio, 1.0));
}

/// The first scenario that fits, or null.
template <class Fits>
const ScenarioRows* first_of(const Scenarios& scenarios, Fits fits) {
    const auto found = std::find_if(scenarios.begin(), scenarios.end(), fits);
    return found == scenarios.end() ? nullptr : &*found;
}

template <class Fits>
const TimerCase* first_of(const TimerCases& cases, Fits fits) {
    const auto found = std::find_if(cases.begin(), cases.end(), fits);
    return found == cases.end() ? nullptr : &*found;
}

const TimerCase* idle_native(const TimerCases& cases) {
    return first_of(cases, [](const TimerCase& one) {
        return one.native() && one.param("wait") == "wfi" && one.param("load") == "idle" &&
               one.plain != nullptr;
    });
}

/// The case of `delivery` under the conditions of `native`, or null.
const TimerCase* beside(const TimerCases& cases, const TimerCase& native,
                        std::string_view delivery) {
    return first_of(cases, [&](const TimerCase& one) {
        return one.first->delivery == delivery && one.first->regime == "nested" &&
               one.plain != nullptr &&
               conditions_of(one.first->params) == conditions_of(native.first->params);
    });
}

/// What a page fault takes without stamps, or nothing.
std::optional<double> fault_of(const Scenarios& faults, const ScenarioRows& native,
                               std::string_view regime, std::string_view kind) {
    const auto conditions = [](const ScenarioRows& scenario) {
        Params params = scenario.first().params;
        params.erase("faults");
        params.erase("stage1");
        return params;
    };
    return mean_of(first_of(faults,
                            [&](const ScenarioRows& one) {
                                return one.first().regime == regime && one.first().stage2.empty() &&
                                       one.param("faults") == kind &&
                                       conditions(one) == conditions(native);
                            }),
                   "fault");
}

/// A random read that was measured: like the paper's if there is such a pair, else one line per
/// page.
Finding measured_read(const GroupedResults& run) {
    const auto pairs = paper::beside(paper::kRandomRead, run);
    const Scenarios& chases = run.rows.of("chase");
    std::optional<double> native;
    std::optional<double> guest;
    std::string what;
    if (!pairs.empty()) {
        native = pairs.front().host_value;
        guest = pairs.front().guest_value;
        what = "256 MB, as LMbench does";
    } else {
        const std::uint64_t bytes =
            largest_in_all(chases, {measure::kPlainNative, measure::kPlainNested});
        const auto host = cell_at(chases, measure::kPlainNative, bytes);
        const auto nested = cell_at(chases, measure::kPlainNested, bytes);
        native = host ? mean_of(host->load, "load") : std::nullopt;
        guest = nested ? mean_of(nested->load, "load") : std::nullopt;
        what = bytes_text(bytes);
    }
    if (!native || !guest) {
        return {};
    }
    const auto nanoseconds = in_nanoseconds(run.results, native);
    if (nanoseconds) {
        native = nanoseconds;
        guest = in_nanoseconds(run.results, guest);
    }
    const Cost cost = cost_of("nested", *guest, native);
    const std::string unit = nanoseconds ? "ns" : run.results.clock;
    return {"",
            fmt::format("A random read ({}) takes {} {} natively, {} as a guest.", what,
                        amount_text(*native, unit), unit, beside_native(cost, unit)),
            unit,
            native,
            {cost},
            std::nullopt};
}

}  // namespace

Finding interrupt_finding(const GroupedResults& run) {
    const TimerCases& cases = run.rows.timer();
    const TimerCase* const native = idle_native(cases);
    const TimerCase* const guest = native == nullptr ? nullptr : beside(cases, *native, "injected");
    if (guest == nullptr) {
        return {};
    }
    const Row& host = *native->plain;
    const auto say = [&](double value) { return told(run.results, host, value); };
    const double mean = say(host.mean);
    const Cost plain = cost_of("injected", say(guest->plain->mean), mean);
    Finding finding{"", "", told_unit(run.results, host), mean, {plain}, std::nullopt};
    finding.sentence =
        fmt::format("An interrupt reaches the application after {} natively, {} as a guest",
                    first_amount(mean, finding.unit), beside_native(plain, finding.unit));
    if (host.min != host.max || guest->plain->min != guest->plain->max) {
        finding.guests.push_back({"injected, the longest", say(guest->plain->max),
                                  cost_of("", guest->plain->max, host.max).ratio});
        finding.sentence +=
            fmt::format(", the longest {} and {}", amount_text(say(host.max), finding.unit),
                        beside_native(finding.guests.back(), finding.unit));
    }
    struct Other {
        std::string_view delivery;
        std::string_view words;
    };
    for (const Other& other :
         {Other{"injected-soft", "if HYP also ends it"}, Other{"direct", "if it goes past HYP"}}) {
        if (const TimerCase* const one = beside(cases, *native, other.delivery)) {
            finding.guests.push_back(
                cost_of(std::string(other.delivery), say(one->plain->mean), mean));
            finding.sentence += fmt::format(
                ", {} {}", beside_native(finding.guests.back(), finding.unit), other.words);
        }
    }
    finding.sentence += ".";
    return finding;
}

Finding fault_finding(const GroupedResults& run) {
    const Scenarios& faults = run.rows.of("pagefault");
    const ScenarioRows* const native = first_of(faults, [](const ScenarioRows& one) {
        return one.first().native() && one.param("faults") == "stage1" &&
               one.param("stamps") == "0" && one.find("fault") != nullptr;
    });
    if (native == nullptr) {
        return {};
    }
    struct Kind {
        std::string_view name;
        std::string_view faults;
        std::string_view words;
    };
    const Row& row = *native->find("fault");
    const double mean = told(run.results, row, row.mean);
    Finding finding{"", "", told_unit(run.results, row), mean, {}, std::nullopt};
    for (const Kind& kind :
         {Kind{"(B)", "stage1", "in stage 1 (B)"}, Kind{"(C)", "stage2", "in stage 2 (C)"},
          Kind{"(B)+(C)", "both", "in both (B)+(C)"}}) {
        if (const auto value = fault_of(faults, *native, "nested", kind.faults)) {
            finding.guests.push_back(
                cost_of(std::string(kind.name), told(run.results, row, *value), mean));
            finding.sentence +=
                fmt::format("{} {} {}", finding.guests.size() > 1 ? "," : "",
                            beside_native(finding.guests.back(), finding.unit), kind.words);
        }
    }
    if (!finding.sentence.empty()) {
        finding.sentence = fmt::format("A page fault takes {} natively (A); as a guest{}.",
                                       first_amount(mean, finding.unit), finding.sentence);
    }
    return finding;
}

Finding read_finding(const GroupedResults& run) {
    if (run.results.models_time() && run.results.models_tlb) {
        return measured_read(run);
    }
    const auto foreseen = foreseen_read(run);
    if (!foreseen) {
        return {};
    }
    return {
        "",
        fmt::format("A random read ({}) as a guest: x {}, by a model of a {}.",
                    bytes_text(foreseen->bytes), range_text(foreseen->ratio, 2), foreseen->core),
        "",
        std::nullopt,
        {},
        foreseen->ratio};
}

Finding boot_finding(const GroupedResults& run) {
    const Scenarios& boots = run.rows.of("boot");
    const ScenarioRows* native = nullptr;
    for (const ScenarioRows& one : boots) {
        if (one.first().native() && one.find("total") != nullptr &&
            (native == nullptr || one.number("working_set") > native->number("working_set"))) {
            native = &one;
        }
    }
    if (native == nullptr) {
        return {};
    }
    struct Kind {
        std::string_view mapping;
        std::string_view words;
    };
    const Row& row = *native->find("total");
    const double mean = told(run.results, row, row.mean);
    Finding finding{"", "", told_unit(run.results, row), mean, {}, std::nullopt};
    for (const Kind& kind :
         {Kind{"demand-4K", "with memory mapped on demand"},
          Kind{"premapped-4K", "if mapped before"}, Kind{"premapped-2M", "in blocks of 2 MB"}}) {
        const ScenarioRows* const one = first_of(boots, [&](const ScenarioRows& other) {
            return other.param("mapping") == kind.mapping &&
                   other.number("working_set") == native->number("working_set") &&
                   other.number("memory") == native->number("memory");
        });
        if (const auto total = mean_of(one, "total")) {
            finding.guests.push_back(
                cost_of(std::string(kind.mapping), told(run.results, row, *total), mean));
            finding.sentence +=
                fmt::format("{} {} {}", finding.guests.size() > 1 ? "," : "",
                            beside_native(finding.guests.back(), finding.unit), kind.words);
        }
    }
    if (!finding.sentence.empty()) {
        finding.sentence = fmt::format("A boot that touches {} takes {} natively; as a guest{}.",
                                       bytes_text(native->number("working_set")),
                                       first_amount(mean, finding.unit), finding.sentence);
    }
    return finding;
}

Finding sharing_finding(const GroupedResults& run) {
    const TimerCases& cases = run.rows.timer();
    const TimerCase* const native = idle_native(cases);
    // The longest slice shows most; of several loads the one that computes stands for all.
    const TimerCase* shared = nullptr;
    for (const TimerCase& one : cases) {
        if (one.first->delivery == "shared" && one.plain != nullptr && one.slice_us() > 0 &&
            (shared == nullptr || one.slice_us() > shared->slice_us() ||
             (one.slice_us() == shared->slice_us() && one.param("load") == "vm-compute" &&
              shared->param("load") != "vm-compute"))) {
            shared = &one;
        }
    }
    if (native == nullptr || shared == nullptr) {
        return {};
    }
    constexpr double kMicrosecondsPerMillisecond = 1000;
    const Row& row = *native->plain;
    const double host = told(run.results, row, row.max);
    Finding finding{"", "", told_unit(run.results, row), host, {}, std::nullopt};
    finding.guests.push_back(
        cost_of("shared, the longest", told(run.results, row, shared->plain->max), host));
    finding.sentence =
        fmt::format("On a core shared in slices of {} ms an interrupt takes up to {}",
                    number_text(shared->slice_us() / kMicrosecondsPerMillisecond),
                    beside_native(finding.guests.back(), finding.unit));
    if (const TimerCase* const boosted = beside(cases, *shared, "boosted")) {
        finding.guests.push_back(
            cost_of("boosted, the longest", told(run.results, row, boosted->plain->max), host));
        finding.sentence += fmt::format(", {} if its owner is switched in at once",
                                        beside_native(finding.guests.back(), finding.unit));
    }
    finding.sentence += fmt::format("; natively {}.", first_amount(host, finding.unit));
    return finding;
}

Finding call_finding(const GroupedResults& run) {
    const Scenarios& calls = run.rows.of("hypercall");
    const auto path = [&calls](std::string_view name) {
        return mean_of(
            first_of(calls, [&](const ScenarioRows& one) { return one.param("path") == name; }),
            "call");
    };
    const auto least = path("null-fast");
    if (!least) {
        return {};
    }
    const Row& row = calls.front().first();
    Finding finding{"", "", told_unit(run.results, row), std::nullopt, {}, std::nullopt};
    const auto add = [&](const char* name, double value) {
        finding.guests.push_back({name, told(run.results, row, value), std::nullopt});
    };
    add("null-fast", *least);
    finding.sentence =
        fmt::format("The leanest call to the monitor and back takes {}; natively there is none.",
                    first_amount(finding.guests.front().value, finding.unit));
    if (const auto dispatched = path("null-dispatch")) {
        add("null-dispatch", *dispatched);
    }
    return finding;
}

}  // namespace hm::host
