#pragma once
// The smallest hypervisor that hypmeter's guest runs on, and the example for authors of others: how
// to leave stamps (interrupts.c). It is somebody else's, so all that it includes of hypmeter is the
// header for that.
//
// One guest has the core and most of the memory. There is no stage 2. The guest owns the
// distributor. Its CPU interface is GICV: HYP takes all interrupts, and passes them on by list
// registers.

#include <stdbool.h>
#include <stdint.h>

// The machine: QEMU's `virt` (hw/arm/virt.c).
enum {
    kGicd = 0x08000000,
    kGicc = 0x08010000,
    kGich = 0x08030000,
    kGicv = 0x08040000,
    kUart = 0x09000000,
    kMemory = 0x40000000,
};

// The first 32 MB are the hypervisor's own, and the rest is the guest's. It begins there.
enum { kOwnBytes = 0x02000000, kGuest = kMemory + kOwnBytes };
extern uint32_t guest_bytes;

// PSCI (ARM DEN 0022D, 5.1 and 5.2.2).
enum { kPsciVersion = 0x84000000, kSystemOff = 0x84000008, kVersion1_1 = 0x00010001 };
#define NOT_SUPPORTED UINT32_C(0xFFFFFFFF)

/// Makes of the machine's device tree the guest's, in place, and gives the bytes of the guest's
/// memory. False if it is the tree of another machine.
bool edit_tree(uint32_t* tree, uint32_t* bytes);

/// The guest asks for stamps, or for no more of them. Gives the answer.
uint32_t take_stamp_page(uint32_t address, uint32_t version, uint32_t clock);

void say(const char* text);
void say_hex(uint32_t value);
void turn_off(void);
/// Says why, and turns the machine off.
void give_up(const char* why);

// What start.S calls.

/// Brings everything into the state in which the guest begins, and gives where that is.
uint32_t prepare(uint32_t* tree);
/// `count` and `cycles` are CNTVCT's low word and PMCCNTR as they were at the vector.
void take_interrupt(uint32_t count, uint32_t cycles);
/// The guest's r0 to r12, and r14 of User mode, are at `r`.
void take_trap(uint32_t hsr, uint32_t* r);
void refuse_mode(void);
void own_fault(void);
