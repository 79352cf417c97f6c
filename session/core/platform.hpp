#pragma once
// What the session must know of the machine that it runs on, and what boot/ offers it: plain data,
// so that everything in session/core compiles on the host too.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "board/facts.hpp"
#include "board/machine_facts.hpp"
#include "drivers/cpu/tlb_ram.hpp"
#include "measure/record.hpp"

namespace hm::session {

/// Addresses and facts of the machine and of the image.
struct Platform {
    std::uint32_t guest_base = 0;     ///< IPA at which guests are linked; the measured one's PA too
    std::uint32_t image = 0;          ///< PA of the monitor's image
    std::uint32_t distributor = 0;    ///< GICD
    std::uint32_t cpu_interface = 0;  ///< GICC
    std::uint32_t virtual_cpu_interface = 0;  ///< GICV
    std::uint32_t timer_interrupt = 0;
    std::optional<board::SpareTimer> spare_timer{};
    MachineFacts machine{};
};

/// What the second core does as a load: it streams through memory and reads the distributor. Each
/// round reads and writes `lines` lines, and reads the distributor in one burst.
struct StreamLoad {
    std::uint32_t base = 0;   ///< of memory that nothing else uses
    std::uint32_t bytes = 0;  ///< a multiple of a cache line
    std::uint32_t lines = 64;
};

/// The second core. Each call returns within a few seconds.
struct SecondCore {
    bool (*exists)();                  ///< changes nothing
    bool (*start)(const StreamLoad&);  ///< true once it has done one round
    bool (*serve)();                   ///< true once it can run what a guest turns on
    bool (*stop)();                    ///< true once it is off
    std::string_view lack = {};        ///< why it cannot be used, if it exists and cannot
    bool goes_off = true;              ///< after its first use; else it waits in a loop
};

/// The RAMs of this core's TLBs.
struct TlbReadOut {
    const cpu::TlbRams* rams = nullptr;
    cpu::TlbWords (*read)(cpu::TlbSelect) = nullptr;  ///< one entry; keeps caches and TLBs
    std::string_view lack = {};                       ///< why they cannot be read, if they cannot
};

/// The most registers that Services::found has.
inline constexpr std::size_t kFoundRegisters = 4;

/// What boot/ hands to the session.
struct Services {
    board::Ram ram;
    SecondCore second_core;
    TlbReadOut tlb;
    std::span<const measure::NamedValue> found = {};  ///< registers that the start has read
};

}  // namespace hm::session
