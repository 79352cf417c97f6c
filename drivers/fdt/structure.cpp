#include "drivers/fdt/structure.hpp"

#include <algorithm>

namespace hm::fdt {
namespace {

// Token numbers: Devicetree Specification v0.3, 5.4.1.
constexpr std::uint32_t kBeginNode = 1;
constexpr std::uint32_t kEndNode = 2;
constexpr std::uint32_t kProperty = 3;
constexpr std::uint32_t kNop = 4;
constexpr std::uint32_t kEnd = 9;
constexpr std::size_t kWordBytes = 4;

/// Tokens begin at multiples of four bytes from the block's beginning.
constexpr std::size_t aligned(std::size_t offset) {
    return (offset + kWordBytes - 1) / kWordBytes * kWordBytes;
}

Token read_begin_node(const Blocks& blocks, std::size_t body) {
    const auto name = read_string(blocks.structure, body);
    if (!name) {
        return {};
    }
    return {.kind = Token::Kind::kBeginNode,
            .name = *name,
            .value = {},
            .next = aligned(body + name->size() + 1)};
}

Token read_property(const Blocks& blocks, std::size_t body) {
    const auto length = read_word(blocks.structure, body);
    const auto name_offset = read_word(blocks.structure, body + kWordBytes);
    if (!length || !name_offset) {
        return {};
    }
    const auto name = read_string(blocks.strings, *name_offset);
    const Bytes rest = blocks.structure.subspan(body + 2 * kWordBytes);
    if (!name || *length > rest.size()) {
        return {};
    }
    return {.kind = Token::Kind::kProperty,
            .name = *name,
            .value = rest.first(*length),
            .next = aligned(body + 2 * kWordBytes + *length)};
}

}  // namespace

std::optional<std::uint32_t> read_word(Bytes bytes, std::size_t offset) {
    if (offset > bytes.size() || bytes.size() - offset < kWordBytes) {
        return std::nullopt;
    }
    std::uint32_t word = 0;
    for (const std::byte byte : bytes.subspan(offset, kWordBytes)) {
        word = (word << 8) | std::to_integer<std::uint32_t>(byte);
    }
    return word;
}

std::optional<std::string_view> read_string(Bytes bytes, std::size_t offset) {
    if (offset >= bytes.size()) {
        return std::nullopt;
    }
    const Bytes tail = bytes.subspan(offset);
    const auto end = std::find(tail.begin(), tail.end(), std::byte{0});
    if (end == tail.end()) {
        return std::nullopt;
    }
    // Through void, not a reinterpret_cast: a char may alias any object.
    const auto* characters = static_cast<const char*>(static_cast<const void*>(tail.data()));
    return std::string_view(characters, static_cast<std::size_t>(end - tail.begin()));
}

Token read_token(const Blocks& blocks, std::size_t offset) {
    auto number = read_word(blocks.structure, offset);
    while (number == kNop) {
        offset += kWordBytes;
        number = read_word(blocks.structure, offset);
    }
    if (!number) {
        return {};
    }
    const std::size_t body = offset + kWordBytes;
    switch (*number) {
        case kBeginNode:
            return read_begin_node(blocks, body);
        case kEndNode:
            return {.kind = Token::Kind::kEndNode, .name = {}, .value = {}, .next = body};
        case kProperty:
            return read_property(blocks, body);
        case kEnd:
            return {.kind = Token::Kind::kEnd, .name = {}, .value = {}, .next = body};
        default:
            return {};
    }
}

}  // namespace hm::fdt
