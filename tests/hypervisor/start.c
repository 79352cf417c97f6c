// From the first instructions (start.S) to the guest's.

#include "tests/hypervisor/registers.h"
#include "tests/hypervisor/smallest.h"

uint32_t guest_bytes;

/// The guest begins with its caches off, so it reads memory itself: what HYP has written must be
/// there (B2.2.6). The last DSB waits for it (A3.8.3).
static void clean_to_memory(const uint32_t* begin, uint32_t bytes) {
    uint32_t type;
    READ(CTR, type);
    const uint32_t line = UINT32_C(4) << (type >> 16 & 15);
    const uint32_t end = (uint32_t)begin + bytes;
    for (uint32_t address = (uint32_t)begin & ~(line - 1); address < end; address += line) {
        WRITE(DCCMVAC, address);
    }
    __asm__ volatile("dsb" : : : "memory");
}

static void start_interrupts(void) {
    if ((GICD_TYPER >> 10 & 1) != 0) {
        give_up("this GIC has the Security Extensions; QEMU: without secure=on");
    }
    for (uint32_t i = 0; i < kListRegisters; ++i) {
        GICH_LR[i] = 0;
    }
    GICH_APR = 0;
    GICH_VMCR = 0;  // GICV is as after a reset: its guest turns it on
    GICH_HCR = 1;   // En
    GICC_PMR = 0xFF;
    // Both groups as IRQ. Without Security Extensions AckCtl lets GICC_IAR and GICC_EOIR serve
    // Group 1 too (4.4.4). EOImode parts the drop of priority from deactivation.
    GICC_CTLR = 1 << 9 | 1 << 2 | 1 << 1 | 1 << 0;
}

static void start_registers(void) {
    enum { kImo = 1 << 4, kTwi = 1 << 13, kTac = 1 << 21 };
    uint32_t pmcr;
    READ(PMCR, pmcr);
    WRITE(HDCR, pmcr >> 11 & 31);  // HPMN: the guest has all counters
    WRITE(HCPTR, 0x33FF);          // only bits that are one
    WRITE(HSTR, 0);
    WRITE(CNTHCTL, 3);  // PL1 may use the physical counter and timer
    __asm__ volatile("mcrr p15, 4, %0, %0, c14" : : "r"(0));  // CNTVOFF: CNTVCT is CNTPCT
    // The guest's own are not reset with HYP's (B3.15.4).
    WRITE(SCTLR, 0x00C50078);  // the reset value of Cortex-A15 (TRM 4.3.27)
    WRITE(TTBCR, 0);
    WRITE(CNTV_CTL, 0);
    WRITE(CNTP_CTL, 0);
    __asm__ volatile("mcrr p15, 6, %0, %0, c2" : : "r"(0));  // VTTBR: VMID 0
    WRITE(HCR, kTac | kTwi | kImo);
    // No translation of an earlier guest is left (B3.10.1); it is gone after the DSB (B3.10.5), and
    // the return to the guest brings all of this into force (A3.8.3).
    __asm__ volatile("isb" : : : "memory");
    WRITE(TLBIALLNSNH, 0);
    __asm__ volatile("dsb" : : : "memory");
}

uint32_t prepare(uint32_t* tree) {
    enum { kZImageAt = 9, kZImage = 0x016F2818 };  // Linux, arch/arm/boot/compressed/head.S
    if (!edit_tree(tree, &guest_bytes)) {
        give_up("this is not the device tree of -M virt,virtualization=on,gic-version=2");
    }
    clean_to_memory(tree, __builtin_bswap32(tree[1]));
    if (at(kGuest)[kZImageAt] != kZImage) {
        give_up(
            "there is no zImage at 0x42000000; QEMU: -device "
            "loader,file=IMAGE,addr=0x42000000,force-raw=on");
    }
    start_interrupts();
    start_registers();
    say("smallest: a guest begins at 0x42000000\n");
    return kGuest;
}
