#include "host/report/page/anchors_figure.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "host/base/text.hpp"
#include "host/report/anchors.hpp"
#include "host/report/page/axis.hpp"
#include "host/report/page/svg.hpp"

namespace hm::host::page {

Drawing draw_anchors(const GroupedResults& run, double width) {
    const std::vector<BesideAnchor> all = beside_anchors(run);
    if (all.empty()) {
        return {};
    }
    struct Bar {
        const char* name;
        const char* css;
        std::optional<double> value;
    };
    constexpr double kBar = 21;
    constexpr double kTitle = 30;
    constexpr double kNames = 88;
    constexpr double kValues = 58;
    constexpr double kLeast = 0.5;
    constexpr double kMost = 20000;
    constexpr double kBars = 5;
    const double group = kTitle + kBars * kBar + 8;
    Svg svg(width, group * static_cast<double>(all.size()), "Exits beside other hypervisors");
    const Axis x(ScaleKind::kLog10, kLeast, kMost, kNames, width - kValues);
    double top = 0;
    for (const auto& [anchor, ours] : all) {
        svg.text({0, top + 18}, anchor->operation, "strong");
        double y = top + kTitle;
        for (const Bar& bar : std::array<Bar, 5>{{{"hypmeter", "c-guest", ours},
                                                  {"Xen 4.17", "c-other", anchor->xen},
                                                  {"Xvisor", "c-other", anchor->xvisor},
                                                  {"KVM/ARM", "c-other", anchor->kvm},
                                                  {"no hypervisor", "c-native", anchor->bare}}}) {
            svg.text({kNames - 6, y + 14}, bar.name, "mark", Anchor::kEnd);
            const double end = bar.value ? x.at(std::max(*bar.value, kLeast)) : kNames;
            svg.box({kNames, y + 3}, end - kNames, kBar - 7, std::string("fill ") + bar.css);
            svg.text({end + 5, y + 14}, bar.value ? short_number(*bar.value) : "never", "cost");
            y += kBar;
        }
        top += group;
    }
    return {svg.element(),
            "Instructions on the same emulator, on a logarithmic scale. The others are full "
            "hypervisors, with schedulers and many more features. " +
                std::string(kAnchorsNote)};
}

}  // namespace hm::host::page
