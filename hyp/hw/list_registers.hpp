#pragma once
// The GIC of the VM that runs, taken out of the list registers for a change and presented again.

#include "hyp/core/cpu.hpp"
#include "hyp/core/virtual_gic.hpp"

namespace hm::hyp {

/// What GICH holds of the virtual CPU that runs, from when this is made until it goes out of scope.
class LoadedListRegisters {
  public:
    explicit LoadedListRegisters(Cpu& cpu);
    ~LoadedListRegisters();
    LoadedListRegisters(const LoadedListRegisters&) = delete;
    LoadedListRegisters& operator=(const LoadedListRegisters&) = delete;

  protected:
    [[nodiscard]] std::span<ListRegisters> registers() { return {&registers_, 1}; }

  private:
    Cpu& cpu_;
    std::uint32_t used_before_ = 0;
    ListRegisters registers_;
};

/// The physical distributor signals what the emulated one of `vcpu`, which runs, does.
void follow_enables(Vcpu& vcpu);

/// All of that VM's GIC. What is changed by it reaches list registers and the physical distributor
/// when this goes out of scope.
class RunningGic : private LoadedListRegisters {
  public:
    explicit RunningGic(Cpu& cpu);

    [[nodiscard]] WholeGic* operator->() { return &whole_; }

  private:
    WholeGic whole_;
};

}  // namespace hm::hyp
