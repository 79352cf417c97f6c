#pragma once
// ThumbEE's registers, which few guests use. A virtual CPU gets them when it first accesses one:
// the access traps (HSTR.TTEE), and from then on they are saved and loaded for it. For all others
// they are zero, and nothing is done at a switch. ARM DDI 0406C.d, A2.10.2 and B4.1.

#include <cstdint>

#include "drivers/reg/cp15.hpp"
#include "drivers/reg/field.hpp"
#include "hyp/core/cp15_table.hpp"

namespace hm::hyp {

/// TEECR: whether PL0 may access TEEHBR.
struct Teecr : reg::Layout<Teecr> {
    static constexpr reg::Cp14 kAt{6, 0, 0, 0};
};
/// TEEHBR: where the handlers of ThumbEE lie.
struct Teehbr : reg::Layout<Teehbr> {
    static constexpr reg::Cp14 kAt{6, 1, 0, 0};
};

struct ThumbEe {
    bool used = false;  ///< by this virtual CPU, since its reset
    // While it does not have them:
    Teecr control{};
    Teehbr handlers{};
};

/// Whether `trap`, of CP14, is an access to one of the two.
[[nodiscard]] constexpr bool is_of_thumb_ee(RegisterTrap trap) {
    constexpr auto encoding_of = [](reg::Cp14 at) {
        return cp15_register(at.crn, at.opc1, at.crm, at.opc2);
    };
    return encoding_of(Teecr::kAt).matches(trap) || encoding_of(Teehbr::kAt).matches(trap);
}

}  // namespace hm::hyp
