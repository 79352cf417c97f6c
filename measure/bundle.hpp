#pragma once
// A bundle: a foreign guest and its virtual machine in one file. The tool makes it, a loader puts
// it into memory, and the image for foreign guests runs what is in it.

#include <array>
#include <cstdint>

namespace hm::measure {

/// The first eight bytes.
inline constexpr std::array<char, 8> kBundleMagic{'H', 'M', 'G', 'U', 'E', 'S', 'T', '1'};

/// A stretch of the guest's memory that is not zero when it starts, or is named to be zero.
struct BundlePiece {
    std::uint32_t address = 0;  ///< IPA, a multiple of 4
    std::uint32_t offset = 0;   ///< of its bytes in the bundle, a multiple of 4
    std::uint32_t bytes = 0;    ///< that the bundle has of it
    std::uint32_t zeros = 0;    ///< bytes of zero that follow those
};

/// What a bundle begins with. Its numbers are little-endian, as both sides are.
struct Bundle {
    static constexpr std::uint32_t kMostPieces = 16;

    std::array<char, 8> magic = kBundleMagic;
    std::uint32_t bytes = 0;  ///< of the whole bundle
    std::uint32_t crc32 = 0;  ///< of all that follows this field

    // The virtual machine. Addresses are IPAs; of a native guest they are the machine's own.
    std::uint32_t memory_base = 0;   ///< a multiple of 2 MB
    std::uint32_t memory_bytes = 0;  ///< a multiple of 2 MB
    std::uint32_t cpus = 1;
    std::uint32_t distributor = 0;     ///< GICD, 4 KB
    std::uint32_t cpu_interface = 0;   ///< GICC, 8 KB
    std::uint32_t uart = 0;            ///< a PL011
    std::uint32_t uart_interrupt = 0;  ///< ID, 32 to 63
    std::uint32_t entry = 0;           ///< entered in SVC mode, ARM state, with r0 = 0

    // How it runs.
    std::uint32_t delivery = 0;  ///< a measure::Delivery; kNative: without stage 2
    std::uint32_t mapping = 0;   ///< a measure::Mapping of its memory
    std::uint32_t slice = 0;     ///< CNTVCT ticks of a turn, where a companion or CPUs share a core
    std::uint32_t look_for_input = 0;  ///< CNTPCT ticks between two looks at the console; 0: none
    std::uint32_t exits_are_counted = 0;  ///< 1: by reason, which costs some instructions an exit

    std::uint32_t piece_count = 0;
    std::array<BundlePiece, kMostPieces> pieces{};
};

/// Where the CRC begins.
inline constexpr std::uint32_t kBundleCrcFrom = 16;
static_assert(sizeof(BundlePiece) == 16 && sizeof(Bundle) == 72 + 16 * Bundle::kMostPieces);

}  // namespace hm::measure
