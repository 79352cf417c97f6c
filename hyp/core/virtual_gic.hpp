#pragma once
// The GIC of a virtual machine: a distributor for up to four virtual CPUs, and which of its
// interrupts the list registers of each present. Plain state; nothing here touches a device.
// ARM IHI 0048B, 3.2, 4.3 and chapter 5.
//
// The state of an interrupt is in one place at a time: in a list register while one presents it,
// and here otherwise. WholeGic takes all of it out of the list registers, and presents again what
// is to be presented when it goes out of scope. All changes are made through it, so that none can
// miss the list registers.

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "drivers/gic/gic_layout.hpp"
#include "hyp/core/devices.hpp"
#include "hyp/core/interrupt_set.hpp"

namespace hm::hyp {

using gic::ListRegister;
using gic::LrState;

/// How the guest's end of a virtual interrupt reaches the physical one behind it.
enum class Link : std::uint8_t {
    kHardware,     ///< LR.HW = 1: the end deactivates the physical interrupt of the same ID
    kMaintenance,  ///< LR.HW = 0: the end raises a maintenance interrupt, and HYP deactivates
};

/// An injection that needs no look at anything else: that of the virtual timer's interrupt while no
/// list register holds it and no interrupt waits for one.
struct QuickInjection {
    std::uint32_t free_bit = 0;    ///< of GICH_ELRSR0: its list register is empty; 0: never
    std::uint32_t lr_address = 0;  ///< of that list register, from the base of GICH
    ListRegister word{};           ///< to write there
};

/// The virtual interface of one virtual CPU (5.3), as read from GICH or as saved.
struct ListRegisters {
    static constexpr std::uint32_t kMost = 16;
    std::uint32_t count = 0;  ///< that there are
    std::uint32_t used = 0;   ///< those that are not empty (~GICH_ELRSR0), one bit each
    std::array<ListRegister, kMost> words;  ///< only those in `used` mean anything
    gic::GichVmcr vmcr{};
    gic::GichHcr hcr{};  ///< as read; then as it is to be, with an EOICount of zero
    /// Physical interrupts that HYP has to deactivate (GICD_ICACTIVER).
    InterruptSet deactivate{};
    QuickInjection quick{};  ///< as it is to be
};

/// What GICH_ELRSR0 reads where all of `count` (up to 31) list registers are empty.
[[nodiscard]] constexpr std::uint32_t list_register_mask(std::uint32_t count) {
    return (std::uint32_t{1} << count) - 1;
}

/// One word of each register with one bit per interrupt, and the priorities.
struct InterruptBank {
    std::uint32_t group1 = 0;
    std::uint32_t enabled = 0;
    /// Pending by itself: edges, writes to GICD_ISPENDR, and SGIs that have a source.
    std::uint32_t latched = 0;
    std::uint32_t line = 0;    ///< the device asserts it
    std::uint32_t active = 0;  ///< and no list register holds it
    /// Active because the guest wrote GICD_ISACTIVER, so that no end of interrupt is to come.
    std::uint32_t written_active = 0;
    std::uint32_t edge = 0;  ///< edge-triggered; else level-sensitive
    /// There is a physical interrupt of this ID behind it, which HYP takes and passes on.
    std::uint32_t linked = 0;
    /// That one is active: HYP has taken it, and it has not been deactivated.
    std::uint32_t engaged = 0;
    std::array<std::uint8_t, 32> priority{};
    /// Of those that are active: the priority with which they became so.
    std::array<std::uint8_t, 32> active_priority{};
};

/// As after a reset (4.1.2, Table 4-1).
struct VirtualGic {
    static constexpr std::uint32_t kMostCpus = 4;
    static constexpr std::uint32_t kInterrupts = 64;
    static constexpr std::uint32_t kSgis = 16;
    /// Cortex-A15 implements five bits of priority (TRM 8.3.2).
    static constexpr std::uint32_t kPriorityBits = 0xF8;

    /// What each virtual CPU has to itself.
    struct PerCpu {
        InterruptBank bank{};
        std::array<std::uint8_t, kSgis> sources{};  ///< by SGI: the CPUs that sent it, a bit each
        std::array<std::uint8_t, kSgis> active_source{};  ///< by SGI: who sent the active one
        /// By list register: the ID that it presented last.
        std::array<std::uint8_t, ListRegisters::kMost> occupant{};
        // Of what list registers were given, one bit each.
        std::uint32_t given_pending = 0;  ///< the word said pending
        std::uint32_t given_alone = 0;    ///< its end concerns no physical interrupt
    };

