#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "drivers/fdt/machine.hpp"
#include "drivers/fdt/tree.hpp"
#include "tests/unit/drivers/fdt/tree_builder.hpp"

namespace hm::fdt {
namespace {

using Blob = std::vector<std::byte>;

Error error_of(const Blob& blob) { return Tree::open(blob).error; }

/// Opens `blob`, which must be valid and outlive the tree.
Tree opened(const Blob& blob) {
    const Tree::Opened result = Tree::open(blob);
    EXPECT_EQ(result.error, Error::kNone) << describe(result.error);
    return result.tree;
}

/// Calls everything that the reader offers, on any blob: the sanitizers watch.
void read_everything(const Blob& blob) {
    // On the heap in its exact size, so that the sanitizer notices a read one byte too far.
    const auto copy = std::make_unique<std::byte[]>(blob.size());
    std::copy(blob.begin(), blob.end(), copy.get());
    const Tree tree = Tree::open({copy.get(), blob.size()}).tree;
    static_cast<void>(bootargs(tree));
    if (auto map = memory(tree)) {
        static_cast<void>(keep_clear(*map, tree, 0));
    }
    static_cast<void>(compatible(tree, 1));
    static_cast<void>(tree.find("/cpus/cpu@1"));
}

// Reading a valid tree.

TEST(Fdt, FindsNodesByTheirPath) {
    const Blob blob = virt_tree().finish();
    const Tree tree = opened(blob);
    EXPECT_EQ(tree.find("/")->name(), "");
    EXPECT_EQ(tree.find("/chosen")->name(), "chosen");
    EXPECT_EQ(tree.find("/cpus/cpu@1")->name(), "cpu@1");
    EXPECT_EQ(tree.find("/cpus/cpu@1/")->name(), "cpu@1");
}

TEST(Fdt, FindsANodeWithAndWithoutItsUnitAddress) {
    const Blob blob = virt_tree().finish();
    const Tree tree = opened(blob);
    EXPECT_EQ(tree.find("/memory@40000000")->name(), "memory@40000000");
    EXPECT_EQ(tree.find("/memory")->name(), "memory@40000000");
    EXPECT_EQ(tree.find("/cpus/cpu")->name(), "cpu@0") << "the first that fits";
}

TEST(Fdt, FindsNothingAtPathsThatDoNotExist) {
    const Blob blob = virt_tree().finish();
    const Tree tree = opened(blob);
    for (const std::string_view path :
         {"", "chosen", "/chose", "/chosen1", "/memory@4000000", "/memory@", "/cpu@0",
          "/cpus/cpu@2", "/chosen/bootargs", "//", "/cpus//cpu@0"}) {
        EXPECT_FALSE(tree.find(path).has_value()) << path;
    }
}

TEST(Fdt, WalksChildrenAndSiblingsInOrder) {
    const Blob blob = virt_tree().finish();
    std::string names;
    for (auto node = opened(blob).root().first_child(); node; node = node->next_sibling()) {
        names += std::string(node->name()) + " ";
    }
    EXPECT_EQ(names, "psci memory@40000000 cpus chosen ");
    EXPECT_FALSE(opened(blob).find("/psci")->first_child().has_value());
    EXPECT_FALSE(opened(blob).root().next_sibling().has_value());
}

TEST(Fdt, ReadsPropertiesAsBytesTextAndNumbers) {
    const Blob blob = virt_tree().finish();
    const Tree tree = opened(blob);
    const auto seed = tree.find("/chosen")->property("rng-seed");
    ASSERT_TRUE(seed.has_value());
    EXPECT_EQ(std::vector(seed->value.begin(), seed->value.end()),
              (Blob{std::byte{1}, std::byte{2}, std::byte{3}}));
    EXPECT_EQ(tree.find("/psci")->property("method")->text(), "smc");
    EXPECT_EQ(tree.find("/cpus/cpu@1")->property("reg")->number(), 1u);
    EXPECT_EQ(tree.find("/memory")->property("reg")->number(2, 2), 0x40000000u);
}

TEST(Fdt, FindsNoPropertyOfAnotherNode) {
    const Blob blob = virt_tree().finish();
    const Tree tree = opened(blob);
    EXPECT_FALSE(tree.root().property("method").has_value());
    EXPECT_FALSE(tree.find("/cpus")->property("reg").has_value());
    EXPECT_FALSE(tree.find("/chosen")->property("bootarg").has_value());
}

TEST(Fdt, ReadsTextOnlyIfANulEndsIt) {
    const auto text = [](std::initializer_list<char> characters, std::size_t index) {
        Blob value;
        for (const char c : characters) {
            value.push_back(static_cast<std::byte>(c));
        }
        const auto found = Property{.name = "p", .value = value}.text(index);
        return found ? std::string(*found) : "absent";
    };
    EXPECT_EQ(text({}, 0), "absent");
    EXPECT_EQ(text({'a'}, 0), "absent");
    EXPECT_EQ(text({'\0'}, 0), "");
    EXPECT_EQ(text({'a', '\0'}, 0), "a");
    EXPECT_EQ(text({'a', '\0'}, 1), "absent");
    EXPECT_EQ(text({'a', '\0', 'b', '\0'}, 1), "b");
    EXPECT_EQ(text({'a', '\0', 'b'}, 1), "absent");
    EXPECT_EQ(text({'a', '\0', 'b', '\0'}, 99), "absent");
}

TEST(Fdt, ReadsNumbersOnlyOfWholeCellsInTheValue) {
    Blob value;
    append_word(value, 0x01020304);
    append_word(value, 0x05060708);
    value.push_back(std::byte{9});
    const Property property{.name = "p", .value = value};
    EXPECT_EQ(property.number(), 0x01020304u);
    EXPECT_EQ(property.number(1), 0x05060708u);
    EXPECT_EQ(property.number(0, 2), 0x0102030405060708u);
    EXPECT_FALSE(property.number(2).has_value());
    EXPECT_FALSE(property.number(1, 2).has_value());
    EXPECT_FALSE(property.number(0, 0).has_value());
    EXPECT_FALSE(property.number(0, 3).has_value());
    EXPECT_FALSE(property.number(~std::size_t{0} / 4 + 1).has_value());
}

// Bytes that must not mislead.

TEST(Fdt, ReadsWordsAndStringsOnlyWhereTheyAreWhole) {
    const Blob bytes = {std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}, std::byte{0}};
    EXPECT_EQ(read_word(bytes, 0), 0x01020304u);
    EXPECT_EQ(read_word(bytes, 1), 0x02030400u);
    EXPECT_EQ(read_string(bytes, 0)->size(), 4u);
    EXPECT_EQ(read_string(bytes, 4), "");
    for (const std::size_t offset : {2, 4, 5, 6, 9}) {
        EXPECT_FALSE(read_word(bytes, offset).has_value()) << offset;
    }
    EXPECT_FALSE(read_word(bytes, ~std::size_t{0}).has_value());
    EXPECT_FALSE(read_string(bytes, 5).has_value());
    EXPECT_FALSE(read_string(bytes, 6).has_value());
    EXPECT_FALSE(read_string(bytes, ~std::size_t{0}).has_value());
}

TEST(Fdt, RefusesAPropertyThatReachesBeyondItsBlock) {
    const Blob strings = {std::byte{'p'}, std::byte{0}};
    const auto kind_of = [&](std::uint32_t length, std::uint32_t name, std::size_t bytes) {
        Blob structure;
        append_word(structure, 3);
        append_word(structure, length);
        append_word(structure, name);
        structure.resize(structure.size() + bytes);
        return read_token({.structure = structure, .strings = strings}, 0).kind;
    };
    EXPECT_EQ(kind_of(0, 0, 0), Token::Kind::kProperty);
    EXPECT_EQ(kind_of(5, 0, 5), Token::Kind::kProperty);
    EXPECT_EQ(kind_of(5, 0, 4), Token::Kind::kBroken);
    EXPECT_EQ(kind_of(0xffffffff, 0, 4), Token::Kind::kBroken);
    EXPECT_EQ(kind_of(0, 1, 0), Token::Kind::kProperty) << "an empty name";
    EXPECT_EQ(kind_of(0, 2, 0), Token::Kind::kBroken);
    EXPECT_EQ(kind_of(0, 0xffffffff, 0), Token::Kind::kBroken);
}

TEST(Fdt, ListsReservationsInOrderUpToTheEntryOfZeros) {
    const Blob blob = reserving_tree().finish();
    const Tree tree = opened(blob);
    EXPECT_EQ(tree.reservation(0)->address, 0x48000000u);
    EXPECT_EQ(tree.reservation(0)->size, 0x1000u);
    EXPECT_EQ(tree.reservation(1)->address, 0u) << "not the end: its size is not zero";
    EXPECT_EQ(tree.reservation(1)->size, 0x1000u);
    EXPECT_FALSE(tree.reservation(2).has_value());
    const Blob none = virt_tree().finish();
    EXPECT_FALSE(opened(none).reservation(0).has_value());
    const Blob high = FdtBuilder()
                          .reserve(0x12'3456789a, 0xfedc'ba98'7654'3210)
                          .begin_node("")
                          .end_node()
                          .finish();
    EXPECT_EQ(opened(high).reservation(0)->address, 0x12'3456789au);
    EXPECT_EQ(opened(high).reservation(0)->size, 0xfedc'ba98'7654'3210u);
}

// Trees that are refused.

TEST(Fdt, RefusesAListOfReservationsThatDoesNotEnd) {
    Blob blob = virt_tree().finish();
    const auto size = static_cast<std::uint32_t>(blob.size());
    set_word(blob, 16, size - 15);
    EXPECT_EQ(error_of(blob), Error::kBadBlock) << "less than an entry is left";
    for (std::size_t offset = size - 32; offset < size; ++offset) {
        blob[offset] = std::byte{1};
    }
    set_word(blob, 16, size - 32);
    EXPECT_EQ(error_of(blob), Error::kBadBlock) << "two entries, and no end";
}

TEST(Fdt, RefusesABrokenHeader) {
    struct Case {
        std::size_t offset;
        std::uint32_t value;
        Error error;
    };
    const Blob good = virt_tree().finish();
    const auto size = static_cast<std::uint32_t>(good.size());
    for (const Case& c :
         {Case{0, 0xedfe0dd0, Error::kBadMagic}, Case{4, size + 1, Error::kTooShort},
          Case{4, 0xffffffff, Error::kTooShort}, Case{4, 39, Error::kBadSize},
          Case{4, 0, Error::kBadSize}, Case{4, size - 1, Error::kBadBlock},
          Case{8, 36, Error::kBadBlock}, Case{8, 58, Error::kBadBlock},
          Case{8, 0xfffffffc, Error::kBadBlock}, Case{12, size, Error::kBadBlock},
          Case{12, 0, Error::kBadBlock}, Case{16, size + 1, Error::kBadBlock},
          Case{16, 4, Error::kBadBlock}, Case{20, 15, Error::kUnsupportedVersion},
          Case{24, 18, Error::kUnsupportedVersion}, Case{32, 0xffffffff, Error::kBadBlock},
          Case{32, 0, Error::kBadStructure}, Case{36, size, Error::kBadBlock},
          Case{36, 0, Error::kBadStructure}}) {
        Blob bad = good;
        set_word(bad, c.offset, c.value);
        EXPECT_EQ(error_of(bad), c.error) << c.offset << " " << c.value;
    }
}

TEST(Fdt, RefusesAStructureThatIsNotOneRootNode) {
    EXPECT_EQ(error_of(FdtBuilder().finish()), Error::kBadStructure);
    EXPECT_EQ(error_of(FdtBuilder().begin_node("").finish()), Error::kBadStructure);
    EXPECT_EQ(error_of(FdtBuilder().end_node().finish()), Error::kBadStructure);
    EXPECT_EQ(error_of(FdtBuilder().cells("p", {1}).finish()), Error::kBadStructure);
    EXPECT_EQ(error_of(FdtBuilder().begin_node("").end_node().end_node().finish()),
              Error::kBadStructure);
    EXPECT_EQ(error_of(FdtBuilder().begin_node("").token(5).end_node().finish()),
              Error::kBadStructure);
    EXPECT_EQ(error_of(FdtBuilder().begin_node("").end_node().begin_node("").end_node().finish()),
              Error::kBadStructure);
    EXPECT_EQ(error_of(FdtBuilder()
                           .begin_node("")
                           .begin_node("a")
                           .end_node()
                           .cells("late", {1})
                           .end_node()
                           .finish()),
              Error::kBadStructure);
    EXPECT_EQ(error_of(FdtBuilder().begin_node("").end_node().finish()), Error::kNone);
}

TEST(Fdt, RefusesATreeCutAtAnyLength) {
    const Blob good = virt_tree().finish();
    for (std::size_t length = 0; length < good.size(); ++length) {
        const Blob cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length));
        EXPECT_NE(error_of(cut), Error::kNone) << length;
        read_everything(cut);
    }
}

TEST(Fdt, RefusesATreeWhoseHeaderClaimsThatItEndsEarlier) {
    const Blob good = virt_tree().finish();
    for (std::size_t length = 0; length < good.size(); ++length) {
        Blob cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length));
        if (length >= 8) {
            set_word(cut, 4, static_cast<std::uint32_t>(length));
        }
        EXPECT_NE(error_of(cut), Error::kNone) << length;
        read_everything(cut);
    }
}

