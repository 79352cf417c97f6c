#include "host/report/hypervisor_rows.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "host/report/comparison_text.hpp"
#include "host/report/layer_order.hpp"
#include "host/rows/rows.hpp"

namespace hm::host {
namespace {

/// A kind of row by the parameter that tells it from others of its workload: what it is called, in
/// the order of the table.
struct OperationKind {
    std::string_view workload;
    std::string_view layer;
    std::string_view key;
    std::string_view value;
    std::string_view name;
};
constexpr std::array<OperationKind, 10> kOperationKinds{{
    {"exits", "exit", "exit", "psci-version", "PSCI_VERSION call"},
    {"exits", "exit", "exit", "gicd-ctlr-read", "GICD_CTLR read"},
    {"exits", "exit", "exit", "gicd-typer-read", "GICD_TYPER read"},
    {"exits", "exit", "exit", "actlr-read", "ACTLR read"},
    {"exits", "exit", "exit", "pl011-read", "PL011 flags read"},
    {"exits", "exit", "exit", "sgi-self", "SGI to itself"},
    {"exits", "exit", "exit", "ack-eoi", "GICC_IAR and EOIR"},
    {"exits", "exit", "exit", "wfi", "WFI, timer masked"},
    {"timer", kEndToEnd, "wait", "spin", "timer, spinning"},
    {"timer", kEndToEnd, "wait", "wfi", "timer, from WFI"},
}};
/// The key's value is part of the name here.
constexpr std::array<OperationKind, 3> kOwnWork{{
    {"pagefault", "total", "faults", "", "page fault, "},
    {"chase", "load", "", "", "chase"},
    {"parity", "round", "loop", "", "loop, "},
}};

bool has_stamps(const Row& row) { return row.param("stamps") == "1"; }

/// Its place in the table; behind all others if it is no known one.
std::size_t place_in_table(const Row& row) {
    return static_cast<std::size_t>(std::find_if(kOperationKinds.begin(), kOperationKinds.end(),
                                                 [&row](const OperationKind& kind) {
                                                     return kind.workload == row.workload &&
                                                            kind.value == row.param(kind.key);
                                                 }) -
                                    kOperationKinds.begin());
}

bool is_operation(const Row& row) {
    return !has_stamps(row) && ((row.workload == "exits" && row.layer == "exit") ||
                                (row.workload == "timer" && row.layer == kEndToEnd));
}

std::vector<Operation> operations_of(const Comparison& comparison) {
    std::vector<Operation> operations;
    for (const ComparedRow& row : comparison.rows) {
        if (is_operation(*row.row)) {
            operations.push_back({operation_name(*row.row), &row});
        }
    }
    std::stable_sort(operations.begin(), operations.end(),
                     [](const Operation& a, const Operation& b) {
                         return place_in_table(*a.row->row) < place_in_table(*b.row->row);
                     });
    // Where settings differ, some have the same name.
    std::vector<Operation> named = operations;
    for (Operation& one : named) {
        if (std::count_if(operations.begin(), operations.end(),
                          [&one](const Operation& other) { return other.name == one.name; }) > 1) {
            one.name = label_of(*one.row->row);
        }
    }
    return named;
}

/// "page fault, stage1"; empty if a hypervisor may have a part in it.
std::string own_work_name(const Row& row) {
    const auto kind =
        std::find_if(kOwnWork.begin(), kOwnWork.end(), [&row](const OperationKind& one) {
            return one.workload == row.workload && one.layer == row.layer;
        });
    return kind == kOwnWork.end() || has_stamps(row)
               ? std::string()
               : std::string(kind->name) + row.param(kind->key);
}

std::vector<OwnWork> own_work_of(const Comparison& comparison, std::size_t base) {
    std::vector<OwnWork> all;
    for (const ComparedRow& row : comparison.rows) {
        const std::string name = own_work_name(*row.row);
        const auto native = statistic_of({"", &row}, base, "mean");
        if (name.empty() || !native || *native == 0) {
            continue;
        }
        auto work = std::ranges::find(all, name, &OwnWork::name);
        if (work == all.end()) {
            all.push_back({name, 0, {}});
            work = all.end() - 1;
            work->ratios.resize(row.values.size());
        }
        ++work->rows;
        for (std::size_t side = 0; side < row.values.size(); ++side) {
            if (const auto mean = statistic_of({"", &row}, side, "mean")) {
                const double ratio = *mean / *native;
                const auto known = work->ratios[side].value_or(std::pair{ratio, ratio});
                work->ratios[side] = {std::min(known.first, ratio), std::max(known.second, ratio)};
            }
        }
    }
    return all;
}

std::vector<WaitLayers> layers_of(const Comparison& comparison) {
    std::vector<WaitLayers> waits;
    for (const std::string_view wait : {"spin", "wfi"}) {
        std::vector<Operation> found;
        std::vector<std::string> names;
        for (const ComparedRow& row : comparison.rows) {
            const Row& one = *row.row;
            if (one.workload == "timer" && has_stamps(one) && one.param("wait") == wait &&
                one.layer != kEndToEnd && one.layer.find("..") != std::string::npos) {
                found.push_back({one.layer, &row});
                names.push_back(one.layer);
            }
        }
        sort_layers(names, kWakeUpStamps);
        std::stable_sort(found.begin(), found.end(), [&](const Operation& a, const Operation& b) {
            return std::ranges::find(names, a.name) < std::ranges::find(names, b.name);
        });
        if (!found.empty()) {
            waits.push_back({std::string(wait), std::move(found)});
        }
    }
    return waits;
}

std::string under_of(const Side& side) { return side.first().parameters.text("under"); }

}  // namespace

std::string operation_name(const Row& row) {
    if (!is_operation(row)) {
        return {};
    }
    const std::size_t place = place_in_table(row);
    return place == kOperationKinds.size() ? label_of(row)
                                           : std::string(kOperationKinds[place].name);
}

std::optional<double> statistic_of(const Operation& operation, std::size_t side,
                                   std::string_view name) {
    const auto& values = operation.row->values[side];
    const auto statistic = std::ranges::find(row_statistics(), name, &RowStatistic::name);
    return values ? (*values)[static_cast<std::size_t>(statistic - row_statistics().begin())]
                  : std::nullopt;
}

std::optional<double> HypervisorRows::ratio(const Operation& operation, std::size_t side) const {
    const auto mean = statistic_of(operation, side, "mean");
    const auto native = statistic_of(operation, base, "mean");
    return mean && native && *native != 0 ? std::optional(*mean / *native) : std::nullopt;
}

bool all_alone(const std::vector<Side>& sides) {
    return std::ranges::all_of(sides, [](const Side& side) {
        return std::ranges::all_of(side.runs, [](const Results& run) { return run.alone(); });
    });
}

bool any_repeated(const std::vector<Side>& sides) {
    return std::ranges::any_of(sides, [&sides](const Side& side) {
        return std::ranges::count(sides, under_of(side), under_of) > 1;
    });
}

HypervisorRows hypervisor_rows(const std::vector<Side>& sides, const Comparison& comparison) {
    HypervisorRows rows;
    for (std::size_t side = 0; side < sides.size(); ++side) {
        const std::string name = under_of(sides[side]);
        const bool repeated = std::ranges::count(sides, name, under_of) > 1;
        rows.names.push_back((name.empty() ? "unnamed" : name) +
                             (repeated ? " " + letter_of(side) : ""));
    }
    const auto native = std::ranges::find(sides, "native", under_of);
    rows.base = native == sides.end() ? 0 : static_cast<std::size_t>(native - sides.begin());
    rows.operations = operations_of(comparison);
    rows.layers = layers_of(comparison);
    rows.own_work = own_work_of(comparison, rows.base);
    return rows;
}

}  // namespace hm::host
