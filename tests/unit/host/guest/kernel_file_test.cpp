#include "host/guest/kernel_file.hpp"

#include <gtest/gtest.h>

#include "tests/unit/host/guest/kernels.hpp"

namespace hm::host::testing {
namespace {

/// The kernel in `bytes`, which must be one.
Kernel good_kernel(const std::string& bytes, const KernelPlace& place) {
    const auto parsed = parse_kernel(bytes, place);
    EXPECT_TRUE(parsed.value) << parsed.error;
    EXPECT_EQ(parsed.error, "");
    return parsed.value.value_or(Kernel{});
}

/// Whether `bytes` are refused with an error of one line that has `part` in it.
::testing::AssertionResult is_refused(const std::string& bytes, const KernelPlace& place,
                                      const std::string& part) {
    const auto parsed = parse_kernel(bytes, place);
    if (parsed.value) {
        return ::testing::AssertionFailure() << "it is taken";
    }
    if (parsed.error.find(part) == std::string::npos ||
        parsed.error.find('\n') != std::string::npos) {
        return ::testing::AssertionFailure() << parsed.error;
    }
    return ::testing::AssertionSuccess();
}

TEST(HostKernelFile, AZImageGoes32MegabytesAboveTheBeginningOfMemory) {
    // booting.rst: "It is recommended that it is loaded above 32MiB".
    const std::string bytes = zimage_file(0x2000);
    const Kernel kernel = good_kernel(bytes, place_of(256));
    EXPECT_EQ(kernel.format, KernelFormat::kZImage);
    EXPECT_EQ(kernel.entry, 0x4200'0000U);
    ASSERT_EQ(kernel.pieces.size(), 1U);
    EXPECT_EQ(kernel.pieces[0].address, 0x4200'0000U);
    EXPECT_EQ(kernel.pieces[0].bytes, bytes);
    EXPECT_EQ(kernel.pieces[0].zeros, 0U);
    // It unpacks itself below, and has its stack (4 KB) and its heap (64 KB) behind itself.
    ASSERT_TRUE(kernel.overwritten);
    EXPECT_EQ(kernel.overwritten->begin, kMemory);
    EXPECT_GE(kernel.overwritten->end, 0x4200'0000U + 0x2000 + 0x1000 + 0x1'0000);
}

TEST(HostKernelFile, AZImageMayHaveADeviceTreeAppended) {
    const std::string bytes = zimage_file(0x2000) + "tree";
    EXPECT_EQ(good_kernel(bytes, place_of(256)).pieces.at(0).bytes.size(), 0x2004U);
}

TEST(HostKernelFile, AZImageThatWasLinkedForAnAddressGoesThere) {
    const Kernel kernel = good_kernel(zimage_file(0x2000, 0x4300'0000), place_of(256));
    EXPECT_EQ(kernel.entry, 0x4300'0000U);
    EXPECT_EQ(kernel.pieces.at(0).address, 0x4300'0000U);
    const std::string far = zimage_file(0x2000, 0x4800'0000);
    EXPECT_TRUE(is_refused(far, place_of(256), "first 128 MB of memory, 0x40000000 to 0x47ffffff"));
    const std::string below = zimage_file(0x2000, 0x0800'0000);
    EXPECT_TRUE(is_refused(below, place_of(256), "first 128 MB of memory"));
}

TEST(HostKernelFile, AZImageThatCannotUnpackItselfIsRefused) {
    const std::string bytes = zimage_file(0x2000);
    KernelPlace odd = place_of(256);
    odd.memory_base = 0x4400'0000;
    EXPECT_TRUE(is_refused(bytes, odd, "multiple of 128 MB, not at 0x44000000"));
    EXPECT_TRUE(is_refused(bytes, place_of(32), "at least 34 MB of memory, not 32 MB"));
    EXPECT_EQ(good_kernel(bytes, place_of(34)).pieces.size(), 1U);
    EXPECT_TRUE(is_refused(bytes.substr(0, 0x1fff), place_of(256),
                           "cut off: it is a zImage of 8192 bytes, and has only 8191"));
    std::string backward = bytes;
    set_little(backward, 0x28, 0x3000);
    EXPECT_TRUE(is_refused(backward, place_of(256), "begins at 0x3000, and ends at 0x2000"));
    std::string tiny = bytes;
    set_little(tiny, 0x2c, 0x2c);  // before its own header ends
    EXPECT_TRUE(is_refused(tiny, place_of(256), "begins at 0x0, and ends at 0x2c"));
}

TEST(HostKernelFile, AUImageGoesWhereItsHeaderSays) {
    std::string bytes = legacy_file(2, "instructions", 0x4010'0000);
    set_big(bytes, 20, 0x4010'0004);  // ih_ep
    seal(bytes);
    const Kernel kernel = good_kernel(bytes, place_of(16));
    EXPECT_EQ(kernel.format, KernelFormat::kUImage);
    EXPECT_EQ(kernel.entry, 0x4010'0004U);
    ASSERT_EQ(kernel.pieces.size(), 1U);
    EXPECT_EQ(kernel.pieces[0].address, 0x4010'0000U);
    EXPECT_EQ(kernel.pieces[0].bytes, "instructions");
    EXPECT_FALSE(kernel.overwritten);
}

TEST(HostKernelFile, AZImageInAUImageIsAZImage) {
    const std::string inner = zimage_file(0x2000);
    const std::string bytes = legacy_file(2, inner, 0x4000'8000);  // the pieces lie within it
    const Kernel kernel = good_kernel(bytes, place_of(256));
    EXPECT_EQ(kernel.format, KernelFormat::kZImage);
    EXPECT_EQ(kernel.entry, 0x4200'0000U);
    EXPECT_EQ(kernel.pieces.at(0).bytes, inner);
}

TEST(HostKernelFile, AUImageThatCannotBeEnteredSaysWhy) {
    const std::string good = legacy_file(2, "instructions", 0x4010'0000);
    const auto with = [&](std::size_t at, char value) {
        std::string bytes = good;
        bytes[at] = value;
        seal(bytes);
        return bytes;
    };
    // U-Boot, include/image.h: IH_ARCH_ARM64 is 22, IH_COMP_GZIP 1, IH_COMP_ZSTD 6.
    EXPECT_TRUE(is_refused(with(29, 22), place_of(16), "architecture 22"));
    EXPECT_TRUE(is_refused(with(31, 1), place_of(16), "compressed with gzip"));
    EXPECT_TRUE(is_refused(with(31, 6), place_of(16), "compressed with zstd"));
    EXPECT_TRUE(is_refused(with(31, 99), place_of(16), "compressed with method 99"));
    EXPECT_TRUE(is_refused(with(30, 3), place_of(16), "type 3"));
    EXPECT_TRUE(is_refused(good.substr(0, 63), place_of(16), "cut off in its header"));
    std::string wrong = good;
    wrong[70] = 'x';
    EXPECT_TRUE(is_refused(wrong, place_of(16), "data with a wrong CRC"));
    wrong = good;
    wrong[16] = 'x';
    EXPECT_TRUE(is_refused(wrong, place_of(16), "header with a wrong CRC"));
}

TEST(HostKernelFile, AnElfFileGoesWhereItsSegmentsSay) {
    const std::string bytes =
        executable(0x4000'8004, {{0x4000'8000, "instructions", 12, 1},
                                 {0x4010'0000, "data", 0x1000, 1},
                                 {0x4010'1000, "", 0x200, 1},
                                 {0, "", 0, 1},          // nothing, as some linkers leave it
                                 {0, "a note", 6, 4}});  // PT_NOTE
    const Kernel kernel = good_kernel(bytes, place_of(16));
    EXPECT_EQ(kernel.format, KernelFormat::kElf);
    EXPECT_EQ(kernel.entry, 0x4000'8004U);
    ASSERT_EQ(kernel.pieces.size(), 3U);
    EXPECT_EQ(kernel.pieces[0].address, 0x4000'8000U);
    EXPECT_EQ(kernel.pieces[0].bytes, "instructions");
    EXPECT_EQ(kernel.pieces[0].zeros, 0U);
    EXPECT_EQ(kernel.pieces[1].address, 0x4010'0000U);
    EXPECT_EQ(kernel.pieces[1].bytes, "data");
    EXPECT_EQ(kernel.pieces[1].zeros, 0x1000U - 4);
    EXPECT_EQ(kernel.pieces[2].bytes, "");
    EXPECT_EQ(kernel.pieces[2].zeros, 0x200U);
}

TEST(HostKernelFile, AnElfFileThatCannotBeLoadedSaysWhy) {
    const Segment text{0x4000'8000, "instructions", 12, 1};
    const std::string good = executable(0x4000'8000, {text});
    std::string wrong = good;
    set_little(wrong, 18, 183, 2);  // EM_AARCH64
    EXPECT_TRUE(is_refused(wrong, place_of(16), "32-bit ARM"));
    wrong = good;
    set_little(wrong, 16, 3, 2);  // ET_DYN
    EXPECT_TRUE(is_refused(wrong, place_of(16), "no executable"));
    EXPECT_TRUE(is_refused(good.substr(0, good.size() - 1), place_of(16), "cut off"));
    EXPECT_TRUE(is_refused(good.substr(0, 40), place_of(16), "cut off"));
    EXPECT_TRUE(is_refused(executable(0x4000'8000, {{0, "", 0, 1}}), place_of(16), "has nothing"));
    EXPECT_TRUE(is_refused(executable(0x4000'8000, {text, {0x4000'8008, "data", 4, 1}}),
                           place_of(16),
                           "overlap: 0x40008000 to 0x4000800b, and 0x40008008 to 0x4000800b"));
    EXPECT_TRUE(is_refused(executable(0x4000'8000, {text, {0x4000'9002, "data", 4, 1}}),
                           place_of(16), "0x40009002, which is not a multiple of 4"));
}

TEST(HostKernelFile, NothingLiesOutsideTheGuestsMemory) {
    const auto at = [](std::uint32_t address, std::uint32_t memory) {
        return executable(address, {{address, "data", memory, 1}});
    };
    EXPECT_EQ(good_kernel(at(0x40ff'fff0, 16), place_of(16)).pieces.size(), 1U);
    EXPECT_TRUE(is_refused(at(0x40ff'fff0, 17), place_of(16),
                           "0x40fffff0 to 0x41000000, outside the guest's memory, 0x40000000 to "
                           "0x40ffffff"));
    EXPECT_TRUE(is_refused(at(0x3fff'fffc, 8), place_of(16), "outside the guest's memory"));
    EXPECT_TRUE(is_refused(at(0x4000'0000, 0xffff'fffc), place_of(16), "outside"));
    // Its end would be 0x40000000, if it had 32 bits.
    EXPECT_TRUE(is_refused(at(0x4000'1000, 0xffff'f000), place_of(16), "outside"));
}

TEST(HostKernelFile, AnyOtherFileGoesWhereItsUserSays) {
    const std::string bytes = "any bytes at all";
    KernelPlace place = place_of(16);
    EXPECT_TRUE(is_refused(bytes, place, "needs a load address"));
    place.load = 0x4001'0000;
    Kernel kernel = good_kernel(bytes, place);
    EXPECT_EQ(kernel.format, KernelFormat::kFlat);
    EXPECT_EQ(kernel.entry, 0x4001'0000U);
    ASSERT_EQ(kernel.pieces.size(), 1U);
    EXPECT_EQ(kernel.pieces[0].address, 0x4001'0000U);
    EXPECT_EQ(kernel.pieces[0].bytes, bytes);
    EXPECT_FALSE(kernel.overwritten);
    place.entry = 0x4001'0008;
    EXPECT_EQ(good_kernel(bytes, place).entry, 0x4001'0008U);
    EXPECT_TRUE(is_refused("", place, "is empty"));
    // A zImage needs all of its header to be one.
    EXPECT_EQ(good_kernel(zimage_file(0x40).substr(0, 0x2f), place).format, KernelFormat::kFlat);
}

TEST(HostKernelFile, AFileThatSaysItsPlaceTakesNoOther) {
    KernelPlace place = place_of(256);
    place.load = 0x4001'0000;
    EXPECT_TRUE(is_refused(zimage_file(0x2000), place, "zImage, which says itself where it goes"));
    place = place_of(256);
    place.entry = 0x4010'0000;
    EXPECT_TRUE(is_refused(legacy_file(2, "code", 0x4010'0000), place, "only for a flat image"));
}

TEST(HostKernelFile, TheEntryLiesInTheKernelAndOnAnInstruction) {
    KernelPlace place = place_of(16);
    place.load = 0x4001'0000;
    const std::string bytes = "16 bytes of code";
    const auto entered_at = [&](std::uint32_t entry) {
        place.entry = entry;
        return parse_kernel(bytes, place).error;
    };
    EXPECT_EQ(entered_at(0x4001'000c), "");
    EXPECT_EQ(entered_at(0x4001'000d), "");  // Thumb
    EXPECT_EQ(entered_at(0x4001'000f), "");
    EXPECT_EQ(entered_at(0x4001'000e),
              "would be entered at 0x4001000e, which is neither a multiple of 4 (ARM) nor odd "
              "(Thumb)");
    EXPECT_EQ(entered_at(0x4001'0010), "would be entered at 0x40010010, where it has nothing");
    EXPECT_EQ(entered_at(0x4000'fffc), "would be entered at 0x4000fffc, where it has nothing");
    place.load = 0x4001'0002;
    EXPECT_TRUE(is_refused(bytes, place, "0x40010002, which is not a multiple of 4"));
}

TEST(HostKernelFile, EachFormatHasAName) {
    EXPECT_EQ(name_of(KernelFormat::kZImage), "zImage");
    EXPECT_EQ(name_of(KernelFormat::kUImage), "uImage");
    EXPECT_EQ(name_of(KernelFormat::kElf), "ELF");
    EXPECT_EQ(name_of(KernelFormat::kFlat), "flat image");
}

}  // namespace
}  // namespace hm::host::testing
