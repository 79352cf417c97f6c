#pragma once
// The tests of kvm-unit-tests for 32-bit ARM that say something about the monitor. A user builds
// them; none of them is part of hypmeter.

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "host/guest/guest_bundle.hpp"

namespace hm::host {

struct KvmUnitTest {
    std::string_view name;
    std::string_view file;
    std::string_view arguments;
    unsigned cpus = 1;
    /// An instruction takes 2^shift ns. Where CPUs wait for each other, or for a time to pass, they
    /// do it by loops: then an instruction that takes long makes the test short.
    unsigned shift = 0;
};

/// They are linked for this address, and setup looks for this much memory.
inline constexpr std::uint32_t kKvmUnitTestLoad = 0x4001'0000;
inline constexpr std::uint32_t kKvmUnitTestMemory = 128U << 20;

inline constexpr std::array kKvmUnitTests{
    KvmUnitTest{"setup", "selftest.flat", "setup smp=1 mem=128", 1, 0},
    KvmUnitTest{"vectors-kernel", "selftest.flat", "vectors-kernel", 1, 0},
    KvmUnitTest{"vectors-user", "selftest.flat", "vectors-user", 1, 0},
    KvmUnitTest{"smp", "selftest.flat", "smp", 2, 8},
    KvmUnitTest{"gic-mmio", "gic.flat", "mmio", 1, 0},
    KvmUnitTest{"gic-mmio-2", "gic.flat", "mmio", 2, 8},
    KvmUnitTest{"gic-ipi", "gic.flat", "ipi", 2, 8},
    KvmUnitTest{"gic-active", "gic.flat", "active", 1, 8},
    KvmUnitTest{"gic-active-2", "gic.flat", "active", 2, 8},
    KvmUnitTest{"psci", "psci.flat", "", 2, 8},
    KvmUnitTest{"pmu", "pmu.flat", "cycle-counter 0", 1, 0},
    KvmUnitTest{"spinlock", "spinlock-test.flat", "", 2, 8},
};

/// Whether any of their files is in `folder`.
[[nodiscard]] bool has_kvm_unit_tests(const std::filesystem::path& folder);

/// "no file psci.flat"; nothing if the test can be run.
[[nodiscard]] std::optional<std::string> why_not_run(const KvmUnitTest& test,
                                                     const std::filesystem::path& folder);

/// `machine` is the one of the board or the virtual one; the test decides its CPUs, its memory and
/// its arguments.
[[nodiscard]] MadeBundle bundle_of_test(const KvmUnitTest& test,
                                        const std::filesystem::path& folder, VirtualMachine machine,
                                        const GuestRun& run);

}  // namespace hm::host
