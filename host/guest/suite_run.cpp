#include "host/guest/suite_run.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "host/base/files.hpp"
#include "host/base/text.hpp"

namespace hm::host {
namespace {

/// Of what a test prints. One that prints for ever must not fill this computer's memory.
constexpr std::size_t kMostText = 1U << 20;

/// A test's way, as a word of the names of files.
constexpr std::string_view kNativeWord = "native";
constexpr std::string_view kMonitorWord = "monitor";

class SuiteRunner {
  public:
    explicit SuiteRunner(const SuiteRun& suite) : suite_(suite) {
        end_.results.folder = suite.folder.string();
        end_.results.board = suite.host.board->name;
        end_.results.started =
            fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
        end_.results.only_natively = !suite.in_monitor;
    }

    /// False once no other test is to be run.
    bool run(const KvmUnitTest& test, const SuiteListener& listener) {
        SuiteRow row{.test = test, .skipped = {}, .natively = {}, .in_monitor = {}};
        if (const auto why = why_not_run(test, suite_.folder)) {
            row.skipped = *why;
        } else {
            listener.begins(test);
            row.natively = run_once(test, suite_.natively, kNativeWord);
            if (suite_.in_monitor && goes_on()) {
                row.in_monitor = run_once(test, *suite_.in_monitor, kMonitorWord);
            }
        }
        if (!end_.refusal.empty()) {
            return false;
        }
        listener.ended(row);
        end_.results.rows.push_back(std::move(row));
        return goes_on();
    }

    [[nodiscard]] SuiteEnd take_end() { return std::move(end_); }

  private:
    [[nodiscard]] bool goes_on() const { return end_.refusal.empty() && !end_.results.interrupted; }

    SuiteSide run_once(const KvmUnitTest& test, const SuiteWay& way, std::string_view word) {
        SuiteSide side;
        const MadeBundle bundle = bundle_of_test(test, suite_.folder, way.machine, way.run);
        if (!bundle.error.empty()) {
            side.problem = bundle.error;
            return side;
        }
        GuestHost host = suite_.host;
        host.cores = test.cpus;
        host.shift = test.shift;
        // Natively a guest must turn its machine off by its first CPU, and a test need not. In the
        // monitor each must turn it off.
        const bool turns_off = way.run.delivery != measure::Delivery::kNative;
        std::string console;
        const GuestEnd ended = run_guest(
            host, bundle.bytes,
            [&console](std::string_view bytes) {
                console += bytes.substr(0, kMostText - std::min(kMostText, console.size()));
            },
            nullptr, [&] { return !turns_off && has_exit_status(console); });
        if (!ended.refusal.empty()) {
            end_.refusal = ended.refusal;
            return side;
        }
        end_.results.version = ended.results.version;
        end_.results.machine = ended.results.machine;
        end_.results.interrupted = ended.interrupted;
        side.text = parse_unit_test(console);
        const bool is_done = !turns_off && side.text.status && !ended.interrupted;
        side.problem = is_done ? std::string() : ended.why_failed;
        side.has_ended = side.problem.empty() && side.text.status.has_value();
        if (side.problem.empty()) {
            side.problem = why_no_success(side.text);
        }
        side.seconds = ended.seconds;
        keep(fmt::format("{}-{}.txt", test.name, word), console);
        return side;
    }

    void keep(const std::string& name, const std::string& console) {
        if (!write_file(suite_.out / name, without_carriage_returns(console))) {
            end_.refusal = fmt::format("cannot write \"{}\": {}", (suite_.out / name).string(),
                                       std::strerror(errno));
        }
    }

    const SuiteRun& suite_;
    SuiteEnd end_;
};

}  // namespace

SuiteEnd run_suite(const SuiteRun& suite, const SuiteListener& listener) {
    SuiteRunner runner(suite);
    for (const KvmUnitTest& test : kKvmUnitTests) {
        if (!runner.run(test, listener)) {
            break;
        }
    }
    return runner.take_end();
}

}  // namespace hm::host
