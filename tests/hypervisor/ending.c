// Words for people, and the end of the machine.

#include "tests/hypervisor/registers.h"
#include "tests/hypervisor/smallest.h"

void say(const char* text) {
    enum { kFull = 1 << 5 };  // UARTFR.TXFF (DDI 0183, 3.3.3)
    for (; *text != 0; ++text) {
        while ((*at(kUart + 0x18) & kFull) != 0) {
        }
        *at(kUart) = (uint8_t)*text;
    }
}

void say_hex(uint32_t value) {
    char text[] = "0x00000000";
    for (uint32_t i = 9; i > 1; --i, value >>= 4) {
        text[i] = "0123456789abcdef"[value & 15];
    }
    say(text);
}

void turn_off(void) {
    register uint32_t r0 __asm__("r0") = (uint32_t)kSystemOff;
    __asm__ volatile("smc #0" : "+r"(r0) : : "r1", "r2", "r3", "memory");
    for (;;) {
    }
}

void give_up(const char* why) {
    say("smallest: ");
    say(why);
    say("\n");
    turn_off();
}

/// Without HYP mode QEMU's firmware serves HVC, and SMC is undefined.
void refuse_mode(void) {
    say("smallest: not entered in HYP mode; QEMU: -M virt,virtualization=on\n");
    register uint32_t r0 __asm__("r0") = (uint32_t)kSystemOff;
    __asm__ volatile("hvc #0" : "+r"(r0) : : "r1", "r2", "r3", "memory");
    for (;;) {
    }
}

void own_fault(void) { give_up("a fault in HYP mode"); }
