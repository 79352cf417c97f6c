#include "host/report/notes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "drivers/cpu/implementation_registers.hpp"
#include "host/base/text.hpp"
#include "host/log/json.hpp"
#include "host/report/machine_name.hpp"

namespace hm::host {
namespace {

std::string yes_no(bool value) { return value ? "yes" : "no"; }

bool is_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The words of `name` which say what it is: not the numbers of how often and how far apart, and
/// not the way of a chase through its memory.
std::string short_scenario(const std::string& name) {
    std::string text;
    const bool chase = name.starts_with("chase ");
    for (std::size_t at = 0; at < name.size();) {
        const std::size_t end = std::min(name.find(' ', at), name.size());
        const std::string word = name.substr(at, end - at);
        const std::string value = word.substr(word.find('=') + 1);
        const bool number = value != word && is_number(value) && !word.starts_with("slice_us=");
        const bool way = chase && (word.starts_with("order=") || word.starts_with("tlb="));
        if (!number && !way) {
            text += (text.empty() ? "" : " ") + value;
        }
        at = end + 1;
    }
    return text;
}

/// The scenarios by what they are; those that differ only in numbers are named once.
std::string short_list(const std::vector<std::string>& scenarios) {
    std::vector<std::string> names;
    for (const std::string& scenario : scenarios) {
        const std::string name = short_scenario(scenario);
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            names.push_back(name);
        }
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

/// What L2PFR says, or that the machine does not say it.
std::string prefetcher_text(const Results& results) {
    const auto word = results.registers.whole("L2PFR");
    if (!word) {
        return " This machine has no L2PFR: what its L2 cache prefetches, if anything, it does not "
               "say.";
    }
    const auto said = cpu::L2pfr::from(static_cast<std::uint32_t>(*word));
    if (said.raw == 0) {
        return " L2PFR reads as zero: nothing is prefetched for loads and fetches, or the machine "
               "does not implement it.";
    }
    return fmt::format(
        " The L2 cache prefetches up to {} lines after a miss of data, up to {} after one of "
        "instructions, and {} after one of a table walk, all within a page of 4 KB (L2PFR).",
        said.lines_of_data(), said.get(cpu::L2pfr::kInstructions),
        said.get(cpu::L2pfr::kNoDescriptors) ? "nothing" : "the next line");
}

/// "l2_tlb_entries 512, walk_cache no": what the run set, as its record has it.
std::string gem5_parameters(const Results& results) {
    const std::optional<Json> host = parse_json(results.host);
    const Json::json_pointer at("/gem5/parameters");
    std::string text;
    if (host && host->contains(at) && host->at(at).is_object()) {
        for (const auto& [name, value] : host->at(at).items()) {
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name,
                                value.is_string() ? value.get<std::string>() : dump(value));
        }
    }
    return printable(text);
}

}  // namespace

std::string words_text(const Results& results, std::size_t width) {
    return results.rows.empty()
               ? std::string()
               : wrap(
                     "Words: stage 1 is the guest's own tables, stage 2 the monitor's. Regimes: "
                     "native (stage 1), stage2, nested (both). Deliveries: native; injected: HYP "
                     "hands over a virtual interrupt; injected-soft: and ends it; direct: past "
                     "HYP; "
                     "shared: it waits for its owner's slice; boosted: its owner is switched in. "
                     "Stamps part an event into layers; probe: their cost.",
                     width);
}

std::string verdicts_text(const Results& results, std::size_t width) {
    std::string text;
    for (const Verdict& verdict : results.verdicts) {
        if (!verdict.ok) {
            text += wrap(fmt::format("FAILED {}: {}", verdict.name, verdict.detail), width, 4);
        }
    }
    const auto passed = std::count_if(results.verdicts.begin(), results.verdicts.end(),
                                      [](const Verdict& verdict) { return verdict.ok; });
    const auto all = static_cast<std::ptrdiff_t>(results.verdicts.size());
    return text + wrap(fmt::format("{}: {} verdicts passed, {} failed",
                                   results.ok() ? "ok" : "NOT OK", passed, all - passed),
                       width);
}

std::string clock_text(const Results& results, std::size_t width) {
    if (results.clock.empty()) {
        return {};
    }
    if (results.clock == "instructions") {
        return wrap(
            "Clock: one instruction = one cycle = one tick, no caches or TLBs: these are counts, "
            "not times.",
            width);
    }
    if (results.clock == "emulator") {
        return wrap(
            "Clock: the emulator's own, which follows the time of the computer that it runs on. "
            "These are the emulator's times and no machine's; they differ from run to run, and "
            "nothing here is compared with the paper.",
            width);
    }
    std::string text =
        fmt::format("Clock: {}; this machine models caches: {}, TLBs: {}.", results.clock,
                    yes_no(results.models_caches), yes_no(results.models_tlb));
    const auto counter_hz = results.parameters.number("counter_hz");
    if (results.ticks_hz && counter_hz) {
        constexpr double kMillion = 1e6;
        text +=
            fmt::format(" The core runs at {:.1f} MHz, by its {:.1f} MHz counter.",
                        static_cast<double>(*results.ticks_hz) / kMillion, *counter_hz / kMillion);
    }
    if (is_gem5(results)) {
        text += fmt::format(" All times are those of a core that {} simulates, and no board's.",
                            machine_name(results));
    }
    return wrap(text, width);
}

std::string registers_text(const Results& results, std::size_t width) {
    std::string text;
    for (const auto& [name, value] : results.registers) {
        if (const auto* whole = std::get_if<std::uint64_t>(&value)) {
            text += fmt::format("{}{} 0x{:08x}", text.empty() ? "" : ", ", name, *whole);
        }
    }
    return text.empty()
               ? text
               : wrap(fmt::format("The core's registers: {}.{}", text, prefetcher_text(results)),
                      width);
}

std::string counter_text(const Results& results, std::size_t width) {
    const auto counter_hz = results.parameters.number("counter_hz");
    if (results.clock != "cycles" || !results.ticks_hz || !counter_hz || *counter_hz <= 0) {
        return {};
    }
    constexpr double kMillion = 1e6;
    const auto hz = static_cast<double>(*results.ticks_hz);
    return *counter_hz >= hz
               ? std::string()
               : wrap(
                     fmt::format(
                         "Delays from a deadline are read from the counter: each is right to +/- 1 "
                         "tick of {:.1f} MHz, {:.0f} cycles at {:.0f} MHz. Cycles between two "
                         "stamps are not rounded so.",
                         *counter_hz / kMillion, hz / *counter_hz, hz / kMillion),
                     width);
}

std::string not_run_text(const Results& results, const std::string& title, std::size_t width) {
    std::vector<std::pair<std::string, std::vector<std::string>>> reasons;
    for (const Skip& skip : results.skipped) {
        auto known = std::find_if(reasons.begin(), reasons.end(),
                                  [&skip](const auto& r) { return r.first == skip.reason; });
        if (known == reasons.end()) {
            known = reasons.insert(reasons.end(), {skip.reason, {}});
        }
        known->second.push_back(skip.scenario);
    }
    std::string text;
    for (const auto& [reason, scenarios] : reasons) {
        text += wrap(
            fmt::format("{}: {} scenarios: {}", reason, scenarios.size(), short_list(scenarios)),
            width, 2);
    }
    return text.empty() ? text : wrap(title, width) + text;
}

std::string skipped_text(const GroupedResults& run, Verbosity, std::size_t width) {
    return not_run_text(run.results, "Not run", width);
}

std::string stamps_text(const Results& results, std::size_t width) {
    return results.stamps_without_isb()
               ? wrap("Stamps without ISB: figures of layers are not exact.", width)
               : std::string();
}

/// Figures of gem5 depend on the sizes of its TLBs and caches: they go with its configuration.
std::string gem5_text(const Results& results, std::size_t width) {
    const std::string configuration = host_text(results, "/gem5/configuration");
    const std::string parameters = gem5_parameters(results);
    return configuration.empty()
               ? configuration
               : wrap("Quote with every figure: " + configuration, width) +
                     (parameters.empty() ? parameters
                                         : wrap("gem5's parameters: " + parameters, width));
}

std::string golden_note_text(const Results& results, std::size_t width) {
    const std::string note = host_text(results, "/golden");
    return note.empty() ? note : wrap(note, width);
}

}  // namespace hm::host
