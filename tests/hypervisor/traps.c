// The guest's exits: its calls, WFI, and reads of ACTLR.

#include "guest/abi/hypmeter_stamps.h"
#include "tests/hypervisor/registers.h"
#include "tests/hypervisor/smallest.h"

static void refuse_trap(const char* why, uint32_t hsr) {
    uint32_t pc;
    READ_SPECIAL("elr_hyp", pc);
    say("smallest: HSR ");
    say_hex(hsr);
    say(" at ");
    say_hex(pc);
    say("\n");
    give_up(why);
}

static void serve_call(uint32_t* r) {
    switch (r[0]) {
        case kPsciVersion:
            r[0] = kVersion1_1;
            break;
        case kSystemOff:
            turn_off();
            break;
        case HYPMETER_STAMPS_CALL:
            r[0] = take_stamp_page(r[1], r[2], r[3]);
            break;
        default:
            r[0] = NOT_SUPPORTED;
            break;
    }
}

/// ITSTATE (A2.5.2).
static uint32_t it_state(uint32_t psr) { return (psr >> 8 & 0xFC) | (psr >> 25 & 3); }

/// Cortex-A15 may trap an instruction whose condition fails (B1.14, B3.13.6).
static bool is_executed(uint32_t hsr, uint32_t psr) {
    const uint32_t it = it_state(psr);
    const uint32_t condition = (hsr >> 24 & 1) != 0 ? hsr >> 20 & 15
                               : (it & 15) != 0     ? it >> 4
                                                    : 14;
    const bool n = (psr >> 31 & 1) != 0;
    const bool z = (psr >> 30 & 1) != 0;
    const bool c = (psr >> 29 & 1) != 0;
    const bool v = (psr >> 28 & 1) != 0;
    const bool holds[] = {z, c, n, v, c && !z, n == v, n == v && !z, true};  // A8.3
    return condition >= 14 || holds[condition >> 1] != ((condition & 1) != 0);
}

static void step_over(uint32_t hsr, uint32_t psr) {
    uint32_t pc;
    READ_SPECIAL("elr_hyp", pc);
    WRITE_SPECIAL("elr_hyp", pc + ((hsr >> 25 & 1) != 0 ? 4 : 2));
    const uint32_t it = it_state(psr);
    const uint32_t next = (it & 7) == 0 ? 0 : (it & 0xE0) | (it << 1 & 0x1F);
    WRITE_SPECIAL("spsr_cxsf",
                  (psr & ~UINT32_C(0x0600FC00)) | (next & 0xFC) << 8 | (next & 3) << 25);
}

/// HCR.TAC traps nothing but ACTLR. The guest reads the core's; its writes are ignored.
static void serve_actlr(uint32_t hsr, uint32_t psr, uint32_t* r) {
    enum { kModeMask = 0x1F, kFiqMode = 0x11 };
    const uint32_t rt = hsr >> 5 & 15;
    if ((hsr & 1) == 0) {
        return;
    }
    // r13 and r14 are not in the frame, nor are r8 to r12 of FIQ mode (B1.3.2).
    if (rt > 12 || (rt > 7 && (psr & kModeMask) == kFiqMode)) {
        refuse_trap("ACTLR can be read into r0 to r12 only, in FIQ mode into r0 to r7", hsr);
    }
    READ(ACTLR, r[rt]);
}

/// WFI may end for no reason (B1.8.14). So HYP waits in the guest's place only if no list register
/// holds anything that might wake it. An interrupt that ends this wait is taken as soon as the
/// guest runs.
static void wait(void) {
    if (GICH_ELRSR0 == kAllEmpty) {
        __asm__ volatile("wfi" : : : "memory");
    }
}

void take_trap(uint32_t hsr, uint32_t* r) {
    enum { kWfi = 0x01, kCp15 = 0x03, kHvc = 0x12 };  // B3.13.6
    const uint32_t reason = hsr >> 26;
    uint32_t psr;
    if (reason == kHvc) {
        serve_call(r);
        return;  // ELR_hyp is behind the HVC already (B1.8.3)
    }
    READ_SPECIAL("spsr", psr);
    if (reason != kWfi && reason != kCp15) {
        refuse_trap("an exit that it does not know", hsr);
    }
    if (is_executed(hsr, psr)) {
        if (reason == kWfi) {
            wait();
        } else {
            serve_actlr(hsr, psr, r);
        }
    }
    step_over(hsr, psr);
}
