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
#include "hyp/core/passed_device.hpp"

namespace hm::hyp {

using gic::ListRegister;
using gic::LrState;

/// How the guest's end of a virtual interrupt reaches the physical one behind it.
enum class Link : std::uint8_t {
    kHardware,     ///< LR.HW = 1: the end deactivates the physical interrupt
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
    /// Those whose physical interrupts HYP has to deactivate.
    InterruptSet deactivate{};
    QuickInjection quick{};  ///< as it is to be
    /// CPUs that have something new to present and whose list registers were not given, a bit each.
    std::uint32_t others = 0;
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
    /// There is a physical interrupt behind it, which HYP takes and passes on.
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
    /// Five bits, as in Cortex-A15's GIC (TRM 8.3.2) and in GIC-400.
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
        std::uint32_t shared = 0;         ///< the shared interrupts that they present
        ListRegister own_sgi{};  ///< an SGI from itself, but for its ID and how it is set up
    };

    gic::GicdCtlr ctlr{};
    std::uint32_t cpus = 1;
    Link link = Link::kHardware;
    IntId quick = 0;  ///< the interrupt with a QuickInjection, 16 to 31; 0: none has
    std::array<PerCpu, kMostCpus> cpu{};
    InterruptBank shared{};
    std::array<std::uint8_t, 32> targets{};  ///< of shared interrupts, a bit for each CPU
    std::array<std::uint8_t, 32> owner{};    ///< the CPU for which a shared interrupt is active
    /// Of shared ones that are linked: by how much the ID of the physical interrupt is higher.
    std::array<std::int16_t, 32> physical_offset{};
};

/// What a VM's maker decides.
struct VirtualGicConfig {
    std::uint32_t cpus = 1;
    Link link = Link::kHardware;
    IntId quick = 0;
    /// They have a physical interrupt of the same ID behind them; private ones on each virtual CPU.
    InterruptSet linked{};
    /// Shared ones with a physical interrupt that may have another ID.
    std::span<const PassedInterrupt> passed{};
};

/// All that have a physical interrupt behind them.
[[nodiscard]] constexpr InterruptSet linked_by(const VirtualGicConfig& config) {
    InterruptSet all = config.linked;
    for (const PassedInterrupt& one : config.passed) {
        all.insert(one.interrupt);
    }
    return all;
}

/// The ID of the physical interrupt behind `id`.
[[nodiscard]] constexpr IntId physical_of(const VirtualGic& gic, IntId id) {
    return id < gic::kFirstSpi ? id : id + static_cast<IntId>(gic.physical_offset[id % 32]);
}

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

/// An interrupt for a list register that is free.
struct InPlace {
    std::uint32_t place = 0;  ///< which list register
    ListRegister word{};
};

/// Which list registers of a virtual CPU are free, of `all`, one bit each.
struct FreePlaces {
    std::uint32_t all = 0;
    std::uint32_t free = 0;
};

/// Whether a list register is free and none that is in use presents `id`: each presents what it
/// was given last, or the quick interrupt.
[[nodiscard]] constexpr bool can_list(const VirtualGic::PerCpu& own, IntId id, FreePlaces places) {
    if (places.free == 0) {
        return false;
    }
    for (std::uint32_t rest = places.all ^ places.free; rest != 0; rest &= rest - 1) {
        if (own.occupant[static_cast<std::uint32_t>(std::countr_zero(rest))] == id) {
            return false;
        }
    }
    return true;
}

/// Gives SGI `id` the first list register that is free. `word`: its state and its source.
[[nodiscard]] constexpr InPlace list_sgi(VirtualGic::PerCpu& own, IntId id, bool group1,
                                         ListRegister word, FreePlaces places) {
    const auto place = static_cast<std::uint32_t>(std::countr_zero(places.free));
    own.occupant[place] = static_cast<std::uint8_t>(id);
    own.given_pending |= std::uint32_t{1} << place;
    const auto rest = ListRegister{}
                          .with(ListRegister::kPriority, std::uint32_t{own.bank.priority[id]} >> 3)
                          .with(ListRegister::kGroup1, group1);
    return {.place = place, .word = ListRegister::from(word.raw | id | rest.raw)};
}

/// Presents an SGI that a CPU sends to itself where nothing waits (there is a QuickInjection), no
/// list register holds it and nothing else is to be done; otherwise changes nothing. Where nothing
/// waits, what is pending or active and whose group is on is in a list register. `own`: of the CPU.
/// It is counted, so it is inlined.
[[nodiscard]] constexpr std::optional<InPlace> quick_self_sgi(gic::GicdCtlr ctlr,
                                                              VirtualGic::PerCpu& own, IntId id,
                                                              FreePlaces places) {
    const std::uint32_t group1 = own.bank.group1 >> id & 1;
    if ((ctlr.raw >> group1 & 1) == 0 || !can_list(own, id, places)) {
        return std::nullopt;
    }
    return list_sgi(own, id, group1 != 0, own.own_sgi, places);
}

