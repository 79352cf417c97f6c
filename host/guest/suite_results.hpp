#pragma once
// How the tests of a suite ended, natively and in the monitor, for people and programs.

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/guest/kvm_unit_tests.hpp"
#include "host/guest/unit_test_text.hpp"

namespace hm::host {

/// A test, once.
struct SuiteSide {
    UnitTestText text;
    bool has_ended = false;  ///< by itself, after it printed an exit status
    std::string problem;     ///< why it is no success, in one line; empty if it is one
    double seconds = 0;      ///< of this computer

    [[nodiscard]] bool passed() const { return problem.empty(); }
    [[nodiscard]] bool was_skipped() const { return has_ended && skipped_all(text); }
    [[nodiscard]] bool failed() const { return !passed() && !was_skipped(); }
};

struct SuiteRow {
    KvmUnitTest test;
    std::string skipped;  ///< why it was not run; empty if it was
    std::optional<SuiteSide> natively, in_monitor;
};

struct SuiteResults {
    std::string folder;
    std::string version, board, machine;
    std::string started;  ///< as "2026-11-26T15:00:00Z"
    bool only_natively = false;
    std::vector<SuiteRow> rows;
    bool interrupted = false;

    /// What failed in the monitor is its fault. Natively the machine's own GIC may fail a test, but
    /// where nothing else is run, each test must end. Something must have passed.
    [[nodiscard]] bool ok() const;
};

/// "15 of 17", "4 of 4, 1 skipped", "1 skipped", "3 of 3, no end".
[[nodiscard]] std::string side_text(const SuiteSide& side);

/// "gic-mmio: natively 15 of 17, in the monitor 17 of 17 (2.5 s)"
[[nodiscard]] std::string suite_row_text(const SuiteRow& row);

/// A table, what failed, and whether all is well.
[[nodiscard]] std::string suite_text(const SuiteResults& results, std::size_t width);
[[nodiscard]] std::string suite_tap(const SuiteResults& results, std::size_t width);
[[nodiscard]] std::string suite_junit(const SuiteResults& results, std::size_t width);
[[nodiscard]] std::string suite_json(const SuiteResults& results, std::size_t width);

/// A form in which they can be printed.
struct SuiteFormat {
    std::string_view name;
    std::string (*print)(const SuiteResults& results, std::size_t width);
};
inline constexpr std::array kSuiteFormats{
    SuiteFormat{"text", suite_text}, SuiteFormat{"tap", suite_tap},
    SuiteFormat{"junit", suite_junit}, SuiteFormat{"json", suite_json}};

}  // namespace hm::host
