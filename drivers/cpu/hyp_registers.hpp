#pragma once
// The system registers of HYP mode as typed fields, each with its CP15 coordinates.
// ARM DDI 0406C.d, section B4.1 (alphabetical) and B3.17 (by coordinates).

#include <cstdint>

#include "drivers/reg/cp15.hpp"
#include "drivers/reg/field.hpp"

namespace hm::cpu {

using reg::Cp15;
using reg::Cp15Wide;
using reg::Field;
using reg::Layout;

/// HCR: what is trapped to HYP and how interrupts are routed (B4.1.65).
struct Hcr : Layout<Hcr> {
    static constexpr Cp15 kAt{4, 1, 1, 0};
    static constexpr Field<27> kTge{};
    static constexpr Field<26> kTvm{};
    static constexpr Field<25> kTtlb{};
    static constexpr Field<24> kTpu{};
    static constexpr Field<23> kTpc{};
    static constexpr Field<22> kTsw{};
    static constexpr Field<21> kTac{};
    static constexpr Field<20> kTidcp{};
    static constexpr Field<19> kTsc{};
    static constexpr Field<14> kTwe{};
    static constexpr Field<13> kTwi{};
    static constexpr Field<12> kDc{};
    static constexpr Field<9> kFb{};
    static constexpr Field<5> kAmo{};
    static constexpr Field<4> kImo{};
    static constexpr Field<3> kFmo{};
    static constexpr Field<2> kPtw{};
    static constexpr Field<1> kSwio{};
    static constexpr Field<0> kVm{};
};

/// HDCR: debug and PMU traps, and how many event counters PL1 owns (B4.1.66).
struct Hdcr : Layout<Hdcr> {
    static constexpr Cp15 kAt{4, 1, 1, 1};
    static constexpr Field<11> kTdra{};
    static constexpr Field<10> kTdosa{};
    static constexpr Field<9> kTda{};
    static constexpr Field<8> kTde{};
    static constexpr Field<7> kHpme{};
    static constexpr Field<6> kTpm{};
    static constexpr Field<5> kTpmcr{};
    static constexpr Field<4, 0> kHpmn{};
};

/// DBGDSCRext: what a debug event was, BKPT among them (C11.11.20).
struct Dbgdscr : Layout<Dbgdscr> {
    static constexpr reg::Cp14 kAt{0, 0, 2, 2};
    static constexpr Field<5, 2> kMethodOfEntry{};
};

/// HCPTR: traps of coprocessor accesses; bits 13, 12 and 9:0 are RES1 (B4.1.64).
struct Hcptr : Layout<Hcptr> {
    static constexpr Cp15 kAt{4, 1, 1, 2};
    static constexpr Field<31> kTcpac{};
    static constexpr Field<20> kTta{};
    static constexpr Field<15> kTase{};
    static constexpr Field<13, 0> kTcp{};
};

/// HSTR: traps of CP15 by primary register number (B4.1.71).
struct Hstr : Layout<Hstr> {
    static constexpr Cp15 kAt{4, 1, 1, 3};
    static constexpr Field<17> kTjdbx{};
    static constexpr Field<16> kTtee{};
    static constexpr Field<15> kT15{};
};

/// HSCTLR: HYP's own MMU, caches and alignment checks (B4.1.69).
struct Hsctlr : Layout<Hsctlr> {
    static constexpr Cp15 kAt{4, 1, 0, 0};
    static constexpr Field<30> kTe{};
    static constexpr Field<25> kEe{};
    static constexpr Field<21> kFi{};
    static constexpr Field<19> kWxn{};
    static constexpr Field<12> kI{};
    static constexpr Field<5> kCp15ben{};
    static constexpr Field<2> kC{};
    static constexpr Field<1> kA{};
    static constexpr Field<0> kM{};
};

/// HVBAR: HYP's vectors, 32-byte aligned (B4.1.74).
struct Hvbar : Layout<Hvbar> {
    static constexpr Cp15 kAt{4, 12, 0, 0};
};

/// HACR (B4.1.60), implementation defined: nothing of Cortex-A15 (TRM 4.3.30) is in it.
struct Hacr : Layout<Hacr> {
    static constexpr Cp15 kAt{4, 1, 1, 7};
};

struct Hmair0 : Layout<Hmair0> {
    static constexpr Cp15 kAt{4, 10, 2, 0};
};
struct Hmair1 : Layout<Hmair1> {
    static constexpr Cp15 kAt{4, 10, 2, 1};
};

struct Httbr : Layout<Httbr, std::uint64_t> {
    static constexpr Cp15Wide kAt{4, 2};
};

/// VTTBR: root of the stage-2 tables and the VMID (B4.1.160).
struct Vttbr : Layout<Vttbr, std::uint64_t> {
    static constexpr Cp15Wide kAt{6, 2};
    static constexpr Field<55, 48> kVmid{};
    static constexpr Field<39, 0, std::uint64_t> kBaddr{};
};

/// HSR: only its coordinates; hyp/core/syndrome.hpp decodes it (B4.1.70).
struct HsrRegister : Layout<HsrRegister> {
    static constexpr Cp15 kAt{4, 5, 2, 0};
};
struct Hdfar : Layout<Hdfar> {
    static constexpr Cp15 kAt{4, 6, 0, 0};
};
struct Hifar : Layout<Hifar> {
    static constexpr Cp15 kAt{4, 6, 0, 2};
};
struct HpfarRegister : Layout<HpfarRegister> {
    static constexpr Cp15 kAt{4, 6, 0, 4};
};

/// CNTHCTL: which of the physical timer's registers PL1 may reach (B4.1.26).
struct Cnthctl : Layout<Cnthctl> {
    static constexpr Cp15 kAt{4, 14, 1, 0};
    static constexpr Field<2> kEvnten{};
    static constexpr Field<1> kPl1pcen{};
    static constexpr Field<0> kPl1pcten{};
};

/// The HYP timer (B4.1.23 and B4.1.24) and the virtual offset (B4.1.34).
struct CnthpCtl : Layout<CnthpCtl> {
    static constexpr Cp15 kAt{4, 14, 2, 1};
    static constexpr Field<2> kIstatus{};
    static constexpr Field<1> kImask{};
    static constexpr Field<0> kEnable{};
};
struct CnthpCval : Layout<CnthpCval, std::uint64_t> {
    static constexpr Cp15Wide kAt{6, 14};
};
struct Cntvoff : Layout<Cntvoff, std::uint64_t> {
    static constexpr Cp15Wide kAt{4, 14};
};

/// HTPIDR: a word that is HYP's own on each core (B4.1.72).
struct Htpidr : Layout<Htpidr> {
    static constexpr Cp15 kAt{4, 13, 0, 2};
};

/// The identity that the guest reads as MIDR and MPIDR (B4.1.158, B4.1.157).
struct Vpidr : Layout<Vpidr> {
    static constexpr Cp15 kAt{4, 0, 0, 0};
};
struct Vmpidr : Layout<Vmpidr> {
    static constexpr Cp15 kAt{4, 0, 0, 5};
};

}  // namespace hm::cpu
