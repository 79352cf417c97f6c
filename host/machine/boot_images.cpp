#include "host/machine/boot_images.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "drivers/fdt/machine.hpp"
#include "drivers/fdt/tree.hpp"
#include "measure/crc32.hpp"

namespace hm::host {
namespace {

fdt::Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

std::uint32_t byte_at(std::string_view bytes, std::size_t offset) {
    return static_cast<unsigned char>(bytes[offset]);
}

/// `width` bytes, the least significant first.
std::uint32_t little(std::string_view bytes, std::size_t offset, std::size_t width = 4) {
    std::uint32_t value = 0;
    for (std::size_t i = width; i-- > 0;) {
        value = value << 8 | byte_at(bytes, offset + i);
    }
    return value;
}

std::uint32_t big(std::string_view bytes, std::size_t offset) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        value = value << 8 | byte_at(bytes, offset + i);
    }
    return value;
}

void set_big(std::string& bytes, std::size_t offset, std::uint32_t value) {
    for (std::size_t i = 4; i-- > 0; value >>= 8) {
        bytes[offset + i] = static_cast<char>(value);
    }
}

template <class T>
Parsed<T> refuse(std::string why) {
    return {std::nullopt, std::move(why)};
}

/// Up to the first NUL.
std::string_view text_in(std::string_view field) { return field.substr(0, field.find('\0')); }

std::string_view view_of(fdt::Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::optional<std::uint32_t> number_of(std::string_view word, int base) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, base);
    return error == std::errc{} && end == word.data() + word.size() ? std::optional{value}
                                                                    : std::nullopt;
}

/// An address as U-Boot reads it: hexadecimal, with or without 0x.
std::optional<std::uint32_t> address_of(std::string_view word) {
    return number_of(word.starts_with("0x") ? word.substr(2) : word, 16);
}

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    while (true) {
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        if (line.empty()) {
            return words;
        }
        words.push_back(line.substr(0, line.find_first_of(" \t")));
        line.remove_prefix(words.back().size());
    }
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::optional<std::uint32_t> cell_of(const fdt::Node& node, std::string_view name) {
    const auto property = node.property(name);
    const auto number = property ? property->number() : std::nullopt;
    return number ? std::optional{static_cast<std::uint32_t>(*number)} : std::nullopt;
}

bool has_sha256(const fdt::Node& image) {
    const auto hash = image.child("hash");
    const auto algorithm = hash ? hash->property("algo") : std::nullopt;
    return algorithm && algorithm->text() == "sha256" && hash->property("value");
}

/// The image that a configuration names under `role`.
std::optional<fdt::Node> image_node(const fdt::Tree& tree, const fdt::Node& configuration,
                                    std::string_view role) {
    const auto property = configuration.property(role);
    const auto name = property ? property->text() : std::nullopt;
    return name ? tree.find(fmt::format("/images/{}", *name)) : std::nullopt;
}

}  // namespace

Parsed<ElfImage> read_elf(std::string_view bytes) {
    // System V ABI, "ELF Header" and "Program Header", class 32.
    constexpr std::size_t kHeader = 52;
    constexpr std::size_t kSegment = 32;
    constexpr std::uint32_t kExecutable = 2;
    constexpr std::uint32_t kArm = 40;
    constexpr std::uint32_t kLoad = 1;
    if (bytes.starts_with(kElfMagic) && bytes.size() < kHeader) {
        return refuse<ElfImage>("is cut off in its ELF header");
    }
    if (!bytes.starts_with(kElfMagic) || !bytes.substr(4).starts_with("\x01\x01") ||
        little(bytes, 18, 2) != kArm) {
        return refuse<ElfImage>("is no ELF image for 32-bit ARM, little-endian");
    }
    const std::size_t table = little(bytes, 28);
    const std::size_t count = little(bytes, 44, 2);
    if (table > bytes.size() || (bytes.size() - table) / kSegment < count) {
        return refuse<ElfImage>("is cut off: its segments lie behind its end");
    }
    ElfImage image{little(bytes, 16, 2) == kExecutable, little(bytes, 24), {}};
    for (std::size_t i = 0; i < count; ++i) {
        const std::string_view segment = bytes.substr(table + i * kSegment, kSegment);
        if (little(segment, 0) != kLoad) {
            continue;
        }
        const std::size_t offset = little(segment, 4);
        const std::uint32_t in_file = little(segment, 16);
        const std::uint32_t in_memory = little(segment, 20);
        if (offset > bytes.size() || bytes.size() - offset < in_file) {
            return refuse<ElfImage>("is cut off: a segment's bytes lie behind its end");
        }
        if (in_memory < in_file) {
            return refuse<ElfImage>("has a segment with more bytes than it has memory");
        }
        image.segments.push_back(
            {little(segment, 12), bytes.substr(offset, in_file), in_memory - in_file});
    }
    if (image.segments.empty()) {
        return refuse<ElfImage>("has nothing to load");
    }
    return {std::move(image), ""};
}

