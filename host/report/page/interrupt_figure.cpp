#include "host/report/page/interrupt_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "host/base/text.hpp"
#include "host/report/layer_order.hpp"
#include "host/report/page/path_diagram.hpp"
#include "host/rows/timer_cases.hpp"
#include "host/rows/times.hpp"

namespace hm::host::page {
namespace {

struct Way {
    std::string_view delivery;
    std::string_view load;
    const char* title;
    const char* css;
};
constexpr std::array<Way, 6> kWays{
    {{"native", "idle", "native: no hypervisor", "c-native"},
     {"injected", "idle", "injected: a linked list register", "c-guest"},
     {"injected-soft", "idle", "injected-soft: with a maintenance interrupt", "c-soft"},
     {"direct", "idle", "direct: HCR.IMO = 0, straight to the guest", "c-direct"},
     {"shared", "vm-compute", "shared: another VM has the core until its slice ends", "c-shared"},
     {"boosted", "vm-compute", "boosted: the guest gets the core at once", "c-boosted"}}};

/// Of all cases of this way, the one with the longest slice.
const TimerCase* find_case(const TimerCases& cases, const Way& way) {
    const TimerCase* found = nullptr;
    for (const TimerCase& one : cases) {
        if (one.first->delivery == way.delivery && one.param("load") == way.load &&
            one.param("wait") == "wfi" && !one.layers.empty() &&
            (found == nullptr || one.slice_us() > found->slice_us())) {
            found = &one;
        }
    }
    return found;
}

std::string sums_of(const Results& results, const TimerCase& one) {
    const Row* row = one.plain != nullptr ? one.plain : one.stamped;
    if (row == nullptr) {
        return {};
    }
    const auto amount = [&results](const Row& of) {
        const auto time = in_nanoseconds(results, of.unit, of.mean);
        return time ? nanoseconds_text(time) : short_number(of.mean);
    };
    std::string text =
        fmt::format("{} {} from deadline to application", amount(*row),
                    in_nanoseconds(results, row->unit, row->mean) ? "ns" : row->unit);
    if (one.plain != nullptr && one.stamped != nullptr) {
        text += fmt::format(", {} with the stamps that the arrows show", amount(*one.stamped));
    }
    return text + ".";
}

}  // namespace

Drawing draw_interrupt(const GroupedResults& run, double) {
    Drawing drawing;
    for (const Way& way : kWays) {
        const TimerCase* one = find_case(run.rows.timer(), way);
        if (one != nullptr) {
            drawing.picture +=
                draw_path({way.title, way.css, sums_of(run.results, *one), one->layers,
                           one->stamped == nullptr ? 0 : one->stamped->count, &run.results},
                          kWakeUpStamps);
        }
    }
    if (!drawing.picture.empty() && run.results.clock == "instructions") {
        drawing.note =
            "The interrupt controller of this machine takes no time: the first arrow is only the "
            "first instructions of the vector.";
    }
    return drawing;
}

}  // namespace hm::host::page
