#include "host/guest/guest_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "host/base/text.hpp"
#include "host/log/json.hpp"

namespace hm::host {
namespace {

/// The form of guest.json.
constexpr int kGuestSchema = 1;

/// What each reason of a record means, for people.
struct ReasonWords {
    std::string_view reason;
    std::string_view words;
};
constexpr std::array kReasonWords{
    ReasonWords{"timer", "interrupt of its timer, injected"},
    ReasonWords{"maintenance", "end of an interrupt, in HYP"},
    ReasonWords{"other-cpu", "call from another CPU"},
    ReasonWords{"own-device", "interrupt of a device of its own, injected"},
    ReasonWords{"hyp-timer", "HYP's timer: turns, input"},
    ReasonWords{"interrupt", "other interrupt"},
    ReasonWords{"wait", "WFI or WFE, with the wait"},
    ReasonWords{"hypercall", "hypercall (PSCI)"},
    ReasonWords{"register", "register of CP15 or CP14"},
    ReasonWords{"instruction", "other instruction"},
    ReasonWords{"distributor", "access of the distributor"},
    ReasonWords{"uart", "access of the UART"},
    ReasonWords{"device", "access of another device"},
    ReasonWords{"demand-fault", "stage-2 fault, mapped on demand"},
    ReasonWords{"abort", "stage-2 fault, given to the guest"},
};

std::string words_of(const std::string& reason) {
    const auto found = std::find_if(kReasonWords.begin(), kReasonWords.end(),
                                    [&](const ReasonWords& row) { return row.reason == reason; });
    return found == kReasonWords.end() ? reason : std::string(found->words);
}

std::string count_text(std::uint64_t count) { return number_text(static_cast<double>(count)); }

std::string costs_text(const GuestResults& results, const GuestCosts& costs) {
    std::string text;
    if (costs.instructions && costs.guest_instructions) {
        constexpr double kPercent = 100;
        const std::uint64_t in_hyp = *costs.instructions - *costs.guest_instructions;
        text += fmt::format(
            "{} instructions: {} in the guest, {} in HYP ({:.3f} %).",
            count_text(*costs.instructions), count_text(*costs.guest_instructions),
            count_text(in_hyp),
            kPercent * static_cast<double>(in_hyp) / static_cast<double>(*costs.instructions));
    }
    text += fmt::format("{}{} ticks of the counter passed, waits included ({} a second).",
                        text.empty() ? "" : " ", count_text(costs.elapsed),
                        count_text(results.counter_hz));
    if (costs.table_bytes != 0) {
        text += fmt::format(" Stage-2 tables: {}.", bytes_text(costs.table_bytes));
    }
    if (costs.demand_faults != 0) {
        text +=
            fmt::format(" Stage-2 faults that mapped memory: {}.", count_text(costs.demand_faults));
    }
    return text;
}

std::string unit_of(const GuestResults& results) {
    return results.clock == "instructions" ? "instructions" : "ticks";
}

/// Of two virtual CPUs; what one had says the text of the costs.
std::string times_text(const GuestResults& results, std::size_t width) {
    if (results.times.size() < 2) {
        return {};
    }
    Table table{{"virtual CPU", "ticks on", "in HYP", "exits"}, {}, 1};
    for (const CpuTime& time : results.times) {
        std::uint64_t in_hyp = 0;
        std::uint64_t count = 0;
        for (const ExitRow& row : results.exits) {
            if (row.cpu == time.cpu) {
                count += row.count;
                in_hyp += row.reason == "wait" ? 0 : row.ticks;
            }
        }
        table.rows.push_back({fmt::format("CPU {}", time.cpu), count_text(time.on),
                              count_text(in_hyp), count_text(count)});
    }
    return "\n" + render(table, width);
}

std::string exits_text(const GuestResults& results, std::size_t width) {
    const std::string unit = unit_of(results);
    const bool several = std::any_of(results.exits.begin(), results.exits.end(),
                                     [](const ExitRow& row) { return row.cpu != 0; });
    Table table{{"exits of the guest", "count", unit, "each", "longest"}, {}, 1};
    std::uint64_t count = 0;
    std::uint64_t ticks = 0;
    for (const ExitRow& row : results.exits) {
        const double each =
            row.count == 0 ? 0 : static_cast<double>(row.ticks) / static_cast<double>(row.count);
        table.rows.push_back(
            {(several ? fmt::format("CPU {}: ", row.cpu) : "") + words_of(row.reason),
             count_text(row.count), count_text(row.ticks), short_number(each),
             count_text(row.most)});
        count += row.count;
        ticks += row.ticks;
    }
    table.rows.push_back({"all", count_text(count), count_text(ticks), "-", "-"});
    return render(table, width) + wrap(
                                      "Counting is in these: some 30 instructions of an interrupt, "
                                      "and 75 of another exit. "
                                      "With --uncounted no exit is counted, and none takes more.",
                                      width);
}

Json json_of(const GuestCosts& costs) {
    Json json{{"elapsed", costs.elapsed},
              {"prepare_ticks", costs.prepare_ticks},
              {"demand_faults", costs.demand_faults},
              {"table_bytes", costs.table_bytes},
              {"stale_interrupts", costs.stale_interrupts}};
    if (costs.instructions && costs.guest_instructions) {
        json["instructions"] = *costs.instructions;
        json["guest_instructions"] = *costs.guest_instructions;
    }
    return json;
}

}  // namespace

std::string guest_text(const GuestResults& results, std::size_t width) {
    std::string text = wrap(
        fmt::format("The guest: {}.", results.ending.empty() ? "the target did not say how it ended"
                                                             : results.ending),
        width);
    if (results.costs) {
        text += wrap(costs_text(results, *results.costs), width);
    }
    text += times_text(results, width);
    if (!results.exits.empty()) {
        text += "\n" + exits_text(results, width);
    }
    return text;
}

std::string guest_json(const GuestResults& results) {
    Json exits = Json::array();
    for (const ExitRow& row : results.exits) {
        exits.push_back(Json{{"cpu", row.cpu},
                             {"reason", row.reason},
                             {"count", row.count},
                             {"ticks", row.ticks},
                             {"longest", row.most}});
    }
    Json times = Json::array();
    for (const CpuTime& time : results.times) {
        times.push_back(Json{{"cpu", time.cpu}, {"on", time.on}});
    }
    Json json{{"schema", kGuestSchema},
              {"version", results.version},
              {"board", results.board},
              {"machine", results.machine},
              {"clock", results.clock},
              {"counter_hz", results.counter_hz},
              {"parameters", to_json(results.parameters)},
              {"ok", results.ok()},
              {"ending", results.ending},
              {"faults", results.faults}};
    if (results.costs) {
        json["costs"] = json_of(*results.costs);
    }
    json["cpus"] = std::move(times);
    json["exits"] = std::move(exits);
    json["host"] = parse_json(results.host).value_or(Json::object());
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace hm::host
