#pragma once
// Runs the tests of kvm-unit-tests, natively and in the monitor.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "host/guest/guest_run.hpp"
#include "host/guest/suite_results.hpp"

namespace hm::host {

/// One of the two ways to run a test.
struct SuiteWay {
    VirtualMachine machine;
    GuestRun run;
};

struct SuiteRun {
    GuestHost host;                ///< its cores and its clock are those of each test
    std::filesystem::path folder;  ///< of the tests
    std::filesystem::path out;     ///< gets what each test prints
    SuiteWay natively;
    std::optional<SuiteWay> in_monitor;
};

struct SuiteEnd {
    std::string refusal;  ///< why the tests could not be run, in one line; empty if they were
    SuiteResults results;
};

/// Told of a test when it begins, and when it has ended or is skipped.
struct SuiteListener {
    std::function<void(const KvmUnitTest& test)> begins;
    std::function<void(const SuiteRow& row)> ended;
};

[[nodiscard]] SuiteEnd run_suite(const SuiteRun& suite, const SuiteListener& listener);

}  // namespace hm::host
