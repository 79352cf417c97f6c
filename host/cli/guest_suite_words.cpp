#include "host/cli/guest_suite_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/base/text.hpp"
#include "host/guest/guest_layout.hpp"
#include "host/guest/kvm_unit_tests.hpp"

namespace hm::host {
namespace {

constexpr std::string_view kSuiteStart = "kvm-unit-tests:";
constexpr std::chrono::seconds kLimitOfTest{60};

/// Each test decides these itself, or has none.
constexpr std::array kNotWithSuite{"--kernel", "--initrd", "--append", "--load",
                                   "--entry",  "--cpus",   "--memory", "--clock",
                                   "--input",  "--write",  "--machine"};

}  // namespace

void add_guest_suite(CLI::App& guest, Words& words) {
    CLI::Option* const suite = guest.add_option(
        "--suite", words.guest.suite,
        "Tests to run natively and in the monitor, instead of a kernel: kvm-unit-tests:FOLDER");
    for (const char* const name : kNotWithSuite) {
        suite->excludes(guest.get_option(name));
    }
    guest
        .add_option("--format", words.format,
                    "How to print what the tests showed: " + names_of(kSuiteFormats))
        ->capture_default_str()
        ->needs(suite);
}

Words with_machine_of_suite(Words words) {
    words.guest.cpus = 2;
    words.guest.memory = bytes_key_text(kKvmUnitTestMemory);
    return words;
}

Options check_guest_suite(const Words& words, const GuestOptions& guest) {
    if (!words.guest.suite.starts_with(kSuiteStart) ||
        words.guest.suite.size() == kSuiteStart.size()) {
        return UsageError{fmt::format("unknown suite \"{}\"", printable(words.guest.suite)),
                          "suites: kvm-unit-tests:FOLDER\n"};
    }
    const board::ForeignFacts& facts = guest.host.board->foreign;
    if (facts.memory != kVirtualMachine.memory_base || facts.uart != kVirtualMachine.uart) {
        return UsageError{
            fmt::format("the tests do not find their memory on board {}", guest.host.board->name),
            "boards for --suite: virt\n"};
    }
    const auto format =
        std::find_if(kSuiteFormats.begin(), kSuiteFormats.end(),
                     [&](const SuiteFormat& one) { return one.name == words.format; });
    if (format == kSuiteFormats.end()) {
        return UsageError{fmt::format("unknown format \"{}\"", printable(words.format)),
                          fmt::format("formats: {}\n", names_of(kSuiteFormats))};
    }
    GuestSuiteOptions options{.suite = {.host = guest.host,
                                        .folder = words.guest.suite.substr(kSuiteStart.size()),
                                        .out = words.guest.out,
                                        .natively = {native_machine(facts), guest.run},
                                        .in_monitor = {}},
                              .format = &*format,
                              .quiet = words.quiet};
    options.suite.natively.run.delivery = measure::Delivery::kNative;
    options.suite.natively.run.mapping = measure::Mapping::kNone;
    if (!guest.native) {
        options.suite.in_monitor = {guest.machine, guest.run};
    }
    if (!words.time_limit) {
        options.suite.host.time_limit = kLimitOfTest;
    }
    return options;
}

}  // namespace hm::host
