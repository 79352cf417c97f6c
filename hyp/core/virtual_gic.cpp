#include "hyp/core/virtual_gic.hpp"

#include "hyp/core/virtual_distributor.hpp"

namespace hm::hyp {

namespace {

using gic::GichHcr;
using gic::GichVmcr;

constexpr std::uint32_t bit_of(IntId id) { return 1U << (id % 32); }

constexpr void set(std::uint32_t& word, IntId id, bool value) {
    word = value ? word | bit_of(id) : word & ~bit_of(id);
}

constexpr bool is_sgi(IntId id) { return id < VirtualGic::kSgis; }

/// Emulated and level-sensitive: pending for as long as its line is asserted, whatever a list
/// register says of it.
bool follows_line(const InterruptBank& bank, IntId id) {
    return !is_sgi(id) && ((bank.linked | bank.edge) & bit_of(id)) == 0;
}

/// Shared interrupts of `ids` that `cpu` gets: those that are active there, and of the others those
/// of which it is the first target (3.2.3 leaves the choice to us).
std::uint32_t shared_of(const VirtualGic& gic, std::uint32_t cpu, std::uint32_t ids) {
    if (gic.cpus == 1) {
        return ids;
    }
    std::uint32_t found = 0;
    for (std::uint32_t rest = ids; rest != 0; rest &= rest - 1) {
        const auto i = static_cast<std::uint32_t>(std::countr_zero(rest));
        const bool active = (gic.shared.active >> i & 1) != 0;
        const std::uint32_t targets = gic.targets[i];
        const std::uint32_t first = targets == 0
                                        ? VirtualGic::kMostCpus
                                        : static_cast<std::uint32_t>(std::countr_zero(targets));
        found |= (active ? gic.owner[i] : first) == cpu ? 1U << i : 0;
    }
    return found;
}

constexpr std::uint32_t pending_in(const InterruptBank& bank) {
    return bank.latched | (bank.line & ~bank.edge & ~bank.linked);
}

InterruptSet active_on(const VirtualGic& gic, std::uint32_t cpu) {
    return {gic.cpu[cpu].bank.active, shared_of(gic, cpu, gic.shared.active)};
}

/// Shared interrupts whose state is in list registers, of whichever CPU.
std::uint32_t shared_in_list_registers(const VirtualGic& gic) {
    std::uint32_t found = 0;
    for (std::uint32_t cpu = 0; cpu < gic.cpus; ++cpu) {
        found |= gic.cpu[cpu].shared;
    }
    return found;
}

InterruptSet pending_on(const VirtualGic& gic, std::uint32_t cpu) {
    const InterruptSet pending =
        InterruptSet(pending_in(gic.cpu[cpu].bank),
                     pending_in(gic.shared) & ~shared_in_list_registers(gic)) &
        signalled(gic, cpu);
    return {pending.own(), shared_of(gic, cpu, pending.shared())};
}

/// Of some interrupts the one that gets a list register first: of the highest priority (the lowest
/// number, 3.3), one that is active before one that is pending, and then the lowest ID. Last come
/// those that are active only because the guest has written so, and those that its interface does
/// not signal (`hidden`).
IntId foremost(const VirtualGic& gic, std::uint32_t cpu, InterruptSet of, InterruptSet active,
               InterruptSet hidden) {
    constexpr std::uint32_t kLast = 0x200;
    IntId best = of.first();
    std::uint32_t best_rank = UINT32_MAX;
    for (; !of.empty(); of.erase_first()) {
        const IntId id = of.first();
        const InterruptBank& bank = id < 32 ? gic.cpu[cpu].bank : gic.shared;
        const bool is_held = active.contains(id);
        const bool is_last =
            is_held ? (bank.written_active & bit_of(id)) != 0 : hidden.contains(id);
        const std::uint32_t priority =
            is_held ? bank.active_priority[id % 32] : bank.priority[id % 32];
        const std::uint32_t rank = 2 * priority + (is_held ? 0 : 1) + (is_last ? kLast : 0);
        if (rank < best_rank) {
            best = id;
            best_rank = rank;
        }
    }
    return best;
}

// ---- Out of the list registers ------------------------------------------------------------------

/// What list register `index` holds, which is not empty.
void take_out(VirtualGic& gic, std::uint32_t cpu, std::uint32_t index, ListRegister word) {
    VirtualGic::PerCpu& own = gic.cpu[cpu];
    const auto id = static_cast<IntId>(word.get(ListRegister::kVirtualId));
    InterruptBank& bank = bank_of(gic, cpu, id);
    const bool was_pending = (own.given_pending >> index & 1) != 0;
    if (is_active(word)) {
        bank.active |= bit_of(id);
        bank.active_priority[id % 32] =
            static_cast<std::uint8_t>(word.get(ListRegister::kPriority) << 3);
        if (was_pending && !is_pending(word)) {
            set(bank.written_active, id, false);
        }
        if (id >= gic::kFirstSpi) {
            gic.owner[id % 32] = static_cast<std::uint8_t>(cpu);
        }
    }
    if (is_sgi(id)) {
        const auto source = static_cast<std::uint8_t>(word.get(ListRegister::kCpuId));
        if (is_active(word)) {
            own.active_source[id] = source;
        } else if (is_pending(word)) {
            own.sources[id] = static_cast<std::uint8_t>(own.sources[id] | 1U << source);
            bank.latched |= bit_of(id);
        }
        return;
    }
    if (!follows_line(bank, id)) {
        bank.latched |= is_pending(word) ? bit_of(id) : 0;
    } else if (was_pending && !is_pending(word)) {
        // It has become active since, which clears what GICD_ISPENDR set (figure 4-10).
        set(bank.latched, id, false);
    }
    const bool alone = (own.given_alone >> index & 1) != 0;
    if (!alone && (word.get(ListRegister::kHardware) || word.get(ListRegister::kEoiMaintenance))) {
        bank.engaged |= bank.linked & bit_of(id);
    }
}

/// An end of interrupt found no list register (5.3.1, EOICount): that of the highest priority that
/// was acknowledged, since ends come in the reverse order (4.4.5).
void end_without_list_register(VirtualGic& gic, std::uint32_t cpu, InterruptSet& held) {
    const InterruptSet acknowledged =
        without(held, all_of(gic, cpu, &InterruptBank::written_active));
    const InterruptSet& candidates = acknowledged.empty() ? held : acknowledged;
    if (candidates.empty()) {
        return;
    }
    const IntId id = foremost(gic, cpu, candidates, candidates, {});
    set(bank_of(gic, cpu, id).active, id, false);
    held.erase(id);
}

void take_all_out(VirtualGic& gic, std::uint32_t cpu, ListRegisters& registers) {
    InterruptSet held = active_on(gic, cpu);  // without a list register
    for (std::uint32_t rest = registers.used; rest != 0; rest &= rest - 1) {
        const auto index = static_cast<std::uint32_t>(std::countr_zero(rest));
        take_out(gic, cpu, index, registers.words[index]);
    }
    for (auto ends = registers.hcr.get(GichHcr::kEoiCount); ends != 0 && !held.empty(); --ends) {
        end_without_list_register(gic, cpu, held);
    }
    gic.cpu[cpu].given_pending = 0;
    gic.cpu[cpu].given_alone = 0;
    gic.cpu[cpu].shared = 0;
    registers.used = 0;
}

// ---- Into the list registers --------------------------------------------------------------------

/// Physical interrupts whose virtual ones are over, although no end reached them. `listed`: their
/// state is in list registers.
std::uint32_t release_of(InterruptBank& bank, std::uint32_t listed) {
    const std::uint32_t over = bank.engaged & ~(bank.active | bank.latched);
    bank.engaged &= ~over;
    bank.written_active &= bank.active | listed;
    return over;
}

ListRegister word_of_sgi(VirtualGic::PerCpu& own, IntId id, bool active) {
    const auto word = ListRegister{};
    if (active) {
        own.bank.active &= ~bit_of(id);
        return word.with(ListRegister::kState, LrState::kActive)
            .with(ListRegister::kCpuId, own.active_source[id])
            .with(ListRegister::kEoiMaintenance, own.sources[id] != 0);
    }
    const std::uint32_t sources = own.sources[id];
    const std::uint32_t rest = sources & (sources - 1);
    own.sources[id] = static_cast<std::uint8_t>(rest);
    set(own.bank.latched, id, rest != 0);
    return word.with(ListRegister::kState, LrState::kPending)
        .with(ListRegister::kCpuId, static_cast<std::uint32_t>(std::countr_zero(sources)))
        .with(ListRegister::kEoiMaintenance, rest != 0);
}

/// Moves what is kept of the interrupt into the word. One that is active is never said to be
/// pending too: its end is noticed where it is pending again, and then all that is pending is
/// looked at. It is not hardware's then either, since the physical one stays active as well.
ListRegister word_of_line(InterruptBank& bank, IntId id, IntId physical, Link link, bool active) {
    const bool engaged = (bank.engaged & bit_of(id)) != 0;
    const bool follows = follows_line(bank, id);
    const bool again = active && (pending_in(bank) & bit_of(id)) != 0;
    set(bank.active, id, false);
    set(bank.engaged, id, false);
    if (!active && !follows) {
        set(bank.latched, id, false);
    }
    const auto word =
        ListRegister{}.with(ListRegister::kState, active ? LrState::kActive : LrState::kPending);
    return engaged && link == Link::kHardware && !again
               ? word.with(ListRegister::kHardware, true).with(ListRegister::kPhysicalId, physical)
               : word.with(ListRegister::kEoiMaintenance, engaged || follows || again);
}

/// `word` presents `id` with this priority.
ListRegister with_name(const InterruptBank& bank, ListRegister word, IntId id,
                       std::uint32_t priority) {
    return word.with(ListRegister::kVirtualId, id)
        .with(ListRegister::kPriority, priority >> 3)
        .with(ListRegister::kGroup1, (bank.group1 & bit_of(id)) != 0);
}

/// Which interrupts of one virtual CPU go where.
struct Choice {
    InterruptSet active{};
    InterruptSet pending{};
    InterruptSet listed{};
    bool pending_waits = false;  ///< of the others, one is pending
    bool active_waits = false;
};

InterruptSet hidden_by(const VirtualGic& gic, std::uint32_t cpu, GichVmcr vmcr) {
    const InterruptSet group1 = all_of(gic, cpu, &InterruptBank::group1);
    const InterruptSet all(UINT32_MAX, UINT32_MAX);
    const InterruptSet none;
    return (vmcr.get(GichVmcr::kEnableGroup1) ? none : group1) |
           (vmcr.get(GichVmcr::kEnableGroup0) ? none : without(all, group1));
}

Choice choose(const VirtualGic& gic, std::uint32_t cpu, const ListRegisters& registers) {
    Choice choice{.active = active_on(gic, cpu), .pending = pending_on(gic, cpu)};
    InterruptSet claims = choice.active | choice.pending;
    if (!claims.more_than(registers.count)) {
        choice.listed = claims;
        return choice;
    }
    const InterruptSet hidden = hidden_by(gic, cpu, registers.vmcr);
    for (std::uint32_t i = 0; i < registers.count; ++i) {
        const IntId id = foremost(gic, cpu, claims, choice.active, hidden);
        choice.listed.insert(id);
        claims.erase(id);
    }
    choice.pending_waits = !(claims & choice.pending).empty();
    choice.active_waits = !(claims & choice.active).empty();
    return choice;
}

/// What maintenance is for (5.3.1). None of it is asserted at once. With one list register,
/// underflow would be: there the end of what it holds is waited for instead.
GichHcr maintenance_for(const Choice& choice, const ListRegisters& registers) {
    const auto on = GichHcr{}
                        .with(GichHcr::kEnable, true)
                        .with(GichHcr::kEntryNotPresentIe, choice.active_waits);
    if (!choice.pending_waits) {
        return on;
    }
    const GichHcr room = on.with(GichHcr::kUnderflowIe, registers.count > 1);
    const GichHcr group0 = registers.vmcr.get(GichVmcr::kEnableGroup0)
                               ? room.with(GichHcr::kGroup0DisabledIe, true)
                               : room.with(GichHcr::kGroup0EnabledIe, true);
    return registers.vmcr.get(GichVmcr::kEnableGroup1)
               ? group0.with(GichHcr::kGroup1DisabledIe, true)
               : group0.with(GichHcr::kGroup1EnabledIe, true);
}

/// Presents `id` by list register `index`. `others_wait`: for its end.
void list(VirtualGic& gic, std::uint32_t cpu, ListRegisters& registers, std::uint32_t index,
          IntId id, const Choice& choice, bool others_wait) {
    VirtualGic::PerCpu& own = gic.cpu[cpu];
    InterruptBank& bank = bank_of(gic, cpu, id);
    const std::uint32_t bit = 1U << index;
    const bool active = choice.active.contains(id);
    const bool engaged = (bank.engaged & bit_of(id)) != 0;
    const std::uint32_t priority = active ? bank.active_priority[id % 32] : bank.priority[id % 32];
    const Link link = others_wait ? Link::kMaintenance : gic.link;
    ListRegister word = is_sgi(id) ? word_of_sgi(own, id, active)
                                   : word_of_line(bank, id, physical_of(gic, id), link, active);
    if (others_wait) {
        word = word.with(ListRegister::kEoiMaintenance, true);
    }
    registers.words[index] = with_name(bank, word, id, priority);
    registers.used |= bit;
    own.occupant[index] = static_cast<std::uint8_t>(id);
    own.given_pending |= active ? 0 : bit;
    own.shared |= id >= gic::kFirstSpi ? bit_of(id) : 0;
    // Others are gone when they end: another may be in the list register before it is looked at.
    const bool stays =
        word.get(ListRegister::kEoiMaintenance) && !word.get(ListRegister::kHardware);
    own.given_alone |= stays && !engaged ? bit : 0;
}

/// The list register that presented `id` last, or else a free one.
std::uint32_t place_for(const VirtualGic::PerCpu& own, const ListRegisters& registers, IntId id) {
    for (std::uint32_t i = 0; i < registers.count; ++i) {
        if (own.occupant[i] == id) {
            return i;
        }
    }
    const std::uint32_t free = ~registers.used & list_register_mask(registers.count);
    return free == 0 ? 0 : static_cast<std::uint32_t>(std::countr_zero(free));
}

/// `id` pending, whose physical interrupt HYP has taken.
ListRegister word_of_taken(const VirtualGic& gic, const InterruptBank& bank, IntId id) {
    const auto word = ListRegister{}.with(ListRegister::kState, LrState::kPending);
    const auto linked = gic.link == Link::kHardware
                            ? word.with(ListRegister::kHardware, true)
                                  .with(ListRegister::kPhysicalId, physical_of(gic, id))
                            : word.with(ListRegister::kEoiMaintenance, true);
    return with_name(bank, linked, id, bank.priority[id % 32]);
}

/// The quick interrupt, for list register `place`.
QuickInjection quick_in(const VirtualGic& gic, std::uint32_t cpu, std::uint32_t place) {
    if (gic.quick == 0) {
        return {};
    }
    return {.free_bit = 1U << place,
            .lr_address = gic::gich::lr(place),
            .word = word_of_taken(gic, gic.cpu[cpu].bank, gic.quick)};
}

bool is_at_rest(const VirtualGic& gic) {
    std::uint32_t any = pending_in(gic.shared) | gic.shared.active;
    for (std::uint32_t cpu = 0; cpu < gic.cpus; ++cpu) {
        any |= pending_in(gic.cpu[cpu].bank) | gic.cpu[cpu].bank.active;
    }
    return any == 0;
}

void present(VirtualGic& gic, std::uint32_t cpu, ListRegisters& registers, const Choice& choice) {
    VirtualGic::PerCpu& own = gic.cpu[cpu];
    registers.hcr = maintenance_for(choice, registers);
    const bool others_wait = registers.count == 1 && choice.pending_waits;
    InterruptSet rest = choice.listed;
    for (std::uint32_t i = 0; i < registers.count && !rest.empty(); ++i) {
        const IntId last = own.occupant[i];
        if (rest.contains(last)) {
            list(gic, cpu, registers, i, last, choice, others_wait);
            rest.erase(last);
        }
    }
    for (; !rest.empty(); rest.erase_first()) {
        list(gic, cpu, registers, place_for(own, registers, rest.first()), rest.first(), choice,
             others_wait);
    }
    registers.quick = choice.pending_waits || choice.active_waits
                          ? QuickInjection{}
                          : quick_in(gic, cpu, place_for(own, registers, gic.quick));
}

}  // namespace

void reset(VirtualGic& gic, const VirtualGicConfig& config) {
    gic = VirtualGic{};
    gic.cpus = config.cpus;
    gic.link = config.link;
    gic.quick = config.quick;
    gic.shared.linked = linked_by(config).shared();
    for (const PassedInterrupt& one : config.passed) {
        gic.physical_offset[one.interrupt % 32] =
            static_cast<std::int16_t>(one.physical - one.interrupt);
    }
    std::uint32_t index = 0;
    for (VirtualGic::PerCpu& own : gic.cpu) {
        own.own_sgi = ListRegister{}
                          .with(ListRegister::kCpuId, index++)
                          .with(ListRegister::kState, LrState::kPending);
        own.bank.enabled = (1U << VirtualGic::kSgis) - 1;
        own.bank.edge = (1U << VirtualGic::kSgis) - 1;
        own.bank.linked = config.linked.own();
    }
}

InterruptSet signalled(const VirtualGic& gic, std::uint32_t cpu) {
    const std::uint32_t group0 = gic.ctlr.get(gic::GicdCtlr::kEnableGroup0) ? UINT32_MAX : 0;
    const std::uint32_t group1 = gic.ctlr.get(gic::GicdCtlr::kEnableGroup1) ? UINT32_MAX : 0;
    const auto of = [=](const InterruptBank& bank) {
        return bank.enabled & ((group0 & ~bank.group1) | (group1 & bank.group1));
    };
    return {of(gic.cpu[cpu].bank), of(gic.shared)};
}

std::optional<WriteAtRest> write_at_rest(VirtualGic& gic, std::uint32_t cpu, DeviceAccess access,
                                         std::uint32_t value) {
    if (!is_at_rest(gic)) {
        return std::nullopt;
    }
    const bool done = write_distributor(gic, cpu, access, value);
    if (!is_at_rest(gic)) {
        return std::nullopt;
    }
    return WriteAtRest{.done = done, .quick = quick_in(gic, cpu, 0)};
}

ListRegister quick_word(const VirtualGic& gic, IntId id) {
    return gic.cpus == 1 && signalled(gic, 0).contains(id) ? word_of_taken(gic, gic.shared, id)
                                                           : ListRegister{};
}

WholeGic::WholeGic(VirtualGic& gic, std::span<ListRegisters> interfaces, std::uint32_t first)
    : gic_(gic), interfaces_(interfaces), first_(first) {
    for (std::uint32_t cpu = 0; cpu < gic.cpus; ++cpu) {
        waiting_[cpu] = is_given(cpu) ? 0 : pending_on(gic, cpu).shared();
    }
    for (std::uint32_t i = 0; i < interfaces.size(); ++i) {
        take_all_out(gic, first + i, interfaces[i]);
    }
}

WholeGic::~WholeGic() {
    // All choose before any presents: a shared interrupt that is presented is nobody else's.
    std::array<Choice, VirtualGic::kMostCpus> choices;
    for (std::uint32_t i = 0; i < interfaces_.size(); ++i) {
        interfaces_[i].deactivate = {release_of(gic_.cpu[first_ + i].bank, 0),
                                     release_of(gic_.shared, shared_in_list_registers(gic_))};
        choices[i] = choose(gic_, first_ + i, interfaces_[i]);
    }
    for (std::uint32_t i = 0; i < interfaces_.size(); ++i) {
        present(gic_, first_ + i, interfaces_[i], choices[i]);
    }
    for (std::uint32_t cpu = 0; cpu < gic_.cpus; ++cpu) {
        const bool has_more =
            !is_given(cpu) && (pending_on(gic_, cpu).shared() & ~waiting_[cpu]) != 0;
        interfaces_[0].others |= has_more ? 1U << cpu : 0;
    }
}

std::optional<std::uint32_t> WholeGic::read(std::uint32_t cpu, DeviceAccess access) const {
    return read_distributor(gic_, cpu, access);
}

bool WholeGic::write(std::uint32_t cpu, DeviceAccess access, std::uint32_t value) {
    return write_distributor(gic_, cpu, access, value);
}

void WholeGic::set_line(std::uint32_t cpu, IntId id, bool high) {
    InterruptBank& bank = bank_of(gic_, cpu, id);
    const bool rises = high && (bank.line & bit_of(id)) == 0;
    set(bank.line, id, high);
    bank.latched |= rises ? bank.edge & bit_of(id) : 0;
}

void WholeGic::receive(std::uint32_t cpu, std::uint32_t source, std::uint32_t sgis) {
    VirtualGic::PerCpu& own = gic_.cpu[cpu];
    for (std::uint32_t rest = sgis; rest != 0; rest &= rest - 1) {
        const auto id = static_cast<std::uint32_t>(std::countr_zero(rest));
        own.sources[id] = static_cast<std::uint8_t>(own.sources[id] | 1U << source);
    }
    own.bank.latched |= sgis;
}

void WholeGic::take(std::uint32_t cpu, IntId id) {
    InterruptBank& bank = bank_of(gic_, cpu, id);
    bank.latched |= bit_of(id);
    bank.engaged |= bit_of(id);
}

}  // namespace hm::hyp
