// Ends of interrupts, as the physical CPU interface sees them: GICC_EOIR takes only what was
// acknowledged last and not ended yet. Anything else is UNPREDICTABLE (ARM IHI 0048B, 4.4.5), and
// QEMU forgives it.

#include <gtest/gtest.h>

#include <regex>
#include <sstream>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

/// A write of GICC_EOIR that does not fit, or an empty text; `ends`: how many did.
std::string first_wrong_end(const std::string& trace, std::size_t& ends) {
    constexpr int kFirstSpecial = 1020;
    const std::regex acknowledge(R"(gic_acknowledge_irq cpu 0 acknowledged irq (\d+))");
    const std::regex end(R"(gic_cpu_write cpu 0 iface write at 0x0*10:? 0x([0-9a-f]+))");
    std::vector<int> running;
    std::istringstream lines(trace);
    std::smatch match;
    for (std::string line; std::getline(lines, line);) {
        if (std::regex_search(line, match, acknowledge)) {
            if (const int id = std::stoi(match[1]); id < kFirstSpecial) {
                running.push_back(id);
            }
        } else if (std::regex_search(line, match, end)) {
            if (running.empty() || running.back() != std::stoi(match[1], nullptr, 16)) {
                return line;
            }
            running.pop_back();
            ++ends;
        }
    }
    return {};
}

/// The lines that QEMU traces of the GIC while `words` run on `image_file`.
std::string traced(const std::string& image_file, const std::string& words) {
    const ScratchFolder scratch;
    const std::string trace = scratch / "trace";
    (void)run(
        "timeout -k 5 120 qemu-system-arm -M virt,virtualization=on,gic-version=2 -m 1G "
        "-cpu cortex-a15,cntfrq=1000000000 -icount shift=0,sleep=off -nic none -nographic "
        "--trace gic_acknowledge_irq "
        "--trace gic_cpu_write -D " +
        trace + " -kernel " + image_file + " -append \"" + words + "\" </dev/null");
    return read_text(trace);
}

TEST(EndOfInterrupt, IsWrittenOnlyForWhatWasAcknowledgedAndNotEnded) {
    std::size_t ends = 0;
    EXPECT_EQ(first_wrong_end(traced(image(), "only=timer count=20 spins=20 shares=3"), ends), "");
    EXPECT_GT(ends, 100U);
}

TEST(EndOfInterrupt, HoldsForGuestsThatAreStoppedInTheMiddleOfAnInterrupt) {
    std::size_t ends = 0;
    EXPECT_EQ(first_wrong_end(traced(image("-cases"), ""), ends), "");
    EXPECT_GT(ends, 100U);
}

TEST(EndOfInterrupt, IsFoundWhereItDoesNotFit) {
    std::size_t ends = 0;
    const std::string good =
        "gic_acknowledge_irq cpu 0 acknowledged irq 27\n"
        "gic_acknowledge_irq cpu 0 acknowledged irq 1023\n"
        "gic_cpu_write cpu 0 iface write at 0x00000010 0x0000001b\n";
    EXPECT_EQ(first_wrong_end(good, ends), "");
    EXPECT_EQ(ends, 1U);
    EXPECT_NE(first_wrong_end(good + good.substr(good.rfind("gic_cpu")), ends), "") << "twice";
}

}  // namespace
}  // namespace hm::test
