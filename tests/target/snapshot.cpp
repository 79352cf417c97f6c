#include "tests/target/snapshot.hpp"

#include <limits>
#include <span>

#include "board.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/implementation_registers.hpp"
#include "drivers/gic/gic_layout.hpp"
#include "drivers/mmu/control.hpp"
#include "drivers/pmu/registers.hpp"
#include "drivers/reg/hw/mmio.hpp"
#include "hyp/hw/vcpu_switch.hpp"
#include "session/core/message.hpp"

namespace hm::target {

namespace {

using Read = std::uint32_t (*)(std::size_t index);

/// One register, or a bank of them.
struct Row {
    std::string_view name;
    Read read;
    std::size_t (*words)();
};

template <std::size_t kCount>
std::size_t words() {
    return kCount;
}

// ---- Registers of CP15 and CP14 ---------------------------------------------------------------

template <class R>
std::uint32_t read_half(std::size_t index) {
    return static_cast<std::uint32_t>(cpu::read<R>().raw >> (32 * index));
}

template <class R>
constexpr Row cp15(std::string_view name) {
    return {name, read_half<R>, words<std::numeric_limits<typename R::Word>::digits / 32>};
}

struct Htpidr : reg::Layout<Htpidr> {
    static constexpr reg::Cp15 kAt{4, 13, 0, 2};
};
struct Pmintenset : reg::Layout<Pmintenset> {
    static constexpr reg::Cp15 kAt{0, 9, 14, 1};
};

template <unsigned kOpc1, unsigned kCrn, unsigned kCrm, unsigned kOpc2>
std::uint32_t cp14(std::size_t) {
    std::uint32_t word;
    asm volatile("mrc p14, %c1, %0, c%c2, c%c3, %c4"
                 : "=r"(word)
                 : "i"(kOpc1), "i"(kCrn), "i"(kCrm), "i"(kOpc2));
    return word;
}

/// PMCR without the number of counters and what says who made it (ARM DDI 0406C.d, C12.8.8).
std::uint32_t pmcr(std::size_t) { return cpu::read<pmu::Pmcr>().raw & 0x3F; }

std::size_t filters() { return cpu::read<pmu::Pmcr>().get(pmu::Pmcr::kN) + 1; }

/// The filters of the event counters, and the cycle counter's last.
std::uint32_t filter(std::size_t index) {
    const auto before = cpu::read<pmu::Pmselr>();
    cpu::write(pmu::Pmselr{}.with(pmu::Pmselr::kSelect, index + 1 == filters()
                                                            ? pmu::kCycleFilterSelect
                                                            : static_cast<std::uint32_t>(index)));
    cpu::isb();  // selected before it is read (C12.8.10)
    const std::uint32_t word = cpu::read<pmu::Pmxevtyper>().raw;
    cpu::write(before);
    return word;
}

// ---- Registers that are read together ---------------------------------------------------------

constexpr std::size_t kBankedWords = offsetof(hyp::RegisterState, csselr) / sizeof(std::uint32_t);

hyp::RegisterState registers;
hyp::VfpState vfp;

/// In the order of hyp::RegisterState.
std::uint32_t banked(std::size_t index) {
    return reinterpret_cast<const std::uint32_t*>(&registers)[index];
}

std::uint32_t vfp_word(std::size_t index) {
    return static_cast<std::uint32_t>(vfp.d[index / 2] >> (32 * (index % 2)));
}
std::uint32_t fpscr(std::size_t) { return vfp.fpscr; }
std::uint32_t fpexc(std::size_t) { return vfp.fpexc; }

// ---- Registers of the GIC ---------------------------------------------------------------------

template <std::uint32_t kAddress>
std::uint32_t mmio(std::size_t index) {
    return reg::Mmio::read(kAddress + 4 * static_cast<std::uint32_t>(index));
}

/// A bank of the distributor with so many bits for each interrupt.
template <std::size_t kBits>
std::size_t bank_words() {
    const auto type = gic::GicdTyper::from(reg::Mmio::read(board::kGicd + gic::GicdTyper::kOffset));
    return (type.get(gic::GicdTyper::kItLinesNumber) + 1) * kBits;
}

template <std::uint32_t kOffset, std::size_t kCount = 1>
constexpr Row gicd(std::string_view name) {
    return {name, mmio<board::kGicd + kOffset>, words<kCount>};
}
template <std::uint32_t kOffset, std::size_t kBits>
constexpr Row bank(std::string_view name) {
    return {name, mmio<board::kGicd + kOffset>, bank_words<kBits>};
}
template <std::uint32_t kOffset, std::size_t kCount = 1>
constexpr Row gicc(std::string_view name) {
    return {name, mmio<board::kGicc + kOffset>, words<kCount>};
}
template <std::uint32_t kOffset, std::size_t kCount = 1>
constexpr Row gich(std::string_view name) {
    return {name, mmio<board::kGich + kOffset>, words<kCount>};
}

constexpr std::array kRows{
    gicd<gic::GicdCtlr::kOffset>("GICD_CTLR"),
    bank<gic::gicd::kIgroupr, 1>("GICD_IGROUPR"),
    bank<gic::gicd::kIsenabler, 1>("GICD_ISENABLER"),
    bank<gic::gicd::kIspendr, 1>("GICD_ISPENDR"),
    bank<gic::gicd::kIsactiver, 1>("GICD_ISACTIVER"),
    bank<gic::gicd::kIpriorityr, 8>("GICD_IPRIORITYR"),
    bank<gic::gicd::kItargetsr, 8>("GICD_ITARGETSR"),
    bank<gic::gicd::kIcfgr, 2>("GICD_ICFGR"),
    gicd<gic::gicd::kSpendsgir, 4>("GICD_SPENDSGIR"),
    gicc<gic::GiccCtlr::kOffset>("GICC_CTLR"),
    gicc<gic::GiccPmr::kOffset>("GICC_PMR"),
    gicc<gic::GiccBpr::kOffset>("GICC_BPR"),
    gicc<gic::GiccRpr::kOffset>("GICC_RPR"),
    gicc<gic::GiccHppir::kOffset>("GICC_HPPIR"),
    gicc<gic::gicc::kAbpr>("GICC_ABPR"),
    gicc<gic::gicc::kApr>("GICC_APR0"),
    gicc<gic::gicc::kNsapr>("GICC_NSAPR0"),
    gich<gic::GichHcr::kOffset>("GICH_HCR"),
    gich<gic::GichVmcr::kOffset>("GICH_VMCR"),
    gich<gic::GichMisr::kOffset>("GICH_MISR"),
    gich<gic::gich::kEisr0>("GICH_EISR0"),
    gich<gic::gich::kElrsr0>("GICH_ELRSR0"),
    gich<gic::gich::kApr>("GICH_APR"),
    gich<gic::gich::kLr0, hyp::InterruptState::kMostListRegisters>("GICH_LR"),
    cp15<cpu::Hcr>("HCR"),
    cp15<cpu::Hdcr>("HDCR"),
    cp15<cpu::Hcptr>("HCPTR"),
    cp15<cpu::Hstr>("HSTR"),
    cp15<cpu::Hacr>("HACR"),
    cp15<cpu::Hsctlr>("HSCTLR"),
    cp15<cpu::Hvbar>("HVBAR"),
    cp15<cpu::Hmair0>("HMAIR0"),
    cp15<cpu::Hmair1>("HMAIR1"),
    cp15<cpu::Httbr>("HTTBR"),
    cp15<mmu::Htcr>("HTCR"),
    cp15<Htpidr>("HTPIDR"),
    cp15<cpu::Vttbr>("VTTBR"),
    cp15<mmu::Vtcr>("VTCR"),
    cp15<cpu::Vpidr>("VPIDR"),
    cp15<cpu::Vmpidr>("VMPIDR"),
    cp15<cpu::Cnthctl>("CNTHCTL"),
    cp15<cpu::CnthpCtl>("CNTHP_CTL"),
    cp15<cpu::Cntvoff>("CNTVOFF"),
    cp15<cpu::CntvCtl>("CNTV_CTL"),
    cp15<cpu::CntvCval>("CNTV_CVAL"),
    cp15<cpu::CntpCtl>("CNTP_CTL"),
    cp15<cpu::CntpCval>("CNTP_CVAL"),
    cp15<cpu::Cntkctl>("CNTKCTL"),
    Row{"PMCR", pmcr, words<1>},
    cp15<pmu::Pmcntenset>("PMCNTENSET"),
    cp15<pmu::Pmselr>("PMSELR"),
    cp15<pmu::Pmuserenr>("PMUSERENR"),
    cp15<Pmintenset>("PMINTENSET"),
    Row{"PMXEVTYPER", filter, filters},
    cp15<cpu::Actlr>("ACTLR"),
    Row{"TEECR", cp14<6, 0, 0, 0>, words<1>},
    Row{"TEEHBR", cp14<6, 1, 0, 0>, words<1>},
    Row{"JOSCR", cp14<7, 1, 0, 0>, words<1>},
    cp15<cpu::Dbgdscr>("DBGDSCR"),
    Row{"DBGBCR0", cp14<0, 0, 0, 5>, words<1>},
    cp15<cpu::Sctlr>("SCTLR"),
    cp15<cpu::Cpacr>("CPACR"),
    cp15<mmu::Ttbcr>("TTBCR"),
    cp15<cpu::Ttbr0>("TTBR0"),
    cp15<cpu::Ttbr1>("TTBR1"),
    cp15<cpu::Dacr>("DACR"),
    cp15<cpu::Dfsr>("DFSR"),
    cp15<cpu::Ifsr>("IFSR"),
    cp15<cpu::Adfsr>("ADFSR"),
    cp15<cpu::Aifsr>("AIFSR"),
    cp15<cpu::Dfar>("DFAR"),
    cp15<cpu::Ifar>("IFAR"),
    cp15<cpu::Par>("PAR"),
    cp15<cpu::Mair0>("MAIR0"),
    cp15<cpu::Mair1>("MAIR1"),
    cp15<cpu::Amair0>("AMAIR0"),
    cp15<cpu::Amair1>("AMAIR1"),
    cp15<cpu::Vbar>("VBAR"),
    cp15<cpu::Contextidr>("CONTEXTIDR"),
    cp15<cpu::Tpidrurw>("TPIDRURW"),
    cp15<cpu::Tpidruro>("TPIDRURO"),
    cp15<cpu::Tpidrprw>("TPIDRPRW"),
    cp15<cpu::Csselr>("CSSELR"),
    Row{"banked register", banked, words<kBankedWords>},
    Row{"FPEXC", fpexc, words<1>},
    Row{"FPSCR", fpscr, words<1>},
    Row{"word of D0 to D31", vfp_word, words<64>},
};

session::Message difference;

}  // namespace

void take(Snapshot& snapshot) {
    save_registers(&registers);
    hyp::save_vfp(vfp);
    hyp::load_vfp(vfp);  // which turns FPEXC.EN off again where it was
    snapshot.count = 0;
    for (const Row& row : kRows) {
        const std::size_t words = row.words();
        for (std::size_t i = 0; i < words && snapshot.count < Snapshot::kMostWords; ++i) {
            snapshot.words[snapshot.count++] = row.read(i);
        }
    }
}

std::string_view first_difference(const Snapshot& before, const Snapshot& after) {
    if (before.count == Snapshot::kMostWords) {
        return "the snapshot is full: what comes last was not looked at";
    }
    std::size_t at = 0;
    for (const Row& row : kRows) {
        const std::size_t words = row.words();
        for (std::size_t i = 0; i < words; ++i, ++at) {
            if (before.words[at] == after.words[at]) {
                continue;
            }
            difference = {};
            difference.text(row.name);
            if (words > 1) {
                difference.text(" ").hex(static_cast<std::uint32_t>(i));
            }
            return difference.text(" was ")
                .hex(before.words[at])
                .text(" and is ")
                .hex(after.words[at])
                .view();
        }
    }
    return {};
}

}  // namespace hm::target
