// What a fuzzer does with one input: every read that the device tree reader and the command line
// offer. The sanitizers find reads outside the input; what cannot be so is checked here.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>

#include "drivers/fdt/command_line.hpp"
#include "drivers/fdt/machine.hpp"
#include "drivers/fdt/tree.hpp"

namespace {

using hm::fdt::Bytes;

void require(bool holds, const char* claim) {
    if (!holds) {
        std::fprintf(stderr, "fdt_fuzz: not so: %s\n", claim);
        std::abort();
    }
}

/// Whether the `size` bytes at `data` lie within `blob`.
bool lies_within(Bytes blob, const void* data, std::size_t size) {
    const auto* first = static_cast<const std::byte*>(data);
    const std::less_equal<> at_or_before;
    return size == 0 || (at_or_before(blob.data(), first) &&
                         at_or_before(first + size, blob.data() + blob.size()));
}

/// Visits a node, what it says, and all below it; returns how many nodes those are.
std::size_t walk(Bytes blob, const hm::fdt::Node& node) {
    require(lies_within(blob, node.name().data(), node.name().size()), "a name lies in the blob");
    for (const char* name : {"reg", "compatible", "#address-cells", "bootargs", "status"}) {
        const auto property = node.property(name);
        if (!property) {
            continue;
        }
        require(property->name == name, "a property has the name that was asked for");
        require(lies_within(blob, property->value.data(), property->value.size()),
                "a value lies in the blob");
        for (std::size_t i = 0; i < 4; ++i) {
            const auto text = property->text(i);
            require(!text || lies_within(property->value, text->data(), text->size() + 1),
                    "a text and its NUL lie in the value");
            const auto number = property->number(i, 2);
            require(number.has_value() == ((i + 2) * 4 <= property->value.size()),
                    "two cells are there exactly where the value is long enough");
        }
    }
    std::size_t nodes = 1;
    for (auto child = node.first_child(); child; child = child->next_sibling()) {
        require(node.child(child->name()).has_value(), "a child is found by its name");
        nodes += walk(blob, *child);
    }
    return nodes;
}

void read_tree(Bytes blob) {
    const auto opened = hm::fdt::Tree::open(blob);
    const std::size_t nodes = walk(blob, opened.tree.root());
    const auto map = hm::fdt::memory(opened.tree);
    if (map) {
        for (const auto& region : map->regions()) {
            require(region.size != 0, "no region is empty");
            require(region.base + (region.size - 1) >= region.base, "no region wraps around");
        }
    }
    for (const char* path : {"/", "/chosen", "/memory", "/cpus/cpu@1", "/a/b"}) {
        static_cast<void>(opened.tree.find(path));
    }
    static_cast<void>(hm::fdt::compatible(opened.tree, 1));
    const auto arguments = hm::fdt::bootargs(opened.tree);
    if (opened.error != hm::fdt::Error::kNone) {
        require(nodes == 1 && !arguments, "a tree that was refused is empty");
    }
    for (const auto& argument : hm::fdt::CommandLine(arguments.value_or(""))) {
        require(lies_within(blob, argument.value.data(), argument.value.size()),
                "an argument lies in the blob");
        const auto number = hm::fdt::parse_number(argument.value, 10, 1000);
        require(!number.ok() || (number.value >= 10 && number.value <= 1000),
                "a number that is ok lies in its range");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // A copy of exactly this size, so that the sanitizer sees the first byte too far.
    const auto copy = std::make_unique<std::byte[]>(size);
    for (std::size_t i = 0; i < size; ++i) {
        copy[i] = std::byte{data[i]};
    }
    read_tree({copy.get(), size});
    return 0;
}
