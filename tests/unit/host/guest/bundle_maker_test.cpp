#include "host/guest/bundle_maker.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "foreign/core/bundle_check.hpp"
#include "measure/bundle.hpp"
#include "tests/unit/host/guest/fdt_reader.hpp"
#include "tests/unit/host/guest/kernels.hpp"

namespace hm::host::testing {
namespace {

constexpr std::uint32_t kWindow = 64 * 1024;

VirtualMachine machine_of(std::uint32_t megabytes) {
    return {.memory_base = kMemory,
            .memory_bytes = megabytes * kMB,
            .cpus = 1,
            .distributor = 0x0800'0000,
            .cpu_interface = 0x0801'0000,
            .uart = 0x0900'0000,
            .bootargs = "console=ttyAMA0"};
}

std::uint32_t little_word(const std::string& bytes, std::size_t at) {
    std::uint32_t word = 0;
    for (std::size_t i = 4; i-- > 0;) {
        word = word << 8 | static_cast<unsigned char>(bytes.at(at + i));
    }
    return word;
}

/// A bundle as a loader sees it.
class Loaded {
  public:
    explicit Loaded(const MadeBundle& made) : bytes_(made.bytes) {
        EXPECT_EQ(made.error, "");
        if (bytes_.size() >= sizeof(header_)) {
            std::memcpy(&header_, bytes_.data(), sizeof(header_));
        }
        EXPECT_EQ(foreign::describe(foreign::check(header_, std::as_bytes(std::span(bytes_)))),
                  foreign::describe(foreign::BundleFault::kNone));
    }

    [[nodiscard]] const measure::Bundle& header() const { return header_; }
    [[nodiscard]] std::string bytes_of(std::size_t piece) const {
        return bytes_.substr(header_.pieces[piece].offset, header_.pieces[piece].bytes);
    }
    /// The last piece: the instructions of the entry, and the device tree.
    [[nodiscard]] std::string handover() const { return bytes_of(header_.piece_count - 1); }
    /// What r2 is at the kernel's entry.
    [[nodiscard]] std::uint32_t tree_address() const { return little_word(handover(), 0x14); }
    [[nodiscard]] FdtReader tree() const {
        return FdtReader(handover().substr(tree_address() - header_.entry));
    }
    /// Where /chosen says that the initrd lies.
    [[nodiscard]] Stretch initrd() const {
        const FdtReader read = tree();
        const auto begin = read.cells("/chosen", "linux,initrd-start");
        const auto end = read.cells("/chosen", "linux,initrd-end");
        return begin.size() == 1 && end.size() == 1 ? Stretch{begin[0], end[0]} : Stretch{};
    }

