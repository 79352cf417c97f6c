#include "host/guest/bundle_maker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

#include "host/base/text.hpp"
#include "measure/bundle.hpp"
#include "measure/crc32.hpp"

namespace hm::host {
namespace {

constexpr std::uint64_t kMega = 1U << 20;
constexpr std::uint64_t kPage = 4096;

// The device tree: "A safe location is just above the 128MiB boundary from start of RAM"
// (booting.rst). A kernel that was told of less memory has it at the end of that.
constexpr std::uint64_t kTreeOffset = 128 * kMega;
/// What the tree takes with the instructions before it.
constexpr std::uint64_t kTreeRoom = 64 * 1024;
/// Where the tree begins in there: 64-bit aligned, as booting.rst demands.
constexpr std::uint32_t kTreeAfterEntry = 32;

/// The initrd: behind what a kernel of usual size unpacks, and not at the end of much memory.
constexpr std::uint64_t kInitrdOffset = 64 * kMega;

/// Two pieces are those of the initrd and of the device tree.
constexpr std::size_t kMostKernelPieces = measure::Bundle::kMostPieces - 2;

/// What a guest's memory is full of: where nothing else can go.
using Occupied = std::vector<Stretch>;

bool is_free(const Stretch& wanted, const Occupied& occupied) {
    return std::ranges::none_of(occupied,
                                [&](const Stretch& other) { return overlap(wanted, other); });
}

Stretch all_memory(const VirtualMachine& machine) {
    return {machine.memory_base, std::uint64_t{machine.memory_base} + machine.memory_bytes};
}

/// The stretch of the device tree and of the instructions before it.
std::optional<Stretch> place_tree(const Stretch& memory, const Occupied& occupied) {
    const Stretch usual{memory.begin + kTreeOffset, memory.begin + kTreeOffset + kTreeRoom};
    const Stretch last{memory.end - kTreeRoom, memory.end};
    for (const Stretch& wanted : {usual, last}) {
        if (contains(memory, wanted) && is_free(wanted, occupied)) {
            return wanted;
        }
    }
    return std::nullopt;
}

/// `occupied` includes the device tree.
std::optional<Stretch> place_initrd(std::uint64_t bytes, const Stretch& memory, const Stretch& tree,
                                    const Occupied& occupied) {
    std::vector<std::uint64_t> wishes{memory.begin + kInitrdOffset, tree.end};
    if (bytes <= tree.begin) {
        wishes.push_back((tree.begin - bytes) / kPage * kPage);
    }
    for (const std::uint64_t begin : wishes) {
        const Stretch wanted{begin, begin + bytes};
        if (contains(memory, wanted) && is_free(wanted, occupied)) {
            return wanted;
        }
    }
    return std::nullopt;
}

void append_word(std::string& bytes, std::uint32_t word) {
    for (int i = 0; i < 4; ++i, word >>= 8) {
        bytes.push_back(static_cast<char>(word));
    }
}

/// The instructions that hand the tree over, and the tree after them.
std::string entry_and_tree(std::uint32_t tree_address, std::uint32_t kernel_entry,
                           const std::string& tree) {
    // ARM DDI 0406C.d, A8.8.102 (MOV, A2: the immediate is 0) and A8.8.64 (LDR literal, A1: Rt in
    // bits 15 to 12, the offset in the low 12); PC reads as the instruction's address plus 8
    // (A2.3), so each literal is 16 bytes after its load. What is loaded into PC may have bit 0
    // set, for Thumb.
    std::string bytes;
    for (const std::uint32_t word : {
             0xe3a0'0000U,  // mov r0, #0
             0xe59f'1004U,  // ldr r1, [pc, #4]
             0xe59f'2004U,  // ldr r2, [pc, #4]
             0xe59f'f004U,  // ldr pc, [pc, #4]
             0xffff'ffffU,  // the machine type of a kernel that has a device tree
             tree_address,
             kernel_entry,
         }) {
        append_word(bytes, word);
    }
    bytes.resize(kTreeAfterEntry, '\0');
    return bytes + tree;
}

std::string bundle_of(measure::Bundle header, const std::vector<KernelPiece>& pieces) {
    std::string bundle(sizeof(header), '\0');
    for (const KernelPiece& piece : pieces) {
        header.pieces[header.piece_count++] = {
            piece.address, static_cast<std::uint32_t>(bundle.size()),
            static_cast<std::uint32_t>(piece.bytes.size()), piece.zeros};
        bundle += piece.bytes;
        bundle.resize((bundle.size() + 3) / 4 * 4, '\0');
    }
    header.bytes = static_cast<std::uint32_t>(bundle.size());
    std::memcpy(bundle.data(), &header, sizeof(header));
    const auto all = std::as_bytes(std::span(bundle));
    header.crc32 = measure::crc32(all.subspan(measure::kBundleCrcFrom));
    std::memcpy(bundle.data(), &header, sizeof(header));
    return bundle;
}

}  // namespace

std::string machine_fault(const VirtualMachine& machine) {
    constexpr std::uint64_t kBlock = 2 * kMega;
    constexpr std::uint64_t kEnd = std::uint64_t{1} << 32;
    const Stretch memory = all_memory(machine);
    if (machine.memory_bytes == 0 || memory.begin % kBlock != 0 || memory.end % kBlock != 0 ||
        memory.end > kEnd) {
        return fmt::format(
            "the guest's memory, {:#x} bytes at {:#010x}, must begin and end at a multiple of 2 MB "
            "below 4 GB",
            machine.memory_bytes, machine.memory_base);
    }
    if (machine.cpus < 1 || machine.cpus > 2) {
        return fmt::format("the guest can have 1 or 2 CPUs, not {}", machine.cpus);
    }
    if (machine.uart_interrupt < 32 || machine.uart_interrupt > 63) {
        return fmt::format("the UART's interrupt must be an ID from 32 to 63, not {}",
                           machine.uart_interrupt);
    }
    struct Device {
        const char* name;
        std::uint32_t base;
        std::uint32_t bytes;
    };
    for (const Device& device : {Device{"distributor", machine.distributor, 0x1000},
                                 Device{"CPU interface", machine.cpu_interface, 0x2000},
                                 Device{"UART", machine.uart, 0x1000}}) {
        const Stretch here{device.base, std::uint64_t{device.base} + device.bytes};
        if (overlap(here, memory)) {
            return fmt::format("the guest's memory, {}, covers its {} at {:#010x}", text_of(memory),
                               device.name, device.base);
        }
    }
    return "";
}

MadeBundle make_bundle(const VirtualMachine& machine, const GuestRun& run, const Kernel& kernel,
                       std::string_view initrd) {
    const auto refuse_it = [](std::string why) { return MadeBundle{"", std::move(why)}; };
    if (std::string fault = machine_fault(machine); !fault.empty()) {
        return refuse_it(std::move(fault));
    }
    if (kernel.pieces.size() > kMostKernelPieces) {
        return refuse_it(fmt::format("the kernel has {} segments, and a bundle has room for {}",
                                     kernel.pieces.size(), kMostKernelPieces));
    }
    const Stretch memory = all_memory(machine);
    Occupied occupied;
    for (const KernelPiece& piece : kernel.pieces) {
        occupied.push_back(stretch_of(piece));
    }
    if (kernel.overwritten) {
        occupied.push_back(*kernel.overwritten);
    }
    const auto tree_room = place_tree(memory, occupied);
    if (!tree_room) {
        return refuse_it(
            "the kernel leaves no room for the device tree, 64 KB at 128 MB above the beginning of "
            "memory or at its end: give the guest more memory");
    }
    occupied.push_back(*tree_room);
    std::optional<Stretch> initrd_room;
    if (!initrd.empty()) {
        initrd_room = place_initrd(initrd.size(), memory, *tree_room, occupied);
        if (!initrd_room) {
            return refuse_it(fmt::format(
                "the initrd of {} bytes does not fit beside the kernel into the guest's {} of "
                "memory: give the guest more",
                initrd.size(), bytes_text(machine.memory_bytes)));
        }
    }
    const auto entry = static_cast<std::uint32_t>(tree_room->begin);
    const std::string handover =
        entry_and_tree(entry + kTreeAfterEntry, kernel.entry, guest_tree(machine, initrd_room));
    if (handover.size() > kTreeRoom) {
        return refuse_it(
            fmt::format("the command line of {} bytes does not fit into the device "
                        "tree, which may have 64 KB",
                        machine.bootargs.size()));
    }
    std::vector<KernelPiece> pieces = kernel.pieces;
    if (initrd_room) {
        pieces.push_back({static_cast<std::uint32_t>(initrd_room->begin), initrd, 0});
    }
    pieces.push_back({entry, handover, 0});

    measure::Bundle header;
    header.memory_base = machine.memory_base;
    header.memory_bytes = machine.memory_bytes;
    header.cpus = machine.cpus;
    header.distributor = machine.distributor;
    header.cpu_interface = machine.cpu_interface;
    header.uart = machine.uart;
    header.uart_interrupt = machine.uart_interrupt;
    header.entry = entry;
    header.delivery = static_cast<std::uint32_t>(run.delivery);
    header.mapping = static_cast<std::uint32_t>(run.mapping);
    header.slice = run.slice;
    header.look_for_input = run.look_for_input;
    header.exits_are_counted = run.exits_are_counted ? 1 : 0;
    return {bundle_of(header, pieces), ""};
}

}  // namespace hm::host