/// The CPUs of a VM besides `self` that get the SGI of `request`, a bit each. `self` too: it is for
/// that one as well, or for itself alone.
[[nodiscard]] constexpr std::uint32_t targets_of(gic::GicdSgir request, std::uint32_t self,
                                                 std::uint32_t others) {
    switch (request.get(gic::GicdSgir::kTargetListFilter)) {
        case gic::SgiTarget::kList:
            return request.get(gic::GicdSgir::kCpuTargetList) & (others | self);
        case gic::SgiTarget::kOthers:
            return others;
        case gic::SgiTarget::kSelf:
            return self;
        default:
            return 0;  // reserved
    }
}

/// Presents the SGI that another CPU has sent, where nothing waits (there is a QuickInjection) and
/// nothing else is to be done; otherwise changes nothing. `sent`: SGIs from `source`, a bit each.
/// The other arguments are those of quick_self_sgi.
[[nodiscard]] constexpr std::optional<InPlace> quick_sgi_from(std::uint32_t source,
                                                              std::uint32_t sent,
                                                              gic::GicdCtlr ctlr,
                                                              VirtualGic::PerCpu& own,
                                                              FreePlaces places) {
    const auto id = static_cast<IntId>(std::countr_zero(sent));
    if (id >= VirtualGic::kSgis || (sent & (sent - 1)) != 0) {
        return std::nullopt;  // none, several, or something else
    }
    const std::uint32_t group1 = own.bank.group1 >> id & 1;
    if ((ctlr.raw >> group1 & 1) == 0 || !can_list(own, id, places)) {
        return std::nullopt;
    }
    return list_sgi(own, id, group1 != 0,
                    ListRegister{}
                        .with(ListRegister::kCpuId, source)
                        .with(ListRegister::kState, LrState::kPending),
                    places);
}

/// Presents the shared interrupt of `word`, whose physical one HYP has taken, where nothing waits
/// (there is a QuickInjection) and no list register holds it; otherwise changes nothing. `word`:
/// its quick_word(). `own`: of the VM's only CPU. It is counted, so it is inlined.
[[nodiscard]] constexpr std::optional<InPlace> quick_take(VirtualGic::PerCpu& own,
                                                          ListRegister word, FreePlaces places) {
    const IntId id = word.get(ListRegister::kVirtualId);
    if (word.raw == 0 || !can_list(own, id, places)) {
        return std::nullopt;
    }
    const auto place = static_cast<std::uint32_t>(std::countr_zero(places.free));
    own.occupant[place] = static_cast<std::uint8_t>(id);
    own.given_pending |= std::uint32_t{1} << place;
    own.shared |= std::uint32_t{1} << (id - gic::kFirstSpi);
    return InPlace{.place = place, .word = word};
}
/// What presents the shared interrupt `id` once HYP has taken the physical one; 0 while its enables
/// let nothing through, and where the VM has several CPUs.
[[nodiscard]] ListRegister quick_word(const VirtualGic& gic, IntId id);

class WholeGic {
  public:
    /// `interfaces`: of each virtual CPU, in order. They are changed when this goes out of scope.
    /// `first`: the CPU that they begin with. Those of one CPU are enough to end, take and present
    /// its own interrupts; the distributor is read and written with those of all.
    WholeGic(VirtualGic& gic, std::span<ListRegisters> interfaces, std::uint32_t first = 0);
    ~WholeGic();
    WholeGic(const WholeGic&) = delete;
    WholeGic& operator=(const WholeGic&) = delete;

    /// The guest reads the distributor on `cpu`. Nothing where there is no register of that size.
    [[nodiscard]] std::optional<std::uint32_t> read(std::uint32_t cpu, DeviceAccess access) const;
    /// The guest writes it; false where there is no register of that size.
    [[nodiscard]] bool write(std::uint32_t cpu, DeviceAccess access, std::uint32_t value);

    /// An emulated device raises or lowers its line. `cpu`: whose, for a private one.
    void set_line(std::uint32_t cpu, IntId id, bool high);
    /// SGIs that `source` has sent have come, a bit each.
    void receive(std::uint32_t cpu, std::uint32_t source, std::uint32_t sgis);
    /// HYP has taken the physical interrupt of a linked one, which is active now.
    void take(std::uint32_t cpu, IntId id);

  private:
    [[nodiscard]] bool is_given(std::uint32_t cpu) const {
        return cpu - first_ < interfaces_.size();
    }

    VirtualGic& gic_;
    std::span<ListRegisters> interfaces_;
    std::uint32_t first_;
    /// By CPU: shared interrupts that wait for list registers which were not given.
    std::array<std::uint32_t, VirtualGic::kMostCpus> waiting_{};
};

}  // namespace hm::hyp
