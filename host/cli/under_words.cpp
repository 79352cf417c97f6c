#include "host/cli/under_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "host/alone/alone.hpp"
#include "host/alone/monitor_machine.hpp"
#include "host/alone/serial_machine.hpp"
#include "host/alone/user_machine.hpp"
#include "host/alone/xen_machine.hpp"
#include "host/base/files.hpp"
#include "host/base/text.hpp"
#include "host/cli/run_words.hpp"
#include "host/cli/selection_words.hpp"
#include "host/machine/alone_plan.hpp"

namespace hm::host {
namespace {

/// The options of `run` that mean something here.
constexpr std::array<std::string_view, 14> kTakenUnder{
    "--filter", "--under", "--suite",  "--only",       "--set",         "--clock", "--out",
    "--qemu",   "--image", "--repeat", "--time-limit", "--stall-limit", "--quiet", "--verbose"};

/// What a guest says that a board runs natively.
constexpr const char* kUnderBoard = "board";

/// Options of QEMU, where the tool starts none.
std::optional<UsageError> refuse_of_qemu(const CLI::App& app, const RunOptions& run) {
    for (const std::string_view name : {"--qemu", "--clock", "--stall-limit"}) {
        const bool is_given = app.get_option(std::string(name))->count() > 0;
        if (is_given && run.machine.kind == &kUserAlone) {
            return UsageError{
                fmt::format("{} is for a QEMU that the tool starts: \"{}\" says what is started",
                            name, run.machine.where),
                ""};
        }
        if (is_given && run.machine.kind == &kSerialAlone) {
            return UsageError{fmt::format("{} is for QEMU, and a board runs the guest", name), ""};
        }
    }
    return std::nullopt;
}

/// What the user's file says, or why it cannot be used.
std::optional<UsageError> take_file(RunOptions& run) {
    const std::string& where = run.machine.where;
    const auto text = read_file(where);
    if (!text) {
        return UsageError{fmt::format("cannot read \"{}\"", printable(where)),
                          "--under qemu-args:FILE names a file that says how your hypervisor is "
                          "started; `hypmeter run --help` says what it has\n"};
    }
    ReadHypervisorFile read = read_hypervisor_file(*text);
    if (!read.error.empty()) {
        return UsageError{fmt::format("cannot use \"{}\": {}", printable(where), read.error), ""};
    }
    run.under.name = read.file.name;
    run.under.clock = read.file.clock;
    run.under.file = std::move(read.file);
    return std::nullopt;
}

/// What the guest does not have, or what the hypervisor lacks.
std::optional<UsageError> take_parts(const Words& words, RunOptions& run) {
    for (const std::string& name : words.only) {
        if (std::ranges::find(kAloneWorkloads, name) == kAloneWorkloads.end()) {
            return UsageError{
                fmt::format("workload \"{}\" needs hypmeter's monitor, and --under runs without it",
                            name),
                fmt::format("workloads: {}\n", fmt::join(kAloneWorkloads, ", "))};
        }
    }
    for (const auto& [key, value] : run.settings) {
        if (std::ranges::find(kAloneKeys, key) == kAloneKeys.end() &&
            measure::info(key).user == measure::User::kTarget) {
            return UsageError{
                fmt::format("key \"{}\" has no effect with --under", measure::info(key).name), ""};
        }
    }
    return std::nullopt;
}

}  // namespace

void add_under(CLI::App& run, Words& words) {
    run.add_option("--under", words.under,
                   "Run the guest that comes alone, under: " + help_of(unders()) +
                       ". FILE is a JSON object: " + hypervisor_file_help());
}

Options check_under(const Words& words, const std::filesystem::path& builds, const CLI::App& app) {
    RunOptions run;
    run.board = &kAloneBoard;
    const auto machine = parse_under(words.under);
    if (!machine) {
        return UsageError{fmt::format("unknown word \"{}\" in --under", printable(words.under)),
                          fmt::format("--under takes {}\n", under_forms())};
    }
    run.machine = *machine;
    std::vector<std::string_view> taken(kTakenUnder.begin(), kTakenUnder.end());
    taken.insert(taken.end(), machine->kind->options.begin(), machine->kind->options.end());
    if (auto refusal =
            refuse_others(app, taken, "with --under " + std::string(machine->kind->form))) {
        return *refusal;
    }
    if (auto refusal = refuse_of_qemu(app, run)) {
        return *refusal;
    }
    if (auto refusal = take_selection(words, run)) {
        return *refusal;
    }
    run.under.name = std::string(machine->kind->form);
    if (machine->kind == &kXenAlone) {
        run.under.hypervisor = builds / "xen" / "xen";
    } else if (machine->kind == &kMonitorAlone) {
        run.under.hypervisor = foreign_image_of(*find_board("virt"), builds);
    } else if (machine->kind == &kUserAlone) {
        if (auto refusal = take_file(run)) {
            return *refusal;
        }
    } else if (machine->kind == &kSerialAlone) {
        run.under.name = kUnderBoard;
        if (auto refusal = take_serial(words, LoadWay::kYmodem, run.serial)) {
            return *refusal;
        }
    }
    if (auto refusal = take_parts(words, run)) {
        return *refusal;
    }
    for (const auto& [key, value] : run.settings) {
        if (auto refusal = refuse_host_key(run, measure::info(key), value)) {
            return *refusal;
        }
    }
    if (auto refusal = choose(words, run).refusal) {
        return *refusal;
    }
    run.image = words.image.empty() ? alone_image_of(builds) : std::filesystem::path(words.image);
    run.out = words.out;
    run.qemu = words.qemu;
    run.repeat = words.repeat;
    take_limits(words, run);
    run.talk = words.quiet ? Talk::kQuiet : words.verbose ? Talk::kVerbose : Talk::kNormal;
    return run;
}

}  // namespace hm::host
