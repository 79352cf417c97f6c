#include "host/cli/main_command.hpp"

#include <fmt/format.h>

#include <cstring>

#include "host/base/clean_stream.hpp"
#include "host/cli/catalogue.hpp"
#include "host/cli/compare_command.hpp"
#include "host/cli/flash_command.hpp"
#include "host/cli/guest_command.hpp"
#include "host/cli/guest_suite_command.hpp"
#include "host/cli/image_command.hpp"
#include "host/cli/linux_command.hpp"
#include "host/cli/options.hpp"
#include "host/cli/predict_command.hpp"
#include "host/cli/repeat_command.hpp"
#include "host/cli/report_command.hpp"
#include "host/cli/selection_words.hpp"
#include "host/machine/drive.hpp"

namespace hm::host {
namespace {

/// Calls the command that the options are for.
struct Dispatcher {
    const Console& console;

    int operator()(const UsageError& error) const {
        console.err << "hypmeter: " << error.line << "\n" << error.valid << std::flush;
        return kBadUsage;
    }
    int operator()(const Answer& answer) const {
        console.out << answer.text << std::flush;
        return kAllOk;
    }
    int operator()(const ListOptions& options) const {
        console.out << (options.scenarios.empty()
                            ? catalogue_text(console.width)
                            : scenarios_text(options.scenarios, console.width))
                    << std::flush;
        return kAllOk;
    }
    int operator()(const RunOptions& options) const {
        return options.repeat > 1 ? repeat_command(options, console) : drive(options, console);
    }
    int operator()(const FlashOptions& options) const { return flash_command(options, console); }
    int operator()(const ImageOptions& options) const { return image_command(options, console); }
    int operator()(const ReportOptions& options) const { return report_command(options, console); }
    int operator()(const CompareOptions& options) const {
        return compare_command(options, console);
    }
    int operator()(const BaselineOptions& options) const {
        return baseline_command(options, console);
    }
    int operator()(const GuestOptions& options) const { return guest_command(options, console); }
    int operator()(const LinuxOptions& options) const { return linux_command(options, console); }
    int operator()(const GuestSuiteOptions& options) const {
        return guest_suite_command(options, console);
    }
    int operator()(const PredictOptions& options) const {
        return predict_command(options, console);
    }
};

}  // namespace

int main_command(std::vector<std::string> arguments, const std::filesystem::path& builds,
                 const Console& console) {
    CleanStream out(console.out);
    CleanStream err(console.err);
    const Console clean{out,          err,          console.width,  console.progress,
                        &console.err, console.live, console.colour, &console.out};
    const int status = std::visit(Dispatcher{clean}, parse_options(std::move(arguments), builds));
    if (!out.flush()) {
        return refuse(clean, kFailed,
                      fmt::format("cannot write the output: {}", std::strerror(out.error())));
    }
    return status;
}

}  // namespace hm::host
