// The UART of a guest: guests of a few instructions (tests/target/uart_vm.S). What they print
// stands between the records, where tests/system/target_cases_test.cpp looks for it.

#include <array>

#include "hyp/hw/monitor.hpp"
#include "tests/target/case.hpp"
#include "tests/target/small_guest.hpp"

extern "C" const char uart_vms[], uart_vms_end[], prints_lines[], prints_without_newline[],
    prints_like_the_monitor[], prints_escapes[], prints_10000_characters[], prints_bytes_far_away[],
    receives[], reads_beside_a_register[];

namespace hm::target {

namespace {

// As in uart_vm.S.
constexpr mmu::Ipa kDistributor{0x1000'0000};
constexpr mmu::Ipa kUart{0x1000'2000};
constexpr mmu::Ipa kFarUart{0x1100'0000};

std::optional<hyp::Stop> run_at(const char* entry, std::optional<mmu::Ipa> uart,
                                hyp::CheckpointHandler on_checkpoint = nullptr) {
    make_code_visible();
    const std::array map{code_region(uart_vms, uart_vms_end)};
    return hyp::run({.stages = hyp::Stages::kBoth,
                     .routing = hyp::InterruptRouting::kLinked,
                     .entry = address_of(entry),
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

template <const char* kEntry>
Complaint prints() {
    return finished_with(run_at(kEntry, kUart), kIdleFlags)
               ? Complaint{}
               : "the guest did not finish with the flags of an idle UART";
}

Complaint a_uart_can_lie_anywhere() {
    return finished_with(run_at(prints_bytes_far_away, kFarUart), kIdleFlags)
               ? Complaint{}
               : "the guest did not finish with the flags of an idle UART";
}

bool all_taken;

Complaint characters_come_in() {
    all_taken = false;
    const auto stop = run_at(receives, kUart, [](std::uint32_t, std::uint32_t) {
        all_taken =
            hyp::give_to_guest('a') && hyp::give_to_guest('\0') && hyp::give_to_guest('\xFF');
    });
    if (!all_taken) {
        return "the UART did not take them";
    }
    return finished_with(stop, 0x6100FF) ? Complaint{} : "the guest read others";
}

Complaint nothing_is_left_of_characters_that_nobody_read() {
    (void)run_at(prints_lines, kUart);
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
    return ended_by_an_abort(run_at(reads_beside_a_register, kUart));
}

Complaint a_guest_without_one_finds_none() {
    return ended_by_an_abort(run_at(prints_lines, std::nullopt));
}

constexpr std::array kCases{
    Case{"uart: a guest prints lines", prints<prints_lines>},
    Case{"uart: the last line of a guest comes out without its newline",
         prints<prints_without_newline>},
    Case{"uart: a guest prints what looks like the monitor's own lines",
         prints<prints_like_the_monitor>},
    Case{"uart: a guest prints what moves a terminal's cursor", prints<prints_escapes>},
    Case{"uart: a guest prints 10,000 characters without a newline",
         prints<prints_10000_characters>},
    Case{"uart: it can lie where it is not found by its page", a_uart_can_lie_anywhere},
    Case{"uart: characters come in", characters_come_in},
    Case{"uart: a guest's receiver is off at first",
         nothing_is_left_of_characters_that_nobody_read},
    Case{"uart: a byte beside a register gives the guest a data abort",
         a_byte_beside_a_register_aborts},
    Case{"uart: a guest that has none finds none", a_guest_without_one_finds_none},
};

}  // namespace

std::span<const Case> uart_cases() { return kCases; }

}  // namespace hm::target
