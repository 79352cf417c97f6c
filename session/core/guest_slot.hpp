#pragma once
// The physical memory of one guest, as numbers. Every guest finds its memory at the same IPA, at
// which it is linked.

#include <cstdint>
#include <optional>

#include "drivers/mmu/address.hpp"
#include "hyp/core/passed_device.hpp"
#include "measure/guest_abi.hpp"
#include "measure/scenario.hpp"
#include "session/core/platform.hpp"

namespace hm::session {

struct GuestSlot {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;

    [[nodiscard]] mmu::Pa base() const { return {begin}; }
    [[nodiscard]] std::uint64_t bytes() const { return end > begin ? end - begin : 0; }
    [[nodiscard]] mmu::Range<mmu::Pa> memory() const { return {base(), bytes()}; }
    /// Where HYP leaves its stamps.
    [[nodiscard]] std::uint32_t stamps() const { return at(measure::kHypStampPage); }
    [[nodiscard]] std::uint32_t fault_stamps() const { return at(measure::kHypFaultStamps); }
    /// PA of a byte of the guest's memory.
    [[nodiscard]] std::uint32_t at(std::uint32_t offset) const {
        return static_cast<std::uint32_t>(begin) + offset;
    }
};

/// Memory that a guest needs besides its image, tables and stacks.
struct MemoryNeeds {
    std::uint64_t bytes = 0;
    std::uint32_t demand_bytes = 0;  ///< begins at a 2 MB boundary
};

/// What the interrupt of a board's spare timer is in a VM: the same, if the VM has that many.
[[nodiscard]] hyp::PassedInterrupt interrupt_of(const board::SpareTimer& timer);

/// The parameter block of a guest in `slot` that does `task`; nothing if the slot is too small.
[[nodiscard]] std::optional<measure::ParameterBlock> parameters_for(const Platform& platform,
                                                                    const GuestSlot& slot,
                                                                    measure::Task task,
                                                                    const MemoryNeeds& needs);

/// The same of the guest that `scenario` measures.
[[nodiscard]] std::optional<measure::ParameterBlock> parameters_for(
    const Platform& platform, const GuestSlot& slot, const measure::Scenario& scenario);

/// The parameter block of the second VM that `scenario` wants; nothing if `slot` is too small.
[[nodiscard]] std::optional<measure::ParameterBlock> companion_parameters(
    const Platform& platform, const GuestSlot& slot, const measure::Scenario& scenario);

/// Where the events of a guest begin in its slot, in bytes; nothing if the report names an array
/// that does not lie in the memory of `block`, or not at a word's boundary.
[[nodiscard]] std::optional<std::uint32_t> offset_of_events(const Platform& platform,
                                                            const measure::ParameterBlock& block,
                                                            const measure::GuestReport& report);

}  // namespace hm::session
