// The UART of a guest. What the guests print stands between the records, where
// tests/system/target_cases_test.cpp looks for it.

#include <array>

#include "board.hpp"
#include "board/hw/console.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/gic/cpu_interface.hpp"
#include "drivers/gic/distributor.hpp"
#include "drivers/uart/pl011.hpp"
#include "hyp/hw/monitor.hpp"
#include "tests/target/case.hpp"
#include "tests/target/cpp_guest.hpp"
#include "tests/target/device_access.hpp"

namespace hm::target {

namespace {

constexpr mmu::Ipa kDistributor{0x1000'0000};
constexpr mmu::Ipa kUart{0x1000'2000};
/// Its page number ends with the same three bits as that of the distributor.
constexpr mmu::Ipa kFarUart{0x1100'0000};

// ---- Guests: each finishes with UARTFR, or with what it has received
// -----------------------------

template <class T = std::uint32_t>
void send(mmu::Ipa uart, char c) {
    store<T>(static_cast<std::uint32_t>(uart.value) + uart::Pl011Data::kOffset,
             static_cast<unsigned char>(c));
}
template <class T = std::uint32_t>
std::uint32_t flags_of(mmu::Ipa uart) {
    return load<T>(static_cast<std::uint32_t>(uart.value) + uart::Pl011Flags::kOffset);
}

constexpr std::string_view kLines = "Hello from the guest\r\n\nand again\n";
constexpr std::string_view kNoNewline = "a line that never ends";
constexpr std::string_view kLikeTheMonitor =
    "@hypmeter {\"record\":\"end\",\"seq\":1,\"ok\":true,\"records\":1} crc=01779bd3\n"
    "{\"record\":\"end\"}\n"
    "hypmeter: nothing more will come\n"
    "x\r@hypmeter {}\n";
constexpr std::string_view kEscapes = "\033[2J\033]0;title\007\b\302\244\n";

template <const std::string_view& kText>
void prints(std::uint32_t) {
    for (const char c : kText) {
        send(kUart, c);
    }
    finish(flags_of(kUart));
}

void prints_10000_characters(std::uint32_t) {
    for (int i = 0; i < 10'000; ++i) {
        send(kUart, 'x');
    }
    finish(flags_of(kUart));
}

/// In bytes, as Linux' early console does.
void prints_bytes_far_away(std::uint32_t) {
    for (const char c : std::string_view("bytes\n")) {
        send<std::uint8_t>(kFarUart, c);
    }
    finish(flags_of<std::uint16_t>(kFarUart));
}

/// Turns the receiver on, says so by a checkpoint, and takes three characters.
void receives(std::uint32_t) {
    DeviceBus bus;
    uart::Pl011<DeviceBus> console(bus, static_cast<std::uint32_t>(kUart.value));
    console.start();
    (void)guest::hypercall<measure::Hypercall::kCheckpoint>(1, 1);
    std::uint32_t received = 0;
    for (int count = 0; count < 3;) {
        if (const auto c = console.get()) {
            received = received << 8 | static_cast<unsigned char>(*c);
            ++count;
        }
    }
    finish(received);
}

void reads_beside_a_register(std::uint32_t) {
    finish(load<std::uint8_t>(static_cast<std::uint32_t>(kUart.value) + uart::Pl011Flags::kOffset +
                              1));
}

/// A guest whose UART drives an interrupt.
constexpr gic::IntId kInterrupt = 40;
struct Interrupted {
    DeviceBus bus;
    uart::Pl011<DeviceBus> console{bus, static_cast<std::uint32_t>(kUart.value)};
    gic::Distributor<DeviceBus> distributor{bus, static_cast<std::uint32_t>(kDistributor.value)};
    gic::CpuInterface<DeviceBus> interface { bus, board::kGicc };

    Interrupted() {
        console.start();
        distributor.set_control(gic::GicdCtlr{}.with(gic::GicdCtlr::kEnableGroup1, true));
        distributor.set_group1(kInterrupt);
        distributor.enable(kInterrupt);
        interface.set_priority_mask(0xF8);
        interface.set_control(gic::GiccCtlr{}
                                  .with(gic::GiccCtlr::kEnableGroup1, true)
                                  .with(gic::GiccCtlr::kAckCtl, true));
    }
    static void listen(bool on) {
        using uart::Pl011Interrupts;
        store(static_cast<std::uint32_t>(kUart.value) + Pl011Interrupts::kMaskOffset,
              Pl011Interrupts{}
                  .with(Pl011Interrupts::kReceive, on)
                  .with(Pl011Interrupts::kReceiveTimeout, on)
                  .raw);
    }
    std::uint32_t acknowledge() { return interface.acknowledge().get(gic::GiccIar::kIntId); }
    void end() { interface.end(gic::GiccIar{}.with(gic::GiccIar::kIntId, kInterrupt)); }
};

/// The line is high from the character's coming until it is taken, if the guest listens to it.
void is_interrupted(std::uint32_t) {
    Interrupted guest;
    std::uint32_t holds = 0;
    const auto check = [&holds](bool one) { holds = holds << 1 | (one ? 1 : 0); };
    check(guest.acknowledge() == gic::kSpurious);
    (void)guest::hypercall<measure::Hypercall::kCheckpoint>(1, 2);
    check(guest.acknowledge() == gic::kSpurious);  // it is masked
    Interrupted::listen(true);
    check(guest.acknowledge() == kInterrupt);
    check(guest.distributor.is_pending(kInterrupt));
    check(guest.console.get() == 'a');
    check(!guest.distributor.is_pending(kInterrupt));
    guest.end();
    check(guest.acknowledge() == gic::kSpurious);
    (void)guest::hypercall<measure::Hypercall::kCheckpoint>(2, 2);
    check(guest.acknowledge() == kInterrupt);
    guest.end();
    check(guest.acknowledge() == kInterrupt);  // nobody has taken the character
    guest.end();
    Interrupted::listen(false);
    check(guest.acknowledge() == gic::kSpurious);
    finish(holds);
}
constexpr std::uint32_t kAllTenHold = 0x3FF;

/// Waits for a character for 20 million ticks; in WFI, out of which its interrupt wakes it.
void hears(std::uint32_t) {
    Interrupted guest;
    Interrupted::listen(true);
    const std::uint64_t end = cpu::read<cpu::Cntvct>().raw + 20'000'000;
    cpu::write(cpu::CntvCval::from(end));
    cpu::write(cpu::CntvCtl{}.with(cpu::CntvCtl::kEnable, true));
    guest.distributor.set_group1(board::kVirtualTimerInterrupt);
    guest.distributor.enable(board::kVirtualTimerInterrupt);
    cpu::isb();
    cpu::wait_for_interrupt();
    const bool by_uart = guest.acknowledge() == kInterrupt;
    const auto c = guest.console.get();
    finish(by_uart && c ? static_cast<unsigned char>(*c) : 0);
}

// ---- Cases --------------------------------------------------------------------------------------

std::optional<hyp::Stop> run(Body body, std::optional<hyp::UartConfig> uart,
                             hyp::CheckpointHandler on_checkpoint = nullptr) {
    prepare_cpp_guest(body);
    const std::array map{cpp_guest_code(), cpp_guest_stacks(),
                         hyp::MemoryRegion{.range = {{board::kGicc}, gic::gicc::kSize},
                                           .target = {board::kGicv},
                                           .attributes = hyp::kGuestDevice,
                                           .forced = std::nullopt}};
    return hyp::run({.stages = hyp::Stages::kBoth,
                     .routing = hyp::InterruptRouting::kLinked,
                     .entry = address_of(cpp_guest_start),
                     .map = map,
                     .distributor = kDistributor,
                     .uart = uart,
                     .name = "uart case",
                     .patience = 1'000'000'000},
                    on_checkpoint);
}

bool finished_with(const std::optional<hyp::Stop>& stop, std::uint32_t outcome) {
    return stop && stop->reason == hyp::StopReason::kFinished && stop->outcome == outcome;
}

/// TXFE and RXFE, and a modem that is ready (ARM DDI 0183G, 3.3.3).
constexpr std::uint32_t kIdleFlags = 0x97;

template <Body kBody, const mmu::Ipa& kAt = kUart>
Complaint comes_out() {
    return finished_with(run(kBody, hyp::UartConfig{.base = kAt}), kIdleFlags)
               ? Complaint{}
               : "the guest did not finish with the flags of an idle UART";
}

constexpr hyp::UartConfig kPolled{.base = kUart};
bool all_taken;

Complaint characters_come_in() {
    all_taken = false;
    const auto stop = run(receives, kPolled, [](std::uint32_t, std::uint32_t) {
        all_taken =
            hyp::give_to_guest('a') && hyp::give_to_guest('\0') && hyp::give_to_guest('\xFF');
    });
    if (!all_taken) {
        return "the UART did not take them";
    }
    return finished_with(stop, 0x6100FF) ? Complaint{} : "the guest read others";
}

Complaint nothing_is_left_of_characters_that_nobody_read() {
    (void)run(prints<kLines>, kPolled);
    return hyp::give_to_guest('x') ? "a new guest's receiver is on" : "";
}

/// Its vectors are nowhere, so that the abort ends it.
Complaint ended_by_an_abort(const std::optional<hyp::Stop>& stop) {
    return stop && stop->reason == hyp::StopReason::kTrap &&
                   stop->refusal == hyp::Refusal::kNoVectors && stop->given.count == 1 &&
                   stop->given.exception == hyp::GuestException::kDataAbort
               ? ""
               : "the guest was not given a data abort";
}

Complaint a_byte_beside_a_register_aborts() {
    return ended_by_an_abort(run(reads_beside_a_register, kPolled));
}

Complaint a_guest_without_one_finds_none() {
    return ended_by_an_abort(run(prints<kLines>, std::nullopt));
}

Complaint a_character_interrupts() {
    all_taken = true;
    const auto stop =
        run(is_interrupted, hyp::UartConfig{.base = kUart, .interrupt = kInterrupt},
            [](std::uint32_t, std::uint32_t) { all_taken &= hyp::give_to_guest('a'); });
    if (!all_taken) {
        return "the UART did not take them";
    }
    return finished_with(stop, kAllTenHold) ? "" : "its interrupt did not follow the character";
}

/// Under a test that types, the guest hears it (tests/system/target_cases_test.cpp); else nothing.
Complaint what_is_typed_comes_in() {
    const auto stop = run(
        hears, hyp::UartConfig{.base = kUart, .interrupt = kInterrupt, .look_for_input = 100'000});
    if (!stop || stop->reason != hyp::StopReason::kFinished) {
        return "the guest did not finish";
    }
    if (stop->outcome != 0) {
        board::print("uart: the guest heard ");
        board::put(static_cast<char>(stop->outcome));
        board::print("\n");
    }
    return "";
}

Complaint what_no_vm_can_have_is_refused() {
    for (const gic::IntId interrupt : {gic::IntId{31}, gic::IntId{64}}) {
        if (run(is_interrupted, hyp::UartConfig{.base = kUart, .interrupt = interrupt})) {
            return "a UART with an interrupt that the distributor has not";
        }
    }
    return "";
}

constexpr std::array kCases{
    Case{"uart: a guest prints lines", comes_out<prints<kLines>>},
    Case{"uart: the last line of a guest comes out without its newline",
         comes_out<prints<kNoNewline>>},
    Case{"uart: a guest prints what looks like the monitor's own lines",
         comes_out<prints<kLikeTheMonitor>>},
    Case{"uart: a guest prints what moves a terminal's cursor", comes_out<prints<kEscapes>>},
    Case{"uart: a guest prints 10,000 characters without a newline",
         comes_out<prints_10000_characters>},
    Case{"uart: it can lie where it is not found by its page",
         comes_out<prints_bytes_far_away, kFarUart>},
    Case{"uart: characters come in", characters_come_in},
    Case{"uart: a guest's receiver is off at first",
         nothing_is_left_of_characters_that_nobody_read},
    Case{"uart: a character interrupts the guest that listens until it is taken",
         a_character_interrupts},
    Case{"uart: what is typed at the console comes in", what_is_typed_comes_in},
    Case{"uart: what no VM can have is refused", what_no_vm_can_have_is_refused},
    Case{"uart: a byte beside a register gives the guest a data abort",
         a_byte_beside_a_register_aborts},
    Case{"uart: a guest that has none finds none", a_guest_without_one_finds_none},
};

}  // namespace

std::span<const Case> uart_cases() { return kCases; }

}  // namespace hm::target
