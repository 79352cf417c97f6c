#include "host/guest/kvm_unit_tests.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hm::host {

std::optional<std::string> why_not_run(const KvmUnitTest& test,
                                       const std::filesystem::path& folder) {
    std::error_code error;
    return std::filesystem::is_regular_file(folder / test.file, error)
               ? std::nullopt
               : std::optional(fmt::format("no file {}", test.file));
}

bool has_kvm_unit_tests(const std::filesystem::path& folder) {
    return std::any_of(kKvmUnitTests.begin(), kKvmUnitTests.end(),
                       [&](const KvmUnitTest& test) { return !why_not_run(test, folder); });
}

MadeBundle bundle_of_test(const KvmUnitTest& test, const std::filesystem::path& folder,
                          VirtualMachine machine, const GuestRun& run) {
    machine.memory_bytes = kKvmUnitTestMemory;
    machine.cpus = test.cpus;
    machine.bootargs = test.arguments;
    return bundle_of_files(
        machine, run,
        {.kernel = folder / test.file, .initrd = {}, .load = kKvmUnitTestLoad, .entry = {}});
}

}  // namespace hm::host
