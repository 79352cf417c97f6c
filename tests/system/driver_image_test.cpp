// The drivers of Exynos with QEMU's model of one. QEMU has no Exynos 5250: smdkc210 is an Exynos
// 4210, with the same blocks at other addresses.

#include <gtest/gtest.h>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

/// Only its beginning: if a wrong register is read in a loop, QEMU's complaints never end.
std::string beginning(const std::string& text) { return text.substr(0, 4000); }

TEST(DriverImage, DrivesUartTimerPowerAndSecondCoreOfAnExynos4210AndQemuDoesNotComplain) {
    const ScratchFolder scratch;
    const std::string in = scratch / "in";
    const std::string out = scratch / "out";
    const std::string complaints = scratch / "complaints";
    // Fewer than 256 characters: QEMU's receive FIFO of UART0 holds that many, and counts itself as
    // empty when it is full (hw/char/exynos4210_uart.c, fifo_elements_number).
    std::string line;
    for (int i = 0; i < 200; ++i) {
        line += static_cast<char>('!' + i % 90);
    }
    const std::string send = scratch / "line";
    // Nothing is sent before the image asks for it, since QEMU's UART loses what comes before its
    // FIFO is on. The image ends QEMU by releasing the board's supply.
    const Finished finished =
        run("ulimit -f 20000; mkfifo " + in + " && exec 3<>" + in + " && cat > " + send +
            " <<'END'\n" + line +
            "\nEND\n"
            "timeout -k 5 60 qemu-system-arm -M smdkc210 -nic none -nographic -serial stdio "
            "-monitor none -no-reboot -d guest_errors,unimp -D " +
            complaints + " -kernel " + HYPMETER_IMAGES_DIR + "/smdkc210-drivers.elf <" + in + " >" +
            out +
            " 2>&1 & qemu=$!\n"
            "until grep -qs 'send a line' " +
            out + " || ! kill -0 $qemu; do sleep 0.1; done\ncat " + send + " >&3\nwait $qemu");
    const std::string text = beginning(read_text(out));
    EXPECT_EQ(finished.status, 0) << finished.output << text;
    EXPECT_EQ(text,
              "drivers on smdkc210\ntimer: runs on\nsecond core: woken by its interrupt\n"
              "send a line\n" +
                  line + "\ndrivers: ok\n");
    EXPECT_TRUE(std::filesystem::exists(complaints));
    EXPECT_EQ(beginning(read_text(complaints)), "");
}

}  // namespace
}  // namespace hm::test
