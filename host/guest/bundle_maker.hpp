#pragma once
// Makes the bundle of a foreign guest: its kernel, its initrd, a device tree and the instructions
// that hand the tree over, each at its place in the guest's memory.

#include <cstdint>
#include <string>
#include <string_view>

#include "host/guest/guest_tree.hpp"
#include "host/guest/kernel_file.hpp"
#include "measure/setting.hpp"
#include "measure/translation.hpp"

namespace hm::host {

/// How the guest runs. The fields are those of measure::Bundle.
struct GuestRun {
    measure::Delivery delivery = measure::Delivery::kInjected;
    measure::Mapping mapping = measure::Mapping::kPremapped2M;
    std::uint32_t slice = 0;
    std::uint32_t look_for_input = 0;
    bool exits_are_counted = false;
};

struct MadeBundle {
    std::string bytes;
    std::string error;  ///< one line that says why there is none; empty if there is one
};

/// One line that says what is wrong with a machine that no bundle can be made for; empty if nothing
/// is. Ask before its memory is given to parse_kernel.
[[nodiscard]] std::string machine_fault(const VirtualMachine& machine);

/// `kernel` was parsed with the memory of `machine`. `initrd`: empty if there is none. The first
/// CPU enters the kernel as Linux wants it (Documentation/arch/arm/booting.rst): r0 = 0, r1 = ~0,
/// r2 = the device tree.
[[nodiscard]] MadeBundle make_bundle(const VirtualMachine& machine, const GuestRun& run,
                                     const Kernel& kernel, std::string_view initrd);

}  // namespace hm::host
