// Our counts beside those of other hypervisors on the same emulated machine.

#include "host/report/anchors.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/report/tables.hpp"
#include "host/rows/rows.hpp"
#include "host/rows/timer_runs.hpp"

namespace hm::host {
namespace {

std::optional<double> our_call(const Results& results) {
    for (const Row& row : results.rows) {
        if (row.workload == "hypercall" && row.layer == kMonitorLayer &&
            row.param("path") == "null-dispatch") {
            return row.mean;
        }
    }
    return std::nullopt;
}

/// From a deadline to the guest's vector: the layers so far, which follow one another.
std::optional<double> our_timer(const TimerRuns& runs, std::string_view wait) {
    for (const TimerRun& run : runs) {
        if (run.first->delivery != "injected" || run.param("load") != "idle" ||
            run.param("wait") != wait) {
            continue;
        }
        double sum = 0;
        for (const Row* layer : run.layers) {
            sum += layer->mean;
            if (layer->layer.ends_with("..guest-vector")) {
                return sum;
            }
        }
    }
    return std::nullopt;
}

void add(Table& table, const Anchor& anchor, std::optional<double> ours) {
    if (ours) {
        table.rows.push_back({std::string(anchor.operation), short_number(*ours),
                              short_number(anchor.xen), short_number(anchor.xvisor),
                              short_number(anchor.kvm), short_number(anchor.bare)});
    }
}

}  // namespace

std::string anchors_text(const Results& results, std::size_t width) {
    if (results.clock != "instructions") {
        return {};
    }
    const TimerRuns runs = timer_runs(results.rows);
    Table table{{"instructions", "hypmeter", "Xen 4.17", "Xvisor", "KVM/ARM", "none"}, {}};
    add(table, kCallAnchor, our_call(results));
    add(table, kSpinAnchor, our_timer(runs, "spin"));
    add(table, kWfiAnchor, our_timer(runs, "wfi"));
    return table.rows.empty()
               ? std::string()
               : wrap("Beside other hypervisors", width) + render(table, width) +
                     wrap(
                         "The others were measured on the same emulator. They are full "
                         "hypervisors, "
                         "with schedulers and many more features, and their timer rows end where "
                         "the guest's handler reads the counter, so the guest's own way there is "
                         "in "
                         "them; ours end at the guest's vector.",
                         width);
}

}  // namespace hm::host
