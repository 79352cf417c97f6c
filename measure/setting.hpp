#pragma once
// How a workload is run: the words of a row that say what stands between the deadline and the
// application, and what else the machine does meanwhile.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hm::measure {

/// How a physical interrupt reaches the guest.
enum class Delivery : std::uint8_t {
    kNative,        ///< no virtual machine: straight from the GIC
    kInjected,      ///< through HYP and a list register that is linked to it (LR.HW = 1)
    kInjectedSoft,  ///< the same with LR.HW = 0: HYP deactivates after a maintenance interrupt
    kDirect,        ///< stage 2 alone: the interrupt goes straight to PL1 (HCR.IMO = 0)
    kShared,        ///< another VM has the core in turn; the interrupt waits for its owner's slice
    kBoosted,       ///< the same, but its owner gets the core at once
};
inline constexpr std::array<const char*, 6> kDeliveryNames{"native", "injected", "injected-soft",
                                                           "direct", "shared",   "boosted"};

/// What the guest does until the interrupt comes.
enum class Wait : std::uint8_t {
    kWfi,
    kWfiTrapped,  ///< WFI comes to HYP (HCR.TWI = 1), which waits in the guest's place
    kSpin,
};
inline constexpr std::array<const char*, 3> kWaitNames{"wfi", "wfi-trapped", "spin"};

/// What else runs.
enum class Load : std::uint8_t {
    kIdle,         ///< nothing
    kVmIdle,       ///< a second VM on the same core, which waits in WFI
    kVmCompute,    ///< a second VM that computes
    kVmFault,      ///< a second VM that faults on pages which stage 2 maps on demand
    kVmHypercall,  ///< a second VM that calls the monitor
    kCore,         ///< the second core, which goes through memory and reads the distributor
    kAll,          ///< that, and a second VM that computes
};
inline constexpr std::array<const char*, 7> kLoadNames{
    "idle", "vm-idle", "vm-compute", "vm-fault", "vm-hypercall", "core", "all"};

[[nodiscard]] constexpr const char* name_of(Delivery delivery) {
    return kDeliveryNames[static_cast<std::size_t>(delivery)];
}
[[nodiscard]] constexpr const char* name_of(Wait wait) {
    return kWaitNames[static_cast<std::size_t>(wait)];
}
[[nodiscard]] constexpr const char* name_of(Load load) {
    return kLoadNames[static_cast<std::size_t>(load)];
}

/// Whether HYP takes the interrupt.
[[nodiscard]] constexpr bool through_hyp(Delivery delivery) {
    return delivery != Delivery::kNative && delivery != Delivery::kDirect;
}
/// Whether two VMs share the core.
[[nodiscard]] constexpr bool shares_core(Delivery delivery) {
    return delivery == Delivery::kShared || delivery == Delivery::kBoosted;
}
[[nodiscard]] constexpr bool uses_second_core(Load load) {
    return load == Load::kCore || load == Load::kAll;
}

static_assert(std::string_view(name_of(Delivery::kBoosted)) == "boosted" &&
              std::string_view(name_of(Load::kAll)) == "all" &&
              std::string_view(name_of(Wait::kSpin)) == "spin");

}  // namespace hm::measure
