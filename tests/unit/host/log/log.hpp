#pragma once
// Logs for tests of the host tool, made record by record with their numbers and CRCs.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <nlohmann/json.hpp>
#include <span>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "host/log/fields.hpp"
#include "host/log/json.hpp"
#include "host/log/log_parser.hpp"
#include "measure/crc32.hpp"

namespace hm::host::testing {

/// Whether `text` contains `part`, with both in the failure's message.
inline ::testing::AssertionResult has(const std::string& text, const std::string& part) {
    if (text.find(part) != std::string::npos) {
        return ::testing::AssertionSuccess();
    }
    return ::testing::AssertionFailure() << "no \"" << part << "\" in:\n" << text;
}

/// The first line that contains `part`, with runs of spaces made one.
inline std::string line_with(const std::string& text, const std::string& part) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.find(part) != std::string::npos) {
            std::istringstream words(line);
            std::string joined;
            for (std::string word; words >> word;) {
                joined += (joined.empty() ? "" : " ") + word;
            }
            return joined;
        }
    }
    return {};
}

/// A record line without its end of line.
inline std::string record_line(const std::string& json) {
    return fmt::format("@hypmeter {} crc={:08x}", json,
                       measure::crc32(std::as_bytes(std::span(json))));
}

class LogText {
  public:
    explicit LogText(std::string end_of_line = "\r\n") : end_of_line_(std::move(end_of_line)) {}

    LogText& words(const std::string& line) {
        text_ += line + end_of_line_;
        return *this;
    }

    LogText& record(const std::string& kind, const Json& fields) {
        Json json{{"seq", seq_++}, {"record", kind}};
        json.update(fields);
        results_ = kind == "scenario" ? 0 : results_ + (kind == "result" ? 1 : 0);
        return words(record_line(json.dump()));
    }

