#pragma once
// Kernels' files made by hand, for tests, and the memory that they are for.

#include <string>
#include <vector>

#include "host/guest/kernel_file.hpp"
#include "tests/unit/host/machine/boot_files.hpp"

namespace hm::host::testing {

inline constexpr std::uint32_t kMB = 1U << 20;
inline constexpr std::uint32_t kMemory = 0x4000'0000;

/// Linux, arch/arm/boot/compressed/head.S: the magic word at 0x24, then where it was linked to run
/// (0: anywhere), and its end.
inline std::string zimage_file(std::uint32_t size, std::uint32_t start = 0) {
    std::string bytes(size, 'z');
    set_little(bytes, 0x24, 0x016f'2818);
    set_little(bytes, 0x28, start);
    set_little(bytes, 0x2c, start + size);
    return bytes;
}

struct Segment {
    std::uint32_t address = 0;
    std::string bytes;
    std::uint32_t memory = 0;
    std::uint32_t type = 1;  ///< PT_LOAD
};

/// System V ABI, "ELF Header" and "Program Header": an executable for machine 40, EM_ARM.
inline std::string executable(std::uint32_t entry, const std::vector<Segment>& segments) {
    std::string bytes(52 + 32 * segments.size(), '\0');
    bytes.replace(0, 6,
                  "\x7f"
                  "ELF\x01\x01");
    set_little(bytes, 16, 2, 2);
    set_little(bytes, 18, 40, 2);
    set_little(bytes, 24, entry);
    set_little(bytes, 28, 52);
    set_little(bytes, 42, 32, 2);
    set_little(bytes, 44, static_cast<std::uint32_t>(segments.size()), 2);
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const std::size_t at = 52 + 32 * i;
        set_little(bytes, at, segments[i].type);
        set_little(bytes, at + 4, static_cast<std::uint32_t>(bytes.size()));
        set_little(bytes, at + 8, 0xc000'0000);  // p_vaddr, which says nothing of where it lies
        set_little(bytes, at + 12, segments[i].address);
        set_little(bytes, at + 16, static_cast<std::uint32_t>(segments[i].bytes.size()));
        set_little(bytes, at + 20, segments[i].memory);
        bytes += segments[i].bytes;
    }
    return bytes;
}

inline KernelPlace place_of(std::uint32_t megabytes) { return {kMemory, megabytes * kMB, {}, {}}; }

}  // namespace hm::host::testing
