/* Where the memory of the random guest lies, for its assembly and for the session that runs it. IPA and VA
   are the same, from the base of the guests' memory of board virt on. */
#ifndef HYPMETER_RANDOM_LAYOUT
#define HYPMETER_RANDOM_LAYOUT

#define RANDOM_BASE 0x42000000
#define RANDOM_TABLES RANDOM_BASE             /* its stage-1 tables, which it cannot write */
#define RANDOM_BLOCKS (RANDOM_BASE + 0x10000) /* registers to begin with, which it cannot write */
#define RANDOM_IS_THUMB (RANDOM_BASE + 0x11000)
#define RANDOM_CODE (RANDOM_BASE + 0x12000)
#define RANDOM_CODE_BYTES 0x4000
#define RANDOM_DATA (RANDOM_BASE + 0x20000)
#define RANDOM_DATA_BYTES 0x10000
#define RANDOM_POSITION (RANDOM_BASE + 0x100000) /* where it goes on: in no window, see kTargets */

/* An exception that comes from no farther behind the position comes from the code there. */
#define RANDOM_REACH 64
#define RANDOM_BLOCK_COUNT 64
#define RANDOM_DONE 0x52414e44

#endif
