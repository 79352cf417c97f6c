#include "alone/core/surroundings.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "drivers/fdt/devices.hpp"
#include "drivers/fdt/machine.hpp"
#include "drivers/fdt/text.hpp"

namespace hm::alone {
namespace {

/// GICv2 and its predecessors with the same registers (Linux,
/// Documentation/devicetree/bindings/interrupt-controller/arm,gic.yaml).
constexpr std::array<std::string_view, 6> kGics{"arm,cortex-a15-gic", "arm,cortex-a7-gic",
                                                "arm,gic-400",        "arm,cortex-a9-gic",
                                                "arm,cortex-a5-gic",  "arm,pl390"};
constexpr std::array<std::string_view, 2> kUarts{"arm,pl011", "arm,sbsa-uart"};
constexpr std::array<std::string_view, 2> kTimers{"arm,armv7-timer", "arm,armv8-timer"};

/// The last name of a path, without what may follow it: "/soc/serial@9000000:115200".
std::string_view last_name(std::string_view path) {
    path = path.substr(0, path.find(':'));
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

/// The node that /chosen names as the console, by its path or by an alias.
std::string_view console_name(const fdt::Tree& tree) {
    const auto chosen = tree.find("/chosen");
    const auto path = chosen ? chosen->property("stdout-path") : std::nullopt;
    const std::string_view text = path ? path->text().value_or("") : std::string_view();
    if (text.starts_with('/')) {
        return last_name(text);
    }
    const auto aliases = tree.find("/aliases");
    const auto alias = aliases ? aliases->property(last_name(text)) : std::nullopt;
    return alias ? last_name(alias->text().value_or("")) : std::string_view();
}

bool is_word(std::uint64_t address) { return address <= std::numeric_limits<std::uint32_t>::max(); }

/// The ID of the virtual timer's interrupt: the third of the timer's, a PPI (Linux,
/// Documentation/devicetree/bindings/timer/arm,arch_timer.yaml).
std::optional<std::uint32_t> timer_interrupt(const fdt::Node& root) {
    constexpr std::size_t kCells = 3;  // type, number, flags
    constexpr std::size_t kVirtual = 2;
    constexpr std::uint64_t kPpi = 1;
    constexpr std::uint32_t kFirstPpi = 16;
    for (auto node = root.first_child(); node; node = node->next_sibling()) {
        const auto interrupts = node->property("interrupts");
        if (interrupts && fdt::is_compatible(*node, kTimers)) {
            const auto type = interrupts->number(kVirtual * kCells);
            const auto number = interrupts->number(kVirtual * kCells + 1);
            if (type == kPpi && number && *number < kFirstPpi) {
                return kFirstPpi + static_cast<std::uint32_t>(*number);
            }
        }
    }
    return std::nullopt;
}

Conduit conduit_in(const fdt::Tree& tree) {
    const auto psci = tree.find("/psci");
    const auto method = psci ? psci->property("method") : std::nullopt;
    const std::string_view name = method ? method->text().value_or("") : std::string_view();
    return name == "hvc" ? Conduit::kHvc : name == "smc" ? Conduit::kSmc : Conduit::kNone;
}

/// The longest stretch of memory that neither the image nor anything reserved lies in.
std::optional<Stretch> longest_free(const fdt::Tree& tree, Stretch image, std::uint64_t tree_at) {
    constexpr std::uint64_t kEnd = std::uint64_t{1} << 32;
    constexpr std::uint64_t kUnit = std::uint64_t{2} << 20;
    auto map = fdt::memory(tree);
    if (!map || !fdt::keep_clear(*map, tree, tree_at) ||
        !map->remove({image.begin, image.bytes()})) {
        return std::nullopt;
    }
    std::optional<Stretch> longest;
    for (const fdt::MemoryRegion& region : map->regions()) {
        const std::uint64_t begin = (region.base + kUnit - 1) & ~(kUnit - 1);
        // The last unit stays: an address just above it must be a word, too.
        const std::uint64_t end = std::min(region.base + region.size, kEnd - kUnit) & ~(kUnit - 1);
        if (begin < end && (!longest || end - begin > longest->bytes())) {
            longest = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
        }
    }
    return longest;
}

}  // namespace

std::optional<std::uint32_t> uart_in(const fdt::Tree& tree) {
    const std::string_view wanted = console_name(tree);
    std::optional<std::uint32_t> first;
    for (std::size_t i = 0;; ++i) {
        const auto uart = fdt::device(tree, kUarts, i);
        if (!uart) {
            return first;
        }
        if (!is_word(uart->regions[0].base)) {
            continue;
        }
        const auto base = static_cast<std::uint32_t>(uart->regions[0].base);
        if (uart->node.name() == wanted) {
            return base;
        }
        first = first ? first : base;
    }
}

Found surroundings_in(const fdt::Tree& tree, Stretch image, std::uint64_t tree_at) {
    Found found;
    Surroundings& here = found.surroundings;
    here.machine = fdt::compatible(tree).value_or("unnamed");  // as Xen's of a domU
    here.bootargs = fdt::bootargs(tree).value_or("");
    here.conduit = conduit_in(tree);
    const auto uart = uart_in(tree);
    const auto gic = fdt::device(tree, kGics);
    const auto timer = timer_interrupt(tree.root());
    const auto heap = longest_free(tree, image, tree_at);
    if (!uart) {
        found.lack = "a PL011 or SBSA UART";
    } else if (!gic || gic->region_count < 2 || !is_word(gic->regions[0].base) ||
               !is_word(gic->regions[1].base)) {
        found.lack = "a GICv2";
    } else if (!timer) {
        found.lack = "the interrupt of the virtual timer";
    } else if (!heap) {
        found.lack = "memory that is free";
    } else {
        here.uart = *uart;
        here.distributor = static_cast<std::uint32_t>(gic->regions[0].base);
        here.cpu_interface = static_cast<std::uint32_t>(gic->regions[1].base);
        here.timer_interrupt = *timer;
        here.heap = *heap;
    }
    return found;
}

}  // namespace hm::alone
