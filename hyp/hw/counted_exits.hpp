#pragma once
// What the vectors that count exits have counted.

#include "hyp/core/exit_profile.hpp"

namespace hm::hyp {

/// Of a virtual CPU of the first VM, by its index, since forget_exits().
[[nodiscard]] const ExitProfile& exits_of(std::uint32_t vcpu);
void forget_exits();

}  // namespace hm::hyp
