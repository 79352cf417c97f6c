#include "host/guest/guest_run.hpp"

#include <fmt/format.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "host/base/files.hpp"
#include "host/base/process.hpp"
#include "host/base/temporary_folder.hpp"
#include "host/guest/guest_log.hpp"
#include "host/log/json.hpp"
#include "host/machine/image_file.hpp"
#include "host/machine/qmp.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

/// A guest may have 1 GB below the image. Beyond that lie the bundle and a second VM.
constexpr unsigned kMegabytes = 2048;

/// For the target to turn its machine off, once it has said all.
constexpr std::chrono::milliseconds kToTurnItselfOff{400};

GuestEnd refused(std::string why) {
    GuestEnd end;
    end.refusal = std::move(why);
    return end;
}

std::string why_it_failed(const GuestLog& log, const GuestResults& results, const ProcessEnd& end,
                          const std::string& error) {
    if (end.ending == Ending::kTimeLimit) {
        return "the guest did not end within the time limit (--time-limit)";
    }
    if (end.ending == Ending::kInterrupted) {
        return "it was ended here, " + describe(end);
    }
    if (!log.ended()) {
        return fmt::format("QEMU ended before the guest did ({}){}{}", describe(end),
                           error.empty() ? "" : ": ", error);
    }
    return why_guest_failed(log, results);
}

}  // namespace

QemuStart guest_start(const GuestHost& host, const fs::path& bundle, bool has_input) {
    return {.board = host.board,
            .entry = host.board->qemu.entry,
            .cores = host.cores,
            .megabytes = kMegabytes,
            .shift = host.shift,
            .image = host.image,
            .append = "suite=quick",
            .tree = host.tree,
            .more = {"-device", fmt::format("loader,file={},addr={:#x},force-raw=on",
                                            qemu_value(bundle), host.board->foreign.bundle)},
            .has_input = has_input};
}

GuestEnd run_guest(const GuestHost& host, std::string_view bundle,
                   const std::function<void(std::string_view)>& on_text, ConsoleInput* input,
                   const std::function<bool()>& is_done) {
    const std::string program = find_program(host.qemu);
    if (program.empty()) {
        return refused(fmt::format("cannot start QEMU: no program \"{}\"", host.qemu));
    }
    const bool by_uimage =
        host.board->qemu.hyp_by_uimage && host.board->qemu.entry == EntryMode::kHyp;
    if (std::string why = by_uimage ? why_no_uimage(host.image) : why_not_loadable(host.image);
        !why.empty()) {
        return refused(std::move(why));
    }
    const TemporaryFolder folder;
    Qmp monitor;
    for (const std::string& why : {folder.error(), monitor.error()}) {
        if (!why.empty()) {
            return refused(why);
        }
    }
    const fs::path bundle_file = folder.path() / "bundle";
    const fs::path complaints = folder.path() / "qemu.log";
    if (!write_file(bundle_file, bundle)) {
        return refused(fmt::format("cannot write the bundle to \"{}\": {}", bundle_file.string(),
                                   std::strerror(errno)));
    }
    const QemuStart start = guest_start(host, bundle_file, input != nullptr);
    Command command = qemu_command(start, {.program = program,
                                           .complaints = complaints,
                                           .monitor = monitor.socket(),
                                           .sandbox = qemu_has_sandbox(program)});
    if (start.records()) {
        command.on_side_output = [](std::string_view) {};
    }
    if (input != nullptr) {
        command.input = input->end_for_child();
    }
    using Clock = std::chrono::steady_clock;
    const Clock::time_point began = Clock::now();
    GuestLog log(on_text);
    std::string error;
    const Sink on_output = [&log](std::string_view bytes) { log.take(bytes); };
    const Sink on_error = [&error](std::string_view bytes) {
        error += bytes.substr(0, 4096 - std::min<std::size_t>(4096, error.size()));
    };
    Process process(command, ProcessLimits{host.time_limit, ProcessLimits{}.grace});
    if (process.start_error() != 0) {
        return refused(fmt::format("cannot start QEMU (\"{}\"): {}", program,
                                   std::strerror(process.start_error())));
    }
    if (input != nullptr) {
        input->started();
    }
    std::optional<Clock::time_point> quit_at;
    while (process.read(on_output, on_error)) {
        if (input != nullptr) {
            input->pump();
        }
        if ((log.ended() || (is_done && is_done())) && !quit_at) {
            quit_at = Clock::now() + kToTurnItselfOff;
        } else if (quit_at && Clock::now() >= *quit_at) {
            monitor.quit();
            process.finish(0, ProcessLimits{}.grace);
        }
    }
    const ProcessEnd ended = process.end(on_output, on_error);
    GuestEnd end;
    end.seconds = std::chrono::duration<double>(Clock::now() - began).count();
    end.results = log.finish();
    end.why_failed = why_it_failed(log, end.results, ended, error);
    end.interrupted = ended.ending == Ending::kInterrupted;
    end.results.host = dump(Json{{"qemu", qemu_version(program)},
                                 {"command", command.arguments},
                                 {"seconds", end.seconds},
                                 {"complaints", read_file(complaints).value_or("")}});
    return end;
}

}  // namespace hm::host
