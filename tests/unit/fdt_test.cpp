#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "drivers/fdt/machine.hpp"
#include "drivers/fdt/tree.hpp"
#include "tests/unit/fdt_builder.hpp"

namespace hm::fdt {
namespace {

using Blob = std::vector<std::byte>;

Error error_of(const Blob& blob) { return Tree::open(blob).error; }

/// Opens `blob`, which must be good and outlive the tree.
Tree opened(const Blob& blob) {
    const Tree::Opened result = Tree::open(blob);
    EXPECT_EQ(result.error, Error::kNone) << describe(result.error);
    return result.tree;
}

/// A root with only the cells' sizes, left open for what a test adds.
FdtBuilder root_with_cells(std::uint32_t address_cells, std::uint32_t size_cells) {
    FdtBuilder tree;
    tree.begin_node("").cells("#address-cells", {address_cells}).cells("#size-cells", {size_cells});
    return tree;
}

/// Every read the reader offers, on a blob of which nothing is known: the sanitizers watch.
void read_everything(const Blob& blob) {
    // On the heap in its exact size, so that one byte too far is noticed.
    const auto copy = std::make_unique<std::byte[]>(blob.size());
    std::copy(blob.begin(), blob.end(), copy.get());
    const Tree tree = Tree::open({copy.get(), blob.size()}).tree;
    static_cast<void>(bootargs(tree));
    static_cast<void>(memory(tree));
    static_cast<void>(compatible(tree, 1));
    static_cast<void>(tree.find("/cpus/cpu@1"));
}

// What is read from a good tree.

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

TEST(Fdt, FindsNothingUnderPathsThatAreNotThere) {
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

TEST(Fdt, ReadsTextOnlyWhereItsNulIs) {
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

// What the bytes may not lead to.

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

TEST(Fdt, TakesNoPropertyThatLeavesItsBlocks) {
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

// What a boot loader tells.

TEST(Fdt, TellsBootargsMemoryAndTheMachine) {
    const Blob blob = virt_tree().finish();
    const Tree tree = opened(blob);
    EXPECT_EQ(bootargs(tree), "suite=quick count=1000");
    EXPECT_EQ(compatible(tree), "linux,dummy-virt");
    EXPECT_EQ(compatible(tree, 1), "hm,test");
    EXPECT_FALSE(compatible(tree, 2).has_value());
    const auto map = memory(tree);
    ASSERT_TRUE(map.has_value());
    ASSERT_EQ(map->regions().size(), 1u);
    EXPECT_EQ(map->regions()[0].base, 0x40000000u);
    EXPECT_EQ(map->regions()[0].size, 0x40000000u);
}

TEST(Fdt, HasNoBootargsWhereNoneWereGiven) {
    const Blob without_property =
        FdtBuilder().begin_node("").begin_node("chosen").end_node().end_node().finish();
    EXPECT_FALSE(bootargs(opened(without_property)).has_value());
    const Blob without_node = FdtBuilder().begin_node("").end_node().finish();
    EXPECT_FALSE(bootargs(opened(without_node)).has_value());
    EXPECT_FALSE(compatible(opened(without_node)).has_value());
}

TEST(Fdt, CollectsMemoryFromSeveralNodesAndRegions) {
    const Blob blob = root_with_cells(1, 1)
                          .begin_node("memory")
                          .cells("reg", {0x40000000, 0x1000, 0x50000000, 0x2000})
                          .end_node()
                          .begin_node("bank@80000000")
                          .strings("device_type", {"memory"})
                          .cells("reg", {0x80000000, 0x4000})
                          .end_node()
                          .end_node()
                          .finish();
    const auto map = memory(opened(blob));
    ASSERT_TRUE(map.has_value());
    ASSERT_EQ(map->regions().size(), 3u);
    EXPECT_EQ(map->regions()[1].base, 0x50000000u);
    EXPECT_EQ(map->regions()[2].base, 0x80000000u);
    EXPECT_EQ(map->total_bytes(), 0x7000u);
}

TEST(Fdt, ReadsMemoryInEveryShapeOfCells) {
    for (const std::uint32_t address_cells : {1u, 2u}) {
        for (const std::uint32_t size_cells : {1u, 2u}) {
            Blob reg;
            for (std::uint32_t cell = 1; cell <= address_cells + size_cells; ++cell) {
                append_word(reg, cell);
            }
            const Blob blob = root_with_cells(address_cells, size_cells)
                                  .begin_node("memory")
                                  .bytes("reg", reg)
                                  .end_node()
                                  .end_node()
                                  .finish();
            const auto map = memory(opened(blob));
            ASSERT_TRUE(map.has_value());
            ASSERT_EQ(map->regions().size(), 1u);
            const std::uint64_t base = address_cells == 1 ? 1 : 0x1'0000'0002;
            const std::uint64_t low = address_cells + size_cells;
            const std::uint64_t size = size_cells == 1 ? low : ((low - 1) << 32) | low;
            EXPECT_EQ(map->regions()[0].base, base);
            EXPECT_EQ(map->regions()[0].size, size);
        }
    }
}

TEST(Fdt, AssumesTwoAddressCellsAndOneSizeCellWhereTheRootNamesNone) {
    const Blob blob = FdtBuilder()
                          .begin_node("")
                          .begin_node("memory")
                          .cells("reg", {1, 2, 3})
                          .end_node()
                          .end_node()
                          .finish();
    const auto map = memory(opened(blob));
    ASSERT_TRUE(map.has_value());
    EXPECT_EQ(map->regions()[0].base, 0x1'0000'0002u);
    EXPECT_EQ(map->regions()[0].size, 3u);
}

TEST(Fdt, PassesOverDisabledMemoryAndEmptyRegions) {
    const Blob blob = root_with_cells(1, 1)
                          .begin_node("secram@e000000")
                          .strings("device_type", {"memory"})
                          .strings("status", {"disabled"})
                          .cells("reg", {0xe000000, 0x1000000})
                          .end_node()
                          .begin_node("memory@40000000")
                          .strings("status", {"okay"})
                          .cells("reg", {0x30000000, 0, 0x40000000, 0x1000})
                          .end_node()
                          .end_node()
                          .finish();
    const auto map = memory(opened(blob));
    ASSERT_TRUE(map.has_value());
    ASSERT_EQ(map->regions().size(), 1u);
    EXPECT_EQ(map->regions()[0].base, 0x40000000u);
}

TEST(Fdt, TellsNoMemoryRatherThanWrongMemory) {
    const auto memory_of = [](std::uint32_t address_cells, std::uint32_t size_cells,
                              std::initializer_list<std::uint32_t> reg) {
        const Blob blob = root_with_cells(address_cells, size_cells)
                              .begin_node("memory")
                              .cells("reg", reg)
                              .end_node()
                              .end_node()
                              .finish();
        return memory(opened(blob));
    };
    EXPECT_TRUE(memory_of(1, 1, {1, 2}).has_value());
    EXPECT_FALSE(memory_of(1, 1, {1, 2, 3}).has_value()) << "half a region";
    EXPECT_FALSE(memory_of(3, 1, {1, 2, 3, 4}).has_value()) << "three address cells";
    EXPECT_FALSE(memory_of(1, 0, {1}).has_value()) << "no size cells";
    EXPECT_TRUE(memory_of(2, 1, {~0u, ~0u, 1}).has_value()) << "the last byte of all";
    EXPECT_FALSE(memory_of(2, 1, {~0u, ~0u, 2}).has_value()) << "wraps around";
    EXPECT_TRUE(memory_of(1, 1, {1, 1, 2, 1, 3, 1, 4, 1, 5, 1, 6, 1, 7, 1, 8, 1}).has_value());
    EXPECT_FALSE(
        memory_of(1, 1, {1, 1, 2, 1, 3, 1, 4, 1, 5, 1, 6, 1, 7, 1, 8, 1, 9, 1}).has_value())
        << "more regions than there is room for";
    const Blob broken_cell = root_with_cells(1, 1)
                                 .begin_node("memory")
                                 .bytes("reg", Blob(9, std::byte{1}))
                                 .end_node()
                                 .end_node()
                                 .finish();
    EXPECT_FALSE(memory(opened(broken_cell)).has_value()) << "a region and a byte";
    const Blob without_reg =
        root_with_cells(1, 1).begin_node("memory").end_node().end_node().finish();
    EXPECT_FALSE(memory(opened(without_reg)).has_value());
}

// What is refused.

TEST(Fdt, RefusesAHeaderThatIsNotOne) {
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

TEST(Fdt, DescribesEveryErrorInWordsOfItsOwn) {
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
