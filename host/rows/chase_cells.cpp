#include "host/rows/chase_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "measure/workload/chase.hpp"

namespace hm::host {
namespace {

using measure::Stage1;
using measure::Stage2;
using measure::Translation;

/// The enumerator of `Enum` that `name` is.
template <class Enum, std::size_t kCount>
std::optional<Enum> named(const std::array<const char*, kCount>& names, std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? std::nullopt
                                : std::optional(static_cast<Enum>(found - names.begin()));
}

/// Whether the scenario is one that cells are made of: pages next to each other, and the TLB as the
/// previous lap left it.
bool is_plain(const ScenarioRows& scenario) {
    return scenario.param("tlb") != "flushed" && scenario.param("placement") != "scattered";
}

const ScenarioRows* find_chase(const Scenarios& chases, Translation translation,
                               std::string_view order, std::uint64_t bytes) {
    const auto found =
        std::find_if(chases.begin(), chases.end(), [&](const ScenarioRows& scenario) {
            return scenario.number("bytes") == bytes && scenario.param("order") == order &&
                   is_plain(scenario) && scenario.find("load") != nullptr &&
                   translation_of(scenario.first()) == translation;
        });
    return found == chases.end() ? nullptr : &*found;
}

/// The sizes of chases of one line per page in this cell.
std::set<std::uint64_t> sizes_in(const Scenarios& chases, Translation translation) {
    std::set<std::uint64_t> sizes;
    for (const ScenarioRows& scenario : chases) {
        if (scenario.param("order") == "page-random" && is_plain(scenario) &&
            translation_of(scenario.first()) == translation) {
            sizes.insert(scenario.number("bytes"));
        }
    }
    return sizes;
}

std::optional<Prediction> prediction_of(const ScenarioRows& scenario, Translation translation) {
    const std::optional<Chain> chain = chain_of(scenario, translation);
    const Prediction prediction = chain ? predict(translation, *chain) : Prediction{};
    // A chain that does not fit has none.
    return prediction.formula == 0 ? std::nullopt : std::optional(prediction);
}

}  // namespace

std::optional<Translation> translation_of(const Row& row) {
    const std::string said = row.param("stage1");
    const std::string_view plain =
        row.regime == name_of(measure::Regime::kStage2) ? "off" : "lpae-4K";
    const auto stage1 =
        named<Stage1>(measure::kStage1Names, said.empty() ? plain : std::string_view(said));
    const auto stage2 =
        named<Stage2>(measure::kStage2Names, !row.stage2.empty() ? std::string_view(row.stage2)
                                             : row.native()      ? name_of(Stage2::kOff)
                                                                 : name_of(Stage2::k4K));
    return stage1 && stage2 ? std::optional(Translation{*stage1, *stage2}) : std::nullopt;
}

bool Cell::has_pages() const {
    return translation.stage1 == Stage1::kLong4K || translation.stage1 == Stage1::kShort4K ||
           translation.stage2 == Stage2::k4K || translation.stage2 == Stage2::k4KFromLevel2;
}

std::optional<Chain> chain_of(const ScenarioRows& scenario, const Translation& translation) {
    const std::optional<double> base = scenario.mean("base");
    // Without stage 1 there are no tables of it, wherever they would be.
    const std::optional<double> tables = translation.stage1 == Stage1::kOff
                                             ? scenario.mean("tables-at").value_or(0)
                                             : scenario.mean("tables-at");
    if (!base || !tables) {
        return std::nullopt;
    }
    return Chain{.base = static_cast<std::uint64_t>(*base),
                 .bytes = scenario.number("bytes"),
                 .stride = scenario.number("stride"),
                 .tables = static_cast<std::uint64_t>(*tables)};
}

std::optional<double> Cell::miss() const {
    const std::optional<double> above = mean_of(load, "load");
    const std::optional<double> below = mean_of(floor, "load");
    return above && below && has_pages() ? std::optional(*above - *below) : std::nullopt;
}

std::optional<Cell> cell_at(const Scenarios& chases, Translation translation, std::uint64_t bytes) {
    const ScenarioRows* load = find_chase(chases, translation, "page-random", bytes);
    if (load == nullptr) {
        return std::nullopt;
    }
    return Cell{
        translation, load,
        find_chase(chases, measure::chase::floor_of(translation.regime()), "page-random", bytes),
        prediction_of(*load, translation)};
}

std::uint64_t largest_in_all(const Scenarios& chases,
                             const std::vector<Translation>& translations) {
    std::set<std::uint64_t> common;
    bool first = true;
    for (const Translation& translation : translations) {
        const std::set<std::uint64_t> sizes = sizes_in(chases, translation);
        if (first) {
            common = sizes;
        }
        first = false;
        std::erase_if(common, [&sizes](std::uint64_t size) { return !sizes.contains(size); });
    }
    return common.empty() ? 0 : *common.rbegin();
}

Cells matrix_of(const Scenarios& chases) {
    std::vector<std::uint64_t> all;
    for (const Translation& translation : measure::kMatrix) {
        const std::set<std::uint64_t> sizes = sizes_in(chases, translation);
        all.insert(all.end(), sizes.begin(), sizes.end());
    }
    std::uint64_t bytes = 0;
    for (const std::uint64_t size : all) {
        const auto cells = std::count(all.begin(), all.end(), size);
        const auto most = std::count(all.begin(), all.end(), bytes);
        bytes = cells > most || (cells == most && size > bytes) ? size : bytes;
    }
    Cells cells;
    for (const Translation& translation : measure::kMatrix) {
        if (const std::optional<Cell> cell = cell_at(chases, translation, bytes)) {
            cells.push_back(*cell);
        }
    }
    return cells;
}

std::string reads_text(const Prediction& prediction) {
    const auto& [min, max] = prediction.reads;
    return min == max ? fmt::format("{}", min) : fmt::format("{}-{}", min, max);
}

}  // namespace hm::host
