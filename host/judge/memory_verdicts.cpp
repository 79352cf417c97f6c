#include "host/judge/memory_verdicts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "host/base/text.hpp"
#include "host/rows/chase_cells.hpp"
#include "host/rows/rows.hpp"

namespace hm::host {
namespace {

/// A claim about many rows: how many were looked at, and the first that broke it.
class Claim {
  public:
    explicit Claim(std::string name) : name_(std::move(name)) {}

    void check(bool holds, const Row& row, const std::string& seen) {
        ++checked_;
        if (!holds && broken_.empty()) {
            broken_ = fmt::format("{} ({} {})", seen, label_of(row), row.setting());
        }
    }
    /// A verdict, if anything was checked. `what` names the rows.
    void judge(const std::string& what, std::vector<Verdict>& verdicts) const {
        if (checked_ > 0) {
            verdicts.push_back({name_, broken_.empty(),
                                broken_.empty() ? fmt::format("{} {}", checked_, what) : broken_});
        }
    }

  private:
    std::string name_;
    std::size_t checked_ = 0;
    std::string broken_;
};

void judge_chases(const Scenarios& chases, std::vector<Verdict>& verdicts) {
    Claim claim("a chase takes no fault");
    for (const ScenarioRows& scenario : chases) {
        if (const Row* faults = scenario.find("stage1-faults")) {
            claim.check(faults->max == 0, *faults,
                        fmt::format("{} faults", number_text(faults->max)));
        }
    }
    claim.judge("chases without one in stage 1", verdicts);
}

/// Tables map the guest's image too, and may be larger by no more than that takes.
void judge_tables(const Scenarios& chases, std::vector<Verdict>& verdicts) {
    constexpr double kImageTables = 1024.0 * 1024.0;
    Claim claim("tables as predicted");
    for (const measure::Translation& translation : measure::kMatrix) {
        const auto cell = cell_at(chases, translation, largest_in_all(chases, {translation}));
        if (!cell || !cell->prediction) {
            continue;
        }
        const auto check = [&](const char* layer, std::uint64_t bytes) {
            const auto predicted = static_cast<double>(bytes);
            if (const Row* row = cell->load->find(layer)) {
                claim.check(row->min >= predicted && row->max <= predicted + kImageTables, *row,
                            fmt::format("{}: {} bytes, at least {} were predicted, and at most {} "
                                        "more for the guest's image",
                                        layer, number_text(row->mean), number_text(predicted),
                                        number_text(kImageTables)));
            }
        };
        check("stage1-tables", cell->prediction->stage1_table_bytes);
        check("stage2-tables", cell->prediction->stage2_table_bytes);
    }
    claim.judge("stages of chases", verdicts);
}

void judge_faults(const Scenarios& scenarios, std::vector<Verdict>& verdicts) {
    Claim claim("faults as planned");
    for (const ScenarioRows& scenario : scenarios) {
        const std::string faults = scenario.param("faults");
        const auto accesses =
            static_cast<double>(scenario.number("pages") * scenario.number("rounds"));
        const auto check = [&](const char* layer, bool planned) {
            const double expected = planned ? accesses : 0;
            if (const Row* row = faults.empty() ? nullptr : scenario.find(layer)) {
                claim.check(row->min == expected && row->max == expected, *row,
                            fmt::format("{} {}, {} planned", number_text(row->max), layer,
                                        number_text(expected)));
            }
        };
        check("stage1-faults", faults != "stage2");
        check("stage2-faults", faults != "stage1");
    }
    claim.judge("counts of page faults", verdicts);
}

/// A budget of its own, since no row has what one page takes: a fault maps several. The largest
/// working set counts, in which what entry and end take, and the first tables, is least.
void judge_fault_around(const Scenarios& boots, std::vector<Verdict>& verdicts) {
    constexpr double kPages = 16;
    constexpr double kLimit = 30;
    std::optional<double> worst;
    const ScenarioRows* where = nullptr;
    for (const ScenarioRows& scenario : boots) {
        const auto instructions = scenario.mean(kMonitorLayer);
        const auto faults = scenario.mean("stage2-faults");
        if (scenario.param("mapping") != "around-16" ||
            scenario.param("working_set") != scenario.param("memory") || !instructions || !faults ||
            *faults == 0) {
            continue;
        }
        const double page = *instructions / (*faults * kPages);
        if (!worst || page > *worst) {
            worst = page;
            where = &scenario;
        }
    }
    if (worst) {
        verdicts.push_back(
            {"budget: fault-around of 16, a page", *worst <= kLimit,
             fmt::format("{} instructions of at most {} ({} {})", number_text(*worst),
                         number_text(kLimit), label_of(where->first()), where->first().setting())});
    }
}

void judge_parity(const Scenarios& scenarios, bool counts_instructions,
                  std::vector<Verdict>& verdicts) {
    Claim values("loops compute the same in every regime");
    Claim ticks("loops take as many instructions in every regime");
    for (const ScenarioRows& scenario : scenarios) {
        const auto first = std::find_if(
            scenarios.begin(), scenarios.end(), [&scenario](const ScenarioRows& other) {
                return other.param("loop") == scenario.param("loop") &&
                       other.param("rounds") == scenario.param("rounds");
            });
        if (&*first == &scenario) {
            continue;
        }
        const auto compare = [&](Claim& claim, std::string_view layer) {
            const Row* mine = scenario.find(layer);
            const Row* other = first->find(layer);
            if (mine != nullptr && other != nullptr) {
                claim.check(
                    mine->min == other->min && mine->max == other->max && mine->mean == other->mean,
                    *mine,
                    fmt::format("{} {}, and {} in {}", layer, number_text(mine->mean),
                                number_text(other->mean), other->setting()));
            }
        };
        compare(values, "checksum");
        if (counts_instructions) {
            compare(ticks, "round");
        }
    }
    values.judge("comparisons of checksums", verdicts);
    ticks.judge("comparisons of rounds", verdicts);
}

}  // namespace

void judge_memory(const RunLog& log, const GroupedRows& rows, std::vector<Verdict>& verdicts) {
    const bool counts_instructions = log.counts_instructions();
    const Scenarios& chases = rows.of("chase");
    judge_chases(chases, verdicts);
    judge_tables(chases, verdicts);
    judge_faults(rows.of("pagefault"), verdicts);
    if (counts_instructions) {
        judge_fault_around(rows.of("boot"), verdicts);
    }
    judge_parity(rows.of("parity"), counts_instructions, verdicts);
}

}  // namespace hm::host
