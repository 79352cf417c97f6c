#include "measure/crc32.hpp"

namespace hm::measure {

void Crc32::add(std::span<const std::byte> bytes) {
    for (const std::byte byte : bytes) {
        add(byte);
    }
}

std::uint32_t crc32(std::span<const std::byte> bytes) {
    Crc32 crc;
    crc.add(bytes);
    return crc.value();
}

}  // namespace hm::measure
