#include "host/report/settle_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "drivers/cpu/core_facts.hpp"
#include "host/base/text.hpp"
#include "host/report/forecast_table.hpp"

namespace hm::host {
namespace {

/// "lpae-4K", "lpae-4K in 2M"
std::string translation_text(const measure::Translation& cell) {
    return cell.stage2 == measure::Stage2::kOff
               ? stage1_text(cell)
               : fmt::format("{} in {}", stage1_text(cell), stage2_text(cell));
}

std::string row_text(const Chase* chase) {
    return chase == nullptr
               ? "none of those tried"
               : fmt::format("{} {}, {}", name_of(chase->order), bytes_text(chase->chain.bytes),
                             translation_text(chase->translation));
}

std::string end_text(const ParameterInfo& info, double end, const Bounds& counted) {
    return fmt::format("{}: {}", bounds_text(info, {end, end}), range_text(counted, 2));
}

bool can_read_tlbs(const ModelledCore& core) {
    return std::ranges::any_of(cpu::kCores, [&core](const cpu::CoreFacts& facts) {
        return facts.name == core.title && facts.tlb_rams != nullptr;
    });
}

}  // namespace

std::string settle_text(const Forecaster& forecaster, const std::vector<Probed>& probed,
                        std::size_t width) {
    const Model& model = forecaster.model();
    const std::string core = fmt::format("a {}", model.core().title);
    Table unknowns{{"unknown", "chase", "counted", "low end", "high end"}, {}, 3};
    std::vector<std::string> together;
    for (const Settling& one : settle(forecaster, probed)) {
        const ParameterInfo& info = info_of(one.unknown);
        const Bounds& ends = model[one.unknown];
        const bool is_found = one.chase != nullptr;
        unknowns.rows.push_back({std::string(info.name), row_text(one.chase),
                                 is_found ? std::string(one.counted->name) : "-",
                                 is_found ? end_text(info, ends.low, one.low) : "-",
                                 is_found ? end_text(info, ends.high, one.high) : "-"});
        if (!one.is_apart()) {
            together.emplace_back(info.name);
        }
    }
    std::string text;
    if (!unknowns.rows.empty()) {
        text = wrap(fmt::format("What a run on {} would settle: for each unknown the chase that "
                                "tells most, and what it counts for each load with the unknown at "
                                "either end, the others anywhere",
                                core),
                    width) +
               render(unknowns, width);
    }
    if (!together.empty()) {
        text += wrap(fmt::format("Where both ends have counts in common ({}), the other unknowns "
                                 "must be known first.",
                                 fmt::join(together, ", ")),
                     width);
    }
    if (!unknowns.rows.empty()) {
        text += wrap(
            "TLB misses, L1 misses and loads from RAM are events of the PMU (0x05, 0x03, 0x17), if "
            "it counts them so. Descriptors are no event: they show in the time, once the "
            "latencies are known.",
            width);
    }
    if (can_read_tlbs(model.core())) {
        text +=
            wrap(fmt::format(
                     "`hypmeter run --only tlb` shows what walks leave in the TLBs of {} that was "
                     "entered in Secure state.",
                     core),
                 width);
    }
    Table latencies{{"latency", "chase", "times a load"}, {}, 2};
    for (const Weighing& one : weigh(forecaster, probed)) {
        latencies.rows.push_back({std::string(info_of(one.latency).name), row_text(one.chase),
                                  one.chase != nullptr ? range_text(one.times, 2) : "-"});
    }
    if (!latencies.rows.empty()) {
        text += wrap(fmt::format("\nLatencies of {} of which nothing is known: the chase in which "
                                 "each has the largest share, and how often a load waits for it",
                                 core),
                     width) +
                render(latencies, width) +
                wrap(
                    "Two that share a chase are told apart only by a second one, in which their "
                    "shares differ.",
                    width);
    }
    return text;
}

}  // namespace hm::host