Parsed<Placement> parse_elf(std::string_view bytes) {
    const auto image = read_elf(bytes);
    if (!image.value) {
        return refuse<Placement>(image.error);
    }
    const auto& lowest = *std::ranges::min_element(image.value->segments, {}, &ElfSegment::address);
    return {Placement{lowest.address, image.value->entry}, ""};
}

Parsed<Placement> parse_raw_image(std::string_view bytes) {
    constexpr std::uint32_t kMagic = 0x016f'2818;  // U-Boot, arch/arm/lib/zimage.c
    constexpr std::size_t kAt = 0x24;
    if (bytes.size() < kAt + 12 || little(bytes, kAt) != kMagic) {
        return refuse<Placement>("has no zImage header, so that bootz does not take it");
    }
    const std::uint32_t start = little(bytes, kAt + 4);
    const std::uint32_t size = little(bytes, kAt + 8) - start;
    if (size != bytes.size()) {
        return refuse<Placement>(
            fmt::format("is {} bytes long, and its header says {}: it is cut "
                        "off, or the header does not cover it",
                        bytes.size(), size));
    }
    return {Placement{start, start}, ""};
}

Parsed<LegacyImage> read_legacy_image(std::string_view bytes) {
    constexpr std::size_t kHeader = 64;
    constexpr std::size_t kCrc = 4;
    if (bytes.size() < kHeader || !bytes.starts_with(kLegacyMagic)) {
        return refuse<LegacyImage>("is no uImage, or is cut off in its header");
    }
    // The header's own CRC counts as zero in it.
    std::string header(bytes.substr(0, kHeader));
    std::fill_n(header.begin() + kCrc, 4, '\0');
    if (measure::crc32(bytes_of(header)) != big(bytes, kCrc)) {
        return refuse<LegacyImage>("has a header with a wrong CRC");
    }
    const std::string_view data = bytes.substr(kHeader);
    if (data.size() != big(bytes, 12)) {
        return refuse<LegacyImage>(
            fmt::format("holds {} bytes, and its header says {}", data.size(), big(bytes, 12)));
    }
    if (measure::crc32(bytes_of(data)) != big(bytes, 24)) {
        return refuse<LegacyImage>("holds data with a wrong CRC");
    }
    const auto field = [&](std::size_t at) { return static_cast<std::uint8_t>(bytes[at]); };
    return {LegacyImage{std::string(text_in(bytes.substr(32, 32))),
                        field(28),
                        field(29),
                        field(30),
                        field(31),
                        {big(bytes, 16), big(bytes, 20)},
                        data},
            ""};
}

Parsed<LegacyImage> parse_legacy_image(std::string_view bytes) {
    constexpr std::uint8_t kLinux = 5;
    Parsed<LegacyImage> image = read_legacy_image(bytes);
    if (image.value && (image.value->os != kLinux || image.value->architecture != kLegacyArm ||
                        image.value->compression != kLegacyUncompressed)) {
        return refuse<LegacyImage>(
            "is not of OS type linux for ARM, uncompressed: bootm would not enter it in HYP");
    }
    return image;
}

Parsed<std::string_view> script_text(const LegacyImage& image) {
    // A list of sizes that ends with a zero, then the parts (U-Boot, include/image.h,
    // IH_TYPE_MULTI).
    if (image.type != kLegacyScript || image.data.size() < 8 || big(image.data, 4) != 0 ||
        big(image.data, 0) != image.data.size() - 8) {
        return refuse<std::string_view>("is no script of one part");
    }
    return {image.data.substr(8), ""};
}

std::string script_image(std::string_view name, std::string_view text) {
    constexpr std::size_t kHeader = 64;
    constexpr std::size_t kLongestName = 32;
    constexpr char kLinux = 5;
    std::string data(8, '\0');
    set_big(data, 0, static_cast<std::uint32_t>(text.size()));
    data += text;
    std::string header(kHeader, '\0');
    header.replace(0, kLegacyMagic.size(), kLegacyMagic);
    set_big(header, 12, static_cast<std::uint32_t>(data.size()));
    set_big(header, 24, measure::crc32(bytes_of(data)));
    header[28] = kLinux;
    header[29] = kLegacyArm;
    header[30] = kLegacyScript;
    header[31] = kLegacyUncompressed;
    name = name.substr(0, kLongestName);
    header.replace(32, name.size(), name);
    // Of the header with zeros in its own place.
    set_big(header, 4, measure::crc32(bytes_of(header)));
    return header + data;
}

