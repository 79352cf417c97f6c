#pragma once
// QEMU's virt machine with Debian's U-Boot in its flash.

#include <filesystem>
#include <string>
#include <vector>

namespace hm::test {

/// What U-Boot finds there to load from; empty: no such device.
struct UBootSources {
    std::filesystem::path disk;  ///< a file with a partition table
    std::filesystem::path tftp;  ///< a folder whose files a server on the network has
};

/// `machine` is for -M, and `uart` a character device without its name. Device models are those of
/// virtio 1, since U-Boot writes feature bits 32 and up to older ones too, of which QEMU complains.
[[nodiscard]] std::vector<std::string> uboot_machine(const std::string& machine,
                                                     const std::string& uart,
                                                     const UBootSources& sources);

}  // namespace hm::test
