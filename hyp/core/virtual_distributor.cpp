#include "hyp/core/virtual_distributor.hpp"

#include <optional>

namespace hm::hyp {
namespace {

using gic::GicdCtlr;
using gic::GicdIidr;
using gic::GicdTyper;
namespace gicd = gic::gicd;

// One core, 32 interrupts, no Security Extensions: every field of TYPER is zero.
constexpr GicdTyper kTyper{};

// JEP106 code 0x43B is ARM, whose register layout this is; the product is our own.
constexpr GicdIidr kIidr =
    GicdIidr{}.with(GicdIidr::kImplementer, 0x43B).with(GicdIidr::kProductId, 'h');

// 4.3.13: SGIs are edge-triggered; PPIs as Cortex-A15 wires them, level-sensitive.
constexpr std::uint32_t kIcfgr0 = 0xAAAAAAAA;
constexpr std::uint32_t kIcfgr1 = 0x55540000;
constexpr std::uint32_t kIcfgr1Offset = gicd::kIcfgr + 4;

// 4.3.12: the only core is core 0.
constexpr std::uint32_t kTargetByte = 0x01;

/// The registers below have one bit per interrupt or are single registers, and may be accessed only
/// as words (4.1.4).
std::optional<std::uint32_t> read_word(const VirtualDistributor& distributor, std::uint32_t offset,
                                       const PresentedInterrupts& presented) {
    switch (offset) {
        case GicdCtlr::kOffset:
            return distributor.ctlr.raw;
        case GicdTyper::kOffset:
            return kTyper.raw;
        case GicdIidr::kOffset:
            return kIidr.raw;
        case gicd::kIgroupr:
            return distributor.group1;
        case gicd::kIsenabler:
        case gicd::kIcenabler:
            return distributor.enabled;
        case gicd::kIspendr:
        case gicd::kIcpendr:
            return distributor.pending | presented.pending;
        case gicd::kIsactiver:
        case gicd::kIcactiver:
            return presented.active;
        case gicd::kIcfgr:
            return kIcfgr0;
        case kIcfgr1Offset:
            return kIcfgr1;
        default:
            return std::nullopt;
    }
}

/// Changes the state behind one register; false if there is none at `offset`. What follows from the
/// change (enable, disable, inject) is left to the caller.
bool write_word(VirtualDistributor& distributor, std::uint32_t offset, std::uint32_t value,
                DistributorEffects& effects) {
    switch (offset) {
        case GicdCtlr::kOffset:
            distributor.ctlr = GicdCtlr::from(value & (GicdCtlr::mask(GicdCtlr::kEnableGroup0) |
                                                       GicdCtlr::mask(GicdCtlr::kEnableGroup1)));
            return true;
        case gicd::kIgroupr:
            effects.reconfigure = distributor.group1 ^ value;
            distributor.group1 = value;
            return true;
        case gicd::kIsenabler:
            distributor.enabled |= value;
            return true;
        case gicd::kIcenabler:
            distributor.enabled &= ~(value & VirtualDistributor::kPpis);
            return true;
        // 4.3.7, 4.3.8: for SGIs these two ignore writes.
        case gicd::kIspendr:
            distributor.pending |= value & VirtualDistributor::kPpis;
            return true;
        case gicd::kIcpendr:
            effects.withdraw = value & VirtualDistributor::kPpis;
            distributor.pending &= ~effects.withdraw;
            return true;
        case gicd::kIsactiver:
            effects.activate = value;
            return true;
        case gicd::kIcactiver:
            effects.deactivate = value;
            return true;
        case GicdTyper::kOffset:
        case GicdIidr::kOffset:
        case gicd::kIcfgr:
        case kIcfgr1Offset:
            return true;  // read-only
        default:
            return false;
    }
}

/// The registers with one byte an interrupt, for all 32 of them.
constexpr bool in_byte_bank(std::uint32_t bank, std::uint32_t offset) {
    return offset >= bank && offset < bank + VirtualDistributor::kInterrupts;
}

constexpr std::uint32_t read_byte(const VirtualDistributor& distributor, std::uint32_t offset) {
    return offset < gicd::kItargetsr ? distributor.priority[offset - gicd::kIpriorityr]
                                     : kTargetByte;
}

void write_byte(VirtualDistributor& distributor, std::uint32_t offset, std::uint32_t value,
                DistributorEffects& effects) {
    if (offset >= gicd::kItargetsr) {
        return;  // read-only
    }
    const IntId id = offset - gicd::kIpriorityr;
    const auto priority = static_cast<std::uint8_t>(value & VirtualDistributor::kPriorityBits);
    if (distributor.priority[id] != priority) {
        distributor.priority[id] = priority;
        effects.reconfigure |= std::uint32_t{1} << id;
    }
}

/// Reads or writes the bytes of one access to a bank of bytes, the lowest first.
DistributorResult access_bytes(VirtualDistributor& distributor, const DistributorAccess& access) {
    DistributorResult result;
    for (std::uint32_t byte = 0; byte < access.bytes; ++byte) {
        if (access.write) {
            write_byte(distributor, access.offset + byte, access.value >> (8 * byte),
                       result.effects);
        } else {
            result.value |= read_byte(distributor, access.offset + byte) << (8 * byte);
        }
    }
    return result;
}

DistributorResult access_word(VirtualDistributor& distributor, const DistributorAccess& access,
                              const PresentedInterrupts& presented) {
    DistributorResult result;
    if (access.write) {
        result.handled = write_word(distributor, access.offset, access.value, result.effects);
    } else {
        const auto value = read_word(distributor, access.offset, presented);
        result.value = value.value_or(0);
        result.handled = value.has_value();
    }
    return result;
}

/// Takes the interrupts that are pending and may be signalled out of the distributor.
std::uint32_t take_signalled(VirtualDistributor& distributor) {
    const std::uint32_t taken = distributor.pending & distributor.signalled();
    distributor.pending &= ~taken;
    return taken;
}

}  // namespace

bool needs_presented(const DistributorAccess& access) {
    return !access.write && access.offset >= gicd::kIspendr && access.offset < gicd::kIpriorityr;
}

DistributorResult carry_out(VirtualDistributor& distributor, const DistributorAccess& access,
                            const PresentedInterrupts& presented) {
    const bool aligned_word = access.bytes == 4 && access.offset % 4 == 0;
    const bool byte_bank = in_byte_bank(gicd::kIpriorityr, access.offset) ||
                           in_byte_bank(gicd::kItargetsr, access.offset);
    const std::uint32_t before = distributor.signalled();
    DistributorResult result{.handled = false};
    if (byte_bank && (aligned_word || access.bytes == 1)) {
        result = access_bytes(distributor, access);
    } else if (aligned_word) {
        result = access_word(distributor, access, presented);
    }
    const std::uint32_t after = distributor.signalled();
    result.effects.enable = after & ~before;
    result.effects.disable = before & ~after;
    result.effects.inject = take_signalled(distributor);
    return result;
}

std::uint32_t pend(VirtualDistributor& distributor, std::uint32_t mask) {
    distributor.pending |= mask;
    return take_signalled(distributor);
}

}  // namespace hm::hyp
