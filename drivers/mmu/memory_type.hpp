#pragma once
// The kinds of memory that a leaf of any format may name.

#include <cstdint>

namespace hm::mmu {

/// The enumerators are the attribute's index in MAIR0 (drivers/mmu/control.hpp); short descriptors
/// and stage 2 have encodings of their own.
enum class MemoryType : std::uint8_t {
    kNormalWriteBack = 0,
    kNormalNonCacheable = 1,
    kDevice = 2,
};

}  // namespace hm::mmu
