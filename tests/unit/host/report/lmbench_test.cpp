// LMbench's own text formats of the memory workloads.

#include <gtest/gtest.h>

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
    EXPECT_EQ(lmbench_text(Grouped(results), 80),
              "Pagefaults on virt faults=both order=random batch=16 nested/injected: 1.0000 "
              "microseconds\n"
              "\nRandom load latency\n# random stride=64 tlb=warm stage1=lpae-4K native/native, "
              "ns/load\n\"stride=64\n0.03125 4.000\n1.00000 10.000\n"
              "\nRandom load latency\n# page-random stride=4096 tlb=flushed stage1=lpae-4K "
              "nested/injected, ns/load\n\"stride=4096\n1.00000 4.500\n");
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
    EXPECT_EQ(text,
              "Pagefaults on virt faults=stage1 order=sequential batch=256 native/native: 596.0000 "
              "instructions\n");
}

}  // namespace
}  // namespace hm::host::testing
