#include "host/cli/run_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "host/base/text.hpp"
#include "host/cli/linux_words.hpp"
#include "host/cli/selection_words.hpp"
#include "host/cli/under_words.hpp"
#include "host/machine/gem5.hpp"
#include "host/machine/parts.hpp"
#include "host/machine/qemu.hpp"
#include "host/machine/recorded_log.hpp"
#include "measure/workload/table.hpp"

namespace hm::host {
namespace {

using measure::Key;
using measure::Suite;

/// 120,000 wake-ups 30 ms apart take an hour, unless idle time costs nothing.
bool would_take_hours(const RunOptions& run, const Words& words) {
    const bool timer =
        run.only.empty() || std::find(run.only.begin(), run.only.end(), "timer") != run.only.end();
    const bool counted = std::any_of(run.settings.begin(), run.settings.end(),
                                     [](const auto& set) { return set.first == Key::kCount; });
    return run.suite == Suite::kPaper && run.clock == ClockSource::kWall && timer && !counted &&
           !words.time_limit;
}

/// A value as --set takes it.
std::string key_text(const measure::KeyInfo& info, std::uint32_t value) {
    return info.kind == measure::Kind::kBytes ? bytes_key_text(value) : fmt::format("{}", value);
}

/// Options that have no effect on the chosen machine are refused, so that none is given in vain.
std::optional<UsageError> refuse_idle(const CLI::App& app, const RunOptions& run) {
    const auto is_given = [&app](std::string_view name) {
        return app.get_option(std::string(name))->count() > 0;
    };
    for (const MachineKind* const kind : machines()) {
        for (const std::string_view name : kind->options) {
            if (kind != run.machine.kind && is_given(name)) {
                return UsageError{fmt::format("{} is only for --machine {}", name, kind->form), ""};
            }
        }
    }
    for (const std::string_view name :
         {"--suite", "--only", "--set", "--filter", "--repeat", "--image", "--load"}) {
        if (run.serial.resume && is_given(name)) {
            return UsageError{
                fmt::format("--resume continues what already runs: {} comes too late", name), ""};
        }
        if (run.machine.kind == &kRecordedLog && is_given(name)) {
            return UsageError{
                fmt::format("{} says what to run, and the run of a log is over", name), ""};
        }
    }
    for (const auto& [key, value] : run.settings) {
        if (auto refusal = refuse_host_key(run, measure::info(key), value)) {
            return refusal;
        }
    }
    return std::nullopt;
}

/// A size that QEMU's machine does not leave to its user.
std::optional<UsageError> refuse_fixed(const RunOptions& run) {
    const board::QemuFacts& qemu = run.board->qemu;
    const std::uint32_t fixed = qemu.megabytes * measure::kMiB;
    if (fixed != 0 && run.get(Key::kMemory) != fixed) {
        return UsageError{
            fmt::format("QEMU's {} always has {} of memory", qemu.name, bytes_key_text(fixed)),
            fmt::format("--set memory={}, or nothing\n", bytes_key_text(fixed))};
    }
    if (qemu.cores != 0 && run.get(Key::kSmp) != 1) {
        return UsageError{
            fmt::format("QEMU's {} always has {} cores: smp cannot be set", qemu.name, qemu.cores),
            ""};
    }
    return std::nullopt;
}

/// The state in which the machine enters the image, and the device tree that an emulator needs; or
/// why not.
std::optional<UsageError> take_entry(const Words& words, const std::filesystem::path& builds,
                                     RunOptions& run) {
    const board::QemuFacts& qemu = run.board->qemu;
    run.entry = qemu.entry;
    if (!words.entry.empty()) {
        if (words.entry != "hyp" && words.entry != "secure") {
            return UsageError{fmt::format("unknown entry state \"{}\"", words.entry),
                              "entry states: hyp, secure\n"};
        }
        run.entry = words.entry == "hyp" ? EntryMode::kHyp : EntryMode::kSecure;
    }
    if (run.board->has_qemu() && !qemu.has_tree) {
        run.tree = tree_of(*run.board, uimage_of(*run.board, builds));
    }
    if (run.machine.kind != &kQemu) {
        return std::nullopt;
    }
    if (qemu.hyp_by_uimage && run.entry == EntryMode::kHyp && words.image.empty()) {
        run.image = uimage_of(*run.board, builds);
    }
    if (auto refusal = refuse_fixed(run)) {
        return refusal;
    }
    // Nothing holds the second core then: it waits in a loop, and icount counts that too.
    if (run.get(Key::kSmp) > 1 && run.clock == ClockSource::kInstructions &&
        (!qemu.holds_second_core || run.entry == EntryMode::kSecure)) {
        return UsageError{
            "both cores run from the start there, and icount counts both: two cores "
            "take --clock wall",
            ""};
    }
    return std::nullopt;
}

/// How often to run, or why not.
std::optional<UsageError> take_repeat(const Words& words, RunOptions& run) {
    const bool exact = run.machine.kind == &kGem5 ||
                       (run.machine.kind == &kQemu && run.clock == ClockSource::kInstructions);
    if (words.repeat > 1 && exact) {
        return UsageError{"this clock is exact: each run would be the same to the byte",
                          "--repeat is for --clock wall, and for boards\n"};
    }
    run.repeat = words.repeat;
    return std::nullopt;
}

/// An image of the user's own has no golden values unless he names some.
std::optional<UsageError> take_golden(const Words& words, const std::filesystem::path& builds,
                                      RunOptions& run) {
    if (words.golden.empty()) {
        const auto own = builds.parent_path() / "board" / run.board->name / "golden.txt";
        if (words.image.empty() && run.machine.kind == &kQemu && run.suite == Suite::kQuick &&
            run.clock == ClockSource::kInstructions && std::filesystem::is_regular_file(own)) {
            run.golden = own;
        }
    } else if (words.golden != "none") {
        if (!std::filesystem::is_regular_file(words.golden)) {
            return UsageError{fmt::format("no file \"{}\" of golden values", words.golden),
                              "`hypmeter report DIR --format golden` prints such a file; "
                              "--golden none compares with none\n"};
        }
        run.golden = words.golden;
    }
    return std::nullopt;
}

/// How many machines run side by side, or why not so many.
std::optional<UsageError> take_machines(const Words& words, RunOptions& run) {
    run.machines = words.machines.value_or(machines_for(run, std::thread::hardware_concurrency()));
    if (run.machines > 1 && !can_run_side_by_side(run)) {
        return UsageError{
            "several machines run side by side only with --clock instructions, one core each (smp) "
            "and the plan from its start (from)",
            "where the clock is time, they would disturb one another\n"};
    }
    return std::nullopt;
}

}  // namespace

std::optional<UsageError> refuse_host_key(const RunOptions& run, const measure::KeyInfo& info,
                                          std::uint32_t value) {
    const MachineKind& kind = *run.machine.kind;
    const std::uint32_t fixed = measure::default_of(run.suite, info.key);
    if (info.user != measure::User::kHost || kind.host_keys == HostKeys::kAny ||
        (kind.host_keys == HostKeys::kDefaults && value == fixed)) {
        return std::nullopt;
    }
    return UsageError{
        fmt::format("key \"{}\" is only for QEMU: {}", info.name, kind.hardware),
        kind.host_keys == HostKeys::kDefaults
            ? fmt::format("--set {}={}, or nothing\n", info.name, key_text(info, fixed))
            : ""};
}

void take_limits(const Words& words, RunOptions& run) {
    using std::chrono::seconds;
    const bool is_long = run.suite == Suite::kPaper || run.clock == ClockSource::kWall;
    run.time_limit = words.time_limit ? seconds(*words.time_limit) : run.machine.kind->time_limit;
    run.stall_limit = words.stall_limit  ? seconds(*words.stall_limit)
                      : words.time_limit ? std::max(seconds(10), run.time_limit / 4)
                                         : seconds(is_long ? 225 : 30);
}

CLI::App* add_run(CLI::App& app, Words& words) {
    CLI::App* run = app.add_subcommand("run", "Measure, print tables, keep the results");
    run->add_option("--board", words.board, names_of(boards()))->capture_default_str();
    run->add_option("--machine", words.machine, help_of(machines()))->capture_default_str();
    add_under(*run, words);
    run->add_option("--entry", words.entry,
                    "QEMU: hyp or secure, the state in which the image is entered (default: hyp; "
                    "vexpress: secure)");
    add_selection(*run, words);
    run->add_option("--out", words.out, "Folder for the results")->capture_default_str();
    run->add_option("--qemu", words.qemu, "QEMU to use")->capture_default_str();
    run->add_option("--gem5", words.gem5,
                    "gem5: NAME=VALUE .. of its machine (default: a Cortex-A15's); `python3 "
                    "toolchain/gem5/hypmeter.py --list` lists them");
    run->add_option("--lmbench", words.lmbench,
                    "linux-lmbench: archive that toolchain/linux/lmbench.py has made");
    run->add_option("--image", words.image, "Image to boot instead of the board's own");
    run->add_option(
        "--golden", words.golden,
        "QEMU: file of golden values to compare with (default: the board's, for its own "
        "image), or none");
    run->add_option(
           "--machines", words.machines,
           "QEMU: how many run side by side, each a part of the plan; the results are the same "
           "(default: for a plan of more than a minute as many as there are processors, at most "
           "4; otherwise 1)")
        ->check(CLI::Range(1U, kMostMachines));
    run->add_option("--time-limit", words.time_limit,
                    "Seconds for the whole run (default: QEMU none, serial 900, gem5 7200)")
        ->check(CLI::Range(1, kLongestLimit));
    run->add_option("--stall-limit", words.stall_limit,
                    "QEMU: seconds without a record after which its machine counts as hung, not "
                    "counting those without a processor (default 30; suite paper or clock wall: "
                    "225; with --time-limit: a quarter of it, at least 10)")
        ->check(CLI::Range(1, kLongestLimit));
    CLI::Option* const quiet =
        run->add_flag("--quiet", words.quiet, "Print nothing unless something failed");
    run->add_flag("--verbose", words.verbose,
                  "Print how the machine is started, and the layers of every row")
        ->excludes(quiet);
    add_serial(*run, words, "serial: where the image comes from: sd (the default), loady, tftp");
    run->add_option("--repeat", words.repeat,
                    "How often to run, into DIR/run-1 and so on, for `compare`; only where the "
                    "clock has noise")
        ->check(CLI::Range(1, kMostRepeats));
    run->add_flag("--resume", words.resume,
                  "serial: continue with a target that runs or lingers, from DIR/uart.log");
    add_examples(*run, {"hypmeter run", "hypmeter run --only timer --set delivery=boosted",
                        "hypmeter run --only linux-cyclictest", "hypmeter run --under xen",
                        "hypmeter run --filter \"^pagefault.*faults=both\"",
                        "hypmeter run --board vexpress --out there"});
    return run;
}

Options check_run(const Words& words, const std::filesystem::path& builds, const CLI::App& app) {
    if (asks_for_linux(words)) {
        return check_linux(words, builds, app);
    }
    if (!words.lmbench.empty()) {
        return UsageError{"--lmbench is only for --only linux-lmbench", ""};
    }
    if (!words.under.empty()) {
        return check_under(words, builds, app);
    }
    RunOptions run;
    if (auto refusal = take_machine(words, builds, run)) {
        return *refusal;
    }
    if (auto refusal = take_selection(words, run)) {
        return *refusal;
    }
    if (auto refusal = take_entry(words, builds, run)) {
        return *refusal;
    }
    if (auto refusal = take_serial(words, LoadWay::kCard, run.serial)) {
        return *refusal;
    }
    if (auto refusal = refuse_idle(app, run)) {
        return *refusal;
    }
    if (would_take_hours(run, words)) {
        return UsageError{
            "--suite paper with --clock wall takes an hour of real time for each timer row: "
            "set a count (--set count=1000) or a --time-limit",
            ""};
    }
    if (auto refusal = choose(words, run).refusal) {
        return *refusal;
    }
    if (auto refusal = take_golden(words, builds, run)) {
        return *refusal;
    }
    if (auto refusal = take_repeat(words, run)) {
        return *refusal;
    }
    if (auto refusal = take_machines(words, run)) {
        return *refusal;
    }
    run.out = words.out;
    run.qemu = words.qemu;
    run.gem5_parameters = words.gem5;
    take_limits(words, run);
    run.talk = words.quiet ? Talk::kQuiet : words.verbose ? Talk::kVerbose : Talk::kNormal;
    return run;
}

}  // namespace hm::host
