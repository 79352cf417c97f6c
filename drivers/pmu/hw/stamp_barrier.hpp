/* The ISB before a reading of a clock, for C++ and for assembly: without it the reading could come
   before the work that it is to follow (ARM DDI 0406C.d, A3.8.3). One image does without, to
   measure what it costs (docs/clocks.md, "Stamps"). ISBs that the architecture demands elsewhere
   are not written so. */
#pragma once

#ifdef HYPMETER_STAMPS_WITHOUT_ISB
#define HYPMETER_STAMP_ISBS 0
#define HYPMETER_STAMP_ISB
#else
#define HYPMETER_STAMP_ISBS 1
#define HYPMETER_STAMP_ISB isb
#endif

/* Its text within a statement of assembly in C++. It is a line of its own even where it is empty:
   the compiler takes the length of a statement from its lines, and lays out both kinds of images
   alike. */
#define HYPMETER_TEXT_OF(word) #word
#define HYPMETER_TEXT_OF_MACRO(macro) HYPMETER_TEXT_OF(macro)
#define HYPMETER_STAMP_ISB_TEXT HYPMETER_TEXT_OF_MACRO(HYPMETER_STAMP_ISB)
