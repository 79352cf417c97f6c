#include "hyp/core/guest_exception.hpp"

#include <cstddef>

#include "hyp/core/trapped_instruction.hpp"

namespace hm::hyp {
namespace {

/// How one exception is taken.
struct Taking {
    std::uint32_t vector;    ///< offset
    std::uint32_t lr_a32;    ///< what LR is ahead of the instruction, in A32
    std::uint32_t lr_thumb;  ///< in Thumb and ThumbEE
    cpu::Mode mode;
    bool masks_aborts;
};

constexpr Taking kUndefined{
    .vector = 0x04, .lr_a32 = 4, .lr_thumb = 2, .mode = cpu::Mode::kUnd, .masks_aborts = false};
constexpr Taking kPrefetchAbort{
    .vector = 0x0C, .lr_a32 = 4, .lr_thumb = 4, .mode = cpu::Mode::kAbt, .masks_aborts = true};
constexpr Taking kDataAbort{
    .vector = 0x10, .lr_a32 = 8, .lr_thumb = 8, .mode = cpu::Mode::kAbt, .masks_aborts = true};

constexpr const Taking& taking_of(GuestException exception) {
    switch (exception) {
        case GuestException::kPrefetchAbort:
            return kPrefetchAbort;
        case GuestException::kDataAbort:
            return kDataAbort;
        default:
            return kUndefined;
    }
}

constexpr std::uint32_t kHighVectors = 0xFFFF'0000;

}  // namespace

ExceptionEntry entry_of(GuestException exception, const ExceptionContext& before) {
    const Taking& taking = taking_of(exception);
    const bool thumb = before.psr.get(cpu::Psr::kT);
    const std::uint32_t vectors = before.sctlr.get(cpu::Sctlr::kV) ? kHighVectors : before.vbar.raw;
    return {.pc = vectors + taking.vector,
            .psr = with_it_state(before.psr, 0)
                       .with(cpu::Psr::kJ, false)
                       .with(cpu::Psr::kE, before.sctlr.get(cpu::Sctlr::kEe))
                       .with(cpu::Psr::kA, taking.masks_aborts || before.psr.get(cpu::Psr::kA))
                       .with(cpu::Psr::kI, true)
                       .with(cpu::Psr::kT, before.sctlr.get(cpu::Sctlr::kTe))
                       .with(cpu::Psr::kMode, taking.mode),
            .lr = before.pc + (thumb ? taking.lr_thumb : taking.lr_a32)};
}

std::optional<GuestFault> fault_for(Hsr hsr) {
    constexpr std::uint32_t kAlignmentStatus = 0b100001;
    const auto abort = AbortSyndrome::from(hsr.raw);
    if (abort.get(AbortSyndrome::kStatus) == kAlignmentStatus) {
        return GuestFault::kAlignment;
    }
    const bool of_stage2 = is_stage2_fault(hsr, FaultKind::kTranslation) ||
                           is_stage2_fault(hsr, FaultKind::kAccessFlag) ||
                           is_stage2_fault(hsr, FaultKind::kPermission);
    if (!of_stage2) {
        return std::nullopt;
    }
    return abort.get(AbortSyndrome::kS1Ptw) ? GuestFault::kExternalOnWalk : GuestFault::kExternal;
}

std::uint32_t fault_status(GuestFault fault, Hsr hsr, bool long_format) {
    struct Codes {
        std::uint32_t short_format, long_format;
    };
    constexpr Codes kCodes[]{{0b00001, 0b100001}, {0b01000, 0b010000}, {0b01100, 0b010101}};
    const Codes& codes = kCodes[static_cast<std::size_t>(fault)];
    std::uint32_t status = long_format ? cpu::Dfsr{}
                                             .with(cpu::Dfsr::kLpae, true)
                                             .with(cpu::Dfsr::kStatus, codes.long_format)
                                             .raw
                                       : codes.short_format;
    if (hsr.get(Hsr::kEc) == ExceptionClass::kDataAbortLower) {
        const auto abort = AbortSyndrome::from(hsr.raw);
        status = cpu::Dfsr::from(status)
                     .with(cpu::Dfsr::kWnr, abort.get(AbortSyndrome::kWnR))
                     .with(cpu::Dfsr::kCm, abort.get(AbortSyndrome::kCm))
                     .raw;
    }
    return status;
}

}  // namespace hm::hyp
