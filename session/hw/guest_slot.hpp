#pragma once
// The memory of one guest as the monitor sees it: loading image and parameters, reading results.
// Every guest finds itself at the same IPA, at which it is linked; the measured one is there in
// physical memory too.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "drivers/mmu/address.hpp"
#include "measure/guest_abi.hpp"
#include "measure/plan.hpp"

namespace hm::session {

/// What is recorded of a guest just before it is entered.
struct Checksums {
    std::uint32_t image;
    std::uint32_t parameters;
};

/// The IPA at which guests are linked.
[[nodiscard]] std::uint32_t guest_base();

class GuestSlot {
  public:
    /// [base, end) is the physical memory that the guest may have.
    GuestSlot(std::uint64_t base, std::uint64_t end) : base_(base), end_(end) {}

    [[nodiscard]] mmu::Pa base() const { return {base_}; }
    /// Where HYP leaves its stamps.
    [[nodiscard]] std::uint32_t stamps() const { return address(measure::kHypStampPage); }
    [[nodiscard]] std::uint32_t fault_stamps() const { return address(measure::kHypFaultStamps); }

    /// The parameter block of a guest that does `task` and goes through `memory_bytes`, with
    /// `demand_bytes` besides that are mapped on the first touch. Nothing where the slot is too
    /// small.
    [[nodiscard]] std::optional<measure::ParameterBlock> parameters_for(
        measure::Task task, std::uint32_t memory_bytes, std::uint32_t demand_bytes) const;
    /// The same for what `scenario` measures.
    [[nodiscard]] std::optional<measure::ParameterBlock> parameters_for(
        const measure::Scenario& scenario) const;

    /// Puts image and parameters into memory, ready to be entered with caches off, and checks them.
    /// No other core may run: this cleans caches by set and way.
    [[nodiscard]] Checksums load(const measure::ParameterBlock& parameters);

    [[nodiscard]] const measure::GuestReport& report() const;

    /// The samples that the guest says it has left; nothing where they do not lie in its memory.
    template <class Event>
    [[nodiscard]] std::optional<std::span<const Event>> events() const;

  private:
    [[nodiscard]] std::uint32_t address(std::uint32_t offset) const {
        return static_cast<std::uint32_t>(base_) + offset;
    }

    std::uint64_t base_;
    std::uint64_t end_;
    std::uint32_t used_ = 0;  ///< bytes that the guest that was loaded last may use
};

}  // namespace hm::session
