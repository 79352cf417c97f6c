#include "host/cli/linux_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "host/base/files.hpp"
#include "host/linux/linux_results.hpp"
#include "host/linux/linux_tables.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

/// False on failure; errno says why.
bool keep(const LinuxOptions& options, const LinuxWorkload& workload,
          const std::vector<LinuxResult>& results) {
    for (const LinuxResult& result : results) {
        if (!write_file(options.out / fmt::format("{}-{}.txt", workload.name, result.row->name),
                        result.console)) {
            return false;
        }
    }
    return write_file(options.out / fmt::format("{}.json", workload.name),
                      linux_json(workload, results));
}

}  // namespace

int linux_command(const LinuxOptions& options, const Console& console) {
    if (const std::string why = why_no_linux(options); !why.empty()) {
        return refuse(console, kFailed, why);
    }
    if (!options.lmbench.empty() && !fs::is_regular_file(options.lmbench)) {
        return refuse(console, kBadUsage,
                      fmt::format("there is no file \"{}\"", options.lmbench.string()));
    }
    if (const std::string why = make_folder(options.out); !why.empty()) {
        return refuse(console, kBadUsage, why);
    }
    int status = kAllOk;
    Steps steps(console);
    for (const LinuxWorkload* const workload : options.workloads) {
        const auto results = run_linux(options, *workload, [&](const LinuxRow& row) {
            steps.step(fmt::format("{}: {}", workload->name, row.name));
        });
        steps.clear();
        const bool failed = std::any_of(results.begin(), results.end(), [](const auto& result) {
            return !result.why_failed.empty();
        });
        if (!options.quiet || failed) {
            console.out << linux_text(*workload, results, console.width) << "\n" << std::flush;
        }
        if (!keep(options, *workload, results)) {
            return refuse(console, kFailed,
                          fmt::format("cannot write the results to \"{}\": {}",
                                      options.out.string(), std::strerror(errno)));
        }
        if (failed) {
            status = kFailed;
        }
        if (results.empty() || results.back().end.interrupted) {
            return refuse(console, kFailed, "the run was interrupted");
        }
    }
    return status;
}

}  // namespace hm::host
