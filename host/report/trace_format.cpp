#include "host/report/trace_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "host/log/json.hpp"
#include "host/report/machine_name.hpp"
#include "host/rows/timer_cases.hpp"
#include "host/rows/times.hpp"

namespace hm::host {
namespace {

/// Who had the core in a stretch. The order is that of the tracks, from top to bottom.
enum class Holder : std::uint8_t { kEvent, kHardware, kOtherVm, kHyp, kKernel, kApplication };
constexpr std::array<const char*, 6> kHolderNames{
    "the whole event", "hardware", "other virtual machine", "HYP", "guest kernel", "application"};

/// Who has it from a stamp on, until the next one.
struct Stretch {
    std::string_view from;
    Holder holder;
};
constexpr std::array<Stretch, 13> kStretches{{{"deadline", Holder::kHardware},
                                              {"hyp-vector", Holder::kHyp},
                                              {"scheduled", Holder::kHyp},
                                              {"switched-out", Holder::kHyp},
                                              {"switched-in", Holder::kHyp},
                                              {"hyp-acknowledged", Holder::kHyp},
                                              {"list-register", Holder::kHyp},
                                              {"guest-return", Holder::kHardware},
                                              {"guest-vector", Holder::kKernel},
                                              {"guest-acknowledged", Holder::kKernel},
                                              {"maintenance-vector", Holder::kHyp},
                                              {"maintenance-return", Holder::kKernel},
                                              {"handler-done", Holder::kApplication}}};

Holder holder_of(std::string_view layer, std::string_view delivery) {
    // The interrupt's owner is not there: the other virtual machine goes on until it is.
    if (layer == "hyp-vector..scheduled" && delivery == "shared") {
        return Holder::kOtherVm;
    }
    const std::string_view from = layer.substr(0, layer.find(".."));
    const auto* const found = std::find_if(kStretches.begin(), kStretches.end(),
                                           [from](const Stretch& one) { return one.from == from; });
    return found == kStretches.end() ? Holder::kEvent : found->holder;
}

/// A timeline is written in microseconds.
constexpr double kNanosecondsPerMicrosecond = 1000;

/// A value of a row in nanoseconds of the timeline. A counted instruction gets one, since a
/// timeline has no other unit.
double on_timeline(const Results& results, std::string_view unit, double value) {
    return in_nanoseconds(results, unit, value).value_or(value);
}

std::string unit_note(const Results& results) {
    return results.clock == "instructions"
               ? "1 ns on this axis is 1 instruction: a count, not a time"
           : results.clock == "emulator" ? "the axis is the emulator's own time, and no machine's"
           : results.ticks_hz.value_or(0) != 0 ? "the axis is the time of " + machine_name(results)
                                               : "1 ns on this axis is 1 cycle";
}

/// A row's events, and its process in the timeline.
struct TraceRow {
    const Worst* first;
    std::vector<const Worst*> events;  ///< by their time
};

std::vector<TraceRow> trace_rows(const std::vector<Worst>& all) {
    std::vector<TraceRow> rows;
    for (const Worst& event : all) {
        if (event.layers.empty()) {
            continue;
        }
        auto row = std::find_if(rows.begin(), rows.end(), [&event](const TraceRow& known) {
            return known.first->workload == event.workload && known.first->regime == event.regime &&
                   known.first->delivery == event.delivery && known.first->params == event.params;
        });
        if (row == rows.end()) {
            row = rows.insert(rows.end(), TraceRow{&event, {}});
        }
        row->events.push_back(&event);
    }
    for (TraceRow& row : rows) {
        std::stable_sort(row.events.begin(), row.events.end(),
                         [](const Worst* a, const Worst* b) { return a->event < b->event; });
    }
    return rows;
}

std::string trace_name_of(const Worst& event) {
    return fmt::format("{} {} {} {}", event.workload, event.param("wait"), event.param("load"),
                       delivery_text(event.delivery, event.param("slice_us")));
}

class TraceWriter {
  public:
    explicit TraceWriter(const Results& results) : results_(results) {}

    void row(std::size_t process, const TraceRow& row) {
        name(process, "process_name", 0, fmt::format("{}", trace_name_of(*row.first)));
        for (std::size_t track = 0; track < kHolderNames.size(); ++track) {
            name(process, "thread_name", track, kHolderNames[track]);
            write({{"name", "thread_sort_index"},
                   {"ph", "M"},
                   {"pid", process},
                   {"tid", track},
                   {"args", {{"sort_index", track}}}});
        }
        for (const Worst* event : row.events) {
            this->event(process, *event);
        }
    }

    [[nodiscard]] std::string text() const {
        const Json about{{"hypmeter", results_.version},
                         {"board", results_.board},
                         {"machine", machine_name(results_)},
                         {"clock", results_.clock},
                         {"axis", unit_note(results_)}};
        return "{\"displayTimeUnit\": \"ns\",\n\"otherData\": " + dump(about) +
               ",\n\"traceEvents\": [\n" + events_ + "\n]}\n";
    }

  private:
    void write(const Json& event) { events_ += (events_.empty() ? "" : ",\n") + dump(event); }

    void name(std::size_t process, const char* what, std::size_t track, const std::string& name) {
        write({{"name", what},
               {"ph", "M"},
               {"pid", process},
               {"tid", track},
               {"args", {{"name", name}}}});
    }

    void slice(std::size_t process, Holder holder, const std::string& name, double from,
               double length, const Json& args) {
        write({{"name", name},
               {"cat", kHolderNames[static_cast<std::size_t>(holder)]},
               {"ph", "X"},
               {"ts", from / kNanosecondsPerMicrosecond},
               {"dur", length / kNanosecondsPerMicrosecond},
               {"pid", process},
               {"tid", static_cast<std::size_t>(holder)},
               {"args", args}});
    }

    void event(std::size_t process, const Worst& event) {
        const double period = event.params.number("period_us").value_or(0);
        double at = static_cast<double>(event.event) * period * kNanosecondsPerMicrosecond;
        slice(process, Holder::kEvent, fmt::format("event {}, rank {}", event.event, event.rank),
              at, on_timeline(results_, event.unit, event.delay),
              {{"event", event.event}, {"rank", event.rank}, {event.unit, event.delay}});
        for (const auto& [layer, value] : event.layers) {
            const std::string unit(unit_of_layer(results_, event, layer));
            const double length = on_timeline(results_, unit, value);
            slice(process, holder_of(layer, event.delivery), layer, at, length, {{unit, value}});
            at += length;
        }
    }

    const Results& results_;
    std::string events_;
};

}  // namespace

std::string trace_text(const GroupedResults& run, std::size_t) {
    const std::vector<TraceRow> rows = trace_rows(run.results.worst);
    if (rows.empty()) {
        return {};
    }
    TraceWriter writer(run.results);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        writer.row(i + 1, rows[i]);
    }
    return writer.text();
}

}  // namespace hm::host