  private:
    std::string bytes_;
    measure::Bundle header_{};
};

/// A guest of so much memory.
MadeBundle bundle_with(std::uint32_t megabytes, const std::string& kernel_bytes,
                       const std::string& initrd, std::optional<std::uint32_t> load = {}) {
    KernelPlace place = place_of(megabytes);
    place.load = load;
    const auto kernel = parse_kernel(kernel_bytes, place);
    EXPECT_TRUE(kernel.value) << kernel.error;
    return make_bundle(machine_of(megabytes), {}, kernel.value.value_or(Kernel{}), initrd);
}

TEST(HostBundleMaker, TheHeaderSaysWhatTheMachineIsAndHowItRuns) {
    const std::string bytes = executable(0x4000'8000, {{0x4000'8000, "instruction!", 12, 1}});
    const auto kernel = parse_kernel(bytes, place_of(16));
    ASSERT_TRUE(kernel.value) << kernel.error;
    VirtualMachine machine = machine_of(16);
    machine.cpus = 2;
    machine.uart_interrupt = 40;
    const GuestRun run{.delivery = measure::Delivery::kBoosted,
                       .mapping = measure::Mapping::kDemand2M,
                       .slice = 1000,
                       .look_for_input = 2000,
                       .exits_are_counted = true};
    const MadeBundle made = make_bundle(machine, run, *kernel.value, "");
    const Loaded loaded(made);
    const measure::Bundle& header = loaded.header();
    EXPECT_EQ(std::string_view(header.magic.data(), header.magic.size()), "HMGUEST1");
    EXPECT_EQ(header.bytes, made.bytes.size());
    EXPECT_EQ(header.crc32, crc_of(made.bytes.substr(16)));
    EXPECT_EQ(header.memory_base, 0x4000'0000U);
    EXPECT_EQ(header.memory_bytes, 0x100'0000U);
    EXPECT_EQ(header.cpus, 2U);
    EXPECT_EQ(header.distributor, 0x0800'0000U);
    EXPECT_EQ(header.cpu_interface, 0x0801'0000U);
    EXPECT_EQ(header.uart, 0x0900'0000U);
    EXPECT_EQ(header.uart_interrupt, 40U);
    EXPECT_EQ(header.delivery, 5U);
    EXPECT_EQ(header.mapping, 2U);
    EXPECT_EQ(header.slice, 1000U);
    EXPECT_EQ(header.look_for_input, 2000U);
    EXPECT_EQ(header.exits_are_counted, 1U);
    EXPECT_EQ(loaded.tree().cells("/serial@9000000", "interrupts").at(1), 40U - 32);
    EXPECT_TRUE(loaded.tree().has("/cpus/cpu@1"));
}

TEST(HostBundleMaker, EachPieceHasItsBytesAtAMultipleOf4) {
    const Loaded loaded(bundle_with(16,
                                    executable(0x4000'8000, {{0x4000'8000, "ten bytes!", 10, 1},
                                                             {0x4010'0000, "data!", 0x1000, 1}}),
                                    "initrd?"));
    const measure::Bundle& header = loaded.header();
    ASSERT_EQ(header.piece_count, 4U);
    EXPECT_EQ(header.pieces[0].address, 0x4000'8000U);
    EXPECT_EQ(loaded.bytes_of(0), "ten bytes!");
    EXPECT_EQ(header.pieces[0].zeros, 0U);
    EXPECT_EQ(header.pieces[1].address, 0x4010'0000U);
    EXPECT_EQ(loaded.bytes_of(1), "data!");
    EXPECT_EQ(header.pieces[1].zeros, 0x1000U - 5);
    EXPECT_EQ(loaded.bytes_of(2), "initrd?");
    EXPECT_EQ(header.pieces[3].address, header.entry);
    EXPECT_EQ(header.bytes % 4, 0U);
}

TEST(HostBundleMaker, TheKernelIsEnteredWithItsTreeInR2) {
    const Loaded loaded(bundle_with(256, zimage_file(0x2000), ""));
    const std::string entry = loaded.handover();
    // What `arm-none-eabi-as -march=armv7-a` makes of it (ARM DDI 0406C.d, A8.8.102 and A8.8.64):
    EXPECT_EQ(little_word(entry, 0x00), 0xe3a0'0000U);  // mov r0, #0
    EXPECT_EQ(little_word(entry, 0x04), 0xe59f'1004U);  // ldr r1, the word at 0x10
    EXPECT_EQ(little_word(entry, 0x08), 0xe59f'2004U);  // ldr r2, the word at 0x14
    EXPECT_EQ(little_word(entry, 0x0c), 0xe59f'f004U);  // ldr pc, the word at 0x18
    EXPECT_EQ(little_word(entry, 0x10), 0xffff'ffffU);  // booting.rst: "all ones (~0)"
    EXPECT_EQ(little_word(entry, 0x18), 0x4200'0000U);
    EXPECT_EQ(loaded.tree_address() % 8, 0U) << "booting.rst: at a 64bit aligned address";
    EXPECT_EQ(loaded.tree().strings("/chosen", "bootargs").at(0), "console=ttyAMA0");
}

TEST(HostBundleMaker, AnEntryInThumbKeepsItsLowBit) {
    const Loaded loaded(
        bundle_with(16, executable(0x4000'8005, {{0x4000'8000, "instruction!", 12, 1}}), ""));
    EXPECT_EQ(little_word(loaded.handover(), 0x18), 0x4000'8005U);
    EXPECT_EQ(loaded.header().entry % 4, 0U);
}

TEST(HostBundleMaker, TheTreeLiesAbove128MegabytesOrAtTheEndOfMemory) {
    // booting.rst: "A safe location is just above the 128MiB boundary from start of RAM".
    EXPECT_EQ(Loaded(bundle_with(256, zimage_file(0x2000), "")).header().entry, 0x4800'0000U);
    EXPECT_EQ(Loaded(bundle_with(130, zimage_file(0x2000), "")).header().entry, 0x4800'0000U);
    EXPECT_EQ(Loaded(bundle_with(128, zimage_file(0x2000), "")).header().entry,
              0x4800'0000U - kWindow);
    EXPECT_EQ(Loaded(bundle_with(16, "flat", "", 0x4001'0000)).header().entry,
              0x4100'0000U - kWindow);
    // A kernel there needs another place for it.
    EXPECT_EQ(Loaded(bundle_with(256, "flat", "", 0x4800'0000)).header().entry,
              0x5000'0000U - kWindow);
}

TEST(HostBundleMaker, TheInitrdLiesClearOfTheKernelAndOfTheTree) {
    // `kernel` ends before `kernel_end`.
    const auto initrd_at = [](std::uint32_t megabytes, const std::string& kernel,
                              std::uint32_t kernel_end, std::uint32_t size) {
        const Loaded loaded(bundle_with(megabytes, kernel, std::string(size, 'i')));
        const measure::BundlePiece& piece = loaded.header().pieces[1];
        const std::uint64_t entry = loaded.header().entry;
        EXPECT_EQ(loaded.header().piece_count, 3U);
        EXPECT_EQ(piece.bytes, size);
        EXPECT_EQ(piece.address % 4096, 0U);
        EXPECT_EQ(loaded.initrd(), (Stretch{piece.address, std::uint64_t{piece.address} + size}));
        EXPECT_FALSE(overlap(loaded.initrd(), {entry, entry + loaded.handover().size()}));
        EXPECT_TRUE(piece.address >= kernel_end || piece.address + size <= kernel_end - 8);
        return piece.address;
    };
    const std::string zimage = zimage_file(0x2000);
    constexpr std::uint32_t kZImageEnd = 0x4200'2000;
    EXPECT_EQ(initrd_at(256, zimage, kZImageEnd, kMB), 0x4400'0000U);
    EXPECT_EQ(initrd_at(96, zimage, kZImageEnd, kMB), 0x4400'0000U);
    // With little memory, as high as it can be.
    EXPECT_EQ(initrd_at(64, zimage, kZImageEnd, kMB), 0x4400'0000U - kWindow - kMB);
    EXPECT_EQ(initrd_at(64, zimage, kZImageEnd, kMB - 1), 0x4400'0000U - kWindow - kMB);
    EXPECT_EQ(initrd_at(66, zimage, kZImageEnd, 2 * kMB), 0x4420'0000U - kWindow - 2 * kMB);
    // Between 64 MB and the kernel there is 1 MB; booting.rst: "A safe location is just above the
    // device tree blob".
    const std::string high = executable(0x4410'0000, {{0x4410'0000, "eight by", 8, 1}});
    EXPECT_EQ(initrd_at(256, high, 0x4410'0008, kMB), 0x4400'0000U);
    EXPECT_EQ(initrd_at(256, high, 0x4410'0008, kMB + 1), 0x4801'0000U);
    EXPECT_EQ(initrd_at(96, high, 0x4410'0008, kMB + 1), 0x4600'0000U - kWindow - kMB - 4096);
}

TEST(HostBundleMaker, AnInitrdWithoutRoomIsRefused) {
    const std::string kernel = zimage_file(6 * kMB);
    const auto error = [&](std::uint32_t megabytes, std::uint32_t size) {
        return bundle_with(megabytes, kernel, std::string(size, 'i')).error;
    };
    // 42 MB, less 32 below the kernel, 6 of it, and 1 behind it, and 64 KB for the tree.
    EXPECT_EQ(error(42, 3 * kMB - kWindow), "");
    EXPECT_EQ(
        error(42, 3 * kMB - kWindow + 1),
        "the initrd of 3080193 bytes does not fit beside the kernel into the guest's 42 MB of "
        "memory: give the guest more");
    // Where memory begins at 0, a place for it could wrap below that.
    VirtualMachine machine = machine_of(16);
    machine.memory_base = 0;
    const std::string flat = "flat";
    const auto low = parse_kernel(flat, {0, 16 * kMB, 0x1'0000, {}});
    ASSERT_TRUE(low.value) << low.error;
    EXPECT_EQ(make_bundle(machine, {}, *low.value, "initrd").error, "");
    EXPECT_NE(make_bundle(machine, {}, *low.value, std::string(17 * kMB, 'i')).error, "");
}

TEST(HostBundleMaker, AKernelThatLeavesNoRoomForTheTreeIsRefused) {
    const auto with_zeros = [](std::uint32_t zeros) {
        return bundle_with(16, executable(0x4000'0000, {{0x4000'0000, "code", 4 + zeros, 1}}), "");
    };
    EXPECT_EQ(with_zeros(16 * kMB - kWindow - 4).error, "");
    const MadeBundle made = with_zeros(16 * kMB - kWindow - 3);
    EXPECT_EQ(made.bytes, "");
    EXPECT_NE(made.error.find("no room for the device tree"), std::string::npos) << made.error;
    // The tree is at 128 MB, unless what the kernel overwrites reaches there.
    Kernel kernel{KernelFormat::kZImage,
                  0x4200'0000,
                  {{0x4200'0000, "code", 0}},
                  Stretch{kMemory, 0x4800'0000}};
    EXPECT_EQ(Loaded(make_bundle(machine_of(256), {}, kernel, "")).header().entry, 0x4800'0000U);
    ++kernel.overwritten->end;
    EXPECT_EQ(Loaded(make_bundle(machine_of(256), {}, kernel, "")).header().entry,
              0x5000'0000U - kWindow);
}

TEST(HostBundleMaker, ACommandLineThatDoesNotFitIsRefused) {
    const std::string bytes = executable(0x4000'8000, {{0x4000'8000, "instruction!", 12, 1}});
    const auto kernel = parse_kernel(bytes, place_of(16));
    ASSERT_TRUE(kernel.value) << kernel.error;
    VirtualMachine machine = machine_of(16);
    machine.bootargs = std::string(60'000, 'w');
    EXPECT_EQ(Loaded(make_bundle(machine, {}, *kernel.value, ""))
                  .tree()
                  .strings("/chosen", "bootargs")
                  .at(0),
              machine.bootargs);
    machine.bootargs = std::string(kWindow, 'w');
    EXPECT_NE(make_bundle(machine, {}, *kernel.value, "").error.find("command line of 65536"),
              std::string::npos);
}

TEST(HostBundleMaker, AKernelOfTooManySegmentsIsRefused) {
    std::vector<Segment> segments;
    while (segments.size() < 14) {
        segments.push_back(
            {0x4000'0000 + static_cast<std::uint32_t>(segments.size()) * 16, "code", 4, 1});
    }
    const Loaded full(bundle_with(16, executable(0x4000'0000, segments), "initrd"));
    EXPECT_EQ(full.header().piece_count, measure::Bundle::kMostPieces);
    segments.push_back({0x4010'0000, "code", 4, 1});
    EXPECT_EQ(bundle_with(16, executable(0x4000'0000, segments), "").error,
              "the kernel has 15 segments, and a bundle has room for 14");
}

TEST(HostBundleMaker, AMachineThatCannotBeIsRefused) {
    const auto has = [](const std::string& text, const std::string& part) {
        return text.find(part) != std::string::npos ? "" : text + " has no " + part;
    };
    EXPECT_EQ(machine_fault(machine_of(16)), "");
    VirtualMachine machine = machine_of(16);
    machine.cpus = 3;
    EXPECT_EQ(machine_fault(machine), "the guest can have 1 or 2 CPUs, not 3");
    EXPECT_EQ(make_bundle(machine, {}, Kernel{}, "").error, machine_fault(machine));
    machine.cpus = 0;
    EXPECT_EQ(has(machine_fault(machine), "not 0"), "");
    machine = machine_of(0);
    EXPECT_EQ(has(machine_fault(machine), "multiple of 2 MB"), "");
    machine = machine_of(17);
    EXPECT_EQ(has(machine_fault(machine), "multiple of 2 MB"), "");
    machine = machine_of(16);
    machine.memory_base += kMB;
    machine.memory_bytes -= kMB;
    EXPECT_EQ(has(machine_fault(machine), "multiple of 2 MB"), "");
    machine = machine_of(3072);
    EXPECT_EQ(machine_fault(machine), "");
    machine = machine_of(3074);
    EXPECT_EQ(has(machine_fault(machine), "below 4 GB"), "");
    machine = machine_of(16);
    machine.uart_interrupt = 31;
    EXPECT_EQ(has(machine_fault(machine), "from 32 to 63, not 31"), "");
    machine.uart_interrupt = 64;
    EXPECT_EQ(has(machine_fault(machine), "from 32 to 63, not 64"), "");
    machine = machine_of(16);
    machine.cpu_interface = 0x3fff'f000;
    EXPECT_EQ(machine_fault(machine),
              "the guest's memory, 0x40000000 to 0x40ffffff, covers its CPU interface at "
              "0x3ffff000");
    machine = machine_of(16);
    machine.distributor = 0x40ff'f000;
    EXPECT_EQ(has(machine_fault(machine), "distributor at 0x40fff000"), "");
    machine = machine_of(16);
    machine.uart = 0x4000'0000;
    EXPECT_EQ(has(machine_fault(machine), "UART at 0x40000000"), "");
}

}  // namespace
}  // namespace hm::host::testing
