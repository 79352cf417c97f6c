#pragma once
// What the paper measured (IPSJ SIG Technical Report Vol. 2014-SLDM-165 No. 37: an Arndale board,
// Linux 3.8 as host and as guest of KVM/ARM), and which rows of a run may stand beside it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/rows/grouped_rows.hpp"
#include "measure/translation.hpp"

namespace hm::host::paper {

/// What of a row a figure is.
enum class Statistic : std::uint8_t { kMean, kP95, kMax };

/// What a machine must model, or its figures say nothing about a board's.
enum class Needs : std::uint8_t { kTime, kTimeAndTlbs };

/// A parameter that a row must have.
struct Word {
    std::string_view key;
    std::string_view value;
};

/// The translation of the host, and of its guest.
struct Cells {
    measure::Translation host;
    measure::Translation guest;
};

/// A figure of the paper, and all that a row must be to stand beside it.
struct Figure {
    std::string_view name;
    std::string_view unit;
    double host;
    double guest;
    double ratio;  ///< of guest to host: as the paper states it, else of the two
    std::string_view workload;
    std::string_view layer;
    Statistic statistic;
    std::span<const Word> words;
    std::span<const Cells> cells;
    std::string_view delivery;  ///< of the guest
    Needs needs;
};

namespace detail {

// KVM/ARM of Linux 3.8 asked for a host with long descriptors (ARM_LPAE, arch/arm/kvm/Kconfig) and
// mapped pages of 4 KB only. The paper does not say which descriptors its guest's kernel had.
inline constexpr measure::Translation kHost{measure::Stage1::kLong4K, measure::Stage2::kOff};
inline constexpr std::array<Cells, 2> kReads{
    {{kHost, {measure::Stage1::kLong4K, measure::Stage2::k4K}},
     {kHost, {measure::Stage1::kShort4K, measure::Stage2::k4K}}}};
inline constexpr std::array<Cells, 1> kPlain{{{measure::kPlainNative, measure::kPlainNested}}};

// lat_mem_rd -t goes through all lines of its region; the paper does not say with which stride it
// read sequentially.
inline constexpr std::array<Word, 4> kRandomWords{
    {{"order", "thrash"}, {"stride", "64"}, {"bytes", "268435456"}, {"tlb", "warm"}}};
inline constexpr std::array<Word, 3> kSequentialWords{
    {{"order", "sequential"}, {"bytes", "268435456"}, {"tlb", "warm"}}};
// It says neither how many pages were touched nor in which order.
inline constexpr std::array<Word, 2> kFaultWords{{{"faults", "stage1"}, {"stamps", "0"}}};
// cyclictest 0.87: 120,000 wake-ups 30 ms apart (table 1).
inline constexpr std::array<Word, 5> kResponseWords{{{"wait", "wfi"},
                                                     {"load", "idle"},
                                                     {"period_us", "30000"},
                                                     {"count", "120000"},
                                                     {"stamps", "0"}}};
inline constexpr std::array<Word, 4> kWaitWords{
    {{"wait", "wfi"}, {"period_us", "30000"}, {"count", "120000"}, {"stamps", "0"}}};

}  // namespace detail

// Table 5: LMbench's lat_mem_rd over 256 MB.
inline constexpr Figure kRandomRead{"random read of 256 MB",
                                    "ns",
                                    122.30,
                                    273.75,
                                    2.24,
                                    "chase",
                                    "load",
                                    Statistic::kMean,
                                    detail::kRandomWords,
                                    detail::kReads,
                                    "injected",
                                    Needs::kTimeAndTlbs};
inline constexpr Figure kSequentialRead{"sequential read of 256 MB",
                                        "ns",
                                        95.60,
                                        96.20,
                                        96.20 / 95.60,
                                        "chase",
                                        "load",
                                        Statistic::kMean,
                                        detail::kSequentialWords,
                                        detail::kReads,
                                        "injected",
                                        Needs::kTimeAndTlbs};
// Table 4: LMbench's lat_pagefault.
inline constexpr Figure kPageFault{
    "page fault",        "us",           2.40,       2.38,
    2.38 / 2.40,         "pagefault",    "fault",    Statistic::kMean,
    detail::kFaultWords, detail::kPlain, "injected", Needs::kTimeAndTlbs};
// Table 6: the response to a timer. Early KVM/ARM did not link its list registers.
inline constexpr Figure kResponseP95{"response to a timer, p95",
                                     "us",
                                     108,
                                     251,
                                     2.3,
                                     "timer",
                                     "deadline..application",
                                     Statistic::kP95,
                                     detail::kResponseWords,
                                     detail::kPlain,
                                     "injected-soft",
                                     Needs::kTime};
inline constexpr Figure kResponseMax{"response to a timer, max",
                                     "us",
                                     185,
                                     8939,
                                     48,
                                     "timer",
                                     "deadline..application",
                                     Statistic::kMax,
                                     detail::kResponseWords,
                                     detail::kPlain,
                                     "injected-soft",
                                     Needs::kTime};
/// The same if another virtual machine had its share of the core, as the paper supposes.
inline constexpr Figure kWaitMax{"response to a timer, max",
                                 "us",
                                 185,
                                 8939,
                                 48,
                                 "timer",
                                 "deadline..application",
                                 Statistic::kMax,
                                 detail::kWaitWords,
                                 detail::kPlain,
                                 "shared",
                                 Needs::kTime};

/// What the text of the paper's section 7.2 has for p95; the ratio is the same.
inline constexpr double kTextHostP95 = 119;
inline constexpr double kTextGuestP95 = 276;

/// The paper's model: how much slower a program is if the part `miss_rate` of its accesses costs
/// `ratio` times as much.
[[nodiscard]] constexpr double slowdown(double ratio, double miss_rate) {
    return 1 * (1 - miss_rate) + ratio * miss_rate;
}
/// What the paper prints for 1 %, where its formula gives 1.0124.
inline constexpr double kPrintedSlowdown = 1.014;

/// Two rows of a run that may stand beside a figure. Host and guest differ in nothing but their
/// translation and delivery.
struct Pair {
    const Row* host;
    const Row* guest;
    double host_value;
    double guest_value;

    [[nodiscard]] double ratio() const { return guest_value / host_value; }
};

/// What the machine of this run lacks, as "models no caches"; empty if its figures may stand
/// beside those of a board.
[[nodiscard]] std::string_view lacking(const Figure& figure, const Results& results);

/// All pairs of a run that may stand beside `figure`; none if the machine lacks something.
[[nodiscard]] std::vector<Pair> beside(const Figure& figure, const GroupedResults& run);

/// The paper's figures with ours below each. Ours are in the paper's unit only if the core runs as
/// fast as the paper's; the ratios are always there. Where nothing may stand beside a figure, a
/// sentence says why not.
[[nodiscard]] std::string text_of(std::span<const Figure* const> figures, const GroupedResults& run,
                                  std::size_t width);

}  // namespace hm::host::paper
