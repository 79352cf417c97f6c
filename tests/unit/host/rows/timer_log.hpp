#pragma once
// A log of the whole timer workload: every delivery, wait and load, with stamps and without.

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/host/log/log.hpp"

namespace hm::host::testing {

using NamedValues = std::vector<std::pair<std::string, double>>;

/// What is made of one delivery under one set of conditions.
struct FakeTimer {
    std::string setting;
    std::string wait = "wfi";
    std::string load = "idle";
    int slice_us = 0;
    double low = 100;   ///< the shortest delay, without stamps
    double high = 100;  ///< the longest
    NamedValues layers = {};
    NamedValues counts = {};  ///< rows of instructions, or of other things that are counted
};

inline const NamedValues kNativeLayers{{"deadline..guest-vector", 3},
                                       {"guest-vector..guest-acknowledged", 24},
                                       {"guest-acknowledged..handler-done", 30},
                                       {"handler-done..application", 19}};
inline const NamedValues kInjectedLayers{{"deadline..hyp-vector", 3},
                                         {"hyp-vector..hyp-acknowledged", 11},
                                         {"hyp-acknowledged..list-register", 26},
                                         {"list-register..guest-return", 13},
                                         {"guest-return..guest-vector", 7},
                                         {"guest-vector..guest-acknowledged", 24},
                                         {"guest-acknowledged..handler-done", 30},
                                         {"handler-done..application", 19}};
inline const NamedValues kSoftLayers{{"deadline..hyp-vector", 3},
                                     {"hyp-vector..hyp-acknowledged", 11},
                                     {"hyp-acknowledged..list-register", 26},
                                     {"list-register..guest-return", 13},
                                     {"guest-return..guest-vector", 7},
                                     {"guest-vector..guest-acknowledged", 24},
                                     {"guest-acknowledged..maintenance-vector", 15},
                                     {"maintenance-vector..maintenance-return", 60},
                                     {"maintenance-return..handler-done", 15},
                                     {"handler-done..application", 19}};

/// The layers that only events have whose owner did not run; the other events have the third.
inline const NamedValues kSwitchLayers{{"hyp-vector..scheduled", 4'990'000},
                                       {"scheduled..switched-out", 150},
                                       {"switched-out..switched-in", 160},
                                       {"switched-in..hyp-acknowledged", 12}};

inline std::string steps_of(const std::string& layer) {
    return layer == "deadline..hyp-vector"               ? "(4)-(5)"
           : layer == "deadline..guest-vector"           ? "(1)-(2)"
           : layer == "hyp-acknowledged..list-register"  ? "(6)"
           : layer == "guest-vector..guest-acknowledged" ? "(9)"
                                                         : "";
}

inline Json statistics(double low, double high, int count = 1000) {
    const double p95 = std::max(low, std::floor(low + (high - low) * 0.95));
    const int above = p95 > low ? count / 2 : count / 25;
    return Json{
        {"count", count},
        {"min", low},
        {"mean", (low + high) / 2},
        {"p50", std::min((low + high) / 2, p95)},
        {"p95", p95},
        {"max", high},
        {"histogram", low == high ? Json::array({Json::array({low, count})})
                                  : Json::array({Json::array({low, count - above}),
                                                 Json::array({p95 > low ? p95 : high, above})})}};
}

/// Both scenarios of one FakeTimer.
inline void write_timer(LogText& log, const FakeTimer& fake, const std::string& unit) {
    for (const int stamps : {1, 0}) {
        const Json params = timer_params(fake.wait, fake.load, stamps, fake.slice_us);
        const bool waits = fake.slice_us != 0;
        const double probe = stamps == 1 ? 26 : 0;
        const auto row = [&](const std::string& layer, const std::string& of, Json fields) {
            if (const std::string steps = steps_of(layer); !steps.empty()) {
                fields["steps"] = steps;
            }
            log.row_of("timer", fake.setting, params, layer, of, fields);
        };
        for (const auto& [layer, value] : stamps == 1 ? fake.layers : NamedValues{}) {
            // The owner ran in every tenth event, so that HYP acknowledged it at once.
            const bool few = waits && layer == "hyp-vector..hyp-acknowledged";
            row(layer, unit, statistics(value, value, few ? 100 : 1000));
        }
        if (stamps == 1 && waits) {
            for (const auto& [layer, value] : kSwitchLayers) {
                const bool at_once =
                    layer == "hyp-vector..scheduled" && fake.setting == "nested/boosted";
                row(layer, unit, statistics(at_once ? 9 : value, at_once ? 9 : value, 900));
            }
            const double switched = fake.setting == "nested/boosted" ? 388 : 4'990'379;
            row("hyp-vector..guest-vector", unit, statistics(switched, switched, 900));
        }
        row("deadline..application", unit, statistics(fake.low + probe, fake.high + probe));
        for (const auto& [layer, value] : fake.counts) {
            if (stamps == 0 || !layer.ends_with("-instructions")) {
                row(layer,
                    layer == "missed-periods" ? "periods"
                    : layer == "other-work"   ? "rounds per million ticks"
                                              : "instructions",
                    statistics(value, value));
            }
        }
        log.record("worst",
                   Json{{"workload", "timer"},
                        {"regime", fake.setting.substr(0, fake.setting.find('/'))},
                        {"delivery", fake.setting.substr(fake.setting.find('/') + 1)},
                        {"params", params},
                        {"unit", unit},
                        {"rank", 1},
                        {"event", 17},
                        {"delay", fake.high + probe},
                        {"layers", stamps == 1 ? Json::array({Json::array({"one", 5}),
                                                              Json::array({"two", fake.high}),
                                                              Json::array({"three", 7})})
                                               : Json::array()}});
        std::string name = "timer";
        for (const auto& [key, value] : params.items()) {
            name += " " + key + "=" + (value.is_string() ? value.get<std::string>() : value.dump());
        }
        log.scenario(name + " " + fake.setting);
    }
}

inline std::vector<FakeTimer> all_fake_timers() {
    const auto counted = [](double hyp) {
        return NamedValues{
            {"hyp-instructions", hyp}, {"pl-instructions", 50}, {"missed-periods", 0}};
    };
    const NamedValues missed{{"missed-periods", 0}};
    std::vector<FakeTimer> fakes;
    for (const std::string wait : {"wfi", "spin"}) {
        const bool wfi = wait == "wfi";
        fakes.push_back(
            {kNative, wait, "idle", 0, 50, 50, kNativeLayers, wfi ? counted(0) : missed});
        fakes.push_back(
            {kGuest, wait, "idle", 0, 86, 86, kInjectedLayers, wfi ? counted(36) : missed});
        fakes.push_back({"nested/injected-soft", wait, "idle", 0, 160, 161, kSoftLayers,
                         wfi ? counted(110.5) : missed});
        fakes.push_back(
            {"nested/direct", wait, "idle", 0, 50, 50, kNativeLayers, wfi ? counted(0) : missed});
    }
    fakes.push_back({kGuest, "wfi-trapped", "idle", 0, 120, 120, kInjectedLayers, counted(70)});
    const auto other = [](double work) {
        return NamedValues{{"missed-periods", 0}, {"other-work", work}};
    };
    for (const int slice : {1000, 2000, 5000, 10000}) {
        fakes.push_back({"nested/shared", "wfi", "vm-compute", slice, 86, slice * 1000.0 + 500,
                         kInjectedLayers, other(40)});
    }
    fakes.push_back(
        {"nested/boosted", "wfi", "vm-compute", 10000, 86, 480, kInjectedLayers, other(39)});
    for (const std::string load : {"vm-idle", "vm-fault", "vm-hypercall"}) {
        const NamedValues counts = load == "vm-idle" ? missed : other(20);
        fakes.push_back(
            {"nested/shared", "wfi", load, 10000, 86, 9'000'000, kInjectedLayers, counts});
        fakes.push_back({"nested/boosted", "wfi", load, 10000, 86, 600, kInjectedLayers, counts});
    }
    return fakes;
}

inline std::string timer_log(const std::vector<FakeTimer>& fakes,
                             const Json& changes = Json::object()) {
    const std::string clock = changes.value("clock", "instructions");
    const std::string unit = clock == "emulator" ? "emulator ns" : clock;
    // The plan comes first and names what follows: so it is written twice.
    LogText draft;
    for (const FakeTimer& fake : fakes) {
        write_timer(draft, fake, unit);
    }
    LogText log;
    log.begin(draft.scenarios(), changes);
    for (const FakeTimer& fake : fakes) {
        write_timer(log, fake, unit);
    }
    return log.end().text();
}

inline std::string timer_log() { return timer_log(all_fake_timers()); }

}  // namespace hm::host::testing