    gic::GicdCtlr ctlr{};
    std::uint32_t cpus = 1;
    Link link = Link::kHardware;
    IntId quick = 0;  ///< the interrupt with a QuickInjection, 16 to 31; 0: none has
    std::array<PerCpu, kMostCpus> cpu{};
    InterruptBank shared{};
    std::array<std::uint8_t, 32> targets{};  ///< of shared interrupts, a bit for each CPU
    std::array<std::uint8_t, 32> owner{};    ///< the CPU for which a shared interrupt is active
};

/// What a VM's maker decides.
struct VirtualGicConfig {
    std::uint32_t cpus = 1;
    Link link = Link::kHardware;
    IntId quick = 0;
    InterruptSet linked{};  ///< the private ones: of each virtual CPU
};

/// Makes `gic` what `config` says, as after a reset. It takes the same time whatever it was.
void reset(VirtualGic& gic, const VirtualGicConfig& config);

/// The word that holds `id`.
[[nodiscard]] constexpr InterruptBank& bank_of(VirtualGic& gic, std::uint32_t cpu, IntId id) {
    return id < 32 ? gic.cpu[cpu].bank : gic.shared;
}

/// What a member of InterruptBank says of all interrupts of `cpu`.
[[nodiscard]] constexpr InterruptSet all_of(const VirtualGic& gic, std::uint32_t cpu,
                                            std::uint32_t InterruptBank::*word) {
    return {gic.cpu[cpu].bank.*word, gic.shared.*word};
}

/// Interrupts that are enabled, and whose group is (4.3.1).
[[nodiscard]] InterruptSet signalled(const VirtualGic& gic, std::uint32_t cpu);

/// What a write of the distributor comes to where nothing is pending or active.
struct WriteAtRest {
    bool done = false;  ///< false: there is no register of that size
    QuickInjection quick{};
};

/// The guest writes the distributor on `cpu` while no list register is in use. Nothing where an
/// interrupt is pending or active before or after it: then WholeGic writes, which may be the second
/// time, since every write of a distributor does the same twice as once.
[[nodiscard]] std::optional<WriteAtRest> write_at_rest(VirtualGic& gic, std::uint32_t cpu,
                                                       DeviceAccess access, std::uint32_t value);

/// An SGI that a virtual CPU sends to itself, for a list register that is free.
struct SelfSgi {
    std::uint32_t place = 0;  ///< which list register
    ListRegister word{};
};

/// Presents the SGI that `request` asks for where nothing waits (there is a QuickInjection), no
/// list register holds it and nothing else is to be done; otherwise changes nothing. `used`: list
/// registers that are not empty, of those in `all`, one bit each. It is counted, so it is inlined.
[[nodiscard]] constexpr std::optional<SelfSgi> quick_self_sgi(VirtualGic& gic, std::uint32_t cpu,
                                                              gic::GicdSgir request,
                                                              std::uint32_t used,
                                                              std::uint32_t all) {
    VirtualGic::PerCpu& own = gic.cpu[cpu];
    const InterruptBank& bank = own.bank;
    const auto id = static_cast<IntId>(request.get(gic::GicdSgir::kSgiIntId));
    const std::uint32_t group1 = bank.group1 >> id & 1;
    const bool held = ((bank.latched | bank.active) >> id & 1) != 0;
    const bool to_self = request.get(gic::GicdSgir::kTargetListFilter) == gic::SgiTarget::kSelf;
    if (!to_self || used == all || held || (gic.ctlr.raw >> group1 & 1) == 0) {
        return std::nullopt;
    }
    // A list register that is in use presents what it was given last, or the quick interrupt.
    for (std::uint32_t rest = used; rest != 0; rest &= rest - 1) {
        if (own.occupant[static_cast<std::uint32_t>(std::countr_zero(rest))] == id) {
            return std::nullopt;
        }
    }
    const auto place = static_cast<std::uint32_t>(std::countr_zero(all & ~used));
    own.occupant[place] = static_cast<std::uint8_t>(id);
    own.given_pending |= std::uint32_t{1} << place;
    return SelfSgi{.place = place,
                   .word = ListRegister{}
                               .with(ListRegister::kVirtualId, id)
                               .with(ListRegister::kPriority, std::uint32_t{bank.priority[id]} >> 3)
                               .with(ListRegister::kCpuId, cpu)
                               .with(ListRegister::kState, LrState::kPending)
                               .with(ListRegister::kGroup1, group1 != 0)};
}

class WholeGic {
  public:
    /// `interfaces`: of each virtual CPU, in order. They are changed when this goes out of scope.
    WholeGic(VirtualGic& gic, std::span<ListRegisters> interfaces);
    ~WholeGic();
    WholeGic(const WholeGic&) = delete;
    WholeGic& operator=(const WholeGic&) = delete;

    /// The guest reads the distributor on `cpu`. Nothing where there is no register of that size.
    [[nodiscard]] std::optional<std::uint32_t> read(std::uint32_t cpu, DeviceAccess access) const;
    /// The guest writes it; false where there is no register of that size.
    [[nodiscard]] bool write(std::uint32_t cpu, DeviceAccess access, std::uint32_t value);

    /// An emulated device raises or lowers its line. `cpu`: whose, for a private one.
    void set_line(std::uint32_t cpu, IntId id, bool high);
    /// HYP has taken the physical interrupt of a linked one, which is active now.
    void take(std::uint32_t cpu, IntId id);

  private:
    VirtualGic& gic_;
    std::span<ListRegisters> interfaces_;
};

}  // namespace hm::hyp
