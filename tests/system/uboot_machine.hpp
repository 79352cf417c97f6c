#pragma once
// QEMU's virt machine with Debian's U-Boot in its flash.

#include <filesystem>
#include <string>
#include <vector>

namespace hm::test {

/// The devices from which U-Boot can load; empty: no such device.
struct UBootSources {
    std::filesystem::path disk;  ///< a file with a partition table
    std::filesystem::path tftp;  ///< a folder that a TFTP server on the network offers
};

/// `machine` is for -M, and `uart` is a character device without its name. Device models are those
/// of virtio 1: U-Boot writes feature bits 32 and up to older ones too, and QEMU complains.
[[nodiscard]] std::vector<std::string> uboot_machine(const std::string& machine,
                                                     const std::string& uart,
                                                     const UBootSources& sources);

}  // namespace hm::test
