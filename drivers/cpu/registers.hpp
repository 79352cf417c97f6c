#pragma once
// The system registers of PL1 and PL0 that hypmeter uses, as typed fields with their CP15
// coordinates. ARM DDI 0406C.d, section B4.1 (alphabetical) and B3.17 (by coordinates).

#include <cstdint>

#include "drivers/reg/cp15.hpp"
#include "drivers/reg/field.hpp"

namespace hm::cpu {

using reg::Cp15;
using reg::Cp15Wide;
using reg::Field;
using reg::Layout;

/// CPSR and SPSR (B1.3.3).
enum class Mode : std::uint32_t {
    kUsr = 0x10,
    kFiq = 0x11,
    kIrq = 0x12,
    kSvc = 0x13,
    kMon = 0x16,
    kAbt = 0x17,
    kHyp = 0x1a,
    kUnd = 0x1b,
    kSys = 0x1f,
};
struct Psr : Layout<Psr> {
    static constexpr Field<31> kN{};
    static constexpr Field<30> kZ{};
    static constexpr Field<29> kC{};
    static constexpr Field<28> kV{};
    static constexpr Field<26, 25> kItLow{};  ///< ITSTATE bits 1:0
    static constexpr Field<24> kJ{};
    static constexpr Field<15, 10> kItHigh{};  ///< ITSTATE bits 7:2
    static constexpr Field<9> kE{};            ///< data is big-endian
    static constexpr Field<8> kA{};
    static constexpr Field<7> kI{};
    static constexpr Field<6> kF{};
    static constexpr Field<5> kT{};
    static constexpr Field<4, 0, Mode> kMode{};
};

struct Midr : Layout<Midr> {
    static constexpr Cp15 kAt{0, 0, 0, 0};
    static constexpr Field<15, 4> kPartNumber{};
};
struct Mpidr : Layout<Mpidr> {
    static constexpr Cp15 kAt{0, 0, 0, 5};
    static constexpr Field<30> kUniprocessor{};
    static constexpr Field<7, 0> kAff0{};
};
/// ID_PFR0: which instruction sets exist (B4.1.92).
struct IdPfr0 : Layout<IdPfr0> {
    static constexpr Cp15 kAt{0, 0, 1, 0};
    static constexpr Field<15, 12> kThumbEe{};  ///< State3
};
/// ID_PFR1: whether Security, Virtualization and Generic Timer extensions exist (B4.1.93).
struct IdPfr1 : Layout<IdPfr1> {
    static constexpr Cp15 kAt{0, 0, 1, 1};
    static constexpr Field<15, 12> kVirtualization{};
    static constexpr Field<7, 4> kSecurity{};
};

/// SCTLR (B4.1.130).
struct Sctlr : Layout<Sctlr> {
    static constexpr Cp15 kAt{0, 1, 0, 0};
    static constexpr Field<30> kTe{};
    static constexpr Field<29> kAfe{};
    static constexpr Field<28> kTre{};
    static constexpr Field<25> kEe{};
    static constexpr Field<20> kUwxn{};
    static constexpr Field<19> kWxn{};
    static constexpr Field<13> kV{};
    static constexpr Field<12> kI{};
    static constexpr Field<11> kZ{};
    static constexpr Field<5> kCp15ben{};
    static constexpr Field<2> kC{};
    static constexpr Field<1> kA{};
    static constexpr Field<0> kM{};
};

/// SCTLR after a reset: only RES1 bits; MMU, caches and prediction off (Cortex-A15 TRM 4.3.27).
inline constexpr Sctlr kResetSctlr = Sctlr::from(0x00C50078);

/// CPACR: access to coprocessors, cp10 and cp11 being VFP and NEON (B4.1.40).
struct Cpacr : Layout<Cpacr> {
    static constexpr Cp15 kAt{0, 1, 0, 2};
    static constexpr Field<23, 22> kCp11{};
    static constexpr Field<21, 20> kCp10{};
};

/// FPEXC.EN, without which the other registers of VFP and NEON cannot be reached (B4.1.57).
struct Fpexc : Layout<Fpexc> {
    static constexpr Field<30> kEn{};
};

/// TTBR0 and TTBR1 in their 64-bit, long-descriptor form (B4.1.154).
struct Ttbr0 : Layout<Ttbr0, std::uint64_t> {
    static constexpr Cp15Wide kAt{0, 2};
    static constexpr Field<55, 48> kAsid{};
    static constexpr Field<39, 0, std::uint64_t> kBaddr{};
};
struct Ttbr1 : Layout<Ttbr1, std::uint64_t> {
    static constexpr Cp15Wide kAt{1, 2};
};
struct Mair0 : Layout<Mair0> {
    static constexpr Cp15 kAt{0, 10, 2, 0};
};
struct Mair1 : Layout<Mair1> {
    static constexpr Cp15 kAt{0, 10, 2, 1};
};
/// AMAIR0 and AMAIR1 (B4.1.5): implementation defined.
struct Amair0 : Layout<Amair0> {
    static constexpr Cp15 kAt{0, 10, 3, 0};
};
struct Amair1 : Layout<Amair1> {
    static constexpr Cp15 kAt{0, 10, 3, 1};
};
/// DACR (B4.1.43): access to each of 16 domains, of which only the first is used. Long descriptors
/// have no domains.
enum class DomainAccess : std::uint8_t {
    kNone = 0b00,
    kClient = 0b01,   ///< Descriptors say what is allowed.
    kManager = 0b11,  ///< Everything is allowed.
};
struct Dacr : Layout<Dacr> {
    static constexpr Cp15 kAt{0, 3, 0, 0};
    static constexpr Field<1, 0, DomainAccess> kDomain0{};
};
struct Vbar : Layout<Vbar> {
    static constexpr Cp15 kAt{0, 12, 0, 0};
};
struct Contextidr : Layout<Contextidr> {
    static constexpr Cp15 kAt{0, 13, 0, 1};
};

/// Words that software keeps for itself (B4.1.148 to B4.1.150).
struct Tpidrurw : Layout<Tpidrurw> {
    static constexpr Cp15 kAt{0, 13, 0, 2};
};
struct Tpidruro : Layout<Tpidruro> {
    static constexpr Cp15 kAt{0, 13, 0, 3};
};
struct Tpidrprw : Layout<Tpidrprw> {
    static constexpr Cp15 kAt{0, 13, 0, 4};
};

/// CSSELR: which cache CCSIDR describes (B4.1.41).
struct Csselr : Layout<Csselr> {
    static constexpr Cp15 kAt{2, 0, 0, 0};
    static constexpr Field<3, 1> kLevel{};
};

/// Fault status and addresses at PL1; DFSR in its long-descriptor form (B4.1.51, B4.1.52, B4.1.95,
/// B4.1.96).
struct Dfsr : Layout<Dfsr> {
    static constexpr Cp15 kAt{0, 5, 0, 0};
    static constexpr Field<13> kCm{};  ///< cache maintenance or an address translation
    static constexpr Field<11> kWnr{};
    static constexpr Field<9> kLpae{};
    static constexpr Field<5, 0> kStatus{};
};
struct Ifsr : Layout<Ifsr> {
    static constexpr Cp15 kAt{0, 5, 0, 1};
};
/// ADFSR and AIFSR (B4.1.4): implementation defined.
struct Adfsr : Layout<Adfsr> {
    static constexpr Cp15 kAt{0, 5, 1, 0};
};
struct Aifsr : Layout<Aifsr> {
    static constexpr Cp15 kAt{0, 5, 1, 1};
};
struct Dfar : Layout<Dfar> {
    static constexpr Cp15 kAt{0, 6, 0, 0};
};
struct Ifar : Layout<Ifar> {
    static constexpr Cp15 kAt{0, 6, 0, 2};
};

/// PAR in its 64-bit form: the result of an address translation operation (B4.1.112).
struct Par : Layout<Par, std::uint64_t> {
    static constexpr Cp15Wide kAt{0, 7};
    static constexpr Field<39, 12, std::uint64_t> kPageNumber{};
    static constexpr Field<11> kLpae{};  ///< this form; else the 32-bit one
    static constexpr Field<9> kStage2{};
    static constexpr Field<6, 1> kFaultStatus{};
    static constexpr Field<0> kFault{};
};

/// The generic timer as PL1 and PL0 see it (B4.1.21 to B4.1.33).
struct Cntfrq : Layout<Cntfrq> {
    static constexpr Cp15 kAt{0, 14, 0, 0};
};
struct Cntkctl : Layout<Cntkctl> {
    static constexpr Cp15 kAt{0, 14, 1, 0};
    static constexpr Field<9> kPl0pten{};
    static constexpr Field<8> kPl0vten{};
    static constexpr Field<1> kPl0vcten{};
    static constexpr Field<0> kPl0pcten{};
};
struct CntvCtl : Layout<CntvCtl> {
    static constexpr Cp15 kAt{0, 14, 3, 1};
    static constexpr Field<2> kIstatus{};
    static constexpr Field<1> kImask{};
    static constexpr Field<0> kEnable{};
};
/// Whether the timer asserts its interrupt: it is on, not masked, and its time has come. While it
/// is off, kIstatus is UNKNOWN. The other bits read as zero (B4.1.31).
[[nodiscard]] constexpr bool asserts(CntvCtl control) {
    return control == CntvCtl{}.with(CntvCtl::kEnable, true).with(CntvCtl::kIstatus, true);
}
struct CntvCval : Layout<CntvCval, std::uint64_t> {
    static constexpr Cp15Wide kAt{3, 14};
};
struct Cntvct : Layout<Cntvct, std::uint64_t> {
    static constexpr Cp15Wide kAt{1, 14};
};
struct Cntpct : Layout<Cntpct, std::uint64_t> {
    static constexpr Cp15Wide kAt{0, 14};
};
struct CntpCtl : Layout<CntpCtl> {
    static constexpr Cp15 kAt{0, 14, 2, 1};
};
struct CntpCval : Layout<CntpCval, std::uint64_t> {
    static constexpr Cp15Wide kAt{2, 14};
};

}  // namespace hm::cpu
