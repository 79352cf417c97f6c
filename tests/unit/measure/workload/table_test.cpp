#include "measure/workload/table.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>
#include <string>

namespace hm::measure {
namespace {

constexpr std::uint64_t kHz = 1'000'000'000;

Plan plan_of(const Workload& workload, const std::string& words) {
    Plan plan;
    const ParsedRequest parsed = parse_request(words);
    EXPECT_FALSE(parsed.refusal) << words;
    workload.plan(parsed.request, kHz, plan);
    return plan;
}

const std::string kSuiteWords[] = {
    "suite=quick hang=1 freeze=1 stray=1", "suite=paper hang=1 freeze=1 stray=1",
    "suite=model hang=1 freeze=1 stray=1", "suite=time hang=1 freeze=1 stray=1"};

TEST(WorkloadTable, NamesAndTasksAreUnique) {
    std::set<std::string> names;
    std::set<Task> tasks{load::kIdle, load::kCompute, load::kFault, load::kHypercall, load::kYield};
    for (const Workload* const workload : kWorkloads) {
        EXPECT_TRUE(names.insert(workload->name).second) << workload->name;
        // The guests of these two are those of others.
        if (workload != &masked::kWorkload && workload != &tlb::kWorkload) {
            EXPECT_TRUE(tasks.insert(workload->task).second) << workload->name;
        }
    }
}

TEST(WorkloadTable, EveryWordOfOnlyNamesAWorkloadThatHasAMeaning) {
    for (const Workload* const workload : kWorkloads) {
        if (workload->meaning != nullptr) {
            EXPECT_STREQ(workload->only, workload->name);
        }
        if (workload->only != nullptr) {
            EXPECT_TRUE(index_of(kWorkloadNames, workload->only)) << workload->name;
        }
    }
}

TEST(WorkloadTable, EachWorkloadMakesScenariosOfItsOwnInSomeSuite) {
    for (const Workload* const workload : kWorkloads) {
        std::size_t scenarios = 0;
        for (const std::string& words : kSuiteWords) {
            const Plan plan = plan_of(*workload, words);
            for (const Scenario& scenario : plan.scenarios()) {
                EXPECT_STREQ(workload_name(scenario), workload->name);
                ++scenarios;
            }
        }
        EXPECT_GT(scenarios, 0U) << workload->name;
    }
}

TEST(WorkloadTable, OnlyAWorkloadThatLeavesEventsHasLayersOfSamples) {
    for (const Workload* const workload : kWorkloads) {
        EXPECT_EQ(workload->events == EventKind::kSample, !workload->layers.empty())
            << workload->name;
    }
}

TEST(WorkloadTable, AScenarioHasEventsIfItsWorkloadLeavesSome) {
    for (const Workload* const workload : kWorkloads) {
        const Plan plan = plan_of(*workload, kSuiteWords[0]);
        for (const Scenario& scenario : plan.scenarios()) {
            const EventKind events = scenario.workload->events;
            EXPECT_EQ(scenario.events != 0, events != EventKind::kNone) << workload->name;
            EXPECT_EQ(scenario.memory_bytes(),
                      std::uint64_t{scenario.events} * event_bytes(events) + scenario.work_bytes);
        }
    }
}

TEST(WorkloadTable, TheRowsOfAWorkloadHaveNamesOfTheirOwn) {
    for (const Workload* const workload : kWorkloads) {
        std::set<std::string> names;
        for (const Number& number : workload->numbers) {
            EXPECT_TRUE(names.insert(number.layer).second) << workload->name;
        }
        for (const Layer<Sample>& layer : workload->layers) {
            // Layers of one name must not share events: each takes its own kind.
            EXPECT_TRUE(names.insert(layer.name).second || layer.applies != nullptr)
                << workload->name << " " << layer.name;
        }
    }
}

/// Whether the plan of `workload` differs if `key` has another value than by default.
bool depends_on(const Workload& workload, Key key) {
    const auto names = [&](const Request& request) {
        Plan plan;
        workload.plan(request, kHz, plan);
        std::string all;
        for (const Scenario& scenario : plan.scenarios()) {
            std::array<char, kNameBytes> buffer{};
            all += name_of(scenario, buffer);
            all +=
                ' ' + std::to_string(scenario.slice) + ' ' + std::to_string(scenario.events) + '\n';
        }
        return all;
    };
    for (std::size_t suite = 0; suite < kSuites.size(); ++suite) {
        Request request = default_request(static_cast<Suite>(suite));
        const std::string before = names(request);
        std::uint32_t& value = request.values[static_cast<std::size_t>(key)];
        for (const std::uint32_t other : {info(key).low, info(key).low + 1, info(key).high}) {
            value = other;
            if (names(request) != before) {
                return true;
            }
        }
    }
    return false;
}

TEST(WorkloadTable, AWorkloadNamesExactlyTheKeysThatChangeItsPlan) {
    for (const Workload* const workload : kWorkloads) {
        const std::set<Key> named(workload->keys.begin(), workload->keys.end());
        for (const KeyInfo& key : kKeys) {
            EXPECT_EQ(depends_on(*workload, key.key), named.contains(key.key))
                << workload->name << " " << key.name;
        }
    }
}

TEST(WorkloadTable, EveryKeyOfAPlanBelongsToAWorkload) {
    const std::set<Key> of_the_whole_run{Key::kFrom, Key::kWatchdog, Key::kLinger, Key::kReset};
    std::set<Key> used = of_the_whole_run;
    for (const Workload* const workload : kWorkloads) {
        used.insert(workload->keys.begin(), workload->keys.end());
    }
    for (const KeyInfo& key : kKeys) {
        EXPECT_EQ(used.contains(key.key), key.user == User::kTarget) << key.name;
    }
}

}  // namespace
}  // namespace hm::measure
