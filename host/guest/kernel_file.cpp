#include "host/guest/kernel_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "host/base/text.hpp"

namespace hm::host {
namespace {

constexpr std::uint32_t kMegabyte = 1U << 20;

// Linux, arch/arm/boot/compressed/head.S.
constexpr std::uint32_t kZImageMagic = 0x016f'2818;
constexpr std::size_t kZImageMagicAt = 0x24;
constexpr std::size_t kZImageStartAt = 0x28;
constexpr std::size_t kZImageEndAt = 0x2c;
/// With those three words.
constexpr std::size_t kZImageHeader = 0x30;

// It unpacks itself to the beginning of the 128 MB in which it is entered, so it must lie in the
// first 128 MB of memory; above 32 MB it need not move itself first (Linux,
// Documentation/arch/arm/booting.rst, "Calling the kernel image").
constexpr std::uint32_t kZImageReach = 128 * kMegabyte;
constexpr std::uint32_t kZImageOffset = 32 * kMegabyte;
/// Behind its end it has its zeros, a stack of 4 KB and a heap of 64 KB (head.S); this is several
/// times as much.
constexpr std::uint32_t kZImageWork = kMegabyte;

Parsed<Kernel> no_kernel(std::string why) { return {std::nullopt, std::move(why)}; }

std::uint32_t word_at(std::string_view bytes, std::size_t offset) {
    std::uint32_t word = 0;
    for (std::size_t i = 4; i-- > 0;) {
        word = word << 8 | static_cast<unsigned char>(bytes[offset + i]);
    }
    return word;
}

bool is_zimage(std::string_view bytes) {
    return bytes.size() >= kZImageHeader && word_at(bytes, kZImageMagicAt) == kZImageMagic;
}

Stretch memory_of(const KernelPlace& place) {
    return {place.memory_base, std::uint64_t{place.memory_base} + place.memory_bytes};
}

Parsed<Kernel> zimage(std::string_view bytes, const KernelPlace& place) {
    const std::uint32_t start = word_at(bytes, kZImageStartAt);
    const std::uint32_t end = word_at(bytes, kZImageEndAt);
    if (end < start || end - start < kZImageHeader) {
        return no_kernel(
            fmt::format("has a zImage header that is wrong: it begins at {:#x}, and "
                        "ends at {:#x}",
                        start, end));
    }
    // A device tree may be appended, so a file may be longer.
    if (bytes.size() < end - start) {
        return no_kernel(fmt::format("is cut off: it is a zImage of {} bytes, and has only {}",
                                     end - start, bytes.size()));
    }
    if (place.memory_base % kZImageReach != 0) {
        return no_kernel(
            fmt::format("is a zImage, which needs memory that begins at a multiple of 128 MB, not "
                        "at {:#010x}",
                        place.memory_base));
    }
    // One that was linked for an address cannot run at another.
    const std::uint64_t address =
        start != 0 ? start : std::uint64_t{place.memory_base} + kZImageOffset;
    const Stretch needed{place.memory_base, address + bytes.size() + kZImageWork};
    const Stretch memory = memory_of(place);
    if (address < memory.begin || address + bytes.size() > memory.begin + kZImageReach) {
        return no_kernel(
            fmt::format("is a zImage at {:#010x}, and must lie in the first 128 MB of "
                        "memory, {}",
                        address, text_of({memory.begin, memory.begin + kZImageReach})));
    }
    if (!contains(memory, needed)) {
        const std::uint64_t megabytes =
            (needed.end - needed.begin + 2 * kMegabyte - 1) / (2 * kMegabyte) * 2;
        return no_kernel(fmt::format(
            "is a zImage that lies {} above the beginning of memory, and needs at "
            "least {} MB of memory, not {}",
            bytes_text(address - memory.begin), megabytes, bytes_text(place.memory_bytes)));
    }
    const auto at = static_cast<std::uint32_t>(address);
    return {Kernel{KernelFormat::kZImage, at, {{at, bytes, 0}}, needed}, ""};
}

/// U-Boot's names of compressions (include/image.h, IH_COMP_..).
std::string compression_name(std::uint8_t compression) {
    constexpr std::array<const char*, 7> kNames{"none", "gzip", "bzip2", "lzma",
                                                "lzo",  "lz4",  "zstd"};
    return compression < kNames.size() ? kNames[compression]
                                       : fmt::format("method {}", compression);
}

Parsed<Kernel> uimage(std::string_view bytes, const KernelPlace& place) {
    const auto image = read_legacy_image(bytes);
    if (!image.value) {
        return no_kernel(image.error);
    }
    const LegacyImage& legacy = *image.value;
    if (legacy.type != kLegacyKernel) {
        return no_kernel(fmt::format(
            "is a uImage of type {}, and must be of type kernel (mkimage -T kernel)", legacy.type));
    }
    if (legacy.architecture != kLegacyArm) {
        return no_kernel(
            fmt::format("is a uImage for architecture {}, and must be for 32-bit ARM "
                        "(mkimage -A arm)",
                        legacy.architecture));
    }
    if (legacy.compression != kLegacyUncompressed) {
        return no_kernel(
            fmt::format("is a uImage compressed with {}, and must not be compressed "
                        "(mkimage -C none)",
                        compression_name(legacy.compression)));
    }
    if (is_zimage(legacy.data)) {
        return zimage(legacy.data, place);
    }
    return {Kernel{KernelFormat::kUImage,
                   legacy.placement.entry,
                   {{legacy.placement.load, legacy.data, 0}},
                   {}},
            ""};
}

Parsed<Kernel> elf(std::string_view bytes) {
    const auto image = read_elf(bytes);
    if (!image.value) {
        return no_kernel(image.error);
    }
    if (!image.value->fixed) {
        return no_kernel("is an ELF file that is no executable (ET_EXEC), so it has no addresses");
    }
    Kernel kernel{KernelFormat::kElf, image.value->entry, {}, {}};
    for (const ElfSegment& segment : image.value->segments) {
        if (!segment.bytes.empty() || segment.zeros != 0) {
            kernel.pieces.push_back({segment.address, segment.bytes, segment.zeros});
        }
    }
    return {std::move(kernel), ""};
}

Parsed<Kernel> flat(std::string_view bytes, const KernelPlace& place) {
    if (!place.load) {
        return no_kernel(
            "is neither a zImage, a uImage nor an ELF file: as a flat image it needs a load "
            "address");
    }
    return {
        Kernel{
            KernelFormat::kFlat, place.entry.value_or(*place.load), {{*place.load, bytes, 0}}, {}},
        ""};
}

Parsed<Kernel> read_kernel(std::string_view bytes, const KernelPlace& place) {
    if (bytes.starts_with(kLegacyMagic)) {
        return uimage(bytes, place);
    }
    if (bytes.starts_with(kElfMagic)) {
        return elf(bytes);
    }
    return is_zimage(bytes) ? zimage(bytes, place) : flat(bytes, place);
}

/// What is wrong with where `kernel` lies; empty if nothing is.
std::string misplacement_of(const Kernel& kernel, const Stretch& memory) {
    bool entered = false;
    for (std::size_t i = 0; i < kernel.pieces.size(); ++i) {
        const Stretch here = stretch_of(kernel.pieces[i]);
        if (here.begin % 4 != 0) {
            return fmt::format("would be loaded at {:#010x}, which is not a multiple of 4",
                               here.begin);
        }
        if (!contains(memory, here)) {
            return fmt::format("would lie at {}, outside the guest's memory, {}", text_of(here),
                               text_of(memory));
        }
        for (std::size_t j = 0; j < i; ++j) {
            const Stretch other = stretch_of(kernel.pieces[j]);
            if (overlap(here, other)) {
                return fmt::format("has segments that overlap: {}, and {}", text_of(other),
                                   text_of(here));
            }
        }
        entered = entered || (here.begin <= kernel.entry && kernel.entry < here.end);
    }
    if (!entered) {
        return fmt::format("would be entered at {:#010x}, where it has nothing", kernel.entry);
    }
    if (kernel.entry % 4 == 2) {
        return fmt::format(
            "would be entered at {:#010x}, which is neither a multiple of 4 (ARM) nor odd (Thumb)",
            kernel.entry);
    }
    return "";
}

}  // namespace

std::string_view name_of(KernelFormat format) {
    switch (format) {
        case KernelFormat::kZImage:
            return "zImage";
        case KernelFormat::kUImage:
            return "uImage";
        case KernelFormat::kElf:
            return "ELF";
        case KernelFormat::kFlat:
            return "flat image";
    }
    return "unknown";
}

Stretch stretch_of(const KernelPiece& piece) {
    return {piece.address, std::uint64_t{piece.address} + piece.bytes.size() + piece.zeros};
}

Parsed<Kernel> parse_kernel(std::string_view bytes, const KernelPlace& place) {
    if (bytes.empty()) {
        return no_kernel("is empty");
    }
    Parsed<Kernel> kernel = read_kernel(bytes, place);
    if (!kernel.value) {
        return kernel;
    }
    if (kernel.value->format != KernelFormat::kFlat && (place.load || place.entry)) {
        return no_kernel(
            fmt::format("is a file of format {}, which says itself where it goes: a load or entry "
                        "address is only for a flat image",
                        name_of(kernel.value->format)));
    }
    if (std::string fault = misplacement_of(*kernel.value, memory_of(place)); !fault.empty()) {
        return no_kernel(std::move(fault));
    }
    return kernel;
}

}  // namespace hm::host
