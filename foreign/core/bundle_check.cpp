#include "foreign/core/bundle_check.hpp"

#include <array>

#include "hyp/core/vm_config.hpp"
#include "measure/crc32.hpp"
#include "measure/setting.hpp"
#include "measure/translation.hpp"

namespace hm::foreign {
namespace {

using measure::Bundle;
using measure::BundlePiece;

constexpr std::uint32_t kPageBytes = 4096;
constexpr std::uint32_t kBlockBytes = 2U << 20;

/// A range of IPA that does not wrap. One that ends at 4 GB has an end of 0, which is not used.
struct Region {
    std::uint32_t base;
    std::uint32_t bytes;
};

bool wraps(const Region& region) {
    return region.bytes != 0 && region.base + (region.bytes - 1) < region.base;
}

/// Both have bytes, and neither wraps.
bool overlap(const Region& one, const Region& other) {
    return one.base < other.base ? other.base - one.base < one.bytes
                                 : one.base - other.base < other.bytes;
}

/// How far `address` lies above the region's beginning: at least as far as the region is long if it
/// lies below it, since the difference wraps and the region does not.
std::uint32_t above_begin(const Region& region, std::uint32_t address) {
    return address - region.base;
}

bool memory_is_usable(const Region& memory) {
    return memory.bytes != 0 && memory.base % kBlockBytes == 0 && memory.bytes % kBlockBytes == 0 &&
           !wraps(memory);
}

bool devices_are_usable(const Bundle& bundle, const Region& memory) {
    const std::array<Region, 3> devices{Region{bundle.distributor, kPageBytes},
                                        Region{bundle.cpu_interface, 2 * kPageBytes},
                                        Region{bundle.uart, kPageBytes}};
    for (std::size_t i = 0; i < devices.size(); ++i) {
        if (devices[i].base % kPageBytes != 0 || wraps(devices[i]) || overlap(devices[i], memory)) {
            return false;
        }
        for (std::size_t j = 0; j < i; ++j) {
            if (overlap(devices[i], devices[j])) {
                return false;
            }
        }
    }
    return true;
}

bool choices_are_known(const Bundle& bundle) {
    constexpr auto kNative = static_cast<std::uint32_t>(measure::Delivery::kNative);
    constexpr auto kNoStage2 = static_cast<std::uint32_t>(measure::Mapping::kNone);
    return bundle.delivery < measure::kDeliveryNames.size() &&
           bundle.mapping < measure::kMappingNames.size() && bundle.exits_are_counted <= 1 &&
           // A virtual machine's memory must be mapped somehow.
           (bundle.delivery == kNative || bundle.mapping != kNoStage2);
}

bool piece_is_usable(const BundlePiece& piece, const Bundle& bundle, const Region& memory) {
    if (piece.offset % 4 != 0 || piece.offset < sizeof(Bundle) || piece.offset > bundle.bytes ||
        piece.bytes > bundle.bytes - piece.offset) {
        return false;
    }
    const std::uint32_t above = above_begin(memory, piece.address);
    return piece.address % 4 == 0 && above < memory.bytes && piece.bytes <= memory.bytes - above &&
           piece.zeros <= memory.bytes - above - piece.bytes;
}

}  // namespace

BundleFault check(const Bundle& bundle, std::span<const std::byte> room) {
    if (bundle.magic != measure::kBundleMagic) {
        return BundleFault::kNoMagic;
    }
    if (bundle.bytes < sizeof(Bundle)) {
        return BundleFault::kTooShort;
    }
    if (bundle.bytes > room.size()) {
        return BundleFault::kTooLong;
    }
    if (measure::crc32(room.first(bundle.bytes).subspan(measure::kBundleCrcFrom)) != bundle.crc32) {
        return BundleFault::kBadCrc;
    }
    const Region memory{bundle.memory_base, bundle.memory_bytes};
    if (!memory_is_usable(memory)) {
        return BundleFault::kBadMemory;
    }
    if (bundle.cpus < 1 || bundle.cpus > hyp::VmConfig::kMostCpus) {
        return BundleFault::kBadCpus;
    }
    if (!devices_are_usable(bundle, memory)) {
        return BundleFault::kBadDevice;
    }
    if (bundle.uart_interrupt < 32 || bundle.uart_interrupt > 63) {
        return BundleFault::kBadInterrupt;
    }
    if (bundle.entry % 4 != 0 || above_begin(memory, bundle.entry) >= memory.bytes) {
        return BundleFault::kBadEntry;
    }
    if (!choices_are_known(bundle)) {
        return BundleFault::kBadChoice;
    }
    if (bundle.piece_count > Bundle::kMostPieces) {
        return BundleFault::kTooManyPieces;
    }
    for (const BundlePiece& piece : std::span(bundle.pieces).first(bundle.piece_count)) {
        if (!piece_is_usable(piece, bundle, memory)) {
            return BundleFault::kBadPiece;
        }
    }
    return BundleFault::kNone;
}

std::string_view describe(BundleFault fault) {
    switch (fault) {
        case BundleFault::kNone:
            return "is well formed";
        case BundleFault::kNoMagic:
            return "does not begin with its magic bytes";
        case BundleFault::kTooShort:
            return "is shorter than its own header";
        case BundleFault::kTooLong:
            return "is longer than the memory that it lies in";
        case BundleFault::kBadCrc:
            return "has a wrong CRC";
        case BundleFault::kBadMemory:
            return "gives its guest no memory, or does not begin and end it at a multiple of 2 MB";
        case BundleFault::kBadCpus:
            return "asks for more CPUs than two, or for none";
        case BundleFault::kBadDevice:
            return "has a device that is misaligned, or that lies in memory or on another";
        case BundleFault::kBadInterrupt:
            return "gives the UART an interrupt other than 32 to 63";
        case BundleFault::kBadEntry:
            return "is entered outside memory, or between two instructions";
        case BundleFault::kBadChoice:
            return "asks for a delivery or a mapping that does not exist";
        case BundleFault::kTooManyPieces:
            return "has more pieces than its header has room for";
        case BundleFault::kBadPiece:
            return "has a piece that is misaligned, or that lies outside itself or outside memory";
    }
    return "is in an unknown state";
}

}  // namespace hm::foreign