Parsed<BootAddresses> parse_boot_script(std::string_view text) {
    for (const std::string_view line : lines_of(text)) {
        const auto words = words_of(line);
        if (words.size() == 4 && words[0] == "bootm" && words[2] == "-") {
            const auto image = address_of(words[1]);
            const auto tree = address_of(words[3]);
            if (image && tree) {
                return {BootAddresses{*image, *tree}, ""};
            }
        }
    }
    return refuse<BootAddresses>("has no \"bootm IMAGE - TREE\"");
}

Parsed<FitImage> parse_fit(std::string_view bytes) {
    const auto opened = fdt::Tree::open(bytes_of(bytes));
    if (opened.error != fdt::Error::kNone) {
        return refuse<FitImage>(fmt::format("is no FIT: it {}", fdt::describe(opened.error)));
    }
    const fdt::Tree& tree = opened.tree;
    const auto configurations = tree.find("/configurations");
    const auto by_default = configurations ? configurations->property("default") : std::nullopt;
    const auto name = by_default ? by_default->text() : std::nullopt;
    const auto configuration = name ? configurations->child(*name) : std::nullopt;
    if (!configuration) {
        return refuse<FitImage>("has no default configuration");
    }
    const auto kernel = image_node(tree, *configuration, "kernel");
    const auto device_tree = image_node(tree, *configuration, "fdt");
    if (!kernel || !device_tree) {
        return refuse<FitImage>("has a default configuration without kernel or device tree");
    }
    const auto kernel_data = kernel->property("data");
    const auto tree_data = device_tree->property("data");
    const auto load = cell_of(*kernel, "load");
    const auto entry = cell_of(*kernel, "entry");
    const auto tree_address = cell_of(*device_tree, "load");
    if (!kernel_data || !tree_data || !load || !entry || !tree_address) {
        return refuse<FitImage>("does not say what to load where");
    }
    return {FitImage{{*load, *entry},
                     view_of(kernel_data->value),
                     *tree_address,
                     view_of(tree_data->value),
                     has_sha256(*kernel) && has_sha256(*device_tree)},
            ""};
}

Parsed<std::string> parse_device_tree(std::string_view bytes) {
    const auto opened = fdt::Tree::open(bytes_of(bytes));
    if (opened.error != fdt::Error::kNone) {
        return refuse<std::string>(
            fmt::format("is no device tree: it {}", fdt::describe(opened.error)));
    }
    if (const auto memory = fdt::memory(opened.tree); !memory || memory->total_bytes() == 0) {
        return refuse<std::string>("names no memory");
    }
    const auto model = opened.tree.root().property("model");
    const auto name = model ? model->text() : std::nullopt;
    return {std::string(name.value_or("")), ""};
}

Parsed<FatVolume> parse_fat(std::string_view bytes) {
    constexpr std::size_t kSector = 512;
    if (bytes.size() < kSector || little(bytes, 510, 2) != 0xaa55 ||
        little(bytes, 11, 2) != kSector || !bytes.substr(54).starts_with("FAT")) {
        return refuse<FatVolume>("is no FAT file system");
    }
    // The count has 16 bits if that is enough, and else 32.
    const std::uint32_t few = little(bytes, 19, 2);
    const std::uint32_t sectors = few != 0 ? few : little(bytes, 32);
    if (bytes.size() != sectors * kSector) {
        return refuse<FatVolume>(
            fmt::format("is {} bytes long, and its header says {} sectors", bytes.size(), sectors));
    }
    std::string label(bytes.substr(43, 11));
    label.erase(label.find_last_not_of(' ') + 1);
    return {FatVolume{little(bytes, 28), sectors, label}, ""};
}

Parsed<PartitionEntry> parse_partition(std::string_view text) {
    for (const std::string_view line : lines_of(text)) {
        std::optional<std::uint32_t> start;
        std::optional<std::uint32_t> sectors;
        for (std::string_view word : words_of(line)) {
            word = word.substr(0, word.find(','));
            if (word.starts_with("start=")) {
                start = number_of(word.substr(6), 10);
            } else if (word.starts_with("size=")) {
                sectors = number_of(word.substr(5), 10);
            }
        }
        if (start && sectors) {
            return {PartitionEntry{*start, *sectors}, ""};
        }
    }
    return refuse<PartitionEntry>("describes no partition");
}

}  // namespace hm::host
