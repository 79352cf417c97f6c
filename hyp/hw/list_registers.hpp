#pragma once
// The GIC of the VM that runs, taken out of the list registers for a change and presented again.
//
// Where its virtual CPUs have cores of their own, the list registers of each are in the GICH of its
// core, which no other core can reach. A virtual CPU is parked while they are saved in its state
// and its core waits in HYP. A core that is to change the VM's GIC parks its own virtual CPU first,
// and then takes the VM's lock: the one that holds the lock may be waiting for just that. With the
// lock it kicks the others until they are parked. Each core loads its own again under the lock.

#include "board.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/reg/hw/mmio.hpp"
#include "hyp/core/cpu.hpp"
#include "hyp/core/virtual_gic.hpp"
#include "hyp/hw/physical_gic.hpp"
#include "hyp/hw/vm.hpp"

namespace hm::hyp {

/// The physical distributor signals what the emulated one of `vcpu`, which runs, does.
void follow_enables(Vcpu& vcpu);

/// Interrupts other cores. `targets`: a bit each.
[[gnu::always_inline]] inline void kick(std::uint32_t targets) {
    cpu::dsb();  // they see what was stored before (A3.8.3; ARM IHI 0048B, 4.3.15)
    reg::Mmio::write(board::kGicd + gic::GicdSgir::kOffset,
                     gic::GicdSgir{}
                         .with(gic::GicdSgir::kCpuTargetList, targets)
                         .with(gic::GicdSgir::kSgiIntId, kKick)
                         .raw);
}

/// Tells the other virtual CPU, which is on another core: adds `word` to its mail.
[[gnu::always_inline]] inline void tell_other(const Vcpu& from, std::uint32_t word) {
    from.other->mail.fetch_or(word, std::memory_order_relaxed);
    kick(from.others);
}

/// Saves what GICH holds of the virtual CPU that runs, which leaves its guest or waits in HYP from
/// here on: no other core has to wait for it.
void park(Cpu& cpu);

/// What a kick came for, where it is not just one SGI for a list register that is free.
void serve_mail(Cpu& cpu, std::uint32_t mail);

/// Holds what all cores of the VM share, while the virtual CPU that runs here is parked. Where they
/// are on one core, there is nothing to hold.
class Exclusive {
  public:
    explicit Exclusive(Cpu& cpu);
    ~Exclusive();
    Exclusive(const Exclusive&) = delete;
    Exclusive& operator=(const Exclusive&) = delete;

    /// The virtual CPU stays parked: it is off.
    void stay_parked() { stays_parked_ = true; }

  protected:
    [[nodiscard]] Cpu& cpu() const { return cpu_; }
    [[nodiscard]] Vm& vm() const { return vm_; }
    [[nodiscard]] bool has_own_core() const { return has_own_core_; }

  private:
    Cpu& cpu_;
    Vm& vm_;
    bool has_own_core_;
    bool stays_parked_ = false;
};

/// Whose list registers are taken.
enum class Reach : std::uint8_t {
    kOwn,   ///< of the virtual CPU that runs: enough for its own interrupts. On one core: of all
    kWhole  ///< of all in its VM, as the distributor needs
};

/// They are loaded, and what follows from them is done, when this goes out of scope.
class LoadedListRegisters : private Exclusive {
  public:
    LoadedListRegisters(Cpu& cpu, Reach reach);
    ~LoadedListRegisters();

  protected:
    [[nodiscard]] std::uint32_t first() const { return first_; }
    [[nodiscard]] std::span<ListRegisters> registers() {
        return std::span(registers_).subspan(first_, count_);
    }

  private:
    [[nodiscard]] bool is_in_hardware(const Vcpu& vcpu) const;
    void load(Vcpu& vcpu, const ListRegisters& registers) const;
    void keep(Vcpu& vcpu, const ListRegisters& registers);

    std::uint32_t first_;
    std::uint32_t count_;
    std::uint32_t used_before_ = 0;
    std::array<ListRegisters, VmConfig::kMostCpus> registers_;
};

/// All of that VM's GIC. What is changed by it reaches list registers and the physical distributor
/// when this goes out of scope.
class RunningGic : private LoadedListRegisters {
  public:
    explicit RunningGic(Cpu& cpu, Reach reach = Reach::kWhole);

    [[nodiscard]] WholeGic* operator->() { return &whole_; }
    [[nodiscard]] WholeGic& operator*() { return whole_; }

  private:
    WholeGic whole_;
};

}  // namespace hm::hyp
