// What the image does from HYP mode on: console, device tree, HYP's MMU, monitor, one run, and the
// end of the machine.

#include <algorithm>
#include <array>
#include <span>

#include "board.hpp"
#include "board/hw/console.hpp"
#include "board/hw/counter.hpp"
#include "board/hw/start.hpp"
#include "board/machine.hpp"
#include "boot/coherency.hpp"
#include "boot/cores.hpp"
#include "boot/hyp_mmu.hpp"
#include "boot/second_core.hpp"
#include "boot/secure.hpp"
#include "boot/tlb_read_out.hpp"
#include "drivers/cpu/core_facts.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/implementation_registers.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/fdt/machine.hpp"
#include "drivers/fdt/tree.hpp"
#include "hyp/hw/monitor.hpp"
#include "hyp/hw/pending_abort.hpp"
#include "measure/request.hpp"
#include "measure/words.hpp"
#include "measure/workload/table.hpp"
#include "session/hw/session.hpp"

extern "C" {
extern char __image_start[];
}

namespace hm::boot {

namespace {

using board::print;
using board::print_hex;

/// More than any device tree of these boards has; the tree's own header says how long it is.
constexpr std::size_t kMostDeviceTree = std::size_t{1} << 20;

std::array<char, 1024> command_line;

[[noreturn]] void give_up(std::string_view why) {
    print("hypmeter: ");
    print(why);
    print("\n");
    board::give_up();
}

[[noreturn]] void refuse_memory(const Ram& ram) {
    print("hypmeter: the memory around the image that is not reserved, from ");
    print_hex(ram.begin.value);
    print(" up to ");
    print_hex(ram.end().value);
    print(", does not hold the monitor and a guest\n");
    board::give_up();
}

/// This core, which must be one that we know.
const cpu::CoreFacts& this_core() {
    const auto midr = cpu::read<cpu::Midr>();
    if (const cpu::CoreFacts* const core = cpu::facts_of(midr)) {
        return *core;
    }
    print("hypmeter: MIDR reads ");
    print_hex(midr.raw);
    print(": this is none of the cores whose registers and errata are known:");
    const char* separator = " ";
    for (const cpu::CoreFacts& core : cpu::kCores) {
        print(separator);
        print(core.name);
        separator = ", ";
    }
    print("\n");
    board::give_up();
}

/// What a run needs to know of its machine.
struct Surroundings {
    Ram ram;
    std::string_view arguments;
};

[[noreturn]] void refuse_long_command_line() {
    give_up("the command line is longer than 1,024 characters");
}

/// Without a device tree: the memory that such machines have, and the words given to U-Boot's `go`,
/// of which the first is the address (U-Boot, cmd/boot.c).
Surroundings without_device_tree(std::uint32_t argc, std::uint32_t argv) {
    constexpr std::uint32_t kMostWords = 64;
    Surroundings found{.ram = {{board::kKnownRam->base}, board::kKnownRam->bytes}, .arguments = {}};
    const Ram reach{{board::kKnownRam->base},
                    std::max(board::kKnownRam->bytes, board::kKnownRam->most_bytes)};
    if (argc > 1 && argc <= kMostWords && reach.contains({argv})) {
        const std::span words(reinterpret_cast<const char* const*>(argv), argc);
        const auto joined = measure::join_words(words.subspan(1), command_line);
        if (!joined) {
            refuse_long_command_line();
        }
        found.arguments = *joined;
    }
    return found;
}

/// The memory around the image that `tree`, which lies at `address`, does not reserve; empty if the
/// image itself lies in none.
Ram memory_of(const fdt::Tree& tree, std::uint32_t address) {
    auto map = fdt::memory(tree);
    if (!map || !fdt::keep_clear(*map, tree, address)) {
        give_up("the device tree's memory or its reserved memory cannot be read");
    }
    const auto region = map->around(reinterpret_cast<std::uint32_t>(__image_start));
    return region ? Ram{{region->base}, region->size} : Ram{};
}

Surroundings from_device_tree(const fdt::Tree& tree, std::uint32_t address) {
    Surroundings found{.ram = memory_of(tree, address), .arguments = {}};
    if (const auto bootargs = fdt::bootargs(tree)) {
        if (bootargs->size() > command_line.size()) {
            refuse_long_command_line();
        }
        std::copy(bootargs->begin(), bootargs->end(), command_line.begin());
        found.arguments = {command_line.data(), bootargs->size()};
    }
    return found;
}

Surroundings look_around(std::uint32_t device_tree, std::uint32_t argc, std::uint32_t argv) {
    const std::uint32_t address = device_tree != 0 ? device_tree : board::kDefaultDeviceTree;
    const auto opened =
        fdt::Tree::open({reinterpret_cast<const std::byte*>(address), kMostDeviceTree});
    if (opened.error == fdt::Error::kNone) {
        return from_device_tree(opened.tree, address);
    }
    if constexpr (board::kKnownRam) {
        if (opened.error == fdt::Error::kBadMagic) {
            return without_device_tree(argc, argv);
        }
    }
    print("hypmeter: without a device tree there are no parameters and no memory: the one at ");
    print_hex(address);
    print(" ");
    print(fdt::describe(opened.error));
    print("\n");
    board::give_up();
}

/// Registers that the start has read, for the results.
class Found {
  public:
    void add(const char* name, std::uint32_t value) { room_[count_++] = {name, value}; }
    [[nodiscard]] std::span<const measure::NamedValue> values() const {
        return std::span(room_).first(count_);
    }

