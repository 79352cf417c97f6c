#pragma once
// Why an exception was taken to HYP: the Hyp Syndrome Register and its fault addresses, decoded
// into fields, into what an emulated access needs, and into words. ARM DDI 0406C.d, B3.13.6 and
// B4.1.70.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "drivers/cpu/registers.hpp"
#include "drivers/mmu/address.hpp"
#include "drivers/reg/field.hpp"

namespace hm::hyp {

enum class ExceptionClass : std::uint32_t {
    kUnknown = 0x00,
    kWfiWfe = 0x01,
    kCp15 = 0x03,         ///< MCR, MRC
    kCp15Wide = 0x04,     ///< MCRR, MRRC
    kCp14 = 0x05,         ///< MCR, MRC
    kCp14Memory = 0x06,   ///< LDC, STC
    kCoprocessor = 0x07,  ///< trapped by HCPTR: CP0-CP13, VFP and Advanced SIMD among them
    kCp10Id = 0x08,       ///< VMRS, MRC to CP10: the ID group traps
    kBxj = 0x0A,
    kCp14Wide = 0x0C,  ///< MRRC
    kSvc = 0x11,       ///< taken to HYP: from HYP, or because HCR.TGE is set
    kHvc = 0x12,
    kSmc = 0x13,
    kPrefetchAbortLower = 0x20,
    kPrefetchAbortHyp = 0x21,
    kDataAbortLower = 0x24,
    kDataAbortHyp = 0x25,
};

/// HSR: the fields that all classes share.
struct Hsr : reg::Layout<Hsr> {
    static constexpr reg::Field<31, 26, ExceptionClass> kEc{};
    /// The trapped instruction has 32 bits, not 16; unknown for aborts without ISV.
    static constexpr reg::Field<25> kIl{};
    static constexpr reg::Field<24, 0> kIss{};
};

/// HSR of a data abort; a prefetch abort has only kEa, kS1Ptw and kStatus.
struct AbortSyndrome : reg::Layout<AbortSyndrome> {
    static constexpr reg::Field<24> kIsv{};       ///< bits 23:16 describe the instruction
    static constexpr reg::Field<23, 22> kSas{};   ///< log2 of the access's bytes; 3 is reserved
    static constexpr reg::Field<21> kSse{};       ///< the loaded value is sign-extended
    static constexpr reg::Field<19, 16> kSrt{};   ///< the register loaded or stored
    static constexpr reg::Field<9> kEa{};         ///< implementation-defined type of external abort
    static constexpr reg::Field<8> kCm{};         ///< a cache maintenance operation by address
    static constexpr reg::Field<7> kS1Ptw{};      ///< stage 2 refused a read of the stage-1 walk
    static constexpr reg::Field<6> kWnR{};        ///< a write
    static constexpr reg::Field<5, 0> kStatus{};  ///< DFSC or IFSC, in the long-descriptor encoding
    static constexpr reg::Field<5, 2> kStatusKind{};
    static constexpr reg::Field<1, 0> kLevel{};  ///< of the walk, for kinds that have one
};

/// Values of AbortSyndrome::kStatusKind for the faults of a translation (B3.13.3).
enum class FaultKind : std::uint32_t { kTranslation = 1, kAccessFlag = 2, kPermission = 3 };

/// HSR of a trapped MCR or MRC.
struct RegisterTrap : reg::Layout<RegisterTrap> {
    static constexpr reg::Field<19, 17> kOpc2{};
    static constexpr reg::Field<16, 14> kOpc1{};
    static constexpr reg::Field<13, 10> kCrn{};
    static constexpr reg::Field<8, 5> kRt{};
    static constexpr reg::Field<4, 1> kCrm{};
    static constexpr reg::Field<0> kRead{};  ///< MRC
};

/// HSR of a trapped MCRR or MRRC.
struct WideRegisterTrap : reg::Layout<WideRegisterTrap> {
    static constexpr reg::Field<19, 16> kOpc1{};
    static constexpr reg::Field<13, 10> kRt2{};
    static constexpr reg::Field<8, 5> kRt{};
    static constexpr reg::Field<4, 1> kCrm{};
    static constexpr reg::Field<0> kRead{};  ///< MRRC
};

/// HSR of a trapped LDC or STC to CP14.
struct MemoryTrap : reg::Layout<MemoryTrap> {
    static constexpr reg::Field<19, 12> kImm8{};
    static constexpr reg::Field<8, 5> kRn{};
    static constexpr reg::Field<4> kAdd{};
    static constexpr reg::Field<3, 1> kAddressing{};
    static constexpr reg::Field<0> kLoad{};  ///< LDC
};

/// HSR of the classes with few fields.
struct SmallTrap : reg::Layout<SmallTrap> {
    static constexpr reg::Field<24> kConditionValid{};
    static constexpr reg::Field<23, 20> kCondition{};
    static constexpr reg::Field<15, 0> kImmediate{};   ///< of HVC and SVC
    static constexpr reg::Field<5> kAdvancedSimd{};    ///< of kCoprocessor
    static constexpr reg::Field<3, 0> kCoprocessor{};  ///< of kCoprocessor
    static constexpr reg::Field<3, 0> kRm{};           ///< of kBxj
    static constexpr reg::Field<0> kWfe{};             ///< of kWfiWfe; else it was WFI
};

/// HPFAR (B4.1.68): bits 39:12 of the IPA that stage 2 refused.
struct Hpfar : reg::Layout<Hpfar> {
    static constexpr reg::Field<31, 4, std::uint64_t> kFipa{};
};

/// `hpfar` with the bits of the IPA above 4 GB from `par`, stage 1's translation of the same
/// access, where the two agree in the others.
[[nodiscard]] constexpr Hpfar with_high_bits(Hpfar hpfar, cpu::Par par) {
    constexpr std::uint64_t kPagesBelow4Gb = (std::uint64_t{1} << 32) / mmu::kFrameBytes;
    const std::uint64_t page = par.get(cpu::Par::kPageNumber);
    const bool agree = (page ^ hpfar.get(Hpfar::kFipa)) % kPagesBelow4Gb == 0;
    return par.get(cpu::Par::kLpae) && !par.get(cpu::Par::kFault) && agree
               ? hpfar.with(Hpfar::kFipa, page)
               : hpfar;
}

/// Bytes of the trapped instruction: what to add to ELR_hyp to step over it.
[[nodiscard]] constexpr std::uint32_t instruction_bytes(Hsr hsr) {
    return hsr.get(Hsr::kIl) ? 4 : 2;
}

/// Only aborts set HDFAR or HIFAR.
[[nodiscard]] constexpr bool is_abort(Hsr hsr) {
    const ExceptionClass ec = hsr.get(Hsr::kEc);
    return ec == ExceptionClass::kDataAbortLower || ec == ExceptionClass::kPrefetchAbortLower ||
           ec == ExceptionClass::kDataAbortHyp || ec == ExceptionClass::kPrefetchAbortHyp;
}

/// Whether stage 2 refused an access of a lower mode with a fault of this kind.
[[nodiscard]] constexpr bool is_stage2_fault(Hsr hsr, FaultKind kind) {
    const ExceptionClass ec = hsr.get(Hsr::kEc);
    return (ec == ExceptionClass::kDataAbortLower || ec == ExceptionClass::kPrefetchAbortLower) &&
           AbortSyndrome::from(hsr.raw).get(AbortSyndrome::kStatusKind) ==
               static_cast<std::uint32_t>(kind);
}

/// The IPA that stage 2 refused. `far` is HDFAR or HIFAR: the VA, which gives the offset in the
/// page. If the stage-1 walk itself faulted, it is the VA of the access, and the result is only the
/// page of the descriptor. Empty if HPFAR is unknown: for a permission fault that is not on a walk
/// (the VA would have to be translated again), and for any abort that is not a fault of stage 2.
[[nodiscard]] constexpr std::optional<mmu::Ipa> fault_ipa(Hsr hsr, Hpfar hpfar, std::uint32_t far) {
    const bool on_walk = AbortSyndrome::from(hsr.raw).get(AbortSyndrome::kS1Ptw);
    const bool known = is_stage2_fault(hsr, FaultKind::kTranslation) ||
                       is_stage2_fault(hsr, FaultKind::kAccessFlag) ||
                       (on_walk && is_stage2_fault(hsr, FaultKind::kPermission));
    if (!known) {
        return std::nullopt;
    }
    const std::uint64_t offset = on_walk ? 0 : far % mmu::kFrameBytes;
    return mmu::Ipa{hpfar.get(Hpfar::kFipa) * mmu::kFrameBytes + offset};
}

/// A single load or store, with all that is needed to emulate it.
struct MmioAccess {
    std::uint32_t bytes = 4;  ///< 1, 2 or 4
    std::uint32_t reg = 0;    ///< r0-r15, as banked in the interrupted mode
    bool write = false;
    bool sign_extend = false;

