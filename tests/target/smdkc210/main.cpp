// The drivers of Exynos on QEMU's smdkc210, an Exynos 4210, whose UART, multi-core timer and power
// management unit are those of Exynos 5250 at other addresses. The watchdog is left out: QEMU has
// none there.

#include <atomic>
#include <cstdint>
#include <optional>

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/gic/cpu_interface.hpp"
#include "drivers/gic/distributor.hpp"
#include "drivers/power/exynos.hpp"
#include "drivers/reg/hw/mmio.hpp"
#include "drivers/timer/exynos_mct.hpp"
#include "drivers/uart/console.hpp"
#include "drivers/uart/exynos_uart.hpp"

extern "C" int main();
extern "C" [[noreturn]] void second_core_pen();

namespace hm {
namespace {

// QEMU, hw/arm/exynos4210.c, and for the parts of the GIC hw/cpu/a9mpcore.c. The second core of
// this SoC's revision 1.1 finds its entry in INFORM5 of the PMU (Linux,
// arch/arm/mach-exynos/platsmp.c, cpu_boot_reg_base).
constexpr std::uint32_t kUart0 = 0x1380'0000;
constexpr std::uint32_t kMct = 0x1005'0000;
constexpr std::uint32_t kPmu = 0x1002'0000;
constexpr std::uint32_t kBootWord = kPmu + 0x814;
constexpr std::uint32_t kReset = kPmu + 0x400;  // QEMU, hw/misc/exynos4210_pmu.c, SWRESET
constexpr std::uint32_t kGicc = 0x1050'0100;
constexpr std::uint32_t kGicd = 0x1050'1000;

constexpr std::uint32_t kTicksPerSecond = 24'000'000;
constexpr gic::IntId kWakeUp = 5;

reg::Mmio bus;

using Uart = uart::ExynosUart<reg::Mmio>;
using Timer = timer::ExynosMct<reg::Mmio>;
using Power = power::Exynos<reg::Mmio>;
static_assert(uart::Console<Uart>);

std::atomic<std::uint32_t> woken_by{0};  ///< what the second core acknowledged

void print(Uart& uart, const char* text) {
    for (; *text != '\0'; ++text) {
        uart.put(*text);
    }
}

/// The boot word sends the second core here.
[[noreturn]] void second_core_woken(std::uint32_t interrupt) {
    woken_by.store(interrupt);
    for (;;) {
        cpu::wait_for_interrupt();
    }
}

/// Waits until `done`, at most for so many seconds.
template <class Condition>
bool within(Timer& timer, std::uint32_t seconds, Condition done) {
    const std::uint64_t end = timer.count() + std::uint64_t{seconds} * kTicksPerSecond;
    while (!done()) {
        if (timer.count() > end) {
            return false;
        }
    }
    return true;
}

// Each test returns what failed, or nothing.

const char* test_timer(Timer& timer) {
    if (timer.count() != timer.count()) {
        return "the counter runs before it is started";
    }
    if (!timer.start()) {
        return "the timer did not take the write that starts it";
    }
    if (bus.read(kMct + timer::MctWriteStatus::kOffset) != 0) {
        return "the timer's write status was not cleared";
    }
    std::uint64_t before = timer.count();
    constexpr std::uint32_t kLooks = 100'000'000;
    for (std::uint32_t look = 0; timer.count() < before + kTicksPerSecond / 10; ++look) {
        if (look == kLooks) {
            return "the counter stands still";
        }
    }
    before = timer.count();
    if (!timer.start()) {
        return "a second start failed";
    }
    return timer.count() < before ? "a second start set the counter back" : nullptr;
}

const char* test_second_core(Timer& timer, Power& power) {
    gic::Distributor distributor(bus, kGicd);
    distributor.set_all_group1();  // of which this GIC has none, nor has it Group 0
    distributor.set_control(gic::GicdCtlr{}.with(gic::GicdCtlr::kEnableGroup0, true));
    if (!power.cpu1_is_powered() || !power.power_up_cpu1()) {
        return "the second core has no power";
    }
    if (woken_by.load() != 0) {
        return "the second core did not wait";
    }
    power.set_boot_word(reinterpret_cast<std::uint32_t>(&second_core_woken));
    cpu::dsb();
    distributor.send_sgi(gic::GicdSgir{}
                             .with(gic::GicdSgir::kCpuTargetList, 1U << 1)
                             .with(gic::GicdSgir::kSgiIntId, kWakeUp));
    if (!within(timer, 5, [] { return woken_by.load() != 0; })) {
        return "the second core did not wake";
    }
    return woken_by.load() == kWakeUp ? nullptr : "another interrupt woke the second core";
}

const char* test_echo(Timer& timer, Uart& uart) {
    if (uart.get()) {
        return "a character came before one was sent";
    }
    print(uart, "send a line\n");
    std::optional<char> last;
    do {
        last = std::nullopt;
        if (!within(timer, 20, [&] { return (last = uart.get()).has_value(); })) {
            return "no character came";
        }
        uart.put(*last);
    } while (*last != '\n');
    return nullptr;
}

const char* run_tests(Timer& timer, Power& power, Uart& uart) {
    if (const char* const failed = test_timer(timer)) {
        return failed;
    }
    print(uart, "timer: runs on\n");
    if (const char* const failed = test_second_core(timer, power)) {
        return failed;
    }
    print(uart, "second core: woken by its interrupt\n");
    return test_echo(timer, uart);
}

}  // namespace
}  // namespace hm

int main() {
    using namespace hm;
    Uart uart(bus, kUart0);
    Timer timer(bus, kMct);
    Power power(bus, {.pmu = kPmu, .watchdog = 0, .boot_word = kBootWord});
    uart.start();
    print(uart, "drivers on smdkc210\n");
    const char* failed = run_tests(timer, power, uart);
    if (failed == nullptr) {
        // QEMU's PMU keeps the word and does not reset the machine.
        power.reset_board();
        failed = bus.read(kReset) == 1 ? nullptr : "no reset was asked";
    }
    print(uart, failed == nullptr ? "drivers: ok" : "drivers: ");
    print(uart, failed == nullptr ? "" : failed);
    print(uart, "\n");
    uart.drain();
    power.power_off();
    for (;;) {
        cpu::wait_for_interrupt();
    }
}

/// Does what the boot ROM does for the second core: waits for an interrupt, then for a boot word.
void second_core_pen() {
    using namespace hm;
    gic::CpuInterface interrupts(bus, kGicc);
    interrupts.set_priority_mask(0xFF);
    interrupts.set_control(gic::GiccCtlr{}.with(gic::GiccCtlr::kEnableGroup0, true));
    for (;;) {
        cpu::wait_for_interrupt();
        const gic::GiccIar interrupt = interrupts.acknowledge();
        interrupts.end(interrupt);
        if (const std::uint32_t entry = bus.read(kBootWord); entry != 0) {
            reinterpret_cast<void (*)(std::uint32_t)>(entry)(interrupt.get(gic::GiccIar::kIntId));
        }
    }
}
