#include "tests/system/uboot_machine.hpp"

namespace hm::test {

std::vector<std::string> uboot_machine(const std::string& machine, const std::string& uart,
                                       const std::filesystem::path& disk) {
    std::vector<std::string> command{"qemu-system-arm",
                                     "-M",
                                     machine,
                                     "-cpu",
                                     "cortex-a15,cntfrq=1000000000",
                                     "-m",
                                     "1G",
                                     "-bios",
                                     "/usr/lib/u-boot/qemu_arm/u-boot.bin",
                                     "-display",
                                     "none",
                                     "-nic",
                                     "none",
                                     "-monitor",
                                     "none",
                                     "-chardev",
                                     uart + ",id=uart",
                                     "-serial",
                                     "chardev:uart",
                                     "-semihosting-config",
                                     "enable=on,target=native"};
    if (!disk.empty()) {
        command.insert(command.end(), {"-global", "virtio-mmio.force-legacy=false", "-drive",
                                       "if=none,id=d,format=raw,file=" + disk.string(), "-device",
                                       "virtio-blk-device,drive=d"});
    }
    return command;
}

}  // namespace hm::test
