#pragma once
// QEMU's virt machine with Debian's U-Boot in its flash.

#include <filesystem>
#include <string>
#include <vector>

namespace hm::test {

/// `machine` is for -M, `uart` a character device without its name, and `disk` a FAT disk's file or
/// empty. Device models are those of virtio 1, since U-Boot writes feature bits 32 and up to older
/// ones too, of which QEMU complains.
[[nodiscard]] std::vector<std::string> uboot_machine(const std::string& machine,
                                                     const std::string& uart,
                                                     const std::filesystem::path& disk);

}  // namespace hm::test
