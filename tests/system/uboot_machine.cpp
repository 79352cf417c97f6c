#include "tests/system/uboot_machine.hpp"

namespace hm::test {

std::vector<std::string> uboot_machine(const std::string& machine, const std::string& uart,
                                       const UBootSources& sources) {
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
                                     "-monitor",
                                     "none",
                                     "-chardev",
                                     uart + ",id=uart",
                                     "-serial",
                                     "chardev:uart",
                                     "-global",
                                     "virtio-mmio.force-legacy=false"};
    if (!sources.disk.empty()) {
        command.insert(command.end(),
                       {"-drive", "if=none,id=d,format=raw,file=" + sources.disk.string(),
                        "-device", "virtio-blk-device,drive=d"});
    }
    if (sources.tftp.empty()) {
        command.insert(command.end(), {"-nic", "none"});
    } else {
        command.insert(command.end(),
                       {"-netdev", "user,id=n,restrict=on,tftp=" + sources.tftp.string(), "-device",
                        "virtio-net-device,netdev=n"});
    }
    return command;
}

}  // namespace hm::test
