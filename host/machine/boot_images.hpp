#pragma once
// The image in the forms for boot loaders, read back from their own bytes: a list says of a file
// what U-Boot or QEMU will find in it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hm::host {

/// The address of an image, and its entry point.
struct Placement {
    std::uint32_t load = 0;
    std::uint32_t entry = 0;

    friend bool operator==(const Placement&, const Placement&) = default;
};

/// What was read, or else why not, as the end of a sentence: "FILE ...".
template <class T>
struct Parsed {
    std::optional<T> value;
    std::string error;
};

/// What an ELF file begins with.
inline constexpr std::string_view kElfMagic{
    "\x7f"
    "ELF"};

/// A stretch of memory that an ELF file fills. The bytes are within those that were parsed.
struct ElfSegment {
    std::uint32_t address = 0;  ///< physical
    std::string_view bytes;
    std::uint32_t zeros = 0;  ///< that follow them
};

struct ElfImage {
    bool fixed = false;  ///< ET_EXEC: it runs where its segments say, and nowhere else
    std::uint32_t entry = 0;
    std::vector<ElfSegment> segments;
};

/// A little-endian ELF file for 32-bit ARM, with all that it loads.
[[nodiscard]] Parsed<ElfImage> read_elf(std::string_view bytes);

/// An ELF image for 32-bit ARM: its lowest segment's physical address, and its entry.
[[nodiscard]] Parsed<Placement> parse_elf(std::string_view bytes);

/// A raw image with a zImage's header, which `bootz` takes. It must be loaded at the address in it.
[[nodiscard]] Parsed<Placement> parse_raw_image(std::string_view bytes);

/// mkimage's older form: a header of 64 bytes before the data (U-Boot, include/image.h,
/// legacy_img_hdr).
struct LegacyImage {
    std::string name;
    std::uint8_t os = 0;            ///< IH_OS_..
    std::uint8_t architecture = 0;  ///< IH_ARCH_..
    std::uint8_t type = 0;          ///< kLegacyKernel, kLegacyScript
    std::uint8_t compression = 0;   ///< IH_COMP_..
    Placement placement;
    std::string_view data;  ///< within the bytes that were parsed
};

/// What it begins with.
inline constexpr std::string_view kLegacyMagic{"\x27\x05\x19\x56"};
inline constexpr std::uint8_t kLegacyKernel = 2;
inline constexpr std::uint8_t kLegacyScript = 6;
inline constexpr std::uint8_t kLegacyArm = 2;
inline constexpr std::uint8_t kLegacyUncompressed = 0;

/// Of any kind; refused if it is not whole, or if either CRC is wrong.
[[nodiscard]] Parsed<LegacyImage> read_legacy_image(std::string_view bytes);

/// Refused, too, if `bootm` would not take it for an ARM system.
[[nodiscard]] Parsed<LegacyImage> parse_legacy_image(std::string_view bytes);

/// The text of a script, the first of the parts that its image can have.
[[nodiscard]] Parsed<std::string_view> script_text(const LegacyImage& image);

/// A script in the form that U-Boot's `source` takes: the same bytes as mkimage makes, but for the
/// time. `name` has at most 32 characters.
[[nodiscard]] std::string script_image(std::string_view name, std::string_view text);

/// The addresses in a boot script's "bootm IMAGE - TREE".
struct BootAddresses {
    std::uint32_t image = 0;
    std::uint32_t tree = 0;
};

[[nodiscard]] Parsed<BootAddresses> parse_boot_script(std::string_view text);

/// A FIT's default configuration: a kernel and a device tree. The views are within the bytes that
/// were parsed.
struct FitImage {
    Placement placement;
    std::string_view kernel;
    std::uint32_t tree_address = 0;
    std::string_view tree;
    bool hashed = false;  ///< both have a SHA-256 for U-Boot to check
};

[[nodiscard]] Parsed<FitImage> parse_fit(std::string_view bytes);

/// A compiled device tree: whose it is.
[[nodiscard]] Parsed<std::string> parse_device_tree(std::string_view bytes);

/// A FAT file system's own words on its place (Microsoft, "FAT: General Overview of On-Disk
/// Format", 1.03), in sectors of 512 bytes.
struct FatVolume {
    std::uint32_t start = 0;
    std::uint32_t sectors = 0;
    std::string label;
};

[[nodiscard]] Parsed<FatVolume> parse_fat(std::string_view bytes);

/// The partition that an input for sfdisk describes, in sectors.
struct PartitionEntry {
    std::uint32_t start = 0;
    std::uint32_t sectors = 0;
};

[[nodiscard]] Parsed<PartitionEntry> parse_partition(std::string_view text);

}  // namespace hm::host
