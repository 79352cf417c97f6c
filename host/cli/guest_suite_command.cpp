#include "host/cli/guest_suite_command.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "host/base/files.hpp"

namespace hm::host {
namespace {

constexpr const char* kSuiteResultsName = "suite.json";

/// Shows which test runs, and how each ended.
class SuiteProgress {
  public:
    explicit SuiteProgress(const Console& console) : console_(console), steps_(console) {}

    void begins(const KvmUnitTest& test) { steps_.passing(line_of(test.name)); }
    void ended(const SuiteRow& row) {
        if (console_.progress == ProgressMode::kQuiet) {
            return;
        }
        steps_.clear();
        console_.err << line_of(suite_row_text(row)) << std::endl;
        ++done_;
    }

  private:
    [[nodiscard]] std::string line_of(std::string_view text) const {
        return fmt::format("[{}/{}] {}", done_ + 1, kKvmUnitTests.size(), text);
    }

    const Console& console_;
    Steps steps_;
    std::size_t done_ = 0;
};

/// One line; empty if there are tests in it.
std::string why_not_usable(const std::filesystem::path& folder) {
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error)) {
        return fmt::format("there is no folder \"{}\"", folder.string());
    }
    return has_kvm_unit_tests(folder) ? std::string()
                                      : fmt::format("folder \"{}\" has none of the tests ({}, ..)",
                                                    folder.string(), kKvmUnitTests.front().file);
}

}  // namespace

int guest_suite_command(const GuestSuiteOptions& options, const Console& console) {
    const SuiteRun& suite = options.suite;
    if (const std::string why = why_not_usable(suite.folder); !why.empty()) {
        return refuse(console, kBadUsage, why);
    }
    if (const std::string why = make_folder(suite.out); !why.empty()) {
        return refuse(console, kBadUsage, why);
    }
    const Console shown{console.out,      console.err,
                        console.width,    options.quiet ? ProgressMode::kQuiet : console.progress,
                        console.terminal, console.live,
                        console.colour,   console.guest};
    SuiteProgress progress(shown);
    const SuiteEnd end =
        run_suite(suite, {.begins = [&](const KvmUnitTest& test) { progress.begins(test); },
                          .ended = [&](const SuiteRow& row) { progress.ended(row); }});
    if (!end.refusal.empty()) {
        return refuse(console, kFailed, end.refusal);
    }
    const SuiteResults& results = end.results;
    // The table is for those who watch; the other formats are read by programs.
    if (!options.quiet || options.format != kSuiteFormats.begin() || !results.ok()) {
        console.out << options.format->print(results, console.width) << std::flush;
    }
    if (!write_file(suite.out / kSuiteResultsName, suite_json(results, console.width))) {
        return refuse(console, kFailed,
                      fmt::format("cannot write the results to \"{}\": {}", suite.out.string(),
                                  std::strerror(errno)));
    }
    return results.ok() ? kAllOk : kFailed;
}

}  // namespace hm::host
