#include "drivers/fdt/tree.hpp"

#include "drivers/fdt/text.hpp"

namespace hm::fdt {
namespace {

using Kind = Token::Kind;

// Header words: Devicetree Specification v0.3, 5.2. Version 16 ends before size_dt_struct.
constexpr std::size_t kMagic = 0;
constexpr std::size_t kTotalSize = 4;
constexpr std::size_t kStructureOffset = 8;
constexpr std::size_t kStringsOffset = 12;
constexpr std::size_t kReservationsOffset = 16;
constexpr std::size_t kVersion = 20;
constexpr std::size_t kLastCompatibleVersion = 24;
constexpr std::size_t kStringsSize = 32;
constexpr std::size_t kStructureSize = 36;
constexpr std::size_t kHeaderBytes16 = 36;
constexpr std::size_t kHeaderBytes17 = 40;

constexpr std::uint32_t kMagicNumber = 0xd00dfeed;
constexpr std::uint32_t kOldestVersion = 16;
constexpr std::uint32_t kNewestVersion = 17;

/// A word of the header, whose length has been checked.
std::uint32_t header_word(Bytes blob, std::size_t offset) {
    return read_word(blob, offset).value_or(0);
}

/// The block of `size` bytes at `offset`; absent if it is not within the blob after the header.
std::optional<Bytes> block(Bytes blob, std::size_t header, std::size_t offset, std::size_t size) {
    if (offset < header || offset > blob.size() || size > blob.size() - offset) {
        return std::nullopt;
    }
    return blob.subspan(offset, size);
}

constexpr std::size_t kReservationBytes = 16;

/// Entry `index` of the list in `bytes`; absent if it is not all there.
std::optional<Reservation> read_reservation(Bytes bytes, std::size_t index) {
    const std::size_t offset = index * kReservationBytes;
    if (bytes.size() < kReservationBytes || offset > bytes.size() - kReservationBytes) {
        return std::nullopt;
    }
    const auto number = [bytes](std::size_t at) {
        return (std::uint64_t{header_word(bytes, at)} << 32) | header_word(bytes, at + 4);
    };
    return Reservation{.address = number(offset), .size = number(offset + 8)};
}

/// The list of reservations that begins at `offset`. An entry of zeros ends it (5.3.2); absent if
/// there is none.
std::optional<Bytes> reservations_at(Bytes blob, std::size_t header, std::size_t offset) {
    if (offset < header || offset > blob.size()) {
        return std::nullopt;
    }
    const Bytes list = blob.subspan(offset);
    for (std::size_t index = 0;; ++index) {
        const auto entry = read_reservation(list, index);
        if (!entry) {
            return std::nullopt;
        }
        if (entry->address == 0 && entry->size == 0) {
            return list.first(index * kReservationBytes);
        }
    }
}

/// Whether the tokens are one root node (5.4.2): properties before children in every node, every
/// node ended, and the end token last.
bool is_well_formed(const Blocks& blocks) {
    Token token = read_token(blocks, 0);
    if (token.kind != Kind::kBeginNode) {
        return false;
    }
    std::size_t depth = 1;
    bool property_may_follow = true;
    while (depth > 0) {
        token = read_token(blocks, token.next);
        switch (token.kind) {
            case Kind::kBeginNode:
                ++depth;
                property_may_follow = true;
                break;
            case Kind::kEndNode:
                --depth;
                property_may_follow = false;
                break;
            case Kind::kProperty:
                if (!property_may_follow) {
                    return false;
                }
                break;
            case Kind::kEnd:
            case Kind::kBroken:
                return false;
        }
    }
    return read_token(blocks, token.next).kind == Kind::kEnd;
}

/// Whether a node called `name` is the one that `wanted` means.
bool names_match(std::string_view name, std::string_view wanted) {
    return name == wanted || before(name, "@") == wanted;
}

}  // namespace

std::optional<std::string_view> Property::text(std::size_t index) const {
    std::size_t offset = 0;
    auto string = read_string(value, offset);
    while (string && index > 0) {
        offset += string->size() + 1;
        string = read_string(value, offset);
        --index;
    }
    return string;
}

std::optional<std::uint64_t> Property::number(std::size_t first, std::size_t cells) const {
    constexpr std::size_t kCellBytes = 4;
    if (cells < 1 || cells > 2 || first >= value.size() / kCellBytes) {
        return std::nullopt;
    }
    const auto high = read_word(value, first * kCellBytes);
    if (cells == 1 || !high) {
        return high;
    }
    const auto low = read_word(value, (first + 1) * kCellBytes);
    if (!low) {
        return std::nullopt;
    }
    return (std::uint64_t{*high} << 32) | *low;
}

std::optional<Property> Node::property(std::string_view name) const {
    Token token = read_token(blocks_, body_);
    while (token.kind == Kind::kProperty) {
        if (token.name == name) {
            return Property{.name = token.name, .value = token.value};
        }
        token = read_token(blocks_, token.next);
    }
    return std::nullopt;
}

Token Node::after_properties() const {
    Token token = read_token(blocks_, body_);
    while (token.kind == Kind::kProperty) {
        token = read_token(blocks_, token.next);
    }
    return token;
}

std::optional<Node> Node::first_child() const {
    const Token token = after_properties();
    if (token.kind != Kind::kBeginNode) {
        return std::nullopt;
    }
    return Node(blocks_, token);
}

std::optional<Node> Node::next_sibling() const {
    Token token = after_properties();
    std::size_t depth = 1;
    while (true) {
        if (token.kind == Kind::kBeginNode) {
            ++depth;
        } else if (token.kind == Kind::kEndNode) {
            --depth;
        } else if (token.kind != Kind::kProperty) {
            return std::nullopt;
        }
        token = read_token(blocks_, token.next);
        if (depth == 0) {
            break;
        }
    }
    if (token.kind != Kind::kBeginNode) {
        return std::nullopt;
    }
    return Node(blocks_, token);
}

std::optional<Node> Node::child(std::string_view name) const {
    auto node = first_child();
    while (node && !names_match(node->name(), name)) {
        node = node->next_sibling();
    }
    return node;
}

Tree::Opened Tree::open(Bytes blob) {
    const auto refused = [](Error error) { return Opened{.error = error, .tree = {}}; };
    if (blob.size() < kHeaderBytes16) {
        return refused(Error::kTooShort);
    }
    if (header_word(blob, kMagic) != kMagicNumber) {
        return refused(Error::kBadMagic);
    }
    const std::uint32_t version = header_word(blob, kVersion);
    if (version < kOldestVersion || header_word(blob, kLastCompatibleVersion) > kNewestVersion) {
        return refused(Error::kUnsupportedVersion);
    }
    const bool names_structure_size = version > kOldestVersion;
    const std::size_t header = names_structure_size ? kHeaderBytes17 : kHeaderBytes16;
    const std::size_t total = header_word(blob, kTotalSize);
    if (total > blob.size()) {
        return refused(Error::kTooShort);
    }
    if (total < header) {
        return refused(Error::kBadSize);
    }
    blob = blob.first(total);

    const std::size_t offset = header_word(blob, kStructureOffset);
    const std::size_t size = names_structure_size ? header_word(blob, kStructureSize)
                                                  : total - (offset < total ? offset : total);
    const auto structure = block(blob, header, offset, size);
    const auto strings =
        block(blob, header, header_word(blob, kStringsOffset), header_word(blob, kStringsSize));
    const auto reservations = reservations_at(blob, header, header_word(blob, kReservationsOffset));
    if (!structure || !strings || !reservations || offset % 4 != 0) {
        return refused(Error::kBadBlock);
    }

    Opened opened;
    opened.tree.blocks_ = {.structure = *structure, .strings = *strings};
    opened.tree.reservations_ = *reservations;
    return is_well_formed(opened.tree.blocks_) ? opened : refused(Error::kBadStructure);
}

Node Tree::root() const { return Node(blocks_, read_token(blocks_, 0)); }

std::optional<Node> Tree::find(std::string_view path) const {
    if (!path.starts_with('/')) {
        return std::nullopt;
    }
    std::optional<Node> node = root();
    std::string_view rest = path;
    rest.remove_prefix(1);
    while (node && !rest.empty()) {
        const std::string_view name = before(rest, "/");
        node = node->child(name);
        rest.remove_prefix(name.size());
        if (!rest.empty()) {
            rest.remove_prefix(1);
        }
    }
    return node;
}

std::optional<Reservation> Tree::reservation(std::size_t index) const {
    return read_reservation(reservations_, index);
}

std::string_view describe(Error error) {
    switch (error) {
        case Error::kNone:
            return "is well formed";
        case Error::kTooShort:
            return "is longer than the memory given for it";
        case Error::kBadMagic:
            return "does not begin with its magic number";
        case Error::kUnsupportedVersion:
            return "has a version other than 16 or 17";
        case Error::kBadSize:
            return "is shorter than its own header";
        case Error::kBadBlock:
            return "has a block that is misaligned, without an end or outside of it";
        case Error::kBadStructure:
            return "has a broken structure block";
    }
    return "is in an unknown state";
}

}  // namespace hm::fdt
