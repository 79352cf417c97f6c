#include "host/cli/repeat_command.hpp"

#include <fmt/format.h>

#include <sstream>

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
    return kAllOk;
}

}  // namespace hm::host
