#include "foreign/core/bundle_check.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "measure/crc32.hpp"
#include "measure/setting.hpp"
#include "measure/translation.hpp"

namespace hm::foreign {
namespace {

using measure::Bundle;

constexpr std::uint32_t kData = 64;  ///< bytes behind the header

Bundle good_header() {
    Bundle header;
    header.bytes = sizeof(Bundle) + kData;
    header.memory_base = 0x4000'0000;
    header.memory_bytes = 0x0040'0000;
    header.cpus = 2;
    header.distributor = 0x0800'0000;
    header.cpu_interface = 0x0801'0000;
    header.uart = 0x0900'0000;
    header.uart_interrupt = 33;
    header.entry = 0x403f'fffc;
    header.delivery = static_cast<std::uint32_t>(measure::Delivery::kBoosted);
    header.mapping = static_cast<std::uint32_t>(measure::Mapping::kPremapped2M);
    header.exits_are_counted = 1;
    header.piece_count = 2;
    header.pieces[0] = {0x4000'0000, sizeof(Bundle), kData, 0x003f'ffc0};
    header.pieces[1] = {0x403f'fffc, sizeof(Bundle) + kData - 4, 4, 0};
    return header;
}

/// What is wrong with the good bundle once `change` has changed its header; its CRC is right.
BundleFault after(const std::function<void(Bundle&)>& change, std::size_t room = 4096) {
    Bundle header = good_header();
    change(header);
    std::vector<std::byte> bytes(std::max<std::size_t>(room, sizeof(Bundle)), std::byte{0x5a});
    std::memcpy(bytes.data(), &header, sizeof(header));
    const std::span<const std::byte> all(bytes);
    if (header.bytes >= 16 && header.bytes <= bytes.size()) {
        header.crc32 = measure::crc32(all.first(header.bytes).subspan(16));
    }
    return check(header, all.first(room));
}

TEST(BundleCheck, AGoodBundleIsTaken) {
    EXPECT_EQ(after([](Bundle&) {}), BundleFault::kNone);
    EXPECT_EQ(after([](Bundle&) {}, sizeof(Bundle) + kData), BundleFault::kNone);
    EXPECT_EQ(after([](Bundle& bundle) { bundle.piece_count = 0; }), BundleFault::kNone);
}

TEST(BundleCheck, ABundleBeginsWithItsMagicBytesAndLiesInItsRoom) {
    for (std::size_t i = 0; i < 8; ++i) {
        EXPECT_EQ(after([&](Bundle& bundle) { ++bundle.magic[i]; }), BundleFault::kNoMagic) << i;
    }
    EXPECT_EQ(after([](Bundle& bundle) { bundle.bytes = sizeof(Bundle) - 1; }),
              BundleFault::kTooShort);
    EXPECT_EQ(after([](Bundle& bundle) { bundle.bytes = 0; }), BundleFault::kTooShort);
    EXPECT_EQ(after([](Bundle&) {}, sizeof(Bundle) + kData - 1), BundleFault::kTooLong);
    EXPECT_EQ(after([](Bundle& bundle) { bundle.bytes = 0xffff'ffff; }), BundleFault::kTooLong);
    EXPECT_EQ(after([](Bundle&) {}, 0), BundleFault::kTooLong);
}

TEST(BundleCheck, EachBitBehindTheCrcCounts) {
    Bundle header = good_header();
    std::vector<std::byte> bytes(header.bytes, std::byte{0x5a});
    std::memcpy(bytes.data(), &header, sizeof(header));
    header.crc32 = measure::crc32(std::span(bytes).subspan(16));
    ASSERT_EQ(check(header, bytes), BundleFault::kNone);
    for (std::size_t bit = 16 * 8; bit < bytes.size() * 8; ++bit) {
        const std::byte mask{static_cast<unsigned char>(1U << bit % 8)};
        bytes[bit / 8] ^= mask;
        EXPECT_EQ(check(header, bytes), BundleFault::kBadCrc) << bit;
        bytes[bit / 8] ^= mask;
    }
    ++header.crc32;
    EXPECT_EQ(check(header, bytes), BundleFault::kBadCrc);
}

TEST(BundleCheck, MemoryIsInBlocksOf2MegabytesAndDoesNotWrap) {
    const auto with = [](std::uint32_t base, std::uint32_t size) {
        return after([&](Bundle& bundle) {
            bundle.memory_base = base;
            bundle.memory_bytes = size;
            bundle.entry = base;
            bundle.piece_count = 0;
        });
    };
    EXPECT_EQ(with(0x4000'0000, 0x0020'0000), BundleFault::kNone);
    EXPECT_EQ(with(0x4000'0000, 0), BundleFault::kBadMemory);
    EXPECT_EQ(with(0x4010'0000, 0x0020'0000), BundleFault::kBadMemory);
    EXPECT_EQ(with(0x4000'0000, 0x0030'0000), BundleFault::kBadMemory);
    EXPECT_EQ(with(0x4000'0000, 0xc000'0000), BundleFault::kNone);  // up to 4 GB
    EXPECT_EQ(with(0x4000'0000, 0xc020'0000), BundleFault::kBadMemory);
    EXPECT_EQ(with(0xffe0'0000, 0x0020'0000), BundleFault::kNone);
    EXPECT_EQ(with(0xffe0'0000, 0x0040'0000), BundleFault::kBadMemory);
}

TEST(BundleCheck, AGuestHasOneCpuOrTwo) {
    for (const std::uint32_t cpus : {0U, 3U, 0xffff'ffffU}) {
        EXPECT_EQ(after([&](Bundle& bundle) { bundle.cpus = cpus; }), BundleFault::kBadCpus);
    }
    EXPECT_EQ(after([](Bundle& bundle) { bundle.cpus = 1; }), BundleFault::kNone);
}

TEST(BundleCheck, ADeviceLiesOnPagesOfItsOwn) {
    using Field = std::uint32_t Bundle::*;
    const auto with = [](Field field, std::uint32_t base) {
        return after([&](Bundle& bundle) { bundle.*field = base; });
    };
    for (const Field field : {&Bundle::distributor, &Bundle::cpu_interface, &Bundle::uart}) {
        EXPECT_EQ(with(field, 0x0a00'0000), BundleFault::kNone);
        EXPECT_EQ(with(field, 0x0a00'0800), BundleFault::kBadDevice);
        EXPECT_EQ(with(field, 0x4000'0000), BundleFault::kBadDevice);
        EXPECT_EQ(with(field, 0x403f'f000), BundleFault::kBadDevice);
        EXPECT_EQ(with(field, 0x4040'0000), BundleFault::kNone);
    }
    // The CPU interface has two pages (IHI 0048B.b, 4.1.3).
    EXPECT_EQ(with(&Bundle::distributor, 0x3fff'f000), BundleFault::kNone);
    EXPECT_EQ(with(&Bundle::cpu_interface, 0x3fff'e000), BundleFault::kNone);
    EXPECT_EQ(with(&Bundle::cpu_interface, 0x3fff'f000), BundleFault::kBadDevice);
    EXPECT_EQ(with(&Bundle::uart, 0xffff'f000), BundleFault::kNone);
    EXPECT_EQ(with(&Bundle::cpu_interface, 0xffff'e000), BundleFault::kNone);
    EXPECT_EQ(with(&Bundle::cpu_interface, 0xffff'f000), BundleFault::kBadDevice);
    // Not on each other.
    EXPECT_EQ(with(&Bundle::uart, 0x0800'0000), BundleFault::kBadDevice);
    EXPECT_EQ(with(&Bundle::uart, 0x0801'1000), BundleFault::kBadDevice);
    EXPECT_EQ(with(&Bundle::uart, 0x0801'2000), BundleFault::kNone);
    EXPECT_EQ(with(&Bundle::distributor, 0x0801'1000), BundleFault::kBadDevice);
}

TEST(BundleCheck, TheUartHasAnInterruptOfTheVmsGic) {
    const auto with = [](std::uint32_t id) {
        return after([&](Bundle& bundle) { bundle.uart_interrupt = id; });
    };
    EXPECT_EQ(with(31), BundleFault::kBadInterrupt);
    EXPECT_EQ(with(32), BundleFault::kNone);
    EXPECT_EQ(with(63), BundleFault::kNone);
    EXPECT_EQ(with(64), BundleFault::kBadInterrupt);
}

TEST(BundleCheck, TheEntryIsAnInstructionInMemory) {
    const auto with = [](std::uint32_t entry) {
        return after([&](Bundle& bundle) { bundle.entry = entry; });
    };
    EXPECT_EQ(with(0x4000'0000), BundleFault::kNone);
    EXPECT_EQ(with(0x3fff'fffc), BundleFault::kBadEntry);
    EXPECT_EQ(with(0x4040'0000), BundleFault::kBadEntry);
    EXPECT_EQ(with(0x4000'0001), BundleFault::kBadEntry);
    EXPECT_EQ(with(0x4000'0002), BundleFault::kBadEntry);
    EXPECT_EQ(with(0), BundleFault::kBadEntry);
}

TEST(BundleCheck, TheChoicesAreOnesThatExist) {
    const auto with = [](std::uint32_t delivery, std::uint32_t mapping, std::uint32_t counted) {
        return after([&](Bundle& bundle) {
            bundle.delivery = delivery;
            bundle.mapping = mapping;
            bundle.exits_are_counted = counted;
        });
    };
    EXPECT_EQ(with(5, 7, 0), BundleFault::kNone);  // boosted, premapped-2M
    EXPECT_EQ(with(6, 7, 0), BundleFault::kBadChoice);
    EXPECT_EQ(with(5, 8, 0), BundleFault::kBadChoice);
    EXPECT_EQ(with(5, 7, 2), BundleFault::kBadChoice);
    EXPECT_EQ(with(0xffff'ffff, 7, 0), BundleFault::kBadChoice);
    EXPECT_EQ(with(0, 0, 0), BundleFault::kNone);       // native: no stage 2
    EXPECT_EQ(with(1, 0, 0), BundleFault::kBadChoice);  // injected, but nothing is mapped
}

TEST(BundleCheck, APieceLiesInTheBundleAndInMemory) {
    using Change = std::function<void(measure::BundlePiece&)>;
    const auto with = [](const Change& change) {
        return after([&](Bundle& bundle) { change(bundle.pieces[1]); });
    };
    using Piece = measure::BundlePiece;
    constexpr std::uint32_t kEnd = sizeof(Bundle) + kData;
    // In the bundle.
    EXPECT_EQ(with([](Piece& piece) { piece.bytes = 5; }), BundleFault::kBadPiece);
    EXPECT_EQ(with([](Piece& piece) { piece.offset += 4; }), BundleFault::kBadPiece);
    EXPECT_EQ(with([](Piece& piece) { piece.offset -= 2; }), BundleFault::kBadPiece);
    EXPECT_EQ(with([](Piece& piece) { piece.offset = 0xffff'fffc; }), BundleFault::kBadPiece);
    EXPECT_EQ(with([](Piece& piece) { piece.offset = sizeof(Bundle) - 4; }),
              BundleFault::kBadPiece);
    EXPECT_EQ(with([](Piece& piece) { piece = {0x4000'0000, kEnd, 0, 4}; }), BundleFault::kNone);
    EXPECT_EQ(with([](Piece& piece) {
                  piece = {0x4000'0000, kEnd, 4, 0};
              }),
              BundleFault::kBadPiece);
    EXPECT_EQ(with([](Piece& piece) {
                  piece = {0x4000'0000, kEnd + 4, 0, 0};
              }),
              BundleFault::kBadPiece);
    EXPECT_EQ(with([](Piece& piece) {
                  piece = {0x4000'0000, kEnd - 4, 0xffff'fffc, 0};
              }),
              BundleFault::kBadPiece);
    // In memory.
    EXPECT_EQ(with([](Piece& piece) { piece.address -= 2; }), BundleFault::kBadPiece);
    EXPECT_EQ(with([](Piece& piece) { piece.address = 0x3fff'fffc; }), BundleFault::kBadPiece);
    EXPECT_EQ(with([](Piece& piece) { piece.address = 0x4040'0000; }), BundleFault::kBadPiece);
    EXPECT_EQ(with([](Piece& piece) { piece.address = 0x5000'0000; }), BundleFault::kBadPiece);
    EXPECT_EQ(with([](Piece& piece) { piece.address = 0; }), BundleFault::kBadPiece);
    EXPECT_EQ(with([](Piece& piece) {
                  piece = {0x403f'fffc, kEnd - 8, 8, 0};
              }),
              BundleFault::kBadPiece);
    EXPECT_EQ(with([](Piece& piece) { piece.zeros = 1; }), BundleFault::kBadPiece);
    EXPECT_EQ(with([](Piece& piece) {
                  piece = {0x403f'fff8, kEnd - 4, 4, 4};
              }),
              BundleFault::kNone);
    EXPECT_EQ(with([](Piece& piece) {
                  piece = {0x403f'fff8, kEnd - 4, 4, 0xffff'fffc};
              }),
              BundleFault::kBadPiece);
    // In memory up to 4 GB, no sum may wrap.
    const auto high = [](const Piece& piece) {
        return after([&](Bundle& bundle) {
            bundle.memory_base = 0xffe0'0000;
            bundle.memory_bytes = 0x0020'0000;
            bundle.entry = 0xffe0'0000;
            bundle.piece_count = 1;
            bundle.pieces[0] = piece;
        });
    };
    EXPECT_EQ(high({0xffff'fffc, sizeof(Bundle), 4, 0}), BundleFault::kNone);
    EXPECT_EQ(high({0xffff'fffc, sizeof(Bundle), 4, 4}), BundleFault::kBadPiece);
    EXPECT_EQ(high({0xffff'fffc, sizeof(Bundle), 8, 0}), BundleFault::kBadPiece);
    EXPECT_EQ(high({0, sizeof(Bundle), 4, 0}), BundleFault::kBadPiece);
}

TEST(BundleCheck, OnlyThePiecesThatItHasCount) {
    const auto with = [](std::uint32_t count) {
        return after([&](Bundle& bundle) {
            for (measure::BundlePiece& piece : bundle.pieces) {
                piece = bundle.pieces[0];
            }
            bundle.pieces[15].address = 1;
            bundle.piece_count = count;
        });
    };
    EXPECT_EQ(with(15), BundleFault::kNone);
    EXPECT_EQ(with(16), BundleFault::kBadPiece);
    EXPECT_EQ(with(17), BundleFault::kTooManyPieces);
    EXPECT_EQ(with(0xffff'ffff), BundleFault::kTooManyPieces);
}

TEST(BundleCheck, EachFaultHasWordsOfItsOwn) {
    std::set<std::string_view> words;
    for (std::uint8_t i = 0; i <= static_cast<std::uint8_t>(BundleFault::kBadPiece) + 1; ++i) {
        words.insert(describe(static_cast<BundleFault>(i)));
    }
    EXPECT_EQ(words.size(), static_cast<std::size_t>(BundleFault::kBadPiece) + 2);
}

}  // namespace
}  // namespace hm::foreign
