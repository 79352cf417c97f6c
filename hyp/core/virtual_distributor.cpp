#include "hyp/core/virtual_distributor.hpp"

namespace hm::hyp {

namespace {

using gic::GicdCtlr;
using gic::GicdIidr;
using gic::GicdSgir;
using gic::GicdTyper;
using gic::SgiTarget;
namespace gicd = gic::gicd;

// JEP106 code 0x43B is ARM, whose register layout this is; the product is our own.
constexpr GicdIidr kIidr =
    GicdIidr{}.with(GicdIidr::kImplementer, 0x43B).with(GicdIidr::kProductId, 'h');

// 4.3.18: GICv2, and a JEP106 code.
constexpr std::uint32_t kIcpidr2Offset = 0xFE8;
constexpr std::uint32_t kIcpidr2 = 0x2B;

// 4.3.13: SGIs are edge-triggered; PPIs as Cortex-A15 and GIC-400 have them, level-sensitive (TRM
// 8.3.1). The lower bit of a shared interrupt's pair reads as one there.
constexpr std::uint32_t kIcfgrOfSgis = 0xAAAAAAAA;
constexpr std::uint32_t kIcfgrOfPpis = 0x55540000;
constexpr std::uint32_t kIcfgrOfSpis = 0x55555555;

constexpr std::uint32_t kSgiBits = 0x0000FFFF;
constexpr std::uint32_t kGroups =
    GicdCtlr::mask(GicdCtlr::kEnableGroup0) | GicdCtlr::mask(GicdCtlr::kEnableGroup1);

/// Registers of one kind lie side by side: the distance from `first`, if it is below `bytes`.
constexpr bool lies_in(std::uint32_t offset, std::uint32_t first, std::uint32_t bytes) {
    return offset - first < bytes;
}

/// The banks with one bit per interrupt have 128 bytes each, of which two words exist here.
constexpr std::uint32_t kBitBankBytes = 0x80;
constexpr std::uint32_t kExistingWords = VirtualGic::kInterrupts / 32;

/// Which CPUs there are, a bit each.
std::uint32_t all_cpus(const VirtualGic& gic) { return (1U << gic.cpus) - 1; }

/// 0 is the word of `cpu`'s own interrupts, 1 the shared one.
const InterruptBank& bank_at(const VirtualGic& gic, std::uint32_t cpu, std::uint32_t word) {
    return word == 0 ? gic.cpu[cpu].bank : gic.shared;
}
InterruptBank& bank_at(VirtualGic& gic, std::uint32_t cpu, std::uint32_t word) {
    return word == 0 ? gic.cpu[cpu].bank : gic.shared;
}

std::uint32_t read_bits(const InterruptBank& bank, std::uint32_t first) {
    switch (first) {
        case gicd::kIgroupr:
            return bank.group1;
        case gicd::kIsenabler:
        case gicd::kIcenabler:
            return bank.enabled;
        case gicd::kIspendr:
        case gicd::kIcpendr:
            return bank.latched | (bank.line & ~bank.edge);
        case gicd::kIsactiver:
        case gicd::kIcactiver:
            return bank.active;
        default:
            return 0;
    }
}

/// By a write: no acknowledgement has made them so. `ids`: of word `word`, which are not active.
void activate(VirtualGic& gic, std::uint32_t cpu, std::uint32_t word, std::uint32_t ids) {
    InterruptBank& bank = bank_at(gic, cpu, word);
    bank.active |= ids;
    bank.written_active |= ids;
    for (std::uint32_t rest = ids; rest != 0; rest &= rest - 1) {
        const auto i = static_cast<std::uint32_t>(std::countr_zero(rest));
        bank.active_priority[i] = bank.priority[i];
        if (word != 0) {
            gic.owner[i] = static_cast<std::uint8_t>(cpu);
        }
    }
}

void write_bits(VirtualGic& gic, std::uint32_t cpu, std::uint32_t first, std::uint32_t word,
                std::uint32_t value) {
    InterruptBank& bank = bank_at(gic, cpu, word);
    // SGIs are always enabled, as on a Cortex-A15, and pend by other registers (4.3.5 to 4.3.8).
    const std::uint32_t not_sgis = word == 0 ? value & ~kSgiBits : value;
    switch (first) {
        case gicd::kIgroupr:
            bank.group1 = value;
            break;
        case gicd::kIsenabler:
            bank.enabled |= value;
            break;
        case gicd::kIcenabler:
            bank.enabled &= ~not_sgis;
            break;
        case gicd::kIspendr:
            bank.latched |= not_sgis;
            break;
        case gicd::kIcpendr:
            bank.latched &= ~not_sgis;
            break;
        case gicd::kIsactiver:
            activate(gic, cpu, word, value & ~bank.active);
            break;
        case gicd::kIcactiver:
            bank.active &= ~value;
            break;
        default:
            break;
    }
}

std::uint32_t read_trigger(const VirtualGic& gic, std::uint32_t word) {
    if (word == 0) {
        return kIcfgrOfSgis;
    }
    if (word == 1) {
        return kIcfgrOfPpis;
    }
    std::uint32_t value = kIcfgrOfSpis;
    const std::uint32_t edges = gic.shared.edge >> (16 * (word - 2));
    for (std::uint32_t i = 0; i < 16; ++i) {
        value |= (edges >> i & 1) << (2 * i + 1);
    }
    return value;
}

void write_trigger(VirtualGic& gic, std::uint32_t word, std::uint32_t value) {
    if (word < 2) {
        return;
    }
    std::uint32_t edges = 0;
    for (std::uint32_t i = 0; i < 16; ++i) {
        edges |= (value >> (2 * i + 1) & 1) << i;
    }
    const std::uint32_t shift = 16 * (word - 2);
    gic.shared.edge = (gic.shared.edge & ~(0xFFFFU << shift)) | edges << shift;
}

/// 4.3.12. It has the registers of a CPU alone RAZ/WI. They keep that CPU's bit here, since
/// software that tests a distributor wants to see what it wrote; such a CPU gets every interrupt
/// all the same.
std::uint8_t read_target(const VirtualGic& gic, std::uint32_t cpu, IntId id) {
    return id < gic::kFirstSpi ? static_cast<std::uint8_t>(1U << cpu)
                               : gic.targets[id - gic::kFirstSpi];
}

/// `sources` of an SGI's that is pending for `cpu`.
void set_sources(VirtualGic& gic, std::uint32_t cpu, IntId id, std::uint32_t sources) {
    VirtualGic::PerCpu& own = gic.cpu[cpu];
    const std::uint32_t bit = 1U << id;
    own.sources[id] = static_cast<std::uint8_t>(sources);
    own.bank.latched = sources == 0 ? own.bank.latched & ~bit : own.bank.latched | bit;
}

/// 4.3.15
void send(VirtualGic& gic, std::uint32_t cpu, GicdSgir request) {
    std::uint32_t targets = 0;
    switch (request.get(GicdSgir::kTargetListFilter)) {
        case SgiTarget::kList:
            targets = static_cast<std::uint32_t>(request.get(GicdSgir::kCpuTargetList));
            break;
        case SgiTarget::kOthers:
            targets = ~(1U << cpu);
            break;
        case SgiTarget::kSelf:
            targets = 1U << cpu;
            break;
        default:
            break;  // reserved
    }
    const auto id = static_cast<IntId>(request.get(GicdSgir::kSgiIntId));
    for (std::uint32_t rest = targets & all_cpus(gic); rest != 0; rest &= rest - 1) {
        const auto to = static_cast<std::uint32_t>(std::countr_zero(rest));
        set_sources(gic, to, id, gic.cpu[to].sources[id] | 1U << cpu);
    }
}

// ---- Registers with a byte for each interrupt, which may be accessed as bytes (4.1.4) -----------

/// Where a byte lies: one of a priority, of targets, or of the sources of an SGI.
enum class Bytes : std::uint8_t { kNone, kPriority, kTargets, kClearSources, kSetSources };

Bytes bytes_at(std::uint32_t offset) {
    constexpr std::uint32_t kByteBank = 0x400;  // one byte for each of 1,020 interrupts
    if (lies_in(offset, gicd::kIpriorityr, kByteBank)) {
        return Bytes::kPriority;
    }
    if (lies_in(offset, gicd::kItargetsr, kByteBank)) {
        return Bytes::kTargets;
    }
    if (lies_in(offset, gicd::kCpendsgir, VirtualGic::kSgis)) {
        return Bytes::kClearSources;
    }
    return lies_in(offset, gicd::kSpendsgir, VirtualGic::kSgis) ? Bytes::kSetSources : Bytes::kNone;
}

/// Of the byte banks: the interrupt whose byte lies at `offset`.
IntId id_at(Bytes kind, std::uint32_t offset) {
    return kind == Bytes::kPriority || kind == Bytes::kTargets ? offset % 0x400 : offset % 16;
}

std::uint32_t read_byte(const VirtualGic& gic, std::uint32_t cpu, Bytes kind, IntId id) {
    if (id >= VirtualGic::kInterrupts) {
        return 0;
    }
    switch (kind) {
        case Bytes::kPriority:
            return bank_at(gic, cpu, id / 32).priority[id % 32];
        case Bytes::kTargets:
            return read_target(gic, cpu, id);
        default:
            return gic.cpu[cpu].sources[id];
    }
}

void write_byte(VirtualGic& gic, std::uint32_t cpu, Bytes kind, IntId id, std::uint32_t value) {
    if (id >= VirtualGic::kInterrupts) {
        return;
    }
    switch (kind) {
        case Bytes::kPriority:
            bank_at(gic, cpu, id / 32).priority[id % 32] =
                static_cast<std::uint8_t>(value & VirtualGic::kPriorityBits);
            break;
        case Bytes::kTargets:
            if (id >= gic::kFirstSpi) {
                gic.targets[id - gic::kFirstSpi] = static_cast<std::uint8_t>(value & all_cpus(gic));
            }
            break;
        case Bytes::kClearSources:
            set_sources(gic, cpu, id, gic.cpu[cpu].sources[id] & ~value);
            break;
        case Bytes::kSetSources:
            set_sources(gic, cpu, id, gic.cpu[cpu].sources[id] | (value & all_cpus(gic)));
            break;
        case Bytes::kNone:
            break;
    }
}

std::uint32_t read_word(const VirtualGic& gic, std::uint32_t cpu, std::uint32_t offset) {
    switch (offset) {
        case GicdCtlr::kOffset:
            return gic.ctlr.raw;
        case GicdTyper::kOffset:
            return GicdTyper{}
                .with(GicdTyper::kItLinesNumber, kExistingWords - 1)
                .with(GicdTyper::kCpuNumber, gic.cpus - 1)
                .raw;
        case GicdIidr::kOffset:
            return kIidr.raw;
        case kIcpidr2Offset:
            return kIcpidr2;
        default:
            break;
    }
    const std::uint32_t word = offset % kBitBankBytes / 4;
    if (lies_in(offset, gicd::kIgroupr, gicd::kIpriorityr - gicd::kIgroupr) &&
        word < kExistingWords) {
        return read_bits(bank_at(gic, cpu, word), offset - 4 * word);
    }
    if (lies_in(offset, gicd::kIcfgr, 2 * kExistingWords * 4)) {
        return read_trigger(gic, (offset - gicd::kIcfgr) / 4);
    }
    return 0;  // reserved, or beyond the last interrupt
}

void write_word(VirtualGic& gic, std::uint32_t cpu, std::uint32_t offset, std::uint32_t value) {
    if (offset == GicdCtlr::kOffset) {
        gic.ctlr = GicdCtlr::from(value & kGroups);
        return;
    }
    if (offset == GicdSgir::kOffset) {
        send(gic, cpu, GicdSgir::from(value));
        return;
    }
    const std::uint32_t word = offset % kBitBankBytes / 4;
    if (lies_in(offset, gicd::kIgroupr, gicd::kIpriorityr - gicd::kIgroupr) &&
        word < kExistingWords) {
        write_bits(gic, cpu, offset - 4 * word, word, value);
    } else if (lies_in(offset, gicd::kIcfgr, 2 * kExistingWords * 4)) {
        write_trigger(gic, (offset - gicd::kIcfgr) / 4, value);
    }
}

constexpr bool is_aligned_word(DeviceAccess access) {
    return access.bytes == 4 && access.offset % 4 == 0;
}

}  // namespace

std::optional<std::uint32_t> read_distributor(const VirtualGic& gic, std::uint32_t cpu,
                                              DeviceAccess access) {
    const Bytes kind = bytes_at(access.offset);
    if (!is_aligned_word(access) && (access.bytes != 1 || kind == Bytes::kNone)) {
        return std::nullopt;
    }
    if (kind == Bytes::kNone) {
        return read_word(gic, cpu, access.offset);
    }
    std::uint32_t value = 0;
    const IntId first = id_at(kind, access.offset);
    for (std::uint32_t byte = 0; byte < access.bytes; ++byte) {
        value |= read_byte(gic, cpu, kind, first + byte) << (8 * byte);
    }
    return value;
}

bool write_distributor(VirtualGic& gic, std::uint32_t cpu, DeviceAccess access,
                       std::uint32_t value) {
    const Bytes kind = bytes_at(access.offset);
    if (!is_aligned_word(access) && (access.bytes != 1 || kind == Bytes::kNone)) {
        return false;
    }
    if (kind == Bytes::kNone) {
        write_word(gic, cpu, access.offset, value);
        return true;
    }
    const IntId first = id_at(kind, access.offset);
    for (std::uint32_t byte = 0; byte < access.bytes; ++byte) {
        write_byte(gic, cpu, kind, first + byte, value >> (8 * byte) & 0xFF);
    }
    return true;
}

}  // namespace hm::hyp
