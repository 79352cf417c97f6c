// LMbench's own text formats of the memory workloads.

#include <gtest/gtest.h>

#include <iterator>
#include <sstream>
#include <vector>

#include "host/report/lmbench_format.hpp"
#include "tests/unit/host/judge/judged.hpp"
#include "tests/unit/host/rows/memory_log.hpp"

namespace hm::host::testing {
namespace {

Results lmbench_results(const FakeMemory& fake, const MemoryPart& part) {
    return judged_results(parse_log(memory_log(fake, {part})));
}

TEST(HostLmbench, EachCurveHasAHeaderAndItsSizesInOrder) {
    const Results results = lmbench_results({"cycles"}, [](MemoryLog& log) {
        log.chase({measure::kPlainNative, "random", 64, kMega, "warm", 20});
        log.chase({measure::kPlainNative, "random", 64, 32 * kKilo, "warm", 8});
        log.chase({measure::kPlainNested, "page-random", 4096, kMega, "flushed", 9});
        log.fault("both", kGuest, "random", 16, false, 1500);
    });
    const std::string text = lmbench_text(Grouped(results), 80);
    EXPECT_TRUE(
        has(text,
            "From: hypmeter\n\nhypmeter 0.1.0 on virt: QEMU virt, Cortex-A15\n"
            "---- ../results/hypmeter-virt/native.0\n"
            "[lmbench3.0 results for hypmeter virt 0.1.0 QEMU virt, Cortex-A15]\n"
            "[MHZ: 2000 MHz, 0.5000 nanosec clock]\n"
            "\nMemory load latency\n"
            "Random load latency\n# random stride=64 tlb=warm stage1=lpae-4K native/native, "
            "ns/load\n\"stride=64\n0.03125 4.000\n1.00000 10.000\n\n["));
    EXPECT_TRUE(has(text, "---- ../results/hypmeter-virt/nested.0\n[lmbench3.0"));
    EXPECT_TRUE(has(text,
                    "\nPagefaults on virt,faults=both,order=random,batch=16: 1.0000 microseconds\n"
                    "\nMemory load latency\n"
                    "Random load latency\n# page-random stride=4096 tlb=flushed stage1=lpae-4K "
                    "nested/injected, ns/load\n\"stride=4096\n1.00000 4.500\n\n["));
}

TEST(HostLmbench, StampedFaultsAreLeftOutAndUnitsStayWhereNanosecondsAreUnknown) {
    const std::string text = lmbench_text(
        Grouped(lmbench_results(
            {},
            [](MemoryLog& log) {
                log.fault("stage1", kNative, "sequential", 256, true, 108, {"access", "retired"});
                log.fault("stage1", kNative, "sequential", 256, false, 96);
            })),
        80);
    EXPECT_TRUE(has(text,
                    "\nPagefaults on virt,faults=stage1,order=sequential,batch=256: 596.0000 "
                    "instructions\n"));
    EXPECT_EQ(text.find("Pagefaults"), text.rfind("Pagefaults"));
    // The table has a column for these words, and none for a unit.
    EXPECT_TRUE(has(text, "[lmbench3.0 results for instructions virt 0.1.0"));
}

/// What getsummary does with a result file (scripts/getsummary of LMbench 3): the lines that it
/// looks for, and the fields that it takes of them.
TEST(HostLmbench, GetsummaryFindsOneFaultAndOneLatencyInEachFile) {
    const Results results = lmbench_results({"cycles"}, [](MemoryLog& log) {
        log.fault("stage1", kGuest, "strided", 1, false, 200);
        log.fault("both", kGuest, "strided", 1, false, 300);
        log.fault("both", kGuest, "strided", 16, false, 400);
        log.chase({measure::kPlainNested, "sequential", 128, 8 * kMega, "warm", 20});
        log.chase({measure::kPlainNested, "sequential", 64, 8 * kMega, "warm", 8});
    });
    std::istringstream lines(lmbench_text(Grouped(results), 80));
    std::vector<std::string> faults;
    std::vector<std::string> latencies;
    bool in_curve = false;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        const std::vector<std::string> all{std::istream_iterator<std::string>(words), {}};
        if (in_curve && !all.empty()) {
            latencies.push_back(all.at(1));
        }
        in_curve = (in_curve && !all.empty()) || line.starts_with("\"stride=128");
        if (line.starts_with("Pagefaults on")) {
            faults.push_back(all.at(3));
        }
    }
    EXPECT_EQ(faults, std::vector<std::string>{"0.4000"});
    EXPECT_EQ(latencies, std::vector<std::string>{"10.000"});
}

}  // namespace
}  // namespace hm::host::testing
