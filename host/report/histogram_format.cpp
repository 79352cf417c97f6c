#include "host/report/histogram_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/base/text.hpp"

#include "host/rows/timer_cases.hpp"

namespace hm::host {
namespace {

constexpr std::size_t kMostLines = 16;

/// Its own buckets if they are few, else bins of equal width, empty ones too.
Histogram bins_of(const Histogram& histogram, double last) {
    if (histogram.size() <= kMostLines) {
        return histogram;
    }
    const double low = histogram.front().first;
    // Delays are whole numbers, so bins of a fraction would not all hold as many of them.
    const double width = std::ceil((last - low + 1) / kMostLines);
    Histogram bins;
    const auto bin_of = [low, width](double value) {
        return static_cast<std::size_t>((value - low) / width);
    };
    for (std::size_t i = 0; i <= bin_of(last); ++i) {
        bins.emplace_back(low + width * static_cast<double>(i), 0);
    }
    for (const auto& [value, count] : histogram) {
        bins[bin_of(value)].second += count;
    }
    return bins;
}

/// On a logarithmic scale; a single event is one mark.
std::string bar_of(std::uint64_t count, std::uint64_t most, std::size_t room) {
    if (count == 0) {
        return {};
    }
    const auto height = [](std::uint64_t of) { return 1 + std::log10(static_cast<double>(of)); };
    const double share = height(count) / height(most);
    return std::string(
        std::max<std::size_t>(static_cast<std::size_t>(share * static_cast<double>(room)), 1), '#');
}

std::string row_text(const TimerCase& one, std::size_t width) {
    const Row& row = *one.plain;
    return wrap(fmt::format("{}: {} wake-ups, {} to {}", one.name(), row.count,
                            short_number(row.min), short_number(row.max)),
                width, 2) +
           bars_text(row.histogram, std::max(row.max, row.histogram.back().first), width);
}

}  // namespace

std::string bars_text(const Histogram& histogram, double last, std::size_t width) {
    const Histogram bins = bins_of(histogram, last);
    std::uint64_t most = 1;
    std::size_t places = 0;
    for (const auto& [low, count] : bins) {
        most = std::max(most, count);
        places = std::max(places, short_number(std::round(low)).size());
    }
    const std::size_t digits = short_number(static_cast<double>(most)).size();
    constexpr std::size_t kGaps = 4;
    constexpr std::size_t kLeastRoom = 10;
    const std::size_t used = places + digits + kGaps;
    const std::size_t room = std::max(width, used + kLeastRoom) - used;
    std::string text;
    for (const auto& [low, count] : bins) {
        std::string line = fmt::format("{:>{}}  {:>{}}  {}", short_number(std::round(low)), places,
                                       short_number(static_cast<double>(count)), digits,
                                       bar_of(count, most, room));
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

std::string histogram_text(const GroupedResults& run, std::size_t width) {
    std::string text;
    for (const TimerCase& one : run.rows.timer()) {
        if (one.plain == nullptr || one.plain->histogram.empty()) {
            continue;
        }
        text += text.empty() ? wrap(fmt::format("Figures 5 and 6: delays from deadline to "
                                                "application in {} (each line's least), how often, "
                                                "and that on a logarithmic scale",
                                                one.plain->unit),
                                    width)
                             : std::string();
        text += "\n" + row_text(one, width);
    }
    return text;
}

}  // namespace hm::host
