#include "host/machine/boot_images.hpp"

#include <gtest/gtest.h>

#include "tests/unit/host/machine/boot_files.hpp"

namespace hm::host::testing {
namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST(HostBootImages, AnElfImageSaysWhereItIsLoadedAndEntered) {
    const auto parsed = parse_elf(elf_file());
    ASSERT_TRUE(parsed.value) << parsed.error;
    EXPECT_EQ(*parsed.value, (Placement{kBase, kBase}));
}

TEST(HostBootImages, WhatIsNoElfImageOfThisArchitectureIsRefused) {
    std::string wrong = elf_file();
    set_little(wrong, 18, 183, 2);  // AArch64
    EXPECT_TRUE(has(parse_elf(wrong).error, "32-bit ARM"));
    EXPECT_TRUE(has(parse_elf("").error, "32-bit ARM"));
    wrong = elf_file();
    set_little(wrong, 28, 0xffff'ffff);
    EXPECT_TRUE(has(parse_elf(wrong).error, "cut off"));
    wrong = elf_file();
    set_little(wrong, 44, 3, 2);
    EXPECT_TRUE(has(parse_elf(wrong).error, "cut off"));
    set_little(wrong, 44, 0, 2);
    EXPECT_TRUE(has(parse_elf(wrong).error, "nothing to load"));
}

TEST(HostBootImages, AnElfFileIsReadWithAllThatItLoads) {
    // System V ABI, "Program Header": p_offset at 4, p_paddr at 12, p_filesz at 16, p_memsz at 20.
    std::string bytes = elf_file() + "contents";
    set_little(bytes, 16, 2, 2);  // ET_EXEC
    set_little(bytes, 52 + 4, static_cast<std::uint32_t>(bytes.size()) - 8);
    set_little(bytes, 52 + 16, 8);
    set_little(bytes, 52 + 20, 24);
    set_little(bytes, 52 + 32, 4);  // PT_NOTE
    const auto parsed = read_elf(bytes);
    ASSERT_TRUE(parsed.value) << parsed.error;
    EXPECT_TRUE(parsed.value->fixed);
    EXPECT_EQ(parsed.value->entry, kBase);
    ASSERT_EQ(parsed.value->segments.size(), 1U);
    EXPECT_EQ(parsed.value->segments[0].address, kBase + 0x1000);
    EXPECT_EQ(parsed.value->segments[0].bytes, "contents");
    EXPECT_EQ(parsed.value->segments[0].zeros, 16U);

    EXPECT_TRUE(has(read_elf(bytes.substr(0, bytes.size() - 1)).error, "cut off: a segment"));
    EXPECT_TRUE(has(read_elf(bytes.substr(0, 51)).error, "cut off in its ELF header"));
    set_little(bytes, 52 + 20, 7);
    EXPECT_TRUE(has(read_elf(bytes).error, "more bytes than it has memory"));
    set_little(bytes, 52 + 4, 0xffff'ffff);
    EXPECT_TRUE(has(read_elf(bytes).error, "cut off: a segment"));
    bytes[5] = 2;  // ELFDATA2MSB
    EXPECT_TRUE(has(read_elf(bytes).error, "little-endian"));
}

TEST(HostBootImages, ARawImageIsTakenByItsZImageHeaderAlone) {
    const auto parsed = parse_raw_image(raw_file());
    ASSERT_TRUE(parsed.value) << parsed.error;
    EXPECT_EQ(*parsed.value, (Placement{kBase, kBase}));
    EXPECT_TRUE(has(parse_raw_image(std::string(100, '\0')).error, "bootz"));
    EXPECT_TRUE(has(parse_raw_image("short").error, "bootz"));
    EXPECT_TRUE(has(parse_raw_image(raw_file() + "x").error, "65 bytes"));
}

TEST(HostBootImages, AUImageSaysWhatItIsAndHoldsItsData) {
    const std::string bytes = legacy_file(2, "data", kBase);
    const auto parsed = parse_legacy_image(bytes);
    ASSERT_TRUE(parsed.value) << parsed.error;
    EXPECT_EQ(parsed.value->name, "hypmeter");
    EXPECT_EQ(parsed.value->type, kLegacyKernel);
    EXPECT_EQ(parsed.value->placement, (Placement{kBase, kBase}));
    EXPECT_EQ(parsed.value->data, "data");
}

TEST(HostBootImages, AUImageOfAnyKindIsReadWithItsKind) {
    // U-Boot, include/image.h: ih_os, ih_arch, ih_type and ih_comp from byte 28 on.
    std::string bytes = legacy_file(4, "data", kBase);
    bytes[28] = 2;
    bytes[29] = 22;
    bytes[31] = 1;
    seal(bytes);
    const auto read = read_legacy_image(bytes);
    ASSERT_TRUE(read.value) << read.error;
    EXPECT_EQ(read.value->os, 2U);
    EXPECT_EQ(read.value->architecture, 22U);
    EXPECT_EQ(read.value->type, 4U);
    EXPECT_EQ(read.value->compression, 1U);
    EXPECT_FALSE(parse_legacy_image(bytes).value);
    EXPECT_FALSE(read_legacy_image(bytes.substr(0, 66)).value);
}

TEST(HostBootImages, EveryFlippedBitOfAUImageIsFound) {
    const std::string bytes = legacy_file(2, "data", kBase);
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        std::string wrong = bytes;
        wrong[bit / 8] = static_cast<char>(wrong[bit / 8] ^ (1 << bit % 8));
        EXPECT_FALSE(parse_legacy_image(wrong).value) << bit;
    }
}

TEST(HostBootImages, AUImageThatIsCutOffOrWouldNotEnterHypIsRefused) {
    std::string bytes = legacy_file(2, "data", kBase);
    EXPECT_TRUE(has(parse_legacy_image(bytes.substr(0, 66)).error, "holds 2 bytes"));
    EXPECT_TRUE(has(parse_legacy_image(bytes.substr(0, 63)).error, "no uImage"));
    bytes[28] = 17;  // U-Boot's own type "firmware": entered as a function, in Secure SVC
    seal(bytes);
    EXPECT_TRUE(has(parse_legacy_image(bytes).error, "linux"));
}

TEST(HostBootImages, AScriptSaysWhatItLoadsWhere) {
    const std::string bytes = script_file("echo bootm\nbootm 0x42200000 - 41200000");
    const auto image = parse_legacy_image(bytes);
    ASSERT_TRUE(image.value) << image.error;
    const auto text = script_text(*image.value);
    ASSERT_TRUE(text.value) << text.error;
    const auto addresses = parse_boot_script(*text.value);
    ASSERT_TRUE(addresses.value) << addresses.error;
    EXPECT_EQ(addresses.value->image, 0x4220'0000u);
    EXPECT_EQ(addresses.value->tree, kTreeAddress);
}

TEST(HostBootImages, WhatIsNoBootScriptIsRefused) {
    const std::string kernel = legacy_file(2, "data", kBase);
    EXPECT_FALSE(script_text(*parse_legacy_image(kernel).value).value);
    const std::string empty = legacy_file(6, "", 0);
    EXPECT_FALSE(script_text(*parse_legacy_image(empty).value).value);
    EXPECT_FALSE(parse_boot_script("bootm 0x42200000\nbootm ${a} - ${b}\n").value);
    EXPECT_FALSE(parse_boot_script("").value);
}

TEST(HostBootImages, AFitSaysWhatItsDefaultConfigurationLoads) {
    const std::string bytes = fit_file("kernel", "tree");
    const auto parsed = parse_fit(bytes);
    ASSERT_TRUE(parsed.value) << parsed.error;
    EXPECT_EQ(parsed.value->placement, (Placement{kBase, kBase}));
    EXPECT_EQ(parsed.value->kernel, "kernel");
    EXPECT_EQ(parsed.value->tree, "tree");
    EXPECT_EQ(parsed.value->tree_address, kTreeAddress);
    EXPECT_TRUE(parsed.value->hashed);
    const std::string weak = fit_file("kernel", "tree", {.algorithm = "crc32"});
    EXPECT_FALSE(parse_fit(weak).value->hashed);
}

TEST(HostBootImages, AFitThatWouldNotBootIsRefused) {
    const std::string nobody = fit_file("kernel", "tree", {.default_name = "other"});
    EXPECT_TRUE(has(parse_fit(nobody).error, "no default configuration"));
    const std::string nothing = fit_file("kernel", "tree", {.kernel_name = "other"});
    EXPECT_TRUE(has(parse_fit(nothing).error, "without kernel"));
    const std::string nowhere = fit_file("kernel", "tree", {.entry = "other"});
    EXPECT_TRUE(has(parse_fit(nowhere).error, "what to load where"));
    EXPECT_TRUE(has(parse_fit("text").error, "no FIT"));
}

TEST(HostBootImages, ADeviceTreeSaysWhoseItIsAndHasMemory) {
    const std::string bytes = tree_file();
    EXPECT_EQ(parse_device_tree(bytes).value, "a board");
    EXPECT_TRUE(has(parse_device_tree("text").error, "no device tree"));
    const std::string fit = fit_file("kernel", "tree");
    EXPECT_TRUE(has(parse_device_tree(fit).error, "no memory"));
}

TEST(HostBootImages, AFatVolumeSaysWhereItBelongs) {
    const std::string bytes = fat_file(2048, "contents");
    const auto parsed = parse_fat(bytes);
    ASSERT_TRUE(parsed.value) << parsed.error;
    EXPECT_EQ(parsed.value->start, 2048u);
    EXPECT_EQ(parsed.value->sectors, 2u);
    EXPECT_EQ(parsed.value->label, "HYPMETER");
    EXPECT_TRUE(has(parse_fat(bytes.substr(0, 600)).error, "2 sectors"));
    EXPECT_TRUE(has(parse_fat("").error, "no FAT"));
    EXPECT_TRUE(has(parse_fat(std::string(512, '\0')).error, "no FAT"));
}

TEST(HostBootImages, APartitionIsReadAsSfdiskReadsIt) {
    const auto parsed = parse_partition(partition_file(2048, 32768));
    ASSERT_TRUE(parsed.value) << parsed.error;
    EXPECT_EQ(parsed.value->start, 2048u);
    EXPECT_EQ(parsed.value->sectors, 32768u);
    EXPECT_FALSE(parse_partition("label: dos\nstart=2048, size=many\n").value);
}

}  // namespace
}  // namespace hm::host::testing