    /// The register after a load of `value`.
    [[nodiscard]] constexpr std::uint32_t loaded(std::uint32_t value) const {
        if (bytes >= 4) {
            return value;
        }
        const std::uint32_t sign = std::uint32_t{1} << (8 * bytes - 1);
        const std::uint32_t narrow = value & (2 * sign - 1);
        return sign_extend ? (narrow ^ sign) - sign : narrow;
    }
};

/// Whether a data abort of a lower mode refused a load or a store, not a table walk or cache
/// maintenance.
[[nodiscard]] constexpr bool is_plain_data_access(Hsr hsr) {
    const auto abort = AbortSyndrome::from(hsr.raw);
    return hsr.get(Hsr::kEc) == ExceptionClass::kDataAbortLower &&
           !abort.get(AbortSyndrome::kS1Ptw) && !abort.get(AbortSyndrome::kCm);
}

/// The access that a data abort of a lower mode refused. Empty if the syndrome does not describe
/// it: an instruction with writeback or several registers, a table walk, cache maintenance.
/// Cortex-A15 erratum 766422: kSrt is wrong for Thumb stores although ISV is set.
[[nodiscard]] constexpr std::optional<MmioAccess> mmio_access(Hsr hsr) {
    const auto abort = AbortSyndrome::from(hsr.raw);
    if (!is_plain_data_access(hsr) || !abort.get(AbortSyndrome::kIsv) ||
        abort.get(AbortSyndrome::kSas) == 3) {
        return std::nullopt;
    }
    return MmioAccess{.bytes = std::uint32_t{1} << abort.get(AbortSyndrome::kSas),
                      .reg = abort.get(AbortSyndrome::kSrt),
                      .write = abort.get(AbortSyndrome::kWnR),
                      .sign_extend = abort.get(AbortSyndrome::kSse)};
}

/// A buffer of this many bytes holds every description.
inline constexpr std::size_t kDescriptionBytes = 192;

/// Writes a one-line description of `hsr` into `buffer`, without a newline or a final zero, and
/// returns what was written. What does not fit is cut off.
[[nodiscard]] std::string_view describe(Hsr hsr, std::span<char> buffer);

}  // namespace hm::hyp