TEST(Fdt, ReadsNothingOutsideATreeWithAnyBitFlipped) {
    const Blob good = virt_tree().finish();
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        Blob flipped = good;
        flipped[bit / 8] ^= std::byte{1} << (bit % 8);
        read_everything(flipped);
    }
}

TEST(Fdt, FindsNothingInATreeThatWasRefused) {
    const Blob nothing;
    const Tree tree = Tree::open(nothing).tree;
    EXPECT_FALSE(bootargs(tree).has_value());
    EXPECT_FALSE(tree.find("/chosen").has_value());
    EXPECT_FALSE(tree.root().property("compatible").has_value());
    EXPECT_TRUE(memory(tree)->regions().empty());
}

TEST(Fdt, OpensVersion16WhichDoesNotNameItsStructuresSize) {
    const Blob blob = virt_tree().finish(16);
    EXPECT_EQ(bootargs(opened(blob)), "suite=quick count=1000");
}

TEST(Fdt, OpensATreeThatLiesUnalignedInMoreMemoryThanItNeeds) {
    const Blob blob = virt_tree().finish();
    for (std::size_t offset = 0; offset < 4; ++offset) {
        Blob memory_around(offset, std::byte{0xff});
        memory_around.insert(memory_around.end(), blob.begin(), blob.end());
        memory_around.resize(memory_around.size() + 100, std::byte{0xff});
        const auto result = Tree::open(Bytes(memory_around).subspan(offset));
        EXPECT_EQ(result.error, Error::kNone);
        EXPECT_EQ(bootargs(result.tree), "suite=quick count=1000");
    }
}

TEST(Fdt, DescribesEachErrorDifferently) {
    constexpr std::array kAll = {
        Error::kNone,    Error::kTooShort, Error::kBadMagic,     Error::kUnsupportedVersion,
        Error::kBadSize, Error::kBadBlock, Error::kBadStructure,
    };
    for (const Error a : kAll) {
        EXPECT_FALSE(describe(a).empty());
        for (const Error b : kAll) {
            EXPECT_EQ(describe(a) == describe(b), a == b);
        }
    }
}

}  // namespace
}  // namespace hm::fdt
