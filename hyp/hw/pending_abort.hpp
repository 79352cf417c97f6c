#pragma once
// An asynchronous abort that the loader, or a guest, has caused and not taken.

#include <cstdint>

extern "C" {
/// Takes it, once, and returns HSR; 0 where none is pending.
std::uint32_t take_pending_abort();
}
