#include "host/linux/linux_console.hpp"

#include <charconv>
#include <sstream>

#include "host/base/text.hpp"

namespace hm::host {
namespace {

constexpr std::string_view kOwnLine = "hm: ";

template <class Number>
std::optional<Number> number_in(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(value)
                                                                    : std::nullopt;
}

/// The rest of `line` after `head`.
std::optional<std::string_view> after(std::string_view line, std::string_view head) {
    return line.starts_with(head) ? std::optional(line.substr(head.size())) : std::nullopt;
}

std::vector<std::string_view> words_of_line(std::string_view line) {
    std::vector<std::string_view> words;
    while (!line.empty()) {
        const std::size_t cut = line.find(' ');
        if (cut != 0) {
            words.push_back(line.substr(0, cut));
        }
        line = cut == std::string_view::npos ? std::string_view() : line.substr(cut + 1);
    }
    return words;
}

/// "counter=1 frequency=2 now=3 uptime=4 kernel=5"
std::optional<Userland> read_userland(std::string_view line) {
    Userland userland;
    unsigned found = 0;
    for (const std::string_view word : words_of_line(line)) {
        for (const auto& [head, to] : {std::pair{std::string_view("counter="), &userland.counter},
                                       {std::string_view("frequency="), &userland.frequency},
                                       {std::string_view("now="), &userland.now_ns}}) {
            if (const auto value = after(word, head)) {
                const auto number = number_in<std::uint64_t>(*value);
                *to = number.value_or(0);
                found += number ? 1 : 0;
            }
        }
        if (const auto kernel = after(word, "kernel=")) {
            userland.kernel = printable(*kernel);
        }
    }
    constexpr unsigned kNumbers = 3;
    return found == kNumbers ? std::optional(userland) : std::nullopt;
}

template <class Act>
void for_each_line(std::string_view text, Act act) {
    while (!text.empty()) {
        const std::size_t cut = text.find('\n');
        std::string_view line = text.substr(0, cut);
        while (!line.empty() && line.back() == '\r') {
            line.remove_suffix(1);
        }
        act(line);
        text = cut == std::string_view::npos ? std::string_view() : text.substr(cut + 1);
    }
}

}  // namespace

LinuxConsole read_linux_console(std::string_view text) {
    LinuxConsole console;
    ProgramText* program = nullptr;
    for_each_line(text, [&](std::string_view line) {
        const auto own = after(line, kOwnLine);
        if (!own) {
            if (program != nullptr) {
                program->text += std::string(line) + "\n";
            }
            return;
        }
        const auto words = words_of_line(*own);
        if (words.empty()) {
            return;
        }
        if (words[0] == "userland") {
            console.userland = read_userland(*own);
        } else if (words[0] == "begin" && words.size() == 2) {
            program = &console.programs[std::string(words[1])];
            *program = {};
        } else if (words[0] == "end" && words.size() == 3) {
            const auto found = console.programs.find(std::string(words[1]));
            if (found != console.programs.end() && &found->second == program) {
                program->status = number_in<int>(words[2]);
            }
            program = nullptr;
        } else if (words[0] == "refused") {
            console.refused.push_back(printable(own->substr(std::string_view("refused ").size())));
        } else if (words[0] == "off") {
            console.off = true;
        }
    });
    return console;
}

std::uint64_t Cyclictest::count() const {
    std::uint64_t sum = beyond;
    for (const auto& [latency, times] : bins) {
        sum += times;
    }
    return sum;
}

std::optional<std::uint64_t> Cyclictest::percentile(unsigned per_cent) const {
    constexpr std::uint64_t kWhole = 100;
    const std::uint64_t rank = (count() * per_cent + kWhole - 1) / kWhole;
    std::uint64_t sum = 0;
    for (const auto& [latency, times] : bins) {
        sum += times;
        if (sum >= rank) {
            return latency;
        }
    }
    return std::nullopt;
}

std::optional<Cyclictest> read_cyclictest(std::string_view text) {
    Cyclictest result;
    std::uint64_t total = 0;
    unsigned found = 0;
    for_each_line(text, [&](std::string_view line) {
        for (const auto& [head, to] :
             {std::pair{std::string_view("# Total: "), &total},
              {std::string_view("# Min Latencies: "), &result.min},
              {std::string_view("# Avg Latencies: "), &result.mean},
              {std::string_view("# Max Latencies: "), &result.max},
              {std::string_view("# Histogram Overflows: "), &result.beyond}}) {
            if (const auto value = after(line, head)) {
                const auto number = number_in<std::uint64_t>(*value);
                *to = number.value_or(0);
                found += number ? 1 : 0;
            }
        }
        const auto words = words_of_line(line);
        if (words.size() == 2 && !line.starts_with('#')) {
            const auto latency = number_in<std::uint64_t>(words[0]);
            const auto times = number_in<std::uint64_t>(words[1]);
            if (latency && times && *times != 0) {
                result.bins[*latency] += *times;
            }
        }
    });
    constexpr unsigned kNumbers = 5;
    const bool complete = found == kNumbers && total == result.count() - result.beyond;
    return complete && result.count() != 0 ? std::optional(result) : std::nullopt;
}

std::optional<double> read_lat_pagefault(std::string_view text) {
    std::optional<double> result;
    for_each_line(text, [&](std::string_view line) {
        // Its standard error comes with "# " before each line.
        line = after(line, "# ").value_or(line);
        const auto words = words_of_line(line);
        constexpr double kNanoseconds = 1000;
        if (line.starts_with("Pagefaults on ") && words.size() >= 2 &&
            words.back() == "microseconds") {
            if (const auto value = number_in<double>(words[words.size() - 2])) {
                result = *value * kNanoseconds;
            }
        }
    });
    return result;
}

std::optional<double> read_lat_mem_rd(std::string_view text) {
    std::optional<double> result;
    for_each_line(text, [&](std::string_view line) {
        line = after(line, "# ").value_or(line);
        const auto words = words_of_line(line);
        if (words.size() == 2 && number_in<double>(words[0])) {
            if (const auto value = number_in<double>(words[1])) {
                result = value;
            }
        }
    });
    return result;
}

}  // namespace hm::host
