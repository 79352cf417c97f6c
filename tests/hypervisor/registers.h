#pragma once
// The registers that the smallest hypervisor uses. Sections of ARM DDI 0406C.d: B4.1 has those of
// the core in alphabetical order. The GIC's are of ARM IHI 0048B.

#include <stdint.h>

#include "tests/hypervisor/smallest.h"

#define READ(name, to) __asm__ volatile("mrc p15, " name : "=r"(to) : : "memory")
#define WRITE(name, value) __asm__ volatile("mcr p15, " name : : "r"((uint32_t)(value)) : "memory")
#define READ_SPECIAL(name, to) __asm__ volatile("mrs %0, " name : "=r"(to))
#define WRITE_SPECIAL(name, value) __asm__ volatile("msr " name ", %0" : : "r"(value))

#define ACTLR "0, %0, c1, c0, 1"
#define CNTHCTL "4, %0, c14, c1, 0"
#define CNTP_CTL "0, %0, c14, c2, 1"
#define CNTV_CTL "0, %0, c14, c3, 1"
#define CTR "0, %0, c0, c0, 1"
#define DCCMVAC "0, %0, c7, c10, 1"
#define HCPTR "4, %0, c1, c1, 2"
#define HCR "4, %0, c1, c1, 0"
#define HDCR "4, %0, c1, c1, 1"
#define HSTR "4, %0, c1, c1, 3"
#define PMCCNTR "0, %0, c9, c13, 0"
#define PMCR "0, %0, c9, c12, 0"
#define PMSELR "0, %0, c9, c12, 5"
#define PMXEVTYPER "0, %0, c9, c13, 1"
#define SCTLR "0, %0, c1, c0, 0"
#define TLBIALLNSNH "4, %0, c8, c7, 4"
#define TTBCR "0, %0, c2, c0, 2"

static inline volatile uint32_t* at(uint32_t address) { return (volatile uint32_t*)address; }

#define GICD_TYPER *at(kGicd + 0x004)                                   // 4.3.2
#define GICD_IGROUPR at(kGicd + 0x080)                                  // 4.3.4
#define GICD_PRIORITY(id) (*(volatile uint8_t*)(kGicd + 0x400 + (id)))  // 4.3.11
#define GICC_CTLR *at(kGicc + 0x000)                                    // 4.4.1
#define GICC_PMR *at(kGicc + 0x004)                                     // 4.4.2
#define GICC_IAR *at(kGicc + 0x00C)                                     // 4.4.4
#define GICC_EOIR *at(kGicc + 0x010)                                    // 4.4.5
#define GICC_DIR *at(kGicc + 0x1000)                                    // 4.4.15
#define GICH_HCR *at(kGich + 0x000)                                     // 5.3.1
#define GICH_VMCR *at(kGich + 0x008)                                    // 5.3.3
#define GICH_ELRSR0 *at(kGich + 0x030)                                  // 5.3.6
#define GICH_APR *at(kGich + 0x0F0)                                     // 5.3.7
#define GICH_LR at(kGich + 0x100)                                       // 5.3.8

enum {
    kListRegisters = 4,  // of Cortex-A15 (TRM, GICH_VTR)
    kAllEmpty = (1 << kListRegisters) - 1,
    kIdMask = 0x3FF,            // of GICC_IAR and of a list register
    kIdAndSenderMask = 0x1FFF,  // both have the sender of an SGI in bits 12:10
    kFirstPpi = 16,
    kVirtualTimer = 27,
    kFirstSpecial = 1020,  // IHI 0048B, 3.2.5
};
