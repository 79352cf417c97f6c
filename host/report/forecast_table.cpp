#include "host/report/forecast_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <nlohmann/json.hpp>

#include "host/base/text.hpp"
#include "host/log/json.hpp"

namespace hm::host {
namespace {

using measure::Translation;

constexpr double kNsPerUs = 1000;

Bounds times(const Bounds& bounds, double factor) {
    return {bounds.low * factor, bounds.high * factor};
}

}  // namespace

std::string stage1_text(const Translation& cell) {
    return cell.stage1 == measure::Stage1::kOff ? "none" : name_of(cell.stage1);
}

std::string stage2_text(const Translation& cell) {
    return cell.stage2 == measure::Stage2::kOff ? "none" : name_of(cell.stage2);
}

std::string range_text(const Bounds& bounds, int decimals) {
    const std::string low = fmt::format("{:.{}f}", bounds.low, decimals);
    const std::string high = fmt::format("{:.{}f}", bounds.high, decimals);
    return low == high ? low : low + ".." + high;
}

std::string forecast_table(const std::vector<Foreseen>& chases, std::optional<double> clock_mhz,
                           std::size_t width) {
    Table table{{"stage 1", "stage 2", "TLB misses", "from L1", "from L2", "from RAM", "cycles",
                 "ns", "to native"},
                {},
                2};
    for (const Foreseen& foreseen : chases) {
        const Forecast& forecast = foreseen.forecast;
        const bool has_time = clock_mhz.has_value();
        table.rows.push_back(
            {stage1_text(foreseen.chase.translation), stage2_text(foreseen.chase.translation),
             range_text(forecast.walks, 2), range_text(forecast.walk_l1, 2),
             range_text(forecast.walk_l2, 2), range_text(forecast.walk_ram, 2),
             has_time ? range_text(forecast.cycles, 0) : "-",
             has_time ? range_text(times(forecast.cycles, kNsPerUs / *clock_mhz), 0) : "-",
             foreseen.ratio ? range_text(*foreseen.ratio, 2) : "-"});
    }
    return render(without_empty_columns(table), width);
}

std::string forecast_json(const std::vector<Foreseen>& chases, const Model& model) {
    struct Number {
        const char* name;
        Bounds Forecast::*of;
    };
    constexpr std::array<Number, 7> kNumbers{{{"l1_tlb_misses", &Forecast::l1_tlb_misses},
                                              {"tlb_misses", &Forecast::walks},
                                              {"descriptors", &Forecast::descriptors},
                                              {"descriptors_from_l1", &Forecast::walk_l1},
                                              {"descriptors_from_l2", &Forecast::walk_l2},
                                              {"descriptors_from_ram", &Forecast::walk_ram},
                                              {"loads_from_ram", &Forecast::load_ram}}};
    const auto pair = [](const Bounds& bounds) { return Json::array({bounds.low, bounds.high}); };
    const double clock_mhz = model[Parameter::kClockMhz].low;
    Json rows = Json::array();
    for (const Foreseen& foreseen : chases) {
        const Chase& chase = foreseen.chase;
        Json row{{"order", name_of(chase.order)},
                 {"bytes", chase.chain.bytes},
                 {"stride", chase.chain.stride},
                 {"stage1", name_of(chase.translation.stage1)},
                 {"stage2", name_of(chase.translation.stage2)}};
        for (const Number& number : kNumbers) {
            row[number.name] = pair(foreseen.forecast.*number.of);
        }
        if (model.has_time()) {
            row["cycles"] = pair(foreseen.forecast.cycles);
            row["ns"] = pair(times(foreseen.forecast.cycles, kNsPerUs / clock_mhz));
        }
        if (foreseen.ratio) {
            row["ratio"] = pair(*foreseen.ratio);
        }
        rows.push_back(std::move(row));
    }
    return dump(Json{{"core", model.core().name}, {"clock_mhz", clock_mhz}, {"rows", rows}}) + "\n";
}

std::string side_by_side_table(const std::vector<CoreForeseen>& cores, std::size_t width) {
    struct Column {
        const char* name;
        Bounds Forecast::*of;
    };
    constexpr std::array<Column, 3> kColumns{{{"TLB misses", &Forecast::walks},
                                              {"descriptors", &Forecast::descriptors},
                                              {"from RAM", &Forecast::walk_ram}}};
    Table table{{"stage 1", "stage 2"}, {}, 2};
    for (const Column& column : kColumns) {
        for (const CoreForeseen& core : cores) {
            table.header.push_back(fmt::format("{} {}", core.core->short_title(), column.name));
        }
    }
    for (const CoreForeseen& core : cores) {
        table.header.push_back(fmt::format("{} to native", core.core->short_title()));
    }
    for (std::size_t i = 0; i < cores.front().chases.size(); ++i) {
        const Translation& cell = cores.front().chases[i].chase.translation;
        std::vector<std::string> row{stage1_text(cell), stage2_text(cell)};
        for (const Column& column : kColumns) {
            for (const CoreForeseen& core : cores) {
                row.push_back(range_text(core.chases[i].forecast.*column.of, 2));
            }
        }
        for (const CoreForeseen& core : cores) {
            const auto& ratio = core.chases[i].ratio;
            row.push_back(ratio ? range_text(*ratio, 2) : "-");
        }
        table.rows.push_back(std::move(row));
    }
    return render(without_empty_columns(table), width);
}

std::string unknowns_table(const Forecaster& forecaster, const Outcomes& nested,
                           const Outcomes& native, std::size_t width) {
    Table table{{"unknown", "low end", "ratio there", "high end", "ratio there"}, {}};
    for (std::size_t i = 0; i < forecaster.unknowns().size(); ++i) {
        const ParameterInfo& info = info_of(forecaster.unknowns()[i]);
        const Bounds& bounds = forecaster.model()[info.parameter];
        table.rows.push_back({std::string(info.name), bounds_text(info, {bounds.low, bounds.low}),
                              range_text(forecaster.ratio_where(nested, native, i, false), 2),
                              bounds_text(info, {bounds.high, bounds.high}),
                              range_text(forecaster.ratio_where(nested, native, i, true), 2)});
    }
    std::vector<std::string> latencies;
    for (const Parameter parameter : forecaster.model().unknowns(false)) {
        const ParameterInfo& info = info_of(parameter);
        latencies.push_back(
            fmt::format("{} {}", info.name, bounds_text(info, forecaster.model()[parameter])));
    }
    return render(table, width) +
           (latencies.empty() ? std::string()
                              : wrap(fmt::format("Of latencies these are not known, and widen all "
                                                 "ratios: {}.",
                                                 fmt::join(latencies, ", ")),
                                     width));
}

std::string parameters_text(const Model& model, std::size_t width) {
    constexpr std::size_t kIndent = 4;
    std::string text;
    for (const ParameterInfo& info : parameter_infos()) {
        text += wrap(fmt::format("{} {}: {}. Source: {}.", info.name,
                                 bounds_text(info, model[info.parameter]), info.meaning,
                                 model.core().of(info.parameter).source),
                     width, kIndent);
    }
    return text;
}

}  // namespace hm::host
