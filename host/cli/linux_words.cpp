#include "host/cli/linux_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "host/base/text.hpp"
#include "host/cli/selection_words.hpp"
#include "host/linux/linux_rows.hpp"

namespace hm::host {
namespace {

const LinuxWorkload* linux_workload(const std::string& name) {
    const auto found = std::find_if(kLinuxWorkloads.begin(), kLinuxWorkloads.end(),
                                    [&](const LinuxWorkload& row) { return row.name == name; });
    return found == kLinuxWorkloads.end() ? nullptr : &*found;
}

/// The options of `run` that mean something here.
constexpr std::array<std::string_view, 9> kTakenByLinux{"--only",  "--set",        "--suite",
                                                        "--out",   "--time-limit", "--qemu",
                                                        "--board", "--quiet",      "--lmbench"};

}  // namespace

bool asks_for_linux(const Words& words) {
    return std::any_of(words.only.begin(), words.only.end(), linux_workload);
}

Options check_linux(const Words& words, const std::filesystem::path& builds, const CLI::App& app) {
    if (auto refusal = refuse_others(app, kTakenByLinux, "on Linux")) {
        return *refusal;
    }
    LinuxOptions linux_options;
    for (const std::string& name : words.only) {
        const LinuxWorkload* const workload = linux_workload(name);
        if (workload == nullptr) {
            return UsageError{fmt::format("\"{}\" is no workload of Linux, which runs by itself",
                                          printable(name)),
                              fmt::format("workloads of Linux: {}\n", names_of(kLinuxWorkloads))};
        }
        if (workload->work == LinuxWork::kLmbench && words.lmbench.empty()) {
            return UsageError{"Debian has no LMbench: name an archive of it with --lmbench",
                              "toolchain/linux/lmbench.py FOLDER makes one of programs that you "
                              "have built for armhf, statically\n"};
        }
        linux_options.workloads.push_back(workload);
    }
    Words selection = words;
    selection.only.clear();
    RunOptions run;
    run.board = find_board(words.board);
    if (run.board == nullptr) {
        return refuse_board(words.board);
    }
    if (!run.board->qemu.has_tree) {
        return UsageError{"Linux is measured on board virt", ""};
    }
    if (auto refusal = take_selection(selection, run)) {
        return *refusal;
    }
    for (const auto& [key, value] : run.settings) {
        if (key != measure::Key::kCount && key != measure::Key::kPeriod) {
            return UsageError{
                fmt::format("key \"{}\" has no effect on Linux", measure::info(key).name),
                "keys: count, period\n"};
        }
    }
    // The paper's period is also that of a short run: so often Linux has time to sleep.
    constexpr std::uint32_t kShortCount = 200;
    constexpr std::uint32_t kPaperPeriod = 30'000;
    const auto set_or = [&run](measure::Key key, std::uint32_t otherwise) {
        const auto found = std::find_if(run.settings.begin(), run.settings.end(),
                                        [key](const auto& one) { return one.first == key; });
        return found == run.settings.end() ? otherwise : found->second;
    };
    linux_options.count =
        set_or(measure::Key::kCount,
               run.suite == measure::Suite::kPaper ? run.get(measure::Key::kCount) : kShortCount);
    linux_options.period_us = set_or(measure::Key::kPeriod, kPaperPeriod);
    linux_options.host.board = run.board;
    linux_options.host.qemu = words.qemu;
    linux_options.host.image = foreign_image_of(*run.board, builds);
    linux_options.host.time_limit =
        words.time_limit ? std::chrono::seconds(*words.time_limit) : kNoTimeLimit;
    linux_options.folder = builds / "linux";
    linux_options.lmbench = words.lmbench;
    linux_options.out = words.out;
    linux_options.quiet = words.quiet;
    return linux_options;
}

}  // namespace hm::host
