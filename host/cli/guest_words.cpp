#include "host/cli/guest_words.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "host/base/text.hpp"
#include "host/cli/guest_suite_words.hpp"
#include "host/guest/guest_layout.hpp"
#include "host/machine/qemu.hpp"
#include "host/machine/serial_board.hpp"
#include "measure/keys.hpp"
#include "measure/words.hpp"

namespace hm::host {
namespace {

/// The names of the boards for which `holds` is true.
template <class Condition>
std::string boards_where(Condition&& holds) {
    std::vector<std::string_view> names;
    for (const Board* const board : boards()) {
        if (holds(*board)) {
            names.push_back(board->name);
        }
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

bool has_uboot(const Board& board) { return board.has_uboot; }

constexpr std::uint32_t kMegabyte = 1U << 20;
constexpr unsigned kMostShift = 10;

/// "256M", "1G" or bytes, as the key `memory` takes them, in a range of its own.
std::optional<std::uint32_t> parse_bytes(const std::string& text) {
    measure::KeyInfo memory = measure::info(measure::Key::kMemory);
    memory.low = kLeastGuestMemory;
    memory.high = kMostGuestMemory;
    return measure::parse_value(memory, text);
}

std::optional<std::uint32_t> parse_address(const std::string& text) {
    try {
        std::size_t used = 0;
        const unsigned long long value = std::stoull(text, &used, 0);
        return used == text.size() && value <= UINT32_MAX
                   ? std::optional(static_cast<std::uint32_t>(value))
                   : std::nullopt;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

template <class Names>
std::string list_of(const Names& names, std::size_t from = 0) {
    std::string text;
    for (std::size_t i = from; i < names.size(); ++i) {
        text += (text.empty() ? "" : ", ") + std::string(names[i]);
    }
    return text;
}

template <class Names>
std::optional<std::uint32_t> index_of_name(const Names& names, const std::string& name) {
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? std::nullopt
                                : std::optional(static_cast<std::uint32_t>(found - names.begin()));
}

/// Delivery direct brings only the machine's own interrupts. A foreign guest has emulated ones too:
/// its UART's, and SGIs.
constexpr bool foreign_can_have(measure::Delivery delivery) {
    return delivery != measure::Delivery::kNative && delivery != measure::Delivery::kDirect;
}

std::string deliveries() {
    std::string text;
    for (std::size_t i = 0; i < measure::kDeliveryNames.size(); ++i) {
        if (foreign_can_have(static_cast<measure::Delivery>(i))) {
            text += (text.empty() ? "" : ", ") + std::string(measure::kDeliveryNames[i]);
        }
    }
    return text;
}

/// What drives the clock: "instructions", "wall" or "shift=N"; nothing in `shift` is wall.
std::optional<UsageError> take_clock(const Words& words, unsigned cpus,
                                     std::optional<unsigned>& shift) {
    const std::string clock = !words.guest.clock.empty() ? words.guest.clock
                              : cpus == 1                ? "instructions"
                                                         : "wall";
    constexpr std::string_view kShift = "shift=";
    if (clock == "instructions") {
        shift = 0;
        return std::nullopt;
    }
    if (clock == "wall") {
        shift = std::nullopt;
        return std::nullopt;
    }
    const auto value =
        clock.starts_with(kShift) ? parse_address(clock.substr(kShift.size())) : std::nullopt;
    if (!value || *value > kMostShift) {
        return UsageError{
            fmt::format("unknown clock \"{}\"", printable(clock)),
            fmt::format("clocks: instructions, wall, shift=N with N from 0 to {}\n", kMostShift)};
    }
    shift = *value;
    return std::nullopt;
}

std::optional<UsageError> take_machine_of_guest(const Words& words, GuestOptions& guest) {
    const auto bytes = parse_bytes(words.guest.memory);
    if (!bytes || *bytes % (2 * kMegabyte) != 0) {
        return UsageError{
            fmt::format("\"{}\" is no memory for a guest", printable(words.guest.memory)),
            fmt::format("memory: {} to {}, a multiple of 2M\n", bytes_key_text(kLeastGuestMemory),
                        bytes_key_text(kMostGuestMemory))};
    }
    const board::ForeignFacts& facts = guest.host.board->foreign;
    if (guest.native && facts.uart == 0) {
        return UsageError{
            fmt::format("a guest finds no UART that it knows on {} without the "
                        "monitor's: natively it has none",
                        guest.host.board->name),
            fmt::format("boards for --native: {}\n", boards_where([](const Board& board) {
                            return board.has_qemu() && board.foreign.uart != 0;
                        }))};
    }
    guest.machine = guest.native ? native_machine(facts) : kVirtualMachine;
    guest.machine.memory_bytes = *bytes;
    guest.machine.cpus = words.guest.cpus;
    guest.machine.core = guest.host.board->core;
    guest.machine.bootargs = words.guest.append;
    return std::nullopt;
}

std::optional<UsageError> take_way(const Words& words, GuestOptions& guest) {
    const auto delivery = index_of_name(measure::kDeliveryNames, words.guest.delivery);
    if (!delivery || !foreign_can_have(static_cast<measure::Delivery>(*delivery))) {
        return UsageError{fmt::format("\"{}\" is no delivery that a foreign guest can have",
                                      printable(words.guest.delivery)),
                          fmt::format("deliveries: {}\n", deliveries())};
    }
    const auto mapping = index_of_name(measure::kMappingNames, words.guest.mapping);
    if (!mapping || *mapping == 0) {
        return UsageError{fmt::format("unknown mapping \"{}\"", printable(words.guest.mapping)),
                          fmt::format("mappings: {}\n", list_of(measure::kMappingNames, 1))};
    }
    guest.run.delivery =
        guest.native ? measure::Delivery::kNative : static_cast<measure::Delivery>(*delivery);
    guest.run.mapping =
        guest.native ? measure::Mapping::kNone : static_cast<measure::Mapping>(*mapping);
    guest.run.exits_are_counted = !words.guest.uncounted;
    guest.run.slice = ticks_of_a_turn(guest.host.board->foreign);
    const bool shares = measure::shares_core(guest.run.delivery);
    if (guest.machine.cpus > 1 && shares) {
        return UsageError{fmt::format("delivery {} is for one CPU", words.guest.delivery),
                          "deliveries for two: injected, injected-soft\n"};
    }
    if (guest.machine.cpus > 1 && measure::is_on_demand(guest.run.mapping)) {
        return UsageError{"memory is mapped on demand only for one CPU",
                          "mappings for two: premapped-4K, premapped-2M\n"};
    }
    return std::nullopt;
}

/// U-Boot loads it, here or by hand.
bool is_for_uboot(const GuestOptions& guest) {
    return !guest.write.empty() || !guest.device.empty();
}

/// Its console's input: a file, or standard input if that is a terminal.
std::optional<UsageError> take_input(const Words& words, GuestOptions& guest) {
    guest.input = words.guest.input;
    if (words.guest.input.empty() && guest.write.empty() && ::isatty(STDIN_FILENO) != 0) {
        guest.input = "-";
    }
    const bool shares = measure::shares_core(guest.run.delivery);
    if (guest.input.empty() || !shares) {
        // On a board always: someone may sit at its console, and the bundle on its card is the
        // same with input and without.
        const bool looks = is_for_uboot(guest) ? !shares : !guest.input.empty();
        guest.run.look_for_input = looks ? ticks_of_a_turn(guest.host.board->foreign) : 0;
        return std::nullopt;
    }
    if (!words.guest.input.empty()) {
        return UsageError{"a guest that shares its core with a second VM gets no input",
                          "--input is for the other deliveries\n"};
    }
    guest.input.clear();
    return std::nullopt;
}

/// What runs it: QEMU, or a board at a serial port.
std::optional<UsageError> take_machine_under_it(const Words& words, GuestOptions& guest) {
    const Board& board = *guest.host.board;
    const auto machine = parse_machine(words.machine, machines());
    if (!machine || (machine->kind != &kQemu && machine->kind != &kSerialBoard)) {
        return UsageError{fmt::format("unknown machine \"{}\"", words.machine),
                          fmt::format("machines: {}, {}\n", kQemu.form, kSerialBoard.form)};
    }
    guest.device = machine->where;
    guest.write = words.guest.write;
    if (is_for_uboot(guest) && !board.has_uboot) {
        return UsageError{fmt::format("board {} has no U-Boot that could load it", board.name),
                          fmt::format("boards with U-Boot: {}\n", boards_where(has_uboot))};
    }
    if (!is_for_uboot(guest) && !board.has_qemu()) {
        return UsageError{fmt::format("QEMU has no machine for board {}", board.name),
                          fmt::format("boards: {}; with --write or a serial port: {}\n",
                                      boards_where([](const Board& one) { return one.has_qemu(); }),
                                      boards_where(has_uboot))};
    }
    if (guest.device.empty()) {
        const bool in_vain = !words.load.empty() || !words.card.empty() ||
                             !words.tftp_server.empty() || !words.prompt.empty();
        return in_vain ? std::optional(UsageError{
                             fmt::format("--from, --card, --tftp-server and --prompt are only for "
                                         "--machine {}",
                                         kSerialBoard.form),
                             ""})
                       : std::nullopt;
    }
    if (!words.guest.clock.empty()) {
        return UsageError{fmt::format("--clock is only for --machine {}", kQemu.form), ""};
    }
    if (auto refusal = take_serial(words, LoadWay::kCard, guest.serial)) {
        return refusal;
    }
    guest.serial.load_option = "--from";
    guest.serial.renewal = "`hypmeter guest --write`";
    return std::nullopt;
}

std::optional<UsageError> take_addresses(const Words& words, GuestOptions& guest) {
    for (const auto& [word, place] :
         {std::pair{&words.guest.load, &guest.load}, std::pair{&words.guest.entry, &guest.entry}}) {
        if (word->empty()) {
            continue;
        }
        *place = parse_address(*word);
        if (!*place) {
            return UsageError{fmt::format("\"{}\" is no address", printable(*word)),
                              "addresses have 32 bits, as in 0x40010000\n"};
        }
    }
    return std::nullopt;
}

void take_host(const Words& words, const std::filesystem::path& builds, GuestHost& host) {
    const Board& board = *host.board;
    host.qemu = words.qemu;
    host.cores = words.guest.cpus;
    const bool by_uimage = board.qemu.hyp_by_uimage && board.qemu.entry == EntryMode::kHyp;
    host.image = !words.image.empty() ? std::filesystem::path(words.image)
                 : by_uimage          ? foreign_uimage_of(board, builds)
                                      : foreign_image_of(board, builds);
    host.tree =
        board.qemu.has_tree ? std::filesystem::path() : tree_of(board, uimage_of(board, builds));
    host.time_limit = words.time_limit ? std::chrono::seconds(*words.time_limit) : kNoTimeLimit;
}

}  // namespace

CLI::App* add_guest(CLI::App& app, Words& words) {
    GuestWords& own = words.guest;
    CLI::App* guest = app.add_subcommand(
        "guest", "Run a guest of your own in the monitor, and print what it cost");
    guest->add_option("--board", words.board, names_of(boards()))->capture_default_str();
    CLI::Option* const machine =
        guest
            ->add_option(
                "--machine", words.machine,
                fmt::format("{}, or {}, {}", kQemu.form, kSerialBoard.form, kSerialBoard.meaning))
            ->capture_default_str();
    guest->add_option("--kernel", own.kernel, "zImage, uImage, ELF, or a flat image with --load");
    guest->add_option("--initrd", own.initrd, "Its initial file system");
    guest->add_option("--append", own.append, "Its command line");
    guest->add_option("--load", own.load, "Where a flat image goes, as 0x40010000");
    guest->add_option("--entry", own.entry, "Where a flat image is entered (default: its start)");
    guest->add_option("--cpus", own.cpus, "Virtual CPUs: 1 or 2")
        ->capture_default_str()
        ->check(CLI::Range(1U, 2U));
    guest->add_option("--memory", own.memory, "Its memory")->capture_default_str();
    CLI::Option* const native =
        guest->add_flag("--native", own.native, "Without stage 2 and with the machine's own GIC");
    guest->add_option("--delivery", own.delivery, "How interrupts reach it: " + deliveries())
        ->capture_default_str()
        ->excludes(native);
    guest
        ->add_option("--mapping", own.mapping,
                     "How stage 2 maps its memory: " + list_of(measure::kMappingNames, 1))
        ->capture_default_str()
        ->excludes(native);
    guest->add_flag("--uncounted", own.uncounted,
                    "Count no exits, which takes some instructions at each");
    CLI::Option* const clock = guest->add_option(
        "--clock", own.clock,
        "instructions (the default for one CPU), shift=N (one takes 2^N ns) or wall "
        "(this computer's time)");
    CLI::Option* const input = guest->add_option(
        "--input", own.input,
        "File that its console gets; - is standard input (the default if that is a "
        "terminal)");
    guest->add_option("--out", own.out, "Folder for its console and guest.json")
        ->capture_default_str();
    guest
        ->add_option("--write", own.write,
                     "Folder for what U-Boot needs to run it on a board, and run nothing here")
        ->excludes(clock)
        ->excludes(input)
        ->excludes(machine);
    add_serial(*guest, words, "serial: where its files come from: sd (the default), loady, tftp",
               "--from");
    add_guest_suite(*guest, words);
    guest->add_option("--qemu", words.qemu, "QEMU to use")->capture_default_str();
    guest->add_option("--image", words.image, "Image for foreign guests to boot instead");
    guest
        ->add_option("--time-limit", words.time_limit,
                     "Seconds (default: none; of a suite, for each test: 60)")
        ->check(CLI::Range(1, kLongestLimit));
    guest->add_flag("--quiet", words.quiet, "Print only what the guest prints, and what failed");
    add_examples(*guest,
                 {"hypmeter guest --kernel zImage --initrd initrd.gz --append console=ttyAMA0",
                  "hypmeter guest --kernel gic.flat --load 0x40010000 --append mmio --cpus 2",
                  "hypmeter guest --board arndale --kernel zImage --write card",
                  "hypmeter guest --board arndale --kernel zImage --machine serial:/dev/ttyUSB0",
                  "hypmeter guest --suite kvm-unit-tests:arm"});
    return guest;
}

Options check_guest(const Words& given, const std::filesystem::path& builds) {
    const bool is_suite = !given.guest.suite.empty();
    if (given.guest.kernel.empty() && !is_suite) {
        return UsageError{"no guest is named",
                          "--kernel FILE runs one, --suite kvm-unit-tests:FOLDER runs tests\n"};
    }
    const Words words = is_suite ? with_machine_of_suite(given) : given;
    GuestOptions guest;
    guest.host.board = find_board(words.board);
    if (guest.host.board == nullptr) {
        return refuse_board(words.board);
    }
    if (auto refusal = take_machine_under_it(words, guest)) {
        return *refusal;
    }
    guest.native = words.guest.native;
    if (auto refusal = take_machine_of_guest(words, guest)) {
        return *refusal;
    }
    if (auto refusal = take_way(words, guest)) {
        return *refusal;
    }
    take_host(words, builds, guest.host);
    if (is_suite) {
        return check_guest_suite(words, guest);
    }
    if (auto refusal = take_input(words, guest)) {
        return *refusal;
    }
    if (auto refusal = take_addresses(words, guest)) {
        return *refusal;
    }
    if (auto refusal = take_clock(words, words.guest.cpus, guest.host.shift)) {
        return *refusal;
    }
    const Board& board = *guest.host.board;
    if (is_for_uboot(guest)) {
        guest.host.image = words.image.empty() ? foreign_uimage_of(board, builds)
                                               : std::filesystem::path(words.image);
        guest.host.tree = tree_of(board, uimage_of(board, builds));
    } else if (words.guest.cpus > 1 && guest.host.shift && !board.qemu.holds_second_core) {
        return UsageError{"both cores run from the start there, and icount counts both", ""};
    }
    guest.kernel = words.guest.kernel;
    guest.initrd = words.guest.initrd;
    guest.out = words.guest.out;
    guest.quiet = words.quiet;
    return guest;
}

}  // namespace hm::host
