// Device trees: calls everything that the reader offers, and parses the command line as the target
// does. The sanitizers find reads outside the input; other impossible results are checked here.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "drivers/fdt/machine.hpp"
#include "drivers/fdt/tree.hpp"
#include "measure/request.hpp"
#include "tests/fuzz/check.hpp"

namespace {

using hm::fdt::Bytes;
using hm::fuzz::require;

/// Whether the `size` bytes at `data` lie within `blob`.
bool lies_within(Bytes blob, const void* data, std::size_t size) {
    const auto* first = static_cast<const std::byte*>(data);
    const std::less_equal<> at_or_before;
    return size == 0 || (at_or_before(blob.data(), first) &&
                         at_or_before(first + size, blob.data() + blob.size()));
}

/// Visits a node, its properties, and all nodes below it; returns the number of nodes.
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

void check_map(const hm::fdt::MemoryMap& map) {
    std::uint64_t end = 0;
    bool first = true;
    for (const auto& region : map.regions()) {
        require(region.size != 0, "no region is empty");
        require(region.base + (region.size - 1) >= region.base, "no region wraps around");
        require(first || region.base > end, "regions ascend and do not touch");
        require(map.around(region.base) == region, "a region is found by its first byte");
        end = region.base + region.size;
        first = false;
    }
}

void read_tree(Bytes blob) {
    const auto opened = hm::fdt::Tree::open(blob);
    const std::size_t nodes = walk(blob, opened.tree.root());
    auto map = hm::fdt::memory(opened.tree);
    if (map) {
        check_map(*map);
        const std::uint64_t all = map->total_bytes();
        static_cast<void>(hm::fdt::keep_clear(*map, opened.tree, 0x40000000));
        check_map(*map);
        require(map->total_bytes() <= all, "what is reserved makes memory no larger");
    }
    for (const char* path : {"/", "/chosen", "/memory", "/cpus/cpu@1", "/a/b"}) {
        static_cast<void>(opened.tree.find(path));
    }
    static_cast<void>(hm::fdt::compatible(opened.tree, 1));
    const auto arguments = hm::fdt::bootargs(opened.tree);
    if (opened.error != hm::fdt::Error::kNone) {
        require(nodes == 1 && !arguments, "a tree that was refused is empty");
    }
    const auto parsed = hm::measure::parse_request(arguments.value_or(""));
    require(lies_within(blob, parsed.culprit.data(), parsed.culprit.size()),
            "what is refused of a command line lies in the blob");
    for (std::size_t i = 0; i < hm::measure::kKeys.size(); ++i) {
        const auto& info = hm::measure::kKeys[i];
        const std::uint64_t value = parsed.request.values[i];
        require(parsed.refusal || (value >= info.low && value <= info.high),
                "a value that is not refused lies in its range");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // A copy of exactly this size, so that the sanitizer notices a read one byte too far.
    const auto copy = std::make_unique<std::byte[]>(size);
    for (std::size_t i = 0; i < size; ++i) {
        copy[i] = std::byte{data[i]};
    }
    read_tree({copy.get(), size});
    return 0;
}
