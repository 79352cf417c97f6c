#pragma once
// What a test of kvm-unit-tests prints: a line for each check, a summary, and its exit status.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hm::host {

struct UnitTestText {
    unsigned passes = 0;
    unsigned skips = 0;
    unsigned expected_failures = 0;   ///< that the test itself does not count as failures
    std::vector<std::string> failed;  ///< their names
    /// What the summary says that there were.
    std::optional<std::uint64_t> summed_up{};
    std::optional<std::uint64_t> status{};

    [[nodiscard]] unsigned checks() const {
        return passes + skips + expected_failures + static_cast<unsigned>(failed.size());
    }
};

// Exit statuses, as the test prints them.
inline constexpr std::uint64_t kUnitTestOk = 1;
inline constexpr std::uint64_t kUnitTestFailed = 3;
inline constexpr std::uint64_t kUnitTestSkipped = 77;

[[nodiscard]] UnitTestText parse_unit_test(std::string_view console);

/// Whether `console` has the line of the exit status, which is a test's last.
[[nodiscard]] bool has_exit_status(std::string_view console);

/// Why this is no success, in a few words; empty if it is one. A test that passed nothing, skipped
/// or not, is none.
[[nodiscard]] std::string why_no_success(const UnitTestText& text);

/// Whether it skipped all that it has.
[[nodiscard]] bool skipped_all(const UnitTestText& text);

}  // namespace hm::host
