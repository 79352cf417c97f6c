#pragma once
// A guest sees only its own memory: what stage 2 maps, from the start or on demand, is held against
// all of the machine that is not the guest's, before any table is built.

#include <array>
#include <optional>
#include <string_view>

#include "hyp/core/vm_config.hpp"
#include "measure/scenario.hpp"
#include "session/core/slots.hpp"

namespace hm::session {

/// Something that a guest would see though it is not its own, and where.
struct Breach {
    std::string_view what;
    mmu::Pa at;
};

class Confinement {
  public:
    Confinement(const Platform& platform, const board::Ram& ram, const Slots& slots);

    /// What `vm`, the guest that `scenario` measures, would see; nothing if all is its own, or if
    /// it has no stage 2.
    [[nodiscard]] std::optional<Breach> of_measured(const measure::Scenario& scenario,
                                                    const hyp::VmConfig& vm) const;

    /// The same of the second VM.
    [[nodiscard]] std::optional<Breach> of_companion(const measure::Scenario& scenario,
                                                     const hyp::VmConfig& vm) const;

  private:
    using Memory = mmu::Range<mmu::Pa>;
    struct Kept {
        std::string_view what;
        Memory memory;
    };

    [[nodiscard]] std::optional<Breach> find(const hyp::VmConfig& vm, const Memory& own,
                                             const Memory& other) const;
    [[nodiscard]] std::optional<Breach> find(const Memory& seen, const Memory& own,
                                             const Memory& other) const;
    [[nodiscard]] Memory spare_timer() const;
    [[nodiscard]] Memory cpu_interface_of(const hyp::VmConfig& vm) const;

    Platform platform_;
    const Slots& slots_;
    std::array<Kept, 6> kept_;  ///< from every guest
};

}  // namespace hm::session
