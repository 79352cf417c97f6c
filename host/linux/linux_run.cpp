#include "host/linux/linux_run.hpp"

#include <fmt/format.h>

#include "host/base/files.hpp"
#include "host/guest/bundle_maker.hpp"
#include "host/guest/guest_layout.hpp"

namespace hm::host {
namespace {

constexpr std::uint32_t kLinuxMemory = 256U << 20;

/// The word hm=.. for toolchain/linux/init.
std::string word_for(const LinuxOptions& options, LinuxWork work) {
    switch (work) {
        case LinuxWork::kCyclictest:
            return fmt::format("cyclictest,{},{}", options.count, options.period_us);
        case LinuxWork::kLmbench:
            return "lmbench,lat_pagefault,lat_mem_rd";
        case LinuxWork::kBoot:
            break;
    }
    return "boot";
}

/// What Linux is started with.
struct LinuxFiles {
    std::string kernel, initrd;
};

MadeBundle bundle_of(const LinuxOptions& options, const LinuxWorkload& workload,
                     const LinuxRow& row, const LinuxFiles& files) {
    const bool native = row.delivery == measure::Delivery::kNative;
    VirtualMachine machine = native ? native_machine(options.host.board->foreign) : kVirtualMachine;
    machine.memory_bytes = kLinuxMemory;
    machine.bootargs = "console=ttyAMA0 loglevel=1 hm=" + word_for(options, workload.work);
    const GuestRun run{.delivery = row.delivery,
                       .mapping = row.mapping,
                       .slice = ticks_of_a_turn(options.host.board->foreign)};
    const Parsed<Kernel> kernel = parse_kernel(
        files.kernel, {.memory_base = machine.memory_base, .memory_bytes = machine.memory_bytes});
    return kernel.value ? make_bundle(machine, run, *kernel.value, files.initrd)
                        : MadeBundle{{}, "the kernel " + kernel.error};
}

std::string why_row_failed(const LinuxResult& result, LinuxWork work) {
    if (!result.end.refusal.empty()) {
        return result.end.refusal;
    }
    if (!result.end.why_failed.empty()) {
        return result.end.why_failed;
    }
    if (!result.read.userland || !result.read.off) {
        return "Linux did not come to its first program, or not to its end";
    }
    if (!result.read.refused.empty()) {
        return result.read.refused.front();
    }
    for (const auto& [name, program] : result.read.programs) {
        if (program.status != 0) {
            return fmt::format("{} did not end with success", name);
        }
    }
    if (work == LinuxWork::kCyclictest) {
        const auto found = result.read.programs.find("cyclictest");
        if (found == result.read.programs.end() || !read_cyclictest(found->second.text)) {
            return "cyclictest printed no complete histogram";
        }
    }
    return {};
}

}  // namespace

std::string why_no_linux(const LinuxOptions& options) {
    for (const char* const name : {"zImage", "initrd.gz", "versions.txt"}) {
        if (!std::filesystem::is_regular_file(options.folder / name)) {
            return fmt::format(
                "there is no Linux in \"{}\": `./hypmeter linux` fetches it from Debian",
                options.folder.string());
        }
    }
    return {};
}

std::vector<LinuxResult> run_linux(const LinuxOptions& options, const LinuxWorkload& workload,
                                   const std::function<void(const LinuxRow&)>& on_row) {
    LinuxFiles files{read_file(options.folder / "zImage").value_or(""),
                     read_file(options.folder / "initrd.gz").value_or("")};
    if (workload.work == LinuxWork::kLmbench) {
        files.initrd += read_file(options.lmbench).value_or("");
    }
    std::vector<LinuxResult> results;
    for (const LinuxRow& row : workload.rows) {
        on_row(row);
        LinuxResult result;
        result.row = &row;
        const MadeBundle bundle = bundle_of(options, workload, row, files);
        if (bundle.error.empty()) {
            result.end = run_guest(
                options.host, bundle.bytes,
                [&result](std::string_view bytes) { result.console += bytes; }, nullptr);
            result.read = read_linux_console(result.console);
            result.why_failed = why_row_failed(result, workload.work);
        } else {
            result.why_failed = bundle.error;
        }
        results.push_back(std::move(result));
        if (results.back().end.interrupted) {
            break;
        }
    }
    return results;
}

}  // namespace hm::host
