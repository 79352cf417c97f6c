#pragma once
// The registers with which Secure state sets a core up for Non-secure state: those of the Security
// Extensions (ARM DDI 0406C.d, section B4.1) and those that the core defines itself. Of these, TRM
// is Cortex-A15's (ARM DDI 0438, section 4.3, "Register descriptions"); which core has which,
// drivers/cpu/core_facts.hpp says.

#include <cstdint>

#include "drivers/cpu/registers.hpp"
#include "drivers/reg/cp15.hpp"
#include "drivers/reg/field.hpp"

namespace hm::cpu {

/// SCR (B4.1.129). Only Secure PL1 can access it, and only Monitor mode may set kNs and continue.
struct Scr : reg::Layout<Scr> {
    static constexpr reg::Cp15 kAt{0, 1, 1, 0};
    static constexpr reg::Field<9> kSif{};  ///< Secure state fetches only from Secure memory
    static constexpr reg::Field<8> kHce{};  ///< HVC is allowed
    static constexpr reg::Field<7> kScd{};  ///< SMC is not allowed in Non-secure state
    static constexpr reg::Field<6> kNet{};  ///< no early termination
    static constexpr reg::Field<5> kAw{};   ///< Non-secure state may write CPSR.A
    static constexpr reg::Field<4> kFw{};   ///< Non-secure state may write CPSR.F
    static constexpr reg::Field<3> kEa{};   ///< external aborts, FIQ and IRQ go to Monitor mode
    static constexpr reg::Field<2> kFiq{};
    static constexpr reg::Field<1> kIrq{};
    static constexpr reg::Field<0> kNs{};
};

/// NSACR: what Non-secure state may use (B4.1.111). Bits 18:16 are defined by the core.
struct Nsacr : reg::Layout<Nsacr> {
    static constexpr reg::Cp15 kAt{0, 1, 1, 2};
    static constexpr reg::Field<20> kNstrcdis{};
    static constexpr reg::Field<18> kNsSmp{};    ///< ACTLR.SMP may be written
    static constexpr reg::Field<17> kNsL2err{};  ///< the error bits of L2ECTLR may be written
    static constexpr reg::Field<15> kNsasedis{};
    static constexpr reg::Field<14> kNsd32dis{};
    static constexpr reg::Field<11> kCp11{};
    static constexpr reg::Field<10> kCp10{};
};

/// MVBAR: the vectors of Monitor mode, 32-byte aligned (B4.1.107).
struct Mvbar : reg::Layout<Mvbar> {
    static constexpr reg::Cp15 kAt{0, 12, 0, 1};
};

/// ACTLR (B4.1.1; TRM 4.3.28). Non-secure state can write only kSmp, and only where NSACR.kNsSmp
/// allows it; else the write is ignored. The errata are Cortex-A15's.
struct Actlr : reg::Layout<Actlr> {
    static constexpr reg::Cp15 kAt{0, 1, 0, 1};
    static constexpr reg::Field<25> kErratum774769{};
    static constexpr reg::Field<6> kSmp{};  ///< the core takes part in coherency
    static constexpr reg::Field<1> kErratum773022{};
};

/// L2CTLR (TRM 4.3.48): latencies in cycles, minus one, where the core has them. All cores share
/// it. It may be written only in Secure state while the L2 cache is idle.
struct L2ctlr : reg::Layout<L2ctlr> {
    static constexpr reg::Cp15 kAt{1, 9, 0, 2};
    static constexpr reg::Field<25, 24> kProcessors{};  ///< minus one
    static constexpr reg::Field<23> kInterruptController{};
    static constexpr reg::Field<21> kEccAndParity{};
    static constexpr reg::Field<9> kTagSetup{};
    static constexpr reg::Field<8, 6> kTagLatency{};
    static constexpr reg::Field<5> kDataSetup{};
    static constexpr reg::Field<2, 0> kDataLatency{};
};

/// L2ECTLR (TRM 4.3.49): asynchronous errors. A write of zero clears them.
struct L2ectlr : reg::Layout<L2ectlr> {
    static constexpr reg::Cp15 kAt{1, 9, 0, 3};
    static constexpr reg::Field<30> kL2Error{};
    static constexpr reg::Field<29> kAxiError{};
};

/// L2PFR (TRM 4.3.61 and 7.4): what the L2 cache's prefetcher fetches ahead, within a page of 4 KB.
/// Only Secure state may write it. The distances are those of 7.4. The places of the fields follow
/// those of the successor's register (CPUECTLR of Cortex-A72) and were never compared with a board,
/// so that the raw value is always printed too.
struct L2pfr : reg::Layout<L2pfr> {
    static constexpr reg::Cp15 kAt{1, 15, 0, 3};
    static constexpr reg::Field<10> kNoDescriptors{};   ///< no prefetch for table walks
    static constexpr reg::Field<8, 7> kInstructions{};  ///< 0 to 3 lines after a miss
    static constexpr reg::Field<5, 4> kData{};          ///< 0, 2, 4 or 8 lines after a miss

    [[nodiscard]] constexpr unsigned lines_of_data() const {
        const unsigned distance = get(kData);
        return distance == 0 ? 0 : 1U << distance;
    }
};

}  // namespace hm::cpu
