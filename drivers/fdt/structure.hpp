#pragma once
// The bytes of a flattened device tree (Devicetree Specification v0.3, chapter 5), read one token
// at a time. The bytes are not trusted: no read goes outside the spans, whatever they hold.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace hm::fdt {

using Bytes = std::span<const std::byte>;

/// The big-endian word at `offset`, which needs no alignment; absent beyond the end.
[[nodiscard]] std::optional<std::uint32_t> read_word(Bytes bytes, std::size_t offset);

/// The characters from `offset` up to the NUL that ends them; absent if there is no NUL.
[[nodiscard]] std::optional<std::string_view> read_string(Bytes bytes, std::size_t offset);

/// The two blocks that hold a tree: its tokens, and the names of its properties.
struct Blocks {
    Bytes structure;
    Bytes strings;
};

struct Token {
    enum class Kind : std::uint8_t {
        kBeginNode,
        kEndNode,
        kProperty,
        kEnd,
        /// Not a token: an unknown number, or one whose parts reach beyond their block.
        kBroken,
    };

    Kind kind = Kind::kBroken;
    /// Of a node (with its unit address) or of a property.
    std::string_view name;
    /// Of a property.
    Bytes value;
    /// Where the next token begins in the structure block: always after this one.
    std::size_t next = 0;
};

/// The token at `offset` of the structure block, or the first one after it that is not a NOP.
[[nodiscard]] Token read_token(const Blocks& blocks, std::size_t offset);

}  // namespace hm::fdt
