// Stands in for the programs of kvm-unit-tests: takes the same arguments, and prints results in the
// same form. Between them, its acts end in every way that a test can end.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "drivers/fdt/tree.hpp"

namespace hm::test {
namespace {

/// A PL011's data register, which takes a character at any time under QEMU and the monitor.
constexpr std::uint32_t kUart = 0x0900'0000;
/// ITARGETSR of interrupts 32 to 35 (IHI 0048B.b, 4.3.12).
constexpr std::uint32_t kTargets = 0x0800'0820;

volatile std::uint32_t& device(std::uint32_t address) {
    return *reinterpret_cast<volatile std::uint32_t*>(address);
}

void print(std::string_view text) {
    for (const char c : text) {
        device(kUart) = static_cast<unsigned char>(c);
    }
}

/// As exit() gives it: 0 is well, 1 a failure, 38 that everything was skipped.
void end_with(std::string_view summary, std::string_view status) {
    print("SUMMARY: ");
    print(summary);
    print("\n\nEXIT: STATUS=");
    print(status);
    print("\n");
}

void pass() {
    print("INFO: stand-in: this is no check\nPASS: stand-in: first\nPASS: stand-in: second\n");
    end_with("2 tests", "1");
}

void skip_one() {
    print("PASS: stand-in: first\nSKIP: stand-in: second\n");
    end_with("2 tests, 1 skipped", "1");
}

void skip_all() {
    print("SKIP: stand-in: only\n");
    end_with("1 tests, 1 skipped", "77");
}

void fail_one() {
    print("PASS: stand-in: first\nFAIL: stand-in: second <of two>\n");
    end_with("2 tests, 1 unexpected failures", "3");
}

/// The monitor's GIC keeps what is written, and that of QEMU's one-core machine reads as zero.
void check_targets() {
    device(kTargets) = 0x0101'0101;
    if (device(kTargets) == 0x0101'0101) {
        print("PASS: stand-in: targets\n");
        end_with("1 tests", "1");
    } else {
        print("FAIL: stand-in: targets\n");
        end_with("1 tests, 1 unexpected failures", "3");
    }
}

void never_end() {
    print("PASS: stand-in: first\n");
    for (;;) {
        asm volatile("");
    }
}

struct Act {
    std::string_view arguments;
    void (*run)();
};
constexpr std::array kActs{
    Act{"setup smp=1 mem=128", pass}, Act{"vectors-kernel", pass},
    Act{"vectors-user", pass},        Act{"smp", pass},
    Act{"mmio", check_targets},       Act{"ipi", never_end},
    Act{"active", fail_one},          Act{"", skip_one},
    Act{"cycle-counter 0", skip_all},
};

std::string_view arguments_in(const std::byte* tree) {
    constexpr std::size_t kMostBytes = 1U << 20;
    const fdt::Tree::Opened opened = fdt::Tree::open({tree, kMostBytes});
    const auto chosen = opened.tree.find("/chosen");
    const auto bootargs = chosen ? chosen->property("bootargs") : std::nullopt;
    return bootargs ? bootargs->text().value_or("") : std::string_view();
}

}  // namespace
}  // namespace hm::test

extern "C" void stand_in(const std::byte* tree) {
    const std::string_view arguments = hm::test::arguments_in(tree);
    for (const auto& act : hm::test::kActs) {
        if (act.arguments == arguments) {
            act.run();
            return;
        }
    }
    hm::test::print("ABORT: stand-in: unknown arguments\n");
    hm::test::end_with("0 tests", "255");
}