  private:
    std::array<measure::NamedValue, session::kFoundRegisters> room_{};
    std::size_t count_ = 0;
};

/// Takes an abort that a loader has left pending, before a guest could be blamed for it. ADFSR and
/// L2ECTLR say more of it (Cortex-A15 TRM, 4.3.42 and 4.3.49).
void take_abort_of_loader(const cpu::CoreFacts& core, Found& found) {
    const std::uint32_t hsr = take_pending_abort();
    if (hsr == 0) {
        return;
    }
    const auto say = [&found](const char* name, std::uint32_t value) {
        found.add(name, value);
        print(" ");
        print(name);
        print(" ");
        print_hex(value);
    };
    print("hypmeter: an asynchronous abort was pending on entry, and was taken once:");
    say("ABORT_HSR", hsr);
    say("ABORT_ADFSR", cpu::read<cpu::Adfsr>().raw);
    if (core.has_l2_registers && machine().has_l2_registers) {
        say("ABORT_L2ECTLR", cpu::read<cpu::L2ectlr>().raw);
    }
    print("\n");
}

/// Why the second core cannot be used, if there is one and it cannot; a core that did not come
/// keeps the end of `ram`.
std::string_view claim_second_core(Ram& ram, Found& found) {
    if (!second_core::exists()) {
        return {};
    }
    std::string_view why;
    switch (cores::claim()) {
        case cores::Claim::kDone:
            break;
        case cores::Claim::kDidNotCome:
            why =
                "the second core did not come; the end of memory, where it may wait, is left alone";
            ram = board::without_end(ram, board::kLoaderBytes);
            break;
        case cores::Claim::kStaysOff:
            why = "the second core is off, and this machine has no registers that would start it";
            break;
        case cores::Claim::kNotCoherent:
            why = "the second core takes no part in coherency: its ACTLR.SMP reads 0";
            break;
    }
    if (const auto actlr = cores::actlr_of_second_core(); actlr && board::kTellsRegisters) {
        found.add("ACTLR_CPU1", *actlr);
    }
    if (!why.empty()) {
        print("hypmeter: ");
        print(why);
        print("\n");
    }
    return why;
}

[[noreturn]] void refuse(const measure::ParsedRequest& parsed) {
    print("hypmeter: ");
    switch (*parsed.refusal) {
        case measure::Refusal::kUnknownKey:
            print("unknown key: ");
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
    print("; nothing was run\nhypmeter: valid are suite= with one of");
    for (const auto& suite : measure::kSuites) {
        print(" ");
        print(suite.name);
    }
    print(", only= with a list of");
    for (const auto& workload : measure::kWorkloadNames) {
        print(" ");
        print(workload.name);
    }
    print(", and");
    for (const auto& key : measure::kKeys) {
        if (key.user == measure::User::kTarget) {
            print(" ");
            print(key.name);
            print("=");
        }
    }
    print("\n");
    board::give_up();
}

}  // namespace

/// `device_tree`, `argc` and `argv`: what the loader left in r2, r0 and r1, if anything.
extern "C" [[noreturn]] void boot_main(std::uint32_t device_tree, std::uint32_t argc,
                                       std::uint32_t argv) {
    static Found found;
    board::start_console();
    const cpu::CoreFacts& core = this_core();
    board::start_board(!entered_in_secure_state());
    if (!is_coherent()) {
        give_up(
            "ACTLR.SMP reads 0 and cannot be set: the core takes no part in coherency, so its "
            "caches may not be used; enter in Secure state (U-Boot: go), or by a loader that sets "
            "SMP or "
            "NSACR.NS_SMP");
    }
    if (board::counter_hz() == 0) {
        give_up("CNTFRQ reads 0: no loader has set it, and the board has no frequency of its own");
    }
    take_abort_of_loader(core, found);
    Surroundings around = look_around(device_tree, argc, argv);
    const auto parsed = measure::parse_request(around.arguments);
    if (parsed.refusal) {
        refuse(parsed);
    }
    if (!start_hyp_mmu(around.ram)) {
        refuse_memory(around.ram);
    }
    const std::string_view lack = claim_second_core(around.ram, found);
    const bool goes_off = !second_core::exists() || cores::goes_off();
    const TableFrames frames = stage2_frames();
    hyp::start(frames.begin, frames.count, entered_in_secure_state());
    session::run_session(parsed.request, {.ram = around.ram,
                                          .second_core = {.exists = second_core::exists,
                                                          .start = second_core::start,
                                                          .serve = second_core::serve,
                                                          .stop = second_core::stop,
                                                          .lack = lack,
                                                          .goes_off = goes_off},
                                          .tlb = tlb_read_out(core, entered_in_secure_state()),
                                          .found = found.values()});
    if (parsed.request.get(measure::Key::kReset) != 0) {
        board::reset_board();
    }
    board::power_off();
}

/// `cpsr` as it was on entry. Runs with hardly more than a stack.
extern "C" [[noreturn]] void boot_refuse(std::uint32_t cpsr) {
    board::start_console();
    const auto mode = cpu::Psr::from(cpsr).get(cpu::Psr::kMode);
    print("hypmeter: entered in mode ");
    print_hex(static_cast<std::uint32_t>(mode));
    print(cpu::read<cpu::IdPfr1>().get(cpu::IdPfr1::kVirtualization) == 0
              ? ", on a core without the Virtualization Extensions"
              : ", Non-secure, from which HYP mode (0x0000001a) cannot be reached");
    print(
        ": start it in HYP mode (U-Boot: bootm or bootz, not go; QEMU: -M "
        "virt,virtualization=on)\n");
    board::give_up();
}

}  // namespace hm::boot
