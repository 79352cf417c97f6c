#pragma once
// A device tree as nodes and properties, read in place from the blob that a boot loader leaves.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "drivers/fdt/structure.hpp"

namespace hm::fdt {

/// A property of a node: bytes, to be read as text or as cells.
struct Property {
    std::string_view name;
    Bytes value;

    /// String number `index` of a value that is a list of strings; absent if the list is shorter,
    /// or if no NUL ends the string.
    [[nodiscard]] std::optional<std::string_view> text(std::size_t index = 0) const;

    /// The number in cells `first` to `first + cells - 1` (32 bits each, most significant first).
    /// `cells` is 1 or 2; absent beyond the value's end.
    [[nodiscard]] std::optional<std::uint64_t> number(std::size_t first = 0,
                                                      std::size_t cells = 1) const;
};

/// A node of a tree; cheap to copy. The blob must outlive it.
class Node {
  public:
    /// With the unit address, if there is one: "memory@40000000"; empty for the root.
    [[nodiscard]] std::string_view name() const { return name_; }

    [[nodiscard]] std::optional<Property> property(std::string_view name) const;

    [[nodiscard]] std::optional<Node> first_child() const;
    [[nodiscard]] std::optional<Node> next_sibling() const;

    /// The first child called `name`, which may leave out the unit address.
    [[nodiscard]] std::optional<Node> child(std::string_view name) const;

  private:
    friend class Tree;
    Node(const Blocks& blocks, const Token& begin)
        : blocks_(blocks), name_(begin.name), body_(begin.next) {}

    /// The token after the node's properties: its first child's beginning or its own end.
    [[nodiscard]] Token after_properties() const;

    Blocks blocks_;
    std::string_view name_;
    /// Where the node's tokens begin, after its name.
    std::size_t body_;
};

/// Why a blob is not a device tree.
enum class Error : std::uint8_t {
    kNone,
    kTooShort,
    kBadMagic,
    kUnsupportedVersion,
    kBadSize,
    kBadBlock,
    kBadStructure,
};

/// In a few words, to end a sentence that begins with "the device tree ...".
[[nodiscard]] std::string_view describe(Error error);

/// A part of memory that a tree's list of reservations names: `size` bytes from `address` on. Not
/// checked: it may be empty, and may reach beyond 64 bits.
struct Reservation {
    std::uint64_t address = 0;
    std::uint64_t size = 0;
};

/// A device tree; one that was not opened has an empty root and nothing else.
class Tree {
  public:
    struct Opened;

    /// Checks all of `blob`: its header (versions 16 and later), its blocks, and every token, so
    /// that an opened tree is well formed. `blob` may be longer than the tree, and must outlive it.
    [[nodiscard]] static Opened open(Bytes blob);

    [[nodiscard]] Node root() const;

    /// The node at `path`: "/", "/chosen", "/memory@40000000" or "/memory", "/cpus/cpu@0". A name
    /// without its unit address means the first node with that name.
    [[nodiscard]] std::optional<Node> find(std::string_view path) const;

    /// Entry `index` of the list of reservations (5.3), `/memreserve/` in a source; nothing after
    /// the last.
    [[nodiscard]] std::optional<Reservation> reservation(std::size_t index) const;

  private:
    Blocks blocks_;
    Bytes reservations_;  ///< without the entry that ends them
};

/// A tree where `error` is kNone, and an empty one otherwise.
struct Tree::Opened {
    Error error = Error::kNone;
    Tree tree;
};

}  // namespace hm::fdt
