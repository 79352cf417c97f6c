#pragma once
// A kernel's file, of any format that a guest's kernel may have, as what of it goes where in the
// guest's memory.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "host/guest/stretch.hpp"
#include "host/machine/boot_images.hpp"

namespace hm::host {

enum class KernelFormat : std::uint8_t {
    kZImage,  ///< Linux, which unpacks itself; also inside a uImage
    kUImage,  ///< mkimage's older form
    kElf,
    kFlat,  ///< bytes without any header
};

[[nodiscard]] std::string_view name_of(KernelFormat format);

/// The memory that the guest will have, and what its user wishes.
struct KernelPlace {
    std::uint32_t memory_base = 0;
    std::uint32_t memory_bytes = 0;
    /// Where a flat image goes. A file of any other format says so itself.
    std::optional<std::uint32_t> load{};
    std::optional<std::uint32_t> entry{};  ///< of a flat image; otherwise its first byte
};

/// A stretch of the guest's memory. The bytes are within those that were parsed.
struct KernelPiece {
    std::uint32_t address = 0;  ///< a multiple of 4
    std::string_view bytes;
    std::uint32_t zeros = 0;  ///< that follow them
};

[[nodiscard]] Stretch stretch_of(const KernelPiece& piece);

struct Kernel {
    KernelFormat format = KernelFormat::kFlat;
    std::uint32_t entry = 0;  ///< bit 0: in Thumb state
    std::vector<KernelPiece> pieces;
    /// What it overwrites, pieces included, before it reads its initrd and its device tree. Nothing
    /// if that is not known.
    std::optional<Stretch> overwritten{};
};

/// The format is known by the file's content. All pieces of a kernel that is not refused lie inside
/// the guest's memory, and none on another; the entry is in one of them.
[[nodiscard]] Parsed<Kernel> parse_kernel(std::string_view bytes, const KernelPlace& place);

}  // namespace hm::host
