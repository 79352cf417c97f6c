#include "host/cli/guest_command.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "host/base/file_writer.hpp"
#include "host/base/files.hpp"
#include "host/base/text.hpp"
#include "host/cli/guest_write.hpp"
#include "host/guest/guest_bundle.hpp"
#include "host/guest/guest_results.hpp"
#include "host/guest/guest_serial.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

constexpr const char* kConsoleName = "console.txt";
constexpr const char* kGuestResultsName = "guest.json";

}  // namespace

int guest_command(const GuestOptions& options, const Console& console) {
    const BundleFiles files{options.kernel, options.initrd, options.load, options.entry};
    const MadeBundle bundle = bundle_of_files(options.machine, options.run, files);
    if (!bundle.error.empty()) {
        return refuse(console, kBadUsage, bundle.error);
    }
    if (!options.write.empty()) {
        return write_for_uboot(options, bundle.bytes, console);
    }
    std::optional<ConsoleInput> input;
    if (!options.input.empty()) {
        input.emplace(options.input);
        if (input->error() != 0) {
            return refuse(console, kBadUsage,
                          fmt::format("cannot read \"{}\": {}", options.input.string(),
                                      std::strerror(input->error())));
        }
    }
    if (const std::string why = make_folder(options.out); !why.empty()) {
        return refuse(console, kBadUsage, why);
    }
    FileWriter kept(options.out / kConsoleName);
    std::ostream& out = console.guest != nullptr ? *console.guest : console.out;
    const auto on_text = [&](std::string_view bytes) {
        const std::string lines = without_carriage_returns(bytes);
        kept.write(lines);
        // Keys that are typed come back through the guest, which then needs a terminal's ways.
        out << (input ? std::string(bytes) : lines) << std::flush;
    };
    ConsoleInput* const keys = input ? &*input : nullptr;
    const GuestEnd end = options.device.empty()
                             ? run_guest(options.host, bundle.bytes, on_text, keys)
                             : run_guest_on_board(options.host, options.device, options.serial,
                                                  bundle.bytes, on_text, keys, console);
    input.reset();
    kept.close();
    if (!end.refusal.empty()) {
        return refuse(console, kFailed, end.refusal);
    }
    if (!options.quiet) {
        console.out << "\n" << guest_text(end.results, console.width) << std::flush;
    }
    if (kept.error() != 0 ||
        !write_file(options.out / kGuestResultsName, guest_json(end.results))) {
        return refuse(console, kFailed,
                      fmt::format("cannot write the results to \"{}\": {}", options.out.string(),
                                  std::strerror(kept.error() != 0 ? kept.error() : errno)));
    }
    return end.why_failed.empty() ? kAllOk : refuse(console, kFailed, end.why_failed);
}

}  // namespace hm::host
