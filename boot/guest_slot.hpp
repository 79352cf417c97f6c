#pragma once
// The measuring guest's memory as the monitor sees it: loading image and parameters, reading
// results.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "drivers/mmu/address.hpp"
#include "measure/guest_abi.hpp"
#include "measure/plan.hpp"

namespace hm::boot {

/// What is recorded of a guest just before it is entered.
struct Checksums {
    std::uint32_t image;
    std::uint32_t parameters;
};

class GuestSlot {
  public:
    /// `ram_end`: the end of the memory that the guest may have.
    explicit GuestSlot(std::uint64_t ram_end);

    [[nodiscard]] std::uint32_t base() const { return base_; }
    [[nodiscard]] std::uint32_t entry() const { return base_ + measure::kGuestImageOffset; }
    [[nodiscard]] std::uint32_t stamps() const { return base_ + measure::kHypStampPage; }

    /// What `scenario` is given: its parameter block. Nothing where the machine has too little
    /// memory.
    [[nodiscard]] std::optional<measure::ParameterBlock> parameters_for(
        const measure::Scenario& scenario) const;

    /// Puts image and parameters into memory, ready to be entered with caches off, and checks them.
    [[nodiscard]] Checksums load(const measure::ParameterBlock& parameters);

    [[nodiscard]] const measure::GuestReport& report() const;

    /// The samples that the guest says it has left; nothing where they do not lie in its memory.
    template <class Event>
    [[nodiscard]] std::optional<std::span<const Event>> events() const;

  private:
    std::uint32_t base_;
    std::uint64_t ram_end_;
    std::uint32_t memory_end_ = 0;
};

}  // namespace hm::boot
