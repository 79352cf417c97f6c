#include "measure/crc32.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace hm::measure {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

std::uint32_t crc32_of(std::string_view text) { return crc32(bytes_of(text)); }

TEST(Crc32, AgreesWithThePublishedCheckValue) { EXPECT_EQ(crc32_of("123456789"), 0xcbf43926); }

TEST(Crc32, AgreesWithKnownValues) {
    EXPECT_EQ(crc32_of("a"), 0xe8b7be43);
    EXPECT_EQ(crc32_of("abc"), 0x352441c2);
    EXPECT_EQ(crc32_of("The quick brown fox jumps over the lazy dog"), 0x414fa339);
    EXPECT_EQ(crc32_of(std::string(4, '\0')), 0x2144df1c);
    EXPECT_EQ(crc32_of(std::string(4, '\xff')), 0xffffffff);
}

TEST(Crc32, OfNothingIsZero) { EXPECT_EQ(crc32_of(""), 0u); }

TEST(Crc32, DoesNotDependOnHowTheBytesAreCutUp) {
    constexpr std::string_view kText = "{\"seq\":0,\"record\":\"begin\"}";
    for (std::size_t cut = 0; cut <= kText.size(); ++cut) {
        Crc32 crc;
        crc.add(bytes_of(kText.substr(0, cut)));
        EXPECT_EQ(crc.value(), crc32_of(kText.substr(0, cut)));
        for (const std::byte byte : bytes_of(kText.substr(cut))) {
            crc.add(byte);
        }
        EXPECT_EQ(crc.value(), crc32_of(kText)) << "cut at " << cut;
    }
}

TEST(Crc32, NoticesEverySingleFlippedBit) {
    const std::string text = "@hypmeter {\"seq\":1}";
    for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
        std::string flipped = text;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_NE(crc32_of(flipped), crc32_of(text)) << "bit " << bit;
    }
}

}  // namespace
}  // namespace hm::measure
