#pragma once
// What boot loaders take, made by hand, for tests: small, and right in every field.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "measure/crc32.hpp"
#include "tests/unit/drivers/fdt/tree_builder.hpp"

namespace hm::host::testing {

inline constexpr std::uint32_t kBase = 0x4020'0000;
inline constexpr std::uint32_t kForeignBase = 0x8000'0000;
inline constexpr std::uint32_t kTreeAddress = 0x4120'0000;

inline void set_little(std::string& bytes, std::size_t offset, std::uint32_t value,
                       std::size_t width = 4) {
    for (std::size_t i = 0; i < width; ++i, value >>= 8) {
        bytes.at(offset + i) = static_cast<char>(value);
    }
}

inline void set_big(std::string& bytes, std::size_t offset, std::uint32_t value) {
    for (std::size_t i = 4; i-- > 0; value >>= 8) {
        bytes.at(offset + i) = static_cast<char>(value);
    }
}

inline std::uint32_t crc_of(const std::string& bytes) {
    return measure::crc32(std::as_bytes(std::span(bytes)));
}

/// Two segments; the one that lies lower comes second.
inline std::string elf_file() {
    std::string bytes(52 + 2 * 32, '\0');
    bytes.replace(0, 6,
                  "\x7f"
                  "ELF\x01\x01");
    set_little(bytes, 18, 40, 2);
    set_little(bytes, 24, kBase);
    set_little(bytes, 28, 52);
    set_little(bytes, 44, 2, 2);
    for (const std::size_t i : {0U, 1U}) {
        set_little(bytes, 52 + i * 32, 1);
        set_little(bytes, 52 + i * 32 + 12, kBase + (i == 0 ? 0x1000 : 0));
    }
    return bytes;
}

inline std::string raw_file(std::uint32_t base = kBase) {
    std::string bytes(0x40, 'x');
    set_little(bytes, 0x24, 0x016f'2818);
    set_little(bytes, 0x28, base);
    set_little(bytes, 0x2c, base + static_cast<std::uint32_t>(bytes.size()));
    return bytes;
}

/// Puts both CRCs right again.
inline void seal(std::string& legacy) {
    set_big(legacy, 24, crc_of(legacy.substr(64)));
    set_big(legacy, 4, 0);
    set_big(legacy, 4, crc_of(legacy.substr(0, 64)));
}

inline std::string legacy_file(char type, const std::string& data, std::uint32_t base) {
    std::string bytes = std::string(64, '\0') + data;
    set_big(bytes, 0, 0x2705'1956);
    set_big(bytes, 12, static_cast<std::uint32_t>(data.size()));
    set_big(bytes, 16, base);
    set_big(bytes, 20, base);
    bytes[28] = 5;
    bytes[29] = 2;
    bytes[30] = type;
    bytes.replace(32, 8, "hypmeter");
    seal(bytes);
    return bytes;
}

inline std::string script_file(const std::string& text) {
    std::string data = std::string(8, '\0') + text;
    set_big(data, 0, static_cast<std::uint32_t>(text.size()));
    return legacy_file(6, data, 0);
}

inline std::string text_of(const std::vector<std::byte>& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline std::vector<std::byte> bytes_of(const std::string& text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

inline std::string tree_file() {
    fdt::FdtBuilder tree;
    tree.begin_node("")
        .cells("#address-cells", {1})
        .cells("#size-cells", {1})
        .strings("model", {"a board"})
        .begin_node("memory@40000000")
        .cells("reg", {0x4000'0000, 0x1000'0000})
        .end_node()
        .end_node();
    return text_of(tree.finish());
}

struct FitChoices {
    std::string_view default_name = "board";
    std::string_view kernel_name = "kernel";
    std::string_view algorithm = "sha256";
    std::string_view entry = "entry";  ///< the name of the property
};

inline std::string fit_file(const std::string& raw, const std::string& tree,
                            const FitChoices& choices = {}) {
    fdt::FdtBuilder fit;
    const auto hash = [&] {
        fit.begin_node("hash")
            .strings("algo", {choices.algorithm})
            .cells("value", {1, 2, 3})
            .end_node();
    };
    fit.begin_node("").begin_node("images").begin_node("kernel").bytes("data", bytes_of(raw));
    fit.cells("load", {kBase}).cells(choices.entry, {kBase});
    hash();
    fit.end_node().begin_node("fdt").bytes("data", bytes_of(tree)).cells("load", {kTreeAddress});
    hash();
    fit.end_node().end_node().begin_node("configurations");
    fit.strings("default", {choices.default_name}).begin_node("board");
    fit.strings("kernel", {choices.kernel_name}).strings("fdt", {"fdt"});
    return text_of(fit.end_node().end_node().end_node().finish());
}

/// A volume of FAT16 that holds `contents`, one after the other.
inline std::string fat_file(std::uint32_t start, const std::string& contents) {
    constexpr std::size_t kSector = 512;
    std::string bytes = std::string(kSector, '\0') + contents;
    bytes.resize((bytes.size() + kSector - 1) / kSector * kSector);
    set_little(bytes, 11, kSector, 2);
    set_little(bytes, 19, static_cast<std::uint32_t>(bytes.size() / kSector), 2);
    set_little(bytes, 28, start);
    bytes.replace(43, 19, "HYPMETER   FAT16   ");
    set_little(bytes, 510, 0xaa55, 2);
    return bytes;
}

inline std::string partition_file(std::uint32_t start, std::size_t sectors) {
    return "label: dos\n\nstart=" + std::to_string(start) + ", size=" + std::to_string(sectors) +
           ", type=e, bootable\n";
}

/// The whole folder of the virt board, by name.
inline std::map<std::string, std::string> boot_files() {
    std::map<std::string, std::string> files;
    const std::string raw = raw_file();
    const std::string tree = tree_file();
    files["hypmeter-virt.elf"] = elf_file();
    files["hypmeter-virt.bin"] = raw;
    files["hypmeter-virt.uimg"] = legacy_file(2, raw, kBase);
    files["hypmeter-virt.dtb"] = tree;
    files["hypmeter-virt.itb"] = fit_file(raw, tree);
    files["boot.scr"] = script_file("# comment\n  bootm 0x42200000 - 0x41200000\n");
    std::string contents;
    for (const auto& [name, bytes] : files) {
        contents += bytes;
    }
    const std::string foreign = raw_file(kForeignBase);
    files["hypmeter-virt-foreign.bin"] = foreign;
    files["hypmeter-virt-foreign.uimg"] = legacy_file(2, foreign, kForeignBase);
    files["hypmeter-virt.fat"] = fat_file(2048, contents);
    files["hypmeter-virt.sfdisk"] = partition_file(2048, files["hypmeter-virt.fat"].size() / 512);
    return files;
}

}  // namespace hm::host::testing
