#include "alone/core/plan.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "measure/workload/table.hpp"

namespace hm::alone {
namespace {

using measure::Scenario;

constexpr std::uint64_t kHz = 1'000'000'000;

struct Planned {
    std::unique_ptr<measure::Plan> plan = std::make_unique<measure::Plan>();
    std::vector<std::string> names;
};

Planned planned(const measure::Request& request) {
    Planned made;
    make_alone_plan(request, kHz, *made.plan);
    for (const Scenario& one : made.plan->scenarios()) {
        std::array<char, measure::kNameBytes> buffer{};
        made.names.emplace_back(measure::name_of(one, buffer));
    }
    return made;
}

Planned planned(std::string_view words) { return planned(measure::parse_request(words).request); }

TEST(AlonePlan, HasTheExitsThatEveryHypervisorHas) {
    const Planned made = planned("only=exits");
    EXPECT_EQ(std::set<std::string>(made.names.begin(), made.names.end()),
              (std::set<std::string>{
                  "exits exit=actlr-read alone/alone", "exits exit=psci-version alone/alone",
                  "exits exit=gicd-ctlr-read alone/alone", "exits exit=gicd-typer-read alone/alone",
                  "exits exit=sgi-self alone/alone", "exits exit=ack-eoi alone/alone",
                  "exits exit=pl011-read alone/alone", "exits exit=wfi alone/alone"}));
    EXPECT_EQ(made.names.size(), 8U);
}

TEST(AlonePlan, EachNameComesOnceInEverySuite) {
    for (const auto& suite : measure::kSuites) {
        const Planned made = planned(std::string("suite=") + suite.name);
        const std::set<std::string> names(made.names.begin(), made.names.end());
        EXPECT_EQ(names.size(), made.names.size()) << suite.name;
        for (const char* const workload : {"timer ", "pagefault ", "chase ", "parity ", "exits "}) {
            const bool all = suite.only == nullptr || std::string(suite.only) + ' ' == workload;
            EXPECT_EQ(
                std::any_of(names.begin(), names.end(),
                            [workload](const auto& name) { return name.starts_with(workload); }),
                all)
                << suite.name << ' ' << workload;
        }
        for (const std::string& name : names) {
            EXPECT_TRUE(name.ends_with(" alone/alone")) << name;
        }
    }
}

TEST(AlonePlan, NothingInItNeedsTheMonitor) {
    const Planned made = planned("suite=paper");
    for (const Scenario& one : made.plan->scenarios()) {
        EXPECT_TRUE(one.is_alone);
        EXPECT_EQ(one.translation.stage2, measure::Stage2::kOff);
        EXPECT_EQ(one.demand_bytes, 0U);
        EXPECT_EQ(one.load, measure::Load::kIdle);
        EXPECT_EQ(one.second_cpu, measure::SecondCpu::kNone);
        EXPECT_FALSE(one.uses_spare_timer);
        EXPECT_FALSE(one.masking_is_watched);
        EXPECT_NE(one.wait, measure::Wait::kCalls);
        EXPECT_NE(one.wait, measure::Wait::kWfiTrapped);
    }
}

TEST(AlonePlan, KeysAndPicksChooseFromIt) {
    EXPECT_EQ(planned("only=exits exit=wfi").names,
              std::vector<std::string>{"exits exit=wfi alone/alone"});
    EXPECT_EQ(planned("only=timer wait=spin delivery=direct").names.size(), 2U);
    // The lowest bit of a digit is its first scenario: the second and the fifth.
    const auto all = planned("only=exits").names;
    EXPECT_EQ(planned("only=exits pick=21").names, (std::vector<std::string>{all[1], all[4]}));
    EXPECT_TRUE(planned("only=hypercall,boot,turn,tlb").names.empty());
}

TEST(AlonePlan, OnlyHvcNeedsSomebodyWhoAnswersIt) {
    const Planned made = planned("only=exits,timer");
    for (std::size_t i = 0; i < made.names.size(); ++i) {
        const Scenario& one = made.plan->scenarios()[i];
        EXPECT_EQ(reason_to_skip(one, Conduit::kHvc), "");
        const bool is_call = made.names[i].find("psci-version") != std::string::npos;
        EXPECT_EQ(!reason_to_skip(one, Conduit::kSmc).empty(), is_call) << made.names[i];
        EXPECT_EQ(!reason_to_skip(one, Conduit::kNone).empty(), is_call) << made.names[i];
    }
}

TEST(AlonePlan, AGuestGetsTheMemoryThatItNeeds) {
    Surroundings here;
    here.heap = {0x40200000, 0x50000000};
    here.distributor = 0x3001000;
    here.cpu_interface = 0x3002000;
    here.timer_interrupt = 27;
    const Planned made = planned("only=chase bytes=256M");
    bool fits = false;
    bool does_not_fit = false;
    for (const Scenario& one : made.plan->scenarios()) {
        const auto block = parameters_for(here, one);
        (block ? fits : does_not_fit) = true;
        if (block) {
            EXPECT_EQ(block->magic, measure::ParameterBlock::kMagic);
            EXPECT_EQ(block->distributor, 0x3001000U);
            EXPECT_EQ(block->work_bytes, one.work_bytes);
            EXPECT_LE(block->memory_end, here.heap.end);
            EXPECT_GT(block->memory_end - here.heap.begin, one.memory_bytes());
        }
    }
    EXPECT_TRUE(fits && does_not_fit);
}

}  // namespace
}  // namespace hm::alone
