// The second core as a load: it starts, does what it should, stops, and does not disturb guests.

#include <array>

#include "board.hpp"
#include "board/hw/console.hpp"
#include "boot/second_core.hpp"
#include "drivers/cpu/hw/translate.hpp"
#include "drivers/fdt/tree.hpp"
#include "hyp/hw/monitor.hpp"
#include "session/core/guest_machine.hpp"
#include "session/hw/guest_memory.hpp"
#include "tests/target/case.hpp"
#include "tests/target/guest_run.hpp"

extern "C" char __second_stack_guard[], __second_stack_bottom[];

namespace hm::target {

namespace {

namespace second_core = boot::second_core;

/// The memory that a guest may have here; the load gets what follows.
constexpr std::uint32_t kGuestBytes = 64U << 20;
constexpr std::uint32_t kLoadBytes = 64U << 10;
constexpr std::uint32_t kWords = kLoadBytes / 4;
constexpr std::uint32_t kWordsALine = second_core::kLineBytes / 4;

std::uint32_t guest_base() { return session::platform().guest_base; }

second_core::Load load() { return {.base = guest_base() + kGuestBytes, .bytes = kLoadBytes}; }

/// The load's memory and one line after it.
volatile std::uint32_t& word(std::uint32_t index) {
    return reinterpret_cast<volatile std::uint32_t*>(load().base)[index];
}

bool device_tree_names_a_second_core() {
    const auto* const blob = reinterpret_cast<const std::byte*>(board::kDefaultDeviceTree);
    const auto opened = fdt::Tree::open({blob, std::size_t{1} << 20});
    return opened.tree.find("/cpus/cpu@1").has_value();
}

Complaint is_there_where_the_device_tree_names_it() {
    const bool named = device_tree_names_a_second_core();
    board::print(named ? "second core: the device tree names one\n"
                       : "second core: the device tree names none\n");
    if (second_core::exists() != named) {
        return named ? "the device tree names a second core, but none was found"
                     : "a second core was found, but the device tree names none";
    }
    return {};
}

Complaint does_not_start_where_there_is_none() {
    if (!second_core::exists() && second_core::start(load())) {
        return "it started";
    }
    return second_core::stop() ? Complaint() : "it is not off";
}

Complaint one_life() {
    if (!second_core::start(load())) {
        return "it did not start";
    }
    if (second_core::start(load())) {
        return "it was started while it ran";
    }
    for (int i = 0; i < 3; ++i) {
        if (!second_core::goes_on()) {
            return "it makes no progress";
        }
    }
    if (!second_core::stop()) {
        return "it did not stop";
    }
    const std::uint32_t rounds = second_core::rounds();
    for (int i = 0; i < 1000; ++i) {
        cpu::yield();
    }
    return second_core::rounds() == rounds ? Complaint() : "it goes on after it was stopped";
}

Complaint starts_makes_progress_stops_and_starts_again() {
    if (!second_core::exists()) {
        return {};
    }
    constexpr int kLives = 3;
    for (int life = 0; life < kLives; ++life) {
        const Complaint complaint = one_life();
        if (!complaint.empty()) {
            return complaint;
        }
    }
    board::print("second core: started and stopped three times\n");
    return {};
}

/// Every line was written as often as there were rounds, one word of each, and nothing after the
/// last.
Complaint streams_through_its_memory_and_no_other() {
    if (!second_core::exists()) {
        return {};
    }
    for (std::uint32_t i = 0; i < kWords + kWordsALine; ++i) {
        word(i) = 0;
    }
    if (!second_core::start(load())) {
        return "it did not start";
    }
    constexpr std::uint32_t kLines = kLoadBytes / second_core::kLineBytes;
    while (second_core::rounds() < 2 * kLines / load().lines) {
        if (!second_core::goes_on()) {
            return "it makes no progress";
        }
    }
    if (!second_core::stop()) {
        return "it did not stop";
    }
    std::uint32_t touched = 0;
    for (std::uint32_t i = 0; i < kWords + kWordsALine; ++i) {
        const bool first_of_a_line = i % kWordsALine == 0 && i < kWords;
        if ((word(i) != 0) != first_of_a_line) {
            return first_of_a_line ? "a line was left out"
                                   : "a word was written outside of its memory";
        }
        touched += word(i);
    }
    return touched == second_core::rounds() * load().lines
               ? Complaint()
               : "it went through more or fewer lines than in its rounds";
}

Complaint leaves_a_guest_alone_that_runs_meanwhile() {
    if (!second_core::exists()) {
        return {};
    }
    // Longer than the load's turns under icount.
    constexpr std::uint64_t kPatience = 4'000'000'000;
    const measure::Scenario scenario = timer_scenario(measure::Delivery::kInjected);
    const session::Platform here = session::platform();
    const session::GuestSlot slot{guest_base(), guest_base() + kGuestBytes};
    const auto block = session::parameters_for(here, slot, scenario);
    if (!block) {
        return "the guest has no memory";
    }
    const session::GuestMap map = session::guest_map(here, *block, slot, scenario);
    (void)session::load(slot, *block);
    if (!second_core::start(load())) {
        return "it did not start";
    }
    const std::uint32_t before = second_core::rounds();
    const auto stop =
        hyp::run(session::guest_machine(here, scenario, slot, map, *block, kPatience), nullptr);
    const bool loaded = second_core::rounds() != before || second_core::goes_on();
    if (!second_core::stop()) {
        return "it did not stop";
    }
    if (!stop || stop->reason != hyp::StopReason::kFinished || stop->outcome != 0) {
        return "the guest did not finish";
    }
    return loaded ? Complaint() : "there was no load";
}

Complaint the_page_below_its_stack_faults() {
    const auto writable = [](const char* symbol) {
        return cpu::translate<cpu::kAts1hw>({reinterpret_cast<std::uint32_t>(symbol)}).has_value();
    };
    if (writable(__second_stack_guard)) {
        return "the guard page is mapped";
    }
    return writable(__second_stack_bottom) ? Complaint() : "the stack is not writable";
}

constexpr std::array kCases{
    Case{"second core: it is there where the device tree names it",
         is_there_where_the_device_tree_names_it},
    Case{"second core: it is off, and does not start where there is none",
         does_not_start_where_there_is_none},
    Case{"second core: the page below its stack faults", the_page_below_its_stack_faults},
    Case{"second core: it starts, makes progress, stops, and starts again",
         starts_makes_progress_stops_and_starts_again},
    Case{"second core: it streams through its memory and no other",
         streams_through_its_memory_and_no_other},
    Case{"second core: it leaves a guest alone that runs meanwhile",
         leaves_a_guest_alone_that_runs_meanwhile},
};

}  // namespace

std::span<const Case> second_core_cases() { return kCases; }

}  // namespace hm::target
