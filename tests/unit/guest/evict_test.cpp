#include "guest/bench/evict.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "measure/workload/timer.hpp"

namespace hm::guest {
namespace {

constexpr std::uint32_t kLine = 64;  // bytes: Cortex-A15 TRM 6.1 and 7.1

/// Notes what is read, and follows the code that is run as a core would (ARM DDI 0406C.d, A8.8.18
/// and A8.8.27), line by line.
struct EvictingFake {
    const std::vector<std::uint32_t>& code;
    std::uintptr_t code_at;
    std::vector<std::uintptr_t> loads;
    std::vector<std::uintptr_t> lines_run;
    bool returned = false;

    void load(std::uintptr_t address) {
        EXPECT_FALSE(returned);
        loads.push_back(address);
    }
    void run(std::uintptr_t address) {
        while (!returned && lines_run.size() <= code.size()) {
            const std::uint32_t instruction = code.at((address - code_at) / 4);
            lines_run.push_back(address);
            if (instruction == 0xE12FFF1E) {
                returned = true;
                return;
            }
            ASSERT_EQ(instruction >> 24, 0xEAU) << "neither B nor BX LR";
            const std::uint32_t words = instruction & 0x00FFFFFF;
            ASSERT_LT(words, 0x00800000U) << "backwards";
            address += 8 + words * 4;
        }
    }
};

TEST(Evict, OneWordOfEachLineIsReadThenOneBranchOfEachLineIsRun) {
    constexpr std::uint32_t kData = 8 * 4096;
    constexpr std::uintptr_t kAt = 0x80000000;
    std::vector<std::uint32_t> code(2 * 4096 / 4, 0xFFFFFFFF);
    write_chain(code);
    EvictingFake machine{.code = code, .code_at = kAt + kData, .loads = {}, .lines_run = {}};
    evict(machine, {.data = kAt, .data_bytes = kData});

    ASSERT_EQ(machine.loads.size(), kData / kLine);
    for (std::size_t i = 0; i < machine.loads.size(); ++i) {
        EXPECT_EQ(machine.loads[i], kAt + i * kLine);
    }
    EXPECT_TRUE(machine.returned);
    ASSERT_EQ(machine.lines_run.size(), 2 * 4096 / kLine);
    for (std::size_t i = 0; i < machine.lines_run.size(); ++i) {
        EXPECT_EQ(machine.lines_run[i], machine.code_at + i * kLine);
    }
}

TEST(Evict, MemoryAndCodeAreMoreThanACortexA15Holds) {
    // Cortex-A15 TRM: 6.1, 5.2 and 7.1; L2 of 1 MB, as in the models.
    constexpr std::uint32_t kL1Instructions = 32 << 10;
    constexpr std::uint32_t kL1TlbPages = 32;
    constexpr std::uint32_t kL2 = 1 << 20;
    constexpr std::uint32_t kL2TlbPages = 512;
    constexpr double kWays = 16;
    double stays = 1;
    for (std::uint32_t lines = 0; lines < measure::timer::kEvictingData / (kL2 / 16); ++lines) {
        stays *= 1 - 1 / kWays;
    }
    EXPECT_LT(stays, 0.02) << "of the lines of a set, where replacement is random";
    EXPECT_GE(measure::timer::kEvictingData / 4096, 2 * kL2TlbPages);
    EXPECT_GE(measure::timer::kEvictingCode, 2 * kL1Instructions);
    EXPECT_GE(measure::timer::kEvictingCode / 4096, 2 * kL1TlbPages);
}

}  // namespace
}  // namespace hm::guest
