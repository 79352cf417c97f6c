#include "host/report/page/anchors_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "host/base/text.hpp"
#include "host/report/anchors.hpp"
#include "host/report/page/axis.hpp"
#include "host/report/page/svg.hpp"

namespace hm::host::page {

Drawing draw_anchors(const GroupedResults& run, double width) {
    const Beside all = beside_others(run);
    if (all.rows.empty()) {
        return {};
    }
    constexpr double kBar = 21;
    constexpr double kTitle = 30;
    constexpr double kNames = 88;
    constexpr double kValues = 58;
    constexpr double kLeast = 0.5;
    constexpr double kMost = 20000;
    const double group = kTitle + static_cast<double>(1 + all.names.size()) * kBar + 8;
    Svg svg(width, group * static_cast<double>(all.rows.size()), "Exits beside other hypervisors");
    const Axis x(ScaleKind::kLog10, kLeast, kMost, kNames, width - kValues);
    double top = 0;
    for (const BesideRow& row : all.rows) {
        svg.text({0, top + 18}, row.operation, "strong");
        double y = top + kTitle;
        const auto bar = [&](const std::string& name, const char* css,
                             const std::optional<double>& value) {
            svg.text({kNames - 6, y + 14}, name, "mark", Anchor::kEnd);
            const double end = value ? x.at(std::max(*value, kLeast)) : kNames;
            svg.box({kNames, y + 3}, end - kNames, kBar - 7, std::string("fill ") + css);
            svg.text({end + 5, y + 14}, value ? short_number(*value) : all.missing, "cost");
            y += kBar;
        };
        bar("hypmeter", "c-guest", row.ours);
        for (std::size_t i = 0; i < all.names.size(); ++i) {
            const bool native = all.names[i] == "none" || all.names[i] == "native";
            bar(native ? "no hypervisor" : all.names[i], native ? "c-native" : "c-other",
                row.others[i]);
        }
        top += group;
    }
    return {svg.element(),
            fmt::format("{} on the same machine, on a logarithmic scale. {}",
                        run.results.clock == "instructions" ? "Instructions" : "Ticks of the clock",
                        all.note)};
}

}  // namespace hm::host::page
