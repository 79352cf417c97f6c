// Boot main: console, device tree, HYP's MMU, the monitor, one run, and the end of the machine.

#include <array>
#include <span>

#include "board.hpp"
#include "boot/console.hpp"
#include "boot/hyp_mmu.hpp"
#include "boot/session.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/fdt/machine.hpp"
#include "drivers/fdt/tree.hpp"
#include "hyp/hw/monitor.hpp"
#include "measure/request.hpp"

extern "C" char __image_start[];

namespace hm::boot {

namespace {

constexpr std::uint32_t kFailure = 1;
constexpr std::uint32_t kBadUsage = 2;
/// More than any device tree of these boards; the tree's own header says how much of it counts.
constexpr std::size_t kMostDeviceTree = std::size_t{1} << 20;

std::array<char, 1024> command_line;

[[noreturn]] void give_up(std::string_view why, std::uint32_t status = kFailure) {
    print("hypmeter: ");
    print(why);
    print("\n");
    power_off(status);
}

/// What the device tree says that a run needs.
struct Machine {
    Ram ram;
    std::string_view arguments;
};

Machine read_device_tree(std::uint32_t address) {
    const auto* const blob =
        reinterpret_cast<const std::byte*>(address != 0 ? address : board::kDefaultDeviceTree);
    const auto opened = fdt::Tree::open({blob, kMostDeviceTree});
    if (opened.error != fdt::Error::kNone) {
        print("hypmeter: without a device tree there are no parameters and no memory: the one at ");
        print_hex(reinterpret_cast<std::uint32_t>(blob));
        print(" ");
        print(fdt::describe(opened.error));
        print("\n");
        power_off(kFailure);
    }
    Machine machine{};
    if (const auto memory = fdt::memory(opened.tree)) {
        const mmu::Pa image{reinterpret_cast<std::uint32_t>(__image_start)};
        for (const fdt::MemoryRegion& region : memory->regions()) {
            const Ram ram{{region.base}, region.size};
            if (ram.contains(image)) {
                machine.ram = ram;
            }
        }
    }
    if (const auto bootargs = fdt::bootargs(opened.tree)) {
        if (bootargs->size() > command_line.size()) {
            give_up("the command line is longer than 1,024 characters", kBadUsage);
        }
        std::copy(bootargs->begin(), bootargs->end(), command_line.begin());
        machine.arguments = {command_line.data(), bootargs->size()};
    }
    return machine;
}

[[noreturn]] void refuse(const measure::ParsedRequest& parsed) {
    print("hypmeter: ");
    switch (*parsed.refusal) {
        case measure::Refusal::kUnknownKey:
            print("unknown parameter: ");
            break;
        case measure::Refusal::kUnknownSuite:
            print("unknown suite: ");
            break;
        case measure::Refusal::kUnknownWorkload:
            print("unknown workload: ");
            break;
        case measure::Refusal::kBadValue:
            print("value out of range or malformed: ");
            break;
    }
    print(parsed.culprit);
    print("; nothing was run\nhypmeter: valid are suite=quick|paper, only= with a list of");
    for (const std::string_view workload : measure::kWorkloadNames) {
        print(" ");
        print(workload);
    }
    print(", and");
    for (const auto& parameter : measure::kKeys) {
        if (parameter.user == measure::User::kTarget) {
            print(" ");
            print(parameter.name);
            print("=");
        }
    }
    print("\n");
    power_off(kBadUsage);
}

}  // namespace

extern "C" [[noreturn]] void boot_main(std::uint32_t device_tree) {
    start_console();
    const Machine machine = read_device_tree(device_tree);
    const auto parsed = measure::parse_request(machine.arguments);
    if (parsed.refusal) {
        refuse(parsed);
    }
    if (!start_hyp_mmu(machine.ram)) {
        give_up("the machine's memory does not hold the monitor and a guest");
    }
    const TableFrames frames = stage2_frames();
    hyp::monitor.start(frames.begin, frames.count);
    power_off(run_session(parsed.request, machine.ram) ? 0 : kFailure);
}

/// `cpsr` as it was on entry. Runs with little more than a stack.
extern "C" [[noreturn]] void boot_refuse(std::uint32_t cpsr) {
    start_console();
    const auto mode = cpu::Psr::from(cpsr).get(cpu::Psr::kMode);
    print("hypmeter: entered in mode ");
    print_hex(static_cast<std::uint32_t>(mode));
    print(cpu::read<cpu::IdPfr1>().get(cpu::IdPfr1::kVirtualization) == 0
              ? ", on a core without the Virtualization Extensions"
              : ", from which HYP mode (0x0000001a) cannot be reached");
    print(": start it in HYP mode (QEMU: -M virt,virtualization=on)\n");
    power_off(kFailure);
}

}  // namespace hm::boot
