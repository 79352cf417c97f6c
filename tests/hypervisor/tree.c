// The guest's device tree is the machine's with a few words changed (Devicetree Specification v0.3,
// chapter 5).

#include <stddef.h>

#include "tests/hypervisor/smallest.h"

// 5.2 and 5.4.1
enum { kMagic = 0xd00dfeed, kBeginNode = 1, kProperty = 3, kEnd = 9 };
enum { kMagicAt = 0, kTokensAt = 2, kNamesAt = 3 };

static uint32_t memory_bytes;

static uint32_t hvc(uint32_t method) {
    (void)method;
    return 0x68766300;  // "hvc"
}
static uint32_t virtual_interface(uint32_t cpu_interface) { return cpu_interface - kGicc + kGicv; }
static uint32_t guest_memory(uint32_t begin) { return begin + kOwnBytes; }
static uint32_t less_memory(uint32_t bytes) {
    memory_bytes = bytes - kOwnBytes;
    return memory_bytes;
}

/// Word number `word` of a property that has so many bytes.
struct Edit {
    const char* node;
    const char* property;
    uint32_t bytes;
    uint32_t word;
    uint32_t (*change)(uint32_t was);
};
// Addresses and sizes have two words each. The GIC has GICD, GICC, GICH and GICV.
static const struct Edit kEdits[] = {
    {"psci", "method", 4, 0, hvc},
    {"intc@8000000", "reg", 64, 5, virtual_interface},
    {"memory@40000000", "reg", 16, 1, guest_memory},
    {"memory@40000000", "reg", 16, 3, less_memory},
};
enum { kEditCount = sizeof(kEdits) / sizeof(kEdits[0]) };

static bool same(const char* a, const char* b) {
    while (*a != 0 && *a == *b) {
        ++a;
        ++b;
    }
    return *a == *b;
}

static uint32_t length(const char* text) {
    uint32_t count = 0;
    while (text[count] != 0) {
        ++count;
    }
    return count;
}

/// How many edits this property takes.
static uint32_t edit(const char* node, const char* property, uint32_t bytes, uint32_t* value) {
    uint32_t done = 0;
    for (uint32_t i = 0; i < kEditCount; ++i) {
        const struct Edit* const row = &kEdits[i];
        if (same(row->node, node) && same(row->property, property) && row->bytes == bytes) {
            uint32_t* const word = value + row->word;
            *word = __builtin_bswap32(row->change(__builtin_bswap32(*word)));
            ++done;
        }
    }
    return done;
}

bool edit_tree(uint32_t* tree, uint32_t* bytes_left) {
    if (tree == NULL || __builtin_bswap32(tree[kMagicAt]) != kMagic) {
        return false;
    }
    uint32_t* token = tree + __builtin_bswap32(tree[kTokensAt]) / 4;
    const char* const names = (const char*)tree + __builtin_bswap32(tree[kNamesAt]);
    const char* node = "";
    uint32_t done = 0;
    for (;;) {
        switch (__builtin_bswap32(*token++)) {
            case kBeginNode:
                node = (const char*)token;
                token += length(node) / 4 + 1;
                break;
            case kProperty: {
                const uint32_t bytes = __builtin_bswap32(token[0]);
                const char* const name = names + __builtin_bswap32(token[1]);
                token += 2;
                done += edit(node, name, bytes, token);
                token += (bytes + 3) / 4;
                break;
            }
            case kEnd:
                *bytes_left = memory_bytes;
                return done == kEditCount;
            default:  // the end of a node, or nothing
                break;
        }
    }
}
