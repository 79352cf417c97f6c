#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>

namespace hm::model {

/// One thing that a guest, a device or a physical interrupt does.
struct Operation {
    enum class Kind : std::uint8_t {
        kRead,         ///< of the distributor
        kWrite,        ///< of the distributor
        kLine,         ///< a device drives the line of `id` to `value`
        kTake,         ///< the physical interrupt of `id` comes
        kAcknowledge,  ///< GICV_IAR
        kEnd,          ///< GICV_EOIR, of what was acknowledged last
        kMask,         ///< GICV_PMR
        kGroups,       ///< GICV_CTLR: bits 0 and 1
    };
    Kind kind = Kind::kRead;
    unsigned cpu = 0;
    unsigned id = 0;
    std::uint32_t offset = 0;
    std::uint32_t bytes = 4;
    std::uint32_t value = 0;
};

[[nodiscard]] inline std::string text_of(const Operation& operation) {
    static constexpr std::array kNames{"read",        "write", "line", "take",
                                       "acknowledge", "end",   "mask", "groups"};
    std::array<char, 96> text{};
    std::snprintf(text.data(), text.size(), "cpu %u %-11s id %2u  offset 0x%03X/%u  value 0x%08X",
                  operation.cpu, kNames[static_cast<std::size_t>(operation.kind)], operation.id,
                  operation.offset, operation.bytes, operation.value);
    return text.data();
}

}  // namespace hm::model
