#include "host/report/page/address_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "host/base/text.hpp"
#include "host/report/layer_order.hpp"
#include "host/report/page/path_diagram.hpp"
#include "host/report/page/svg.hpp"
#include "host/rows/chase_cells.hpp"
#include "host/rows/times.hpp"

namespace hm::host::page {
namespace {

struct FaultWay {
    std::string_view faults;
    std::string_view regime;
    const char* title;
    const char* css;
};
constexpr std::array<FaultWay, 4> kFaultWays{
    {{"stage1", "native", "(A) natively: the kernel maps the page", "c-native"},
     {"stage1", "nested", "(B) as a guest: the guest's kernel maps it", "c-guest"},
     {"stage2", "nested", "(C) as a guest: the hypervisor maps it", "c-shared"},
     {"both", "nested", "(B)+(C): first one, then the other", "c-soft"}}};

/// The first scenario of this way, with stamps or without; null if there is none.
const ScenarioRows* find_faults(const Scenarios& scenarios, const FaultWay& way,
                                std::string_view stamps) {
    const auto found =
        std::find_if(scenarios.begin(), scenarios.end(), [&](const ScenarioRows& one) {
            return one.param("faults") == way.faults && one.first().regime == way.regime &&
                   one.first().stage2.empty() && one.param("stamps") == stamps &&
                   one.find("fault") != nullptr;
        });
    return found == scenarios.end() ? nullptr : &*found;
}

std::string unit_of(const Scenarios& scenarios) {
    for (const ScenarioRows& one : scenarios) {
        if (const Row* fault = one.find("fault")) {
            return fault->unit;
        }
    }
    return {};
}

/// What is known of one stage, or of both together.
struct Costs {
    std::optional<double> fault;
    std::string reads;
    std::optional<double> miss;
};

Costs costs_of(const GroupedResults& run, const FaultWay& way,
               const std::optional<measure::Translation>& translation) {
    Costs costs;
    costs.fault = mean_of(find_faults(run.rows.of("pagefault"), way, "0"), "fault");
    if (!translation) {
        return costs;
    }
    const Scenarios& chases = run.rows.of("chase");
    const std::uint64_t bytes =
        largest_in_all(chases, {measure::kPlainNative, measure::kPlainNested});
    if (const auto cell = cell_at(chases, *translation, bytes)) {
        costs.reads = cell->prediction ? reads_text(*cell->prediction) : "";
        costs.miss = run.results.models_tlb ? cell->miss() : std::nullopt;
    }
    return costs;
}

void draw_box(Svg& svg, Point middle, const char* name) {
    svg.box({middle.x - 22, middle.y - 14}, 44, 28, "place");
    svg.text({middle.x, middle.y + 5}, name, "strong", Anchor::kMiddle);
}

void draw_stage(Svg& svg, Point from, Point to, const char* name, const Costs& costs,
                const char* css) {
    const double middle = (from.x + to.x) / 2;
    svg.arrow({from.x + 22, from.y}, {to.x - 23, to.y}, std::string("flow ") + css);
    svg.text({middle, from.y - 8}, name, "mark", Anchor::kMiddle);
    if (costs.fault) {
        svg.text({middle, from.y + 18}, "fault " + short_number(*costs.fault), "cost",
                 Anchor::kMiddle);
    }
    if (!costs.reads.empty()) {
        svg.text({middle, from.y + 34}, "miss: " + costs.reads + " reads", "note", Anchor::kMiddle);
    }
    if (costs.miss) {
        svg.text({middle, from.y + 49}, "+ " + short_number(*costs.miss), "note", Anchor::kMiddle);
    }
}

}  // namespace

Drawing draw_translation(const GroupedResults& run, double width) {
    const auto& [native, first, second, both] = kFaultWays;
    const Costs a = costs_of(run, native, measure::kPlainNative);
    const Costs b = costs_of(run, first, std::nullopt);
    const Costs c = costs_of(run, second, measure::kPlainStage2);
    const Costs together = costs_of(run, both, measure::kPlainNested);
    if (!a.fault && !b.fault && !c.fault && a.reads.empty()) {
        return {};
    }
    constexpr double kHeight = 222;
    Svg svg(width, kHeight, "Translation of an address, natively and as a guest");
    const double left = 28;
    const double right = width - 28;
    const Point middle{width / 2, 155};
    svg.text({4, 14}, "Natively: one stage", "strong");
    draw_stage(svg, {left, 48}, {right, 48}, "(A) stage 1: VA to PA", a, "c-native");
    draw_box(svg, {left, 48}, "VA");
    draw_box(svg, {right, 48}, "PA");
    svg.text({4, 120}, "As a guest: two stages", "strong");
    draw_stage(svg, {left, middle.y}, middle, "(B) stage 1", b, "c-guest");
    draw_stage(svg, middle, {right, middle.y}, "(C) stage 2", c, "c-shared");
    draw_box(svg, {left, middle.y}, "VA");
    draw_box(svg, middle, "IPA");
    draw_box(svg, {right, middle.y}, "PA");
    std::string sum = together.fault ? "both faults " + short_number(*together.fault) : "";
    if (!together.reads.empty()) {
        sum += (sum.empty() ? "" : "; ") + fmt::format("a miss of both: {} reads", together.reads);
    }
    if (together.miss) {
        sum += fmt::format(", + {}", short_number(*together.miss));
    }
    svg.text({width / 2, 214}, sum, "mark", Anchor::kMiddle);
    const std::string unit = unit_of(run.rows.of("pagefault"));
    return {svg.element(),
            fmt::format("{}VA, IPA, PA: virtual, intermediate physical and physical address. "
                        "Reads: descriptors that the walk of a TLB miss reads where no cache of "
                        "walks helps, as computed from the tables.",
                        unit.empty() ? "" : "Faults in " + unit + ", without stamps. ")};
}

Drawing draw_faults(const GroupedResults& run, double) {
    Drawing drawing;
    const Scenarios& scenarios = run.rows.of("pagefault");
    for (const FaultWay& way : kFaultWays) {
        const ScenarioRows* stamped = find_faults(scenarios, way, "1");
        if (stamped == nullptr) {
            continue;
        }
        const auto plain = mean_of(find_faults(scenarios, way, "0"), "fault");
        const Row& with = *stamped->find("fault");
        const auto nanoseconds = in_nanoseconds(run.results, with.unit, plain);
        const std::string time =
            nanoseconds ? fmt::format(" ({} ns)", nanoseconds_text(nanoseconds)) : std::string();
        drawing.picture +=
            draw_path({way.title, way.css,
                       fmt::format("{} {}{}, {} with the stamps that the arrows show.",
                                   cell_text(plain), with.unit, time, short_number(with.mean)),
                       stamped->rows, 0, &run.results},
                      kFaultStamps);
    }
    return drawing;
}

}  // namespace hm::host::page
