#pragma once
// A log of the guest alone, under a hypervisor whose every exit takes the same.

#include <string>
#include <utility>
#include <vector>

#include "host/rows/rows.hpp"
#include "tests/unit/host/log/log.hpp"
#include "tests/unit/host/rows/timer_log.hpp"

namespace hm::host::testing {

inline const std::string kAloneSetting = "alone/alone";

/// What is made of one hypervisor.
struct FakeHypervisor {
    std::string under;
    NamedValues exits = {};
    double spin = 0;  ///< to the application, spinning; 0: no timer rows
    double wfi = 0;
    NamedValues layers = {};  ///< of a guest in WFI, with stamps
    double load = 1;          ///< of the second chase
    Json parameters = Json::object();
    Json begin = Json::object();
};

/// A tenth of the events take 100 more.
inline Json tenth_slower(double value) {
    return {
        {"count", 1000},
        {"min", value},
        {"mean", value + 10},
        {"p50", value},
        {"p95", value + 100},
        {"max", value + 100},
        {"histogram", Json::array({Json::array({value, 900}), Json::array({value + 100, 100})})}};
}

inline std::string alone_log(const FakeHypervisor& fake) {
    Json parameters{
        {"suite", "quick"}, {"under", fake.under}, {"clock_register", "CNTVCT"}, {"rounds", 20}};
    parameters.update(fake.parameters);
    Json begin{
        {"board", "alone"}, {"machine", fake.under + ",machine"}, {"parameters", parameters}};
    begin.update(fake.begin);
    LogText log;
    log.begin({"all"}, begin);
    const std::string unit = "instructions";
    for (const auto& [exit, value] : fake.exits) {
        log.row_of("exits", kAloneSetting, Json{{"exit", exit}}, "exit", unit, tenth_slower(value));
    }
    for (const auto& [wait, value] : NamedValues{{"wfi", fake.wfi}, {"spin", fake.spin}}) {
        if (value != 0) {
            log.row_of("timer", kAloneSetting, timer_params(wait, "idle", 0),
                       std::string(kEndToEnd), unit, tenth_slower(value));
        }
    }
    for (const auto& [layer, value] : fake.layers) {
        log.row("timer", kAloneSetting, timer_params("wfi", "idle", 1), layer, value);
    }
    log.row("timer", kAloneSetting, timer_params("wfi", "idle", 1), std::string(kEndToEnd),
            fake.wfi + 30);
    for (const auto& [bytes, value] : {std::pair{65536, 1.0}, std::pair{1 << 20, fake.load}}) {
        log.row("chase", kAloneSetting, Json{{"order", "random"}, {"bytes", bytes}}, "load", value,
                "instructions/load");
    }
    log.row("parity", kAloneSetting, Json{{"loop", "integer"}}, "round", 1966);
    return log.scenario("all").end().text();
}

inline Results alone_results(const FakeHypervisor& fake) {
    Results results = results_of(parse_log(alone_log(fake)));
    results.verdicts = {{"log complete", true, "all records"}};
    return results;
}

inline FakeHypervisor fake_native() {
    return {.under = "native",
            .exits = {{"gicd-ctlr-read", 4}, {"psci-version", 2}},
            .spin = 40,
            .wfi = 50,
            .layers = kNativeLayers};
}
inline FakeHypervisor fake_monitor() {
    return {.under = "monitor",
            .exits = {{"psci-version", 26}, {"gicd-ctlr-read", 60}},
            .spin = 80,
            .wfi = 90,
            .layers = kInjectedLayers};
}
/// It has another way to wait longer, and one more exit.
inline FakeHypervisor fake_xen() {
    return {.under = "xen",
            .exits = {{"psci-version", 550}, {"gicd-ctlr-read", 760}, {"sgi-self", 1300}},
            .spin = 1240,
            .wfi = 9440,
            .layers = {{"deadline..guest-vector", 9300}},
            .load = 1.25};
}

}  // namespace hm::host::testing