    LogText& begin(const std::vector<std::string>& plan, const Json& changes = Json::object()) {
        Json fields{{"schema", 1},
                    {"version", "0.1.0"},
                    {"board", "virt"},
                    {"machine", "QEMU virt, Cortex-A15"},
                    {"clock", "instructions"},
                    {"counter_hz", 1'000'000'000},
                    {"models", Json{{"caches", false}, {"tlb", false}}},
                    {"memory_bytes", 1 << 30},
                    {"parameters", Json{{"suite", "quick"}, {"count", 1000}}},
                    {"plan", plan}};
        fields.update(changes);
        return record("begin", fields);
    }

    /// A row of a single value, without percentiles.
    LogText& row(const std::string& workload, const std::string& setting, const Json& params,
                 const std::string& layer, double value, const std::string& unit = "instructions") {
        return row_of(workload, setting, params, layer, unit,
                      Json{{"count", 5},
                           {"min", value},
                           {"mean", value},
                           {"max", value},
                           {"histogram", Json::array({Json::array({value, 5})})}});
    }

    /// A row whose statistics are given.
    LogText& row_of(const std::string& workload, const std::string& setting, const Json& params,
                    const std::string& layer, const std::string& unit, const Json& statistics) {
        const std::size_t cut = setting.find('/');
        const std::string translation = setting.substr(0, cut);
        const std::size_t colon = translation.find(':');
        Json fields{{"workload", workload},
                    {"regime", translation.substr(0, colon)},
                    {"delivery", setting.substr(cut + 1)},
                    {"params", params},
                    {"layer", layer},
                    {"unit", unit}};
        if (colon != std::string::npos) {
            fields["stage2"] = translation.substr(colon + 1);
        }
        fields.update(statistics);
        return record("result", fields);
    }

    LogText& scenario(const std::string& name, const Json& changes = Json::object()) {
        Json fields{{"name", name},          {"ok", true},
                    {"detail", "done"},      {"results", results_},
                    {"guest_crc32", 0xabcd}, {"parameters_crc32", 7}};
        fields.update(changes);
        scenarios_.push_back(name);
        return record("scenario", fields);
    }

    LogText& end(bool ok = true) { return record("end", Json{{"records", seq_}, {"ok", ok}}); }

    [[nodiscard]] const std::string& text() const { return text_; }
    /// The names of the scenarios so far.
    [[nodiscard]] const std::vector<std::string>& scenarios() const { return scenarios_; }

  private:
    std::string end_of_line_;
    std::string text_;
    std::vector<std::string> scenarios_;
    unsigned seq_ = 0;
    unsigned results_ = 0;
};

inline RunLog parse_log(const std::string& text) {
    LogParser parser;
    parser.feed(text);
    parser.finish();
    return parser.log();
}

inline const std::string kNative = "native/native";
inline const std::string kGuest = "nested/injected";

/// The least log with every kind of record, and with lines for people around it.
inline std::string small_log() {
    LogText log;
    log.words("hypmeter on virt").begin({"chase native/native", "chase nested/injected"});
    for (const std::string& setting : {kNative, kGuest}) {
        log.record("progress", Json{{"scenario", "chase " + setting}, {"done", 1}, {"of", 2}});
        log.row("chase", setting, Json{{"bytes", 65536}}, "load", 1.125, "instructions/load");
        log.scenario("chase " + setting).words("a line for people");
    }
    log.record("verdict", Json{{"name", "walker agrees"}, {"ok", true}, {"detail", "64 of 64"}});
    log.end();
    return log.words("anything may follow @hypmeter, even")
        .words("@hypmeter {} crc=00000000")
        .text();
}

/// The parameters of a timer row, in their order.
inline Json timer_params(const std::string& wait, const std::string& load, int stamps,
                         int slice_us = 0) {
    Json params{{"wait", wait}, {"load", load}};
    if (slice_us != 0) {
        params["slice_us"] = slice_us;
    }
    params.update(Json{{"period_us", 1000},
                       {"dither_us", slice_us},
                       {"count", 1000},
                       {"warm_up", 16},
                       {"stamps", stamps}});
    return params;
}

/// A whole run with a row of everything that the tables show.
inline std::string good_log(const std::string& end_of_line = "\r\n") {
    const Json pages{{"pages", 256}};
    const Json chase{{"order", "random"}, {"bytes", 8 << 20}};
    const Json stamped = timer_params("wfi", "idle", 1);
    const Json plain = timer_params("wfi", "idle", 0);
    const Json fast{{"path", "null-fast"}};
    LogText log(end_of_line);
    log.words("hypmeter on virt")
        .begin({"pagefault pages=256 native/native", "pagefault pages=256 nested/injected",
                "chase native/native", "chase nested/injected", "timer stamps=1 native/native",
                "timer stamps=1 nested/injected", "timer stamps=0 native/native",
                "timer stamps=0 nested/injected", "hypercall null-fast nested/injected",
                "demand nested/injected"});
    for (const std::string& setting : {kNative, kGuest}) {
        const bool native = setting == kNative;
        log.row("pagefault", setting, pages, "total", 812);
        log.row("pagefault", setting, pages, "hyp-instructions", 0);
        log.row("pagefault", setting, pages, "pl-instructions", 812);
        log.scenario("pagefault pages=256 " + setting);
        if (!native) {
            log.words("a line for people");
        }
    }
    for (const std::string& setting : {kNative, kGuest}) {
        log.row("chase", setting, chase, "load", setting == kNative ? 1.125 : 2.5,
                "instructions/load");
        log.scenario("chase " + setting);
    }
    const auto timer = [](double low) {
        return Json{{"count", 1000},
                    {"min", low},
                    {"mean", low + 1.5},
                    {"p50", low + 1},
                    {"p95", low + 2},
                    {"max", low + 9},
                    {"histogram", Json::array({Json::array({low, 900}), Json::array({low + 2, 60}),
                                               Json::array({low + 9, 40})})}};
    };
    log.row("timer", kNative, stamped, "deadline..guest-vector", 2);
    log.row("timer", kNative, stamped, "guest-vector..handler-done", 20);
    log.row_of("timer", kNative, stamped, "deadline..application", "instructions", timer(100));
    log.scenario("timer stamps=1 native/native");
    log.record("progress",
               Json{{"scenario", "timer stamps=1 nested/injected"}, {"done", 250}, {"of", 1000}});
    log.row("timer", kGuest, stamped, "deadline..hyp-vector", 4);
    log.row("timer", kGuest, stamped, "hyp-vector..guest-vector", 60);
    log.row("timer", kGuest, stamped, "guest-vector..handler-done", 20);
    log.row_of("timer", kGuest, stamped, "deadline..application", "instructions", timer(200));
    log.row("timer", kGuest, stamped, "hyp-instructions", 70);
    log.scenario("timer stamps=1 nested/injected");
    log.row_of("timer", kNative, plain, "deadline..application", "instructions", timer(90));
    log.row("timer", kNative, plain, "hyp-instructions", 0);
    log.row("timer", kNative, plain, "pl-instructions", 321);
    log.scenario("timer stamps=0 native/native");
    log.row_of("timer", kGuest, plain, "deadline..application", "instructions", timer(134));
    log.row("timer", kGuest, plain, "hyp-instructions", 44);
    log.row("timer", kGuest, plain, "pl-instructions", 321);
    log.scenario("timer stamps=0 nested/injected");
    log.row("hypercall", kGuest, fast, "hyp-instructions", 9);
    log.scenario("hypercall null-fast nested/injected");
    log.row("demand", kGuest, pages, "hyp-instructions", 1149.0 / 8);
    log.row("demand", kGuest, pages, "hyp-instructions-with-new-table", 801);
    log.scenario("demand nested/injected");
    log.record("verdict", Json{{"name", "walker agrees"}, {"ok", true}, {"detail", "64 of 64"}});
    log.end();
    log.words("anything may follow @hypmeter, even").words("@hypmeter {} crc=00000000");
    return log.text();
}

}  // namespace hm::host::testing
