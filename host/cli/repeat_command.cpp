#include "host/cli/repeat_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <vector>

#include "host/base/text.hpp"
#include "host/cli/run_files.hpp"
#include "host/machine/drive.hpp"
#include "host/report/answer.hpp"

namespace hm::host {
namespace {

/// The answer of a run that was just recorded.
std::string answer_in(const std::filesystem::path& folder, std::size_t width) {
    const ReadSide read = read_side(folder);
    if (!read.side) {
        return {};
    }
    const Results& results = read.side->first();
    const GroupedRows rows(results.rows);
    return answer_text(answer_of({results, rows}), width);
}

/// Where a clock counts instructions, runs that were asked for the same are the same: says so, or
/// which row differs. The exit status.
int compare_all(const RunOptions& options, const Console& console) {
    std::vector<Side> sides;
    for (unsigned number = 1; number <= options.repeat; ++number) {
        ReadSide read = read_side(repeat_folder(options.out, number));
        if (!read.side) {
            return refuse(console, kFailed, read.error);
        }
        sides.push_back(*std::move(read.side));
    }
    const Comparison comparison = compare(sides, [](const std::string&) { return true; });
    for (std::size_t side = 1; side < sides.size(); ++side) {
        if (comparison.methods[side] != Method::kExact) {
            return kAllOk;  // `compare` tells noise from what differs
        }
        const auto differs = [side](const ComparedRow& row) {
            return row.changes[side].outcome != Outcome::kEqual;
        };
        const auto first = std::ranges::find_if(comparison.rows, differs);
        if (first != comparison.rows.end()) {
            return refuse(console, kFailed,
                          fmt::format("the runs are not equal: {} of {} rows of run {} differ, the "
                                      "first: {}",
                                      std::ranges::count_if(comparison.rows, differs),
                                      comparison.rows.size(), side + 1, first->name));
        }
    }
    console.out << fmt::format("The {} runs are equal in each of {} rows.\n", sides.size(),
                               comparison.rows.size())
                << std::flush;
    return kAllOk;
}

}  // namespace

int repeat_command(const RunOptions& options, const Console& console) {
    if (!results_files(options.out).empty()) {
        return refuse(console, kBadUsage,
                      fmt::format("\"{}\" already has a run: --repeat needs a folder of its own, "
                                  "named with --out",
                                  printable(options.out.string())));
    }
    for (unsigned number = 1; number <= options.repeat; ++number) {
        RunOptions one = options;
        one.out = repeat_folder(options.out, number);
        std::ostringstream tables;  // `report` prints them again
        const int status = drive(one, {tables, console.err, console.width, console.progress});
        console.out << fmt::format("Run {} of {}, in {}\n", number, options.repeat,
                                   printable(one.out.string()))
                    << answer_in(one.out, console.width) << std::flush;
        if (status != kAllOk) {
            return status;
        }
    }
    return compare_all(options, console);
}

}  // namespace hm::host
