#include "hyp/core/vgic.hpp"

namespace hm::hyp {

std::optional<LrWrite> plan_refill(Vgic& vgic, std::uint32_t elrsr) {
    if (elrsr == 0 || vgic.waiting == 0) {
        return std::nullopt;
    }
    const auto priority = [&](IntId id) { return vgic.words[id].get(ListRegister::kPriority); };
    auto best = static_cast<IntId>(std::countr_zero(vgic.waiting));
    for (std::uint32_t rest = vgic.waiting; rest != 0; rest &= rest - 1) {
        const auto id = static_cast<IntId>(std::countr_zero(rest));
        // A lower number is a higher priority (3.3).
        if (priority(id) < priority(best)) {
            best = id;
        }
    }
    return plan_in_any_free(vgic, best, elrsr).write;
}

}  // namespace hm::hyp
