/* Stamps that a hypervisor for ARMv7 leaves for hypmeter's guest. Plain C99, and all that an author
   needs.

   The guest measures how late an interrupt of its virtual timer reaches its application. With these
   stamps its rows say where the time goes: steps (4) to (8) of figure 7 of the paper, layer by
   layer. Without them there is only the time from end to end. tests/hypervisor/interrupts.c is an
   example.

   This file is part of hypmeter, under the MIT licence. You may copy it into your own sources.

   The call. The guest asks with `hvc #0` (SMC Calling Convention, ARM DEN 0028):
     r0  HYPMETER_STAMPS_CALL
     r1  the IPA of a struct hypmeter_stamps, or 0: leave no more stamps
     r2  HYPMETER_STAMPS_VERSION, the version of this file
     r3  HYPMETER_CLOCK_..: the clock of all stamps but those called .._count
   The answer in r0 is HYPMETER_STAMPS_LEFT, or HYPMETER_STAMPS_REFUSED for a version, a clock or an
   address that you do not serve. The guest may call again, and then only the last call counts.

   The memory. The struct is the guest's, at a multiple of 4, and does not cross a page of 4 KB.
   Refuse any other address: the guest must not make you write elsewhere. The guest maps it as
   normal memory, write-back, inner shareable. Write to it with the same attributes (ARM DDI
   0406C.d, A3.5.7). All fields begin at zero, and the guest does not write to them.

   The clocks. A stamp is the low word of its clock.

   - CNTVCT as the guest reads it, which is CNTPCT less CNTVOFF. While the guest's CNTVOFF is
   loaded, HYP mode reads the same: MRRC p15, 1, <low>, <high>, c14.
   - PMCCNTR, which must count in HYP mode too (PMCCFILTR.NSH): MRC p15, 0, <cycles>, c9, c13, 0.

   An ISB comes before each reading, or else it may come before the work that it is to follow (ARM
   DDI 0406C.d, A3.8.3). At the vector none is needed: an exception synchronizes too. Where the
   clock is CNTVCT, one reading serves both fields of a pair, as vector_count and vector.

   Which interrupts. Only those of the guest's virtual timer: leave the fields alone when you inject
   others.
*/
#ifndef HYPMETER_STAMPS_H
#define HYPMETER_STAMPS_H

#include <stdint.h>

/* A fast call of 32 bits to a vendor's hypervisor service, number 0x484D ("HM"). */
#define HYPMETER_STAMPS_CALL 0x8600484DU
#define HYPMETER_STAMPS_VERSION 1U

#define HYPMETER_STAMPS_LEFT 0U
#define HYPMETER_STAMPS_REFUSED 0xFFFFFFFFU /* -1, NOT_SUPPORTED */

#define HYPMETER_CLOCK_CNTVCT 0U
#define HYPMETER_CLOCK_PMCCNTR 1U

struct hypmeter_stamps {
    /* How many of the timer's interrupts have been stamped. Add 1 as the last thing, when all other
       fields of the interrupt are written. */
    uint32_t sequence;

    /* For each interrupt, in this order. */
    uint32_t vector_count;  /* CNTVCT, the first thing at HYP's vector for IRQ: step (5) */
    uint32_t vector;        /* the clock, at the same place */
    uint32_t acknowledged;  /* GICC_IAR has been read, and it is the virtual timer's interrupt */
    uint32_t list_register; /* the list register is written: step (6) */
    uint32_t guest_return;  /* the last thing before the return to the guest: step (7) */

    /* For each exit in which you deactivate the interrupt after the guest has ended it. There is
       none where the list register is linked to the physical interrupt (its HW bit is 1): leave
       zeros. */
    uint32_t maintenance_vector; /* the first thing at HYP's vector */
    uint32_t maintenance_return; /* the last thing before the return to the guest */

    /* For each interrupt that came while another VM had the core, if the guest got the core only
       after a switch. Else leave them alone. `vector` is then when you saw that the guest's
       deadline had passed. `acknowledged` and what follows it come after the switch. */
    uint32_t deferred;        /* what `sequence` becomes with this interrupt */
    uint32_t scheduled_count; /* CNTVCT of the guest, when its turn came */
    uint32_t scheduled;       /* the clock, at the same place */
    uint32_t switched_out;    /* the state of the other VM is saved */
    uint32_t switched_in;     /* the guest's own is loaded */
};

#endif
