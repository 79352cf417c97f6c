#pragma once
// The registers of a GICv2: distributor (GICD), CPU interface (GICC), virtual interface control
// (GICH) and virtual CPU interface (GICV). Sections are those of ARM IHI 0048B.
// A register with fields is a type that carries its offset; a bank without fields is an offset.

#include <cstdint>

#include "drivers/reg/field.hpp"

namespace hm::gic {

/// The number of an interrupt: 0-15 SGI, 16-31 PPI, 32-1019 SPI (2.2.1).
using IntId = std::uint32_t;

inline constexpr IntId kFirstPpi = 16;
inline constexpr IntId kFirstSpi = 32;
inline constexpr IntId kFirstSpecial = 1020;
/// Acknowledge found no interrupt to take (3.2.5).
inline constexpr IntId kSpurious = 1023;

/// The bit of one interrupt in a bank with one bit per interrupt, as GICD_ISENABLER.
struct BankBit {
    std::uint32_t offset;  ///< of the word, from the base of the distributor
    std::uint32_t mask;    ///< of the interrupt's bit within the word
};

[[nodiscard]] constexpr BankBit bank_bit(std::uint32_t bank, IntId id) {
    return {bank + 4 * (id / 32), std::uint32_t{1} << (id % 32)};
}

/// The field of one interrupt in a bank with several bits per interrupt, in an aligned word.
struct BankField {
    std::uint32_t offset;  ///< of the word, from the base of the distributor
    std::uint32_t shift;   ///< of the field's lowest bit within the word
};

/// GICD_IPRIORITYR and GICD_ITARGETSR: eight bits per interrupt.
[[nodiscard]] constexpr BankField bank_byte(std::uint32_t bank, IntId id) {
    return {bank + 4 * (id / 4), 8 * (id % 4)};
}

/// GICD_ICFGR: two bits per interrupt; the upper one means "edge-triggered" (4.3.13).
[[nodiscard]] constexpr BankField bank_pair(std::uint32_t bank, IntId id) {
    return {bank + 4 * (id / 16), 2 * (id % 16)};
}

// ---- Distributor: 4.3 -----------------------------------------------------------------------

/// Offsets of the banks of the distributor; the first word of each is banked per core.
namespace gicd {
inline constexpr std::uint32_t kIgroupr = 0x080;     ///< 4.3.4: 1 is Group 1
inline constexpr std::uint32_t kIsenabler = 0x100;   ///< 4.3.5
inline constexpr std::uint32_t kIcenabler = 0x180;   ///< 4.3.6
inline constexpr std::uint32_t kIspendr = 0x200;     ///< 4.3.7
inline constexpr std::uint32_t kIcpendr = 0x280;     ///< 4.3.8
inline constexpr std::uint32_t kIsactiver = 0x300;   ///< 4.3.9
inline constexpr std::uint32_t kIcactiver = 0x380;   ///< 4.3.10
inline constexpr std::uint32_t kIpriorityr = 0x400;  ///< 4.3.11: one byte per interrupt
inline constexpr std::uint32_t kItargetsr = 0x800;   ///< 4.3.12: one byte per interrupt
inline constexpr std::uint32_t kIcfgr = 0xC00;       ///< 4.3.13: two bits per interrupt
inline constexpr std::uint32_t kCpendsgir = 0xF10;   ///< 4.3.16
inline constexpr std::uint32_t kSpendsgir = 0xF20;   ///< 4.3.17
inline constexpr std::uint32_t kSize = 0x1000;       ///< bytes of the register frame (4.1.2)
}  // namespace gicd

/// 4.3.1, as seen from Secure state or without the Security Extensions. The Non-secure view has
/// only bit 0, which then enables Group 1.
struct GicdCtlr : reg::Layout<GicdCtlr> {
    static constexpr std::uint32_t kOffset = 0x000;
    static constexpr reg::Field<0> kEnableGroup0{};
    static constexpr reg::Field<1> kEnableGroup1{};
};

/// 4.3.2
struct GicdTyper : reg::Layout<GicdTyper> {
    static constexpr std::uint32_t kOffset = 0x004;
    static constexpr reg::Field<4, 0> kItLinesNumber{};  ///< 32 (N + 1) interrupts
    static constexpr reg::Field<7, 5> kCpuNumber{};      ///< N + 1 cores
    static constexpr reg::Field<10> kSecurityExtn{};
    static constexpr reg::Field<15, 11> kLspi{};
};

/// 4.3.3
struct GicdIidr : reg::Layout<GicdIidr> {
    static constexpr std::uint32_t kOffset = 0x008;
    static constexpr reg::Field<11, 0> kImplementer{};
    static constexpr reg::Field<15, 12> kRevision{};
    static constexpr reg::Field<19, 16> kVariant{};
    static constexpr reg::Field<31, 24> kProductId{};
};

enum class SgiTarget : std::uint32_t { kList = 0, kOthers = 1, kSelf = 2 };

/// 4.3.15: a write sends a software-generated interrupt.
struct GicdSgir : reg::Layout<GicdSgir> {
    static constexpr std::uint32_t kOffset = 0xF00;
    static constexpr reg::Field<3, 0> kSgiIntId{};
    static constexpr reg::Field<15> kNsatt{};
    static constexpr reg::Field<23, 16> kCpuTargetList{};
    static constexpr reg::Field<25, 24, SgiTarget> kTargetListFilter{};
};

// ---- CPU interface: 4.4. GICV has the same offsets and fields (5.5) --------------------------

/// 4.4.1, as seen from Secure state or without the Security Extensions; for GICV 5.5.1.
struct GiccCtlr : reg::Layout<GiccCtlr> {
    static constexpr std::uint32_t kOffset = 0x000;
    static constexpr reg::Field<0> kEnableGroup0{};
    static constexpr reg::Field<1> kEnableGroup1{};
    static constexpr reg::Field<2> kAckCtl{};  ///< GICC_IAR acknowledges Group 1 too
    static constexpr reg::Field<3> kFiqEn{};   ///< Group 0 is signalled as FIQ
    static constexpr reg::Field<4> kCbpr{};    ///< GICC_BPR serves both groups
    static constexpr reg::Field<5> kFiqBypassDisableGroup0{};
    static constexpr reg::Field<6> kIrqBypassDisableGroup0{};
    static constexpr reg::Field<7> kFiqBypassDisableGroup1{};
    static constexpr reg::Field<8> kIrqBypassDisableGroup1{};
    /// If set, EOIR only drops the priority, and DIR deactivates. With the Security Extensions bit
    /// 9 is EOImodeS, and bit 10 is for the Non-secure copy.
    static constexpr reg::Field<9> kEoiMode{};
    static constexpr reg::Field<10> kEoiModeNs{};
};

/// 4.4.1, the Non-secure view on a GIC with the Security Extensions: Group 1 only.
struct GiccCtlrNs : reg::Layout<GiccCtlrNs> {
    static constexpr std::uint32_t kOffset = 0x000;
    static constexpr reg::Field<0> kEnableGroup1{};
    static constexpr reg::Field<5> kFiqBypassDisableGroup1{};
    static constexpr reg::Field<6> kIrqBypassDisableGroup1{};
    static constexpr reg::Field<9> kEoiMode{};
};

/// 4.4.2: only interrupts of a priority above (numerically below) this one are signalled.
struct GiccPmr : reg::Layout<GiccPmr> {
    static constexpr std::uint32_t kOffset = 0x004;
    static constexpr reg::Field<7, 0> kPriority{};
};

/// 4.4.3
struct GiccBpr : reg::Layout<GiccBpr> {
    static constexpr std::uint32_t kOffset = 0x008;
    static constexpr reg::Field<2, 0> kBinaryPoint{};
};

/// The value that acknowledge reads and end of interrupt writes back: IAR, EOIR, HPPIR and DIR
/// share its layout.
template <class Derived>
struct InterruptName : reg::Layout<Derived> {
    static constexpr reg::Field<9, 0> kIntId{};
    static constexpr reg::Field<12, 10> kCpuId{};  ///< the sender, for SGIs; zero otherwise
};

/// 4.4.4
struct GiccIar : InterruptName<GiccIar> {
    static constexpr std::uint32_t kOffset = 0x00C;
};

/// 4.4.5
struct GiccEoir : InterruptName<GiccEoir> {
    static constexpr std::uint32_t kOffset = 0x010;
};

/// 4.4.6
struct GiccRpr : reg::Layout<GiccRpr> {
    static constexpr std::uint32_t kOffset = 0x014;
    static constexpr reg::Field<7, 0> kPriority{};
};

/// 4.4.7
struct GiccHppir : InterruptName<GiccHppir> {
    static constexpr std::uint32_t kOffset = 0x018;
};

/// 4.4.14
struct GiccIidr : reg::Layout<GiccIidr> {
    static constexpr std::uint32_t kOffset = 0x0FC;
    static constexpr reg::Field<11, 0> kImplementer{};
    static constexpr reg::Field<15, 12> kRevision{};
    static constexpr reg::Field<19, 16> kArchitecture{};
    static constexpr reg::Field<31, 20> kProductId{};
};

/// 4.4.15: deactivates an interrupt if EOImode is 1. It lies in the second page.
struct GiccDir : InterruptName<GiccDir> {
    static constexpr std::uint32_t kOffset = 0x1000;
};

/// Offsets of the registers of the CPU interface that have no type above.
namespace gicc {
inline constexpr std::uint32_t kAbpr = 0x01C;    ///< 4.4.8
inline constexpr std::uint32_t kAiar = 0x020;    ///< 4.4.9
inline constexpr std::uint32_t kAeoir = 0x024;   ///< 4.4.10
inline constexpr std::uint32_t kAhppir = 0x028;  ///< 4.4.11
inline constexpr std::uint32_t kApr = 0x0D0;     ///< 4.4.12: four words
inline constexpr std::uint32_t kNsapr = 0x0E0;   ///< 4.4.13: four words
inline constexpr std::uint32_t kSize = 0x2000;   ///< bytes of the register frame, of GICV too
}  // namespace gicc

// ---- Virtual interface control: 5.3 ----------------------------------------------------------

/// 5.3.1
struct GichHcr : reg::Layout<GichHcr> {
    static constexpr std::uint32_t kOffset = 0x000;
    static constexpr reg::Field<0> kEnable{};
    static constexpr reg::Field<1> kUnderflowIe{};        ///< UIE: at most one list register in use
    static constexpr reg::Field<2> kEntryNotPresentIe{};  ///< LRENPIE: EOICount is not zero
    static constexpr reg::Field<3> kNoPendingIe{};        ///< NPIE: none is pending
    static constexpr reg::Field<4> kGroup0EnabledIe{};
    static constexpr reg::Field<5> kGroup0DisabledIe{};
    static constexpr reg::Field<6> kGroup1EnabledIe{};
    static constexpr reg::Field<7> kGroup1DisabledIe{};
    static constexpr reg::Field<31, 27> kEoiCount{};
};

/// 5.3.2: each field holds the number minus one.
struct GichVtr : reg::Layout<GichVtr> {
    static constexpr std::uint32_t kOffset = 0x004;
    static constexpr reg::Field<5, 0> kListRegs{};
    static constexpr reg::Field<28, 26> kPreemptionBits{};
    static constexpr reg::Field<31, 29> kPriorityBits{};
    [[nodiscard]] constexpr std::uint32_t list_registers() const { return get(kListRegs) + 1; }
};

/// 5.3.3: the state of the guest's GICV_CTLR, PMR, BPR and ABPR.
struct GichVmcr : reg::Layout<GichVmcr> {
    static constexpr std::uint32_t kOffset = 0x008;
    static constexpr reg::Field<0> kEnableGroup0{};
    static constexpr reg::Field<1> kEnableGroup1{};
    static constexpr reg::Field<2> kAckCtl{};
    static constexpr reg::Field<3> kFiqEn{};
    static constexpr reg::Field<4> kCbpr{};
    static constexpr reg::Field<9> kEoiMode{};
    static constexpr reg::Field<20, 18> kAliasedBinaryPoint{};
    static constexpr reg::Field<23, 21> kBinaryPoint{};
    static constexpr reg::Field<31, 27> kPriorityMask{};  ///< the upper five bits of the PMR
};

/// 5.3.4: why the maintenance interrupt is asserted.
struct GichMisr : reg::Layout<GichMisr> {
    static constexpr std::uint32_t kOffset = 0x010;
    static constexpr reg::Field<0> kEoi{};  ///< a bit of EISR is set
    static constexpr reg::Field<1> kUnderflow{};
    static constexpr reg::Field<2> kEntryNotPresent{};
    static constexpr reg::Field<3> kNoPending{};
    static constexpr reg::Field<4> kGroup0Enabled{};
    static constexpr reg::Field<5> kGroup0Disabled{};
    static constexpr reg::Field<6> kGroup1Enabled{};
    static constexpr reg::Field<7> kGroup1Disabled{};
};

enum class LrState : std::uint32_t {
    kInvalid = 0,
    kPending = 1,
    kActive = 2,
    kPendingAndActive = 3,
};

/// 5.3.8: one virtual interrupt that the hardware presents to the guest. Bits 19:10 are kPhysicalId
/// if kHardware is set, else kEoiMaintenance and kCpuId.
struct ListRegister : reg::Layout<ListRegister> {
    static constexpr reg::Field<9, 0> kVirtualId{};
    static constexpr reg::Field<19, 10> kPhysicalId{};
    static constexpr reg::Field<12, 10> kCpuId{};
    static constexpr reg::Field<19> kEoiMaintenance{};
    static constexpr reg::Field<27, 23> kPriority{};  ///< the upper five bits of the priority
    static constexpr reg::Field<29, 28, LrState> kState{};
    static constexpr reg::Field<30> kGroup1{};
    static constexpr reg::Field<31> kHardware{};
};
[[nodiscard]] constexpr bool is_active(ListRegister word) {
    const LrState state = word.get(ListRegister::kState);
    return state == LrState::kActive || state == LrState::kPendingAndActive;
}
[[nodiscard]] constexpr bool is_pending(ListRegister word) {
    const LrState state = word.get(ListRegister::kState);
    return state == LrState::kPending || state == LrState::kPendingAndActive;
}

/// Offsets of the status banks and of the list registers.
namespace gich {
inline constexpr std::uint32_t kEisr0 = 0x020;   ///< 5.3.5: list registers with an EOI to handle
inline constexpr std::uint32_t kEisr1 = 0x024;   ///< 5.3.5
inline constexpr std::uint32_t kElrsr0 = 0x030;  ///< 5.3.6: list registers that are free
inline constexpr std::uint32_t kElrsr1 = 0x034;  ///< 5.3.6
inline constexpr std::uint32_t kApr = 0x0F0;     ///< 5.3.7
inline constexpr std::uint32_t kLr0 = 0x100;     ///< 5.3.8
inline constexpr std::uint32_t kMaxListRegisters = 64;
[[nodiscard]] constexpr std::uint32_t lr(std::uint32_t index) { return kLr0 + 4 * index; }
}  // namespace gich

static_assert(GichVtr::from(0x90000003).list_registers() == 4, "Cortex-A15 and GIC-400 have four");
static_assert(ListRegister{}
                  .with(ListRegister::kVirtualId, 27)
                  .with(ListRegister::kPhysicalId, 27)
                  .with(ListRegister::kPriority, 0xA0 >> 3)
                  .with(ListRegister::kState, LrState::kPending)
                  .with(ListRegister::kGroup1, true)
                  .with(ListRegister::kHardware, true)
                  .raw == 0xDA006C1B);

}  // namespace hm::gic
