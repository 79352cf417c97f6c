// The timeline: its slices are the layers of the worst events, each with who had the core.

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "host/report/trace_format.hpp"
#include "tests/unit/host/judge/judged.hpp"

namespace hm::host::testing {
namespace {

Worst shared_event(std::uint64_t number, double wait) {
    return {"timer",
            "nested",
            "shared",
            {{"wait", std::string("wfi")},
             {"load", std::string("vm-compute")},
             {"slice_us", std::uint64_t{10000}},
             {"period_us", std::uint64_t{20000}},
             {"stamps", std::uint64_t{1}}},
            "instructions",
            1,
            number,
            wait + 30,
            {{"deadline..hyp-vector", 3},
             {"hyp-vector..scheduled", wait},
             {"scheduled..switched-out", 7},
             {"guest-return..guest-vector", 5},
             {"guest-vector..guest-acknowledged", 11},
             {"handler-done..application", 4}}};
}

Results traced() {
    Results results;
    results.clock = "instructions";
    results.worst = {shared_event(5, 4000), shared_event(2, 1000)};
    return results;
}

nlohmann::json trace_of(const Results& results) {
    return nlohmann::json::parse(trace_text(Grouped(results), 80), nullptr, false);
}

/// The complete events of a trace by their names, in their order.
std::vector<nlohmann::json> slices_of(const nlohmann::json& trace) {
    std::vector<nlohmann::json> slices;
    for (const auto& event : trace.at("traceEvents")) {
        if (event.at("ph") == "X") {
            slices.push_back(event);
        }
    }
    return slices;
}

std::string track_of(const nlohmann::json& trace, const nlohmann::json& slice) {
    for (const auto& event : trace.at("traceEvents")) {
        if (event.at("name") == "thread_name" && event.at("pid") == slice.at("pid") &&
            event.at("tid") == slice.at("tid")) {
            return event.at("args").at("name");
        }
    }
    return {};
}

TEST(HostTrace, LayersFollowEachOtherOnTheTrackOfWhoHadTheCore) {
    const nlohmann::json trace = trace_of(traced());
    ASSERT_TRUE(trace.is_object());
    const auto slices = slices_of(trace);
    ASSERT_EQ(slices.size(), 14U);
    const std::vector<std::pair<std::string, std::string>> expected{
        {"event 2, rank 1", "the whole event"},
        {"deadline..hyp-vector", "hardware"},
        {"hyp-vector..scheduled", "other virtual machine"},
        {"scheduled..switched-out", "HYP"},
        {"guest-return..guest-vector", "hardware"},
        {"guest-vector..guest-acknowledged", "guest kernel"},
        {"handler-done..application", "application"}};
    double at = slices[0].at("ts");
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ(slices[i].at("name"), expected[i].first);
        EXPECT_EQ(track_of(trace, slices[i]), expected[i].second) << expected[i].first;
        if (i > 0) {
            EXPECT_NEAR(slices[i].at("ts").get<double>(), at, 1e-6) << expected[i].first;
            at += slices[i].at("dur").get<double>();
        }
    }
    // The layers end where the event does.
    EXPECT_NEAR(at, slices[0].at("ts").get<double>() + slices[0].at("dur").get<double>(), 1e-6);
}

TEST(HostTrace, AnEventLiesWhereItsPeriodBeganAndLastsItsDelay) {
    const auto slices = slices_of(trace_of(traced()));
    ASSERT_EQ(slices.size(), 14U);
    // The second and the fifth period of 20 ms; an instruction is drawn as a nanosecond.
    EXPECT_EQ(slices[0].at("ts"), 40000.0);
    EXPECT_NEAR(slices[0].at("dur").get<double>(), 1.030, 1e-9);
    EXPECT_EQ(slices[7].at("ts"), 100000.0);
    EXPECT_NEAR(slices[7].at("dur").get<double>(), 4.030, 1e-9);
    EXPECT_EQ(slices[7].at("args").at("instructions"), 4030.0);
}

TEST(HostTrace, InstructionsAreWholeNanosecondsWithoutARestOfRounding) {
    Results results = traced();
    results.worst[0].layers[0].second = 13;
    // Else two slices that follow one another would overlap by that.
    EXPECT_EQ(slices_of(trace_of(results)).at(8).at("dur"), 0.013);
}

TEST(HostTrace, BoostedInterruptsWaitForHypAndNotForTheOtherVirtualMachine) {
    Results results = traced();
    for (Worst& event : results.worst) {
        event.delivery = "boosted";
    }
    const nlohmann::json trace = trace_of(results);
    EXPECT_EQ(track_of(trace, slices_of(trace).at(2)), "HYP");
}

TEST(HostTrace, CyclesBecomeTimeByTheClockOfTheCore) {
    Results results = traced();
    results.clock = "cycles";
    results.ticks_hz = 500'000'000;
    for (Worst& event : results.worst) {
        event.unit = "cycles";
    }
    const nlohmann::json trace = trace_of(results);
    EXPECT_NEAR(slices_of(trace).at(0).at("dur").get<double>(), 2.060, 1e-9);
    EXPECT_EQ(trace.at("otherData").at("axis"), "the axis is the time of this machine");
    EXPECT_EQ(trace_of(traced()).at("otherData").at("axis"),
              "1 ns on this axis is 1 instruction: a count, not a time");
}

TEST(HostTrace, LayersOfTwoClocksStillFillTheEvent) {
    Results results = traced();
    results.clock = "cycles";
    results.ticks_hz = 1'000'000'000;
    results.parameters.set("counter_hz", std::uint64_t{25'000'000});
    // The event and its first layer are ticks of 40 ns; all others are cycles.
    Worst event = results.worst.front();
    event.unit = "counter ticks";
    event.delay = 5;
    event.layers = {{"deadline..hyp-vector", 2},
                    {"hyp-vector..hyp-acknowledged", 90},
                    {"guest-vector..guest-acknowledged", 30}};
    results.rows.clear();
    for (const auto& [layer, value] : event.layers) {
        Row row;
        row.workload = event.workload;
        row.regime = event.regime;
        row.delivery = event.delivery;
        row.params = event.params;
        row.layer = layer;
        row.unit = layer == "deadline..hyp-vector" ? "counter ticks" : "cycles";
        results.rows.push_back(row);
    }
    results.worst = {event};
    const auto slices = slices_of(trace_of(results));
    ASSERT_EQ(slices.size(), 4U);
    const std::vector<double> expected{0.200, 0.080, 0.090, 0.030};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_NEAR(slices[i].at("dur").get<double>(), expected[i], 1e-9) << i;
    }
    EXPECT_EQ(slices[2].at("args").at("cycles"), 90.0);
}

TEST(HostTrace, EventsWithoutStampsAreLeftOutAndEachRowIsAProcess) {
    Results results = traced();
    results.worst.push_back(results.worst.front());
    results.worst.back().params.set("slice_us", std::uint64_t{5000});
    results.worst.push_back(results.worst.front());
    results.worst.back().layers.clear();
    const nlohmann::json trace = trace_of(results);
    std::map<int, std::string> processes;
    for (const auto& event : trace.at("traceEvents")) {
        if (event.at("name") == "process_name") {
            processes[event.at("pid")] = event.at("args").at("name");
        }
    }
    EXPECT_EQ(processes, (std::map<int, std::string>{{1, "timer wfi vm-compute shared 10 ms"},
                                                     {2, "timer wfi vm-compute shared 5 ms"}}));
    EXPECT_EQ(slices_of(trace).size(), 21U);
    results.worst = {results.worst.back()};
    EXPECT_EQ(trace_text(Grouped(results), 80), "");
}

}  // namespace
}  // namespace hm::host::testing
