#include "host/report/cyclictest_json_format.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <ctime>
#include <nlohmann/json.hpp>

#include "host/log/json.hpp"
#include "host/report/cyclictest_bins.hpp"
#include "host/report/machine_name.hpp"

namespace hm::host {
namespace {

/// "2026-11-26T15:00:00Z", so many seconds later, in the form of mail (RFC 5322).
std::string date_text(const std::string& started, double seconds) {
    std::tm parts{};
    if (::strptime(started.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts) == nullptr) {
        return {};
    }
    const std::time_t time = ::timegm(&parts) + static_cast<std::time_t>(std::lround(seconds));
    std::array<char, 64> text{};
    const std::tm* const shown = ::gmtime_r(&time, &parts);
    return {text.data(),
            std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S +0000", shown)};
}

Json thread_json(const CyclictestThread& thread) {
    Json histogram = Json::object();
    for (const auto& [low, count] : thread.bins) {
        histogram[fmt::format("{}", low)] = count;
    }
    return Json{{"histogram", std::move(histogram)},
                {"cycles", thread.count},
                {"min", thread.min},
                {"max", thread.max},
                {"avg", thread.mean},
                {"cpu", 0},
                {"node", 0},
                {"name", thread.name}};
}

}  // namespace

std::string cyclictest_json_text(const GroupedResults& run, std::size_t) {
    const CyclictestData data = cyclictest_data(run);
    if (data.threads.empty()) {
        return {};
    }
    const Results& results = run.results;
    const std::string started = host_text(results, "/started");
    const auto host = parse_json(results.host);
    const double seconds = host && host->contains("seconds") && host->at("seconds").is_number()
                               ? host->at("seconds").get<double>()
                               : 0;
    Json threads = Json::object();
    for (std::size_t i = 0; i < data.threads.size(); ++i) {
        threads[fmt::format("{}", i)] = thread_json(data.threads[i]);
    }
    // The two names with a colon are rt-tests' own.
    const Json json{{"file_version", 1},
                    {"cmdline:", "hypmeter"},
                    {"rt_test_version:", results.version},
                    {"start_time", date_text(started, 0)},
                    {"end_time", date_text(started, seconds)},
                    {"return_code", results.ok() ? 0 : 1},
                    {"sysinfo", Json{{"sysname", "hypmeter"},
                                     {"nodename", results.board},
                                     {"release", results.version},
                                     {"version", machine_name(results)},
                                     {"machine", "armv7l"},
                                     {"realtime", 1}}},
                    {"num_threads", data.threads.size()},
                    {"resolution_in_ns", 1},
                    {"unit", data.unit},
                    {"thread", std::move(threads)}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace hm::host
