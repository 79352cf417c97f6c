#include "host/guest/unit_test_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>

#include "host/base/text.hpp"

namespace hm::host {
namespace {

constexpr std::string_view kExit = "EXIT: STATUS=";

/// Takes `start` from the front of `line`; false if it does not begin so.
bool take_start(std::string_view& line, std::string_view start) {
    if (!line.starts_with(start)) {
        return false;
    }
    line.remove_prefix(start.size());
    return true;
}

/// The number that `text` begins with.
std::optional<std::uint64_t> leading_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
    return end.ec == std::errc{} ? std::optional(number) : std::nullopt;
}

void take_line_of_test(std::string_view line, UnitTestText& text) {
    if (take_start(line, "PASS: ")) {
        ++text.passes;
    } else if (take_start(line, "SKIP: ")) {
        ++text.skips;
    } else if (take_start(line, "XFAIL: ") || take_start(line, "KFAIL: ")) {
        ++text.expected_failures;
    } else if (take_start(line, "FAIL: ")) {
        text.failed.push_back(printable(line));
    } else if (take_start(line, "XPASS: ")) {
        text.failed.push_back(printable(line) + " (expected to fail, but passed)");
    } else if (take_start(line, "SUMMARY: ")) {
        text.summed_up = leading_number(line);
    } else if (take_start(line, kExit)) {
        text.status = leading_number(line);
    }
}

}  // namespace

UnitTestText parse_unit_test(std::string_view console) {
    UnitTestText text;
    while (!console.empty()) {
        const std::size_t end = console.find('\n');
        std::string_view line = console.substr(0, end);
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        take_line_of_test(line, text);
        console.remove_prefix(end == std::string_view::npos ? console.size() : end + 1);
    }
    return text;
}

bool has_exit_status(std::string_view console) {
    const std::size_t begin = console.rfind(kExit);
    return begin != std::string_view::npos && console.find('\n', begin) != std::string_view::npos;
}

bool skipped_all(const UnitTestText& text) {
    return text.status == kUnitTestSkipped && text.failed.empty() && text.passes == 0;
}

std::string why_no_success(const UnitTestText& text) {
    if (!text.failed.empty()) {
        return fmt::format("failed: {}", fmt::join(text.failed, "; "));
    }
    if (!text.status) {
        return "it printed no exit status";
    }
    if (skipped_all(text)) {
        return "it skipped all of its checks";
    }
    if (*text.status != kUnitTestOk) {
        return fmt::format("it ended with status {}", *text.status);
    }
    if (text.summed_up != text.checks()) {
        return text.summed_up ? fmt::format("it sums up {} checks, but printed {}", *text.summed_up,
                                            text.checks())
                              : "it printed no summary";
    }
    return text.passes == 0 ? "none of its checks passed" : "";
}

}  // namespace hm::host
