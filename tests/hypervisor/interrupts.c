// How interrupts reach the guest, and the stamps on their way: the example for authors.

#include <stddef.h>

#include "guest/abi/hypmeter_stamps.h"
#include "tests/hypervisor/registers.h"
#include "tests/hypervisor/smallest.h"

static volatile struct hypmeter_stamps* stamps;
static uint32_t stamp_clock;

/// PMCCNTR goes on in HYP mode only where its filter says so: NSH. PMSELR selects the filter for
/// PMXEVTYPER, after an ISB, and is the guest's (C12.8.10).
static void count_in_hyp(void) {
    enum { kCycles = 31, kNsh = 1 << 27 };
    uint32_t selected;
    uint32_t filter;
    READ(PMSELR, selected);
    WRITE(PMSELR, kCycles);
    __asm__ volatile("isb" : : : "memory");
    READ(PMXEVTYPER, filter);
    WRITE(PMXEVTYPER, filter | kNsh);
    WRITE(PMSELR, selected);
}

uint32_t take_stamp_page(uint32_t address, uint32_t version, uint32_t clock) {
    enum { kPage = 4096 };
    const uint32_t last = address + (uint32_t)sizeof(*stamps) - 1;
    const bool fits = address % 4 == 0 && address / kPage == last / kPage && address >= kGuest &&
                      last - kGuest < guest_bytes;
    if (version != HYPMETER_STAMPS_VERSION || clock > HYPMETER_CLOCK_PMCCNTR ||
        (address != 0 && !fits)) {
        return HYPMETER_STAMPS_REFUSED;
    }
    stamps = (volatile struct hypmeter_stamps*)address;
    stamp_clock = clock;
    if (clock == HYPMETER_CLOCK_PMCCNTR) {
        count_in_hyp();
    }
    return HYPMETER_STAMPS_LEFT;
}

/// The guest's clock. Without the ISB it could be read before what it is to follow (A3.8.3).
static uint32_t now(void) {
    uint32_t low;
    uint32_t high;
    __asm__ volatile("isb" : : : "memory");
    if (stamp_clock == HYPMETER_CLOCK_PMCCNTR) {
        READ(PMCCNTR, low);
    } else {
        __asm__ volatile("mrrc p15, 1, %0, %1, c14" : "=r"(low), "=r"(high) : : "memory");
    }
    return low;
}

/// Makes a pending virtual interrupt of one that GICC_IAR gave. The distributor is the guest's, so
/// group and priority are what it has written there.
static void present(uint32_t interrupt) {
    const uint32_t id = interrupt & kIdMask;
    const uint32_t group = GICD_IGROUPR[id / 32] >> id % 32 & 1;
    const uint32_t pending = UINT32_C(1) << 28;
    uint32_t word = pending | group << 30 | (uint32_t)GICD_PRIORITY(id) >> 3 << 23;
    if (id >= kFirstPpi) {
        word |= UINT32_C(1) << 31 | id << 10 | id;  // the guest's end of it deactivates both
    } else {
        word |= interrupt & kIdAndSenderMask;
        // It may come again before the guest has ended it, but must not be in two list registers.
        for (uint32_t i = 0; i < kListRegisters; ++i) {
            if ((GICH_ELRSR0 >> i & 1) == 0 && (GICH_LR[i] & kIdMask) == id) {
                GICH_LR[i] |= pending;
                return;
            }
        }
    }
    const uint32_t empty = GICH_ELRSR0;
    if (empty == 0) {
        give_up("more interrupts at once than there are list registers");
    }
    GICH_LR[__builtin_ctz(empty)] = word;
}

void take_interrupt(uint32_t count, uint32_t cycles) {
    const uint32_t interrupt = GICC_IAR;
    const uint32_t id = interrupt & kIdMask;
    if (id >= kFirstSpecial) {
        return;
    }
    const bool stamped = stamps != NULL && id == kVirtualTimer;
    if (stamped) {
        stamps->acknowledged = now();
        stamps->vector_count = count;
        stamps->vector = stamp_clock == HYPMETER_CLOCK_PMCCNTR ? cycles : count;
    }
    present(interrupt);
    if (stamped) {
        stamps->list_register = now();
    }
    GICC_EOIR = interrupt;  // drops only the priority, as EOImode is 1
    if (id < kFirstPpi) {
        GICC_DIR = interrupt;
    }
    if (stamped) {
        stamps->guest_return = now();
        stamps->sequence = stamps->sequence + 1;
    }
}
