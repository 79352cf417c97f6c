#include "tests/system/points.hpp"

#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <optional>
#include <set>
#include <vector>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

/// A 32-bit ELF file as bytes.
class Elf {
  public:
    explicit Elf(const std::string& file) : bytes_(read_text(file)) {
        EXPECT_GT(bytes_.size(), sizeof(Elf32_Ehdr)) << file;
    }

    template <class T>
    [[nodiscard]] T at(std::size_t offset) const {
        T value{};
        EXPECT_LE(offset + sizeof(T), bytes_.size());
        std::memcpy(&value, bytes_.data() + offset, sizeof(T));
        return value;
    }
    template <class T>
    void put(std::size_t offset, T value) {
        ASSERT_LE(offset + sizeof(T), bytes_.size());
        std::memcpy(bytes_.data() + offset, &value, sizeof(T));
    }

    [[nodiscard]] std::optional<Elf32_Shdr> section(const std::string& name) const {
        const auto header = at<Elf32_Ehdr>(0);
        const auto names = section_at(header, header.e_shstrndx);
        for (unsigned i = 0; i < header.e_shnum; ++i) {
            const auto found = section_at(header, i);
            if (name == bytes_.data() + names.sh_offset + found.sh_name) {
                return found;
            }
        }
        return std::nullopt;
    }

    /// Where what is loaded to `address` lies in the file.
    [[nodiscard]] std::optional<std::size_t> offset_of(std::uint32_t address) const {
        const auto header = at<Elf32_Ehdr>(0);
        for (unsigned i = 0; i < header.e_phnum; ++i) {
            const auto part = at<Elf32_Phdr>(header.e_phoff + std::size_t{i} * header.e_phentsize);
            if (part.p_type == PT_LOAD && address - part.p_vaddr < part.p_filesz) {
                return part.p_offset + (address - part.p_vaddr);
            }
        }
        return std::nullopt;
    }

    [[nodiscard]] std::uint32_t address_of(const std::string& symbol) const {
        const auto symbols = section(".symtab");
        const auto names = section(".strtab");
        if (symbols && names) {
            for (std::size_t at_byte = 0; at_byte < symbols->sh_size;
                 at_byte += sizeof(Elf32_Sym)) {
                const auto found = at<Elf32_Sym>(symbols->sh_offset + at_byte);
                if (symbol == bytes_.data() + names->sh_offset + found.st_name) {
                    return found.st_value;
                }
            }
        }
        ADD_FAILURE() << "no symbol " << symbol;
        return 0;
    }

    void write(const std::filesystem::path& file) const {
        std::ofstream(file, std::ios::binary) << bytes_;
    }

  private:
    [[nodiscard]] Elf32_Shdr section_at(const Elf32_Ehdr& header, unsigned index) const {
        return at<Elf32_Shdr>(header.e_shoff + std::size_t{index} * header.e_shentsize);
    }

    std::string bytes_;
};

/// The monitor's image, and the guest's that lies in it as bytes from its first address on.
struct Images {
    Elf monitor;
    Elf guest;

    explicit Images(const std::string& suffix)
        : monitor(image(suffix)), guest(image(suffix + "-guest")) {}

    [[nodiscard]] std::optional<std::size_t> offset_in_guest(std::uint32_t address) const {
        const auto first = guest.section(".text");
        const auto place = monitor.section(".guest");
        if (!first || !place || address - first->sh_addr >= place->sh_size) {
            return std::nullopt;
        }
        return place->sh_offset + (address - first->sh_addr);
    }
};

/// An entry of section .points (drivers/cpu/hw/nops.hpp).
struct Slot {
    std::uint32_t address, point, bytes;
};

std::vector<Slot> slots_of(const Elf& elf) {
    std::vector<Slot> slots;
    const auto section = elf.section(".points");
    for (std::size_t i = 0; section && i < section->sh_size; i += sizeof(Slot)) {
        slots.push_back(elf.at<Slot>(section->sh_offset + i));
    }
    return slots;
}

/// Makes the slot at `offset` of the file `instructions` long: NOPs, and a branch to its end.
void set_slot(Elf& elf, std::size_t offset, const Slot& slot, int instructions) {
    const bool arm = slot.bytes == 4 * kMostInstructions;
    const std::uint32_t width = arm ? 4 : 2;
    ASSERT_EQ(slot.bytes, width * kMostInstructions);
    for (int i = 0; i < kMostInstructions; ++i) {
        const std::size_t place = offset + static_cast<std::size_t>(i) * width;
        const std::uint32_t rest = slot.bytes - static_cast<std::uint32_t>(i) * width;
        const bool branch = i == instructions - 1;
        // ARM DDI 0406C.d, A8.8.119 (NOP, encodings A1 and T1) and A8.8.18 (B, A1 and T2): a branch
        // counts from two instructions on in ARM state, and from 4 bytes on in Thumb state.
        if (arm) {
            elf.put<std::uint32_t>(
                place, branch ? 0xEA00'0000U | ((rest - 8) / 4 & 0x00FF'FFFFU) : 0xE320'F000U);
        } else {
            elf.put<std::uint16_t>(
                place, static_cast<std::uint16_t>(branch ? 0xE000U | ((rest - 4) / 2 & 0x07FFU)
                                                         : 0xBF00U));
        }
    }
}

}  // namespace

std::string image_with_points(const std::filesystem::path& file,
                              const PointInstructions& instructions) {
    Images images("-points");
    const auto wanted = [&](std::uint32_t point) {
        const auto named = instructions.find(static_cast<int>(point));
        return named == instructions.end() ? 1 : named->second;
    };
    std::set<std::uint32_t> found;
    for (const bool guest : {false, true}) {
        for (const Slot& slot : slots_of(guest ? images.guest : images.monitor)) {
            const auto offset = guest ? images.offset_in_guest(slot.address)
                                      : images.monitor.offset_of(slot.address);
            EXPECT_TRUE(offset) << "a slot of point " << slot.point << " is not in the image";
            if (offset) {
                set_slot(images.monitor, *offset, slot, wanted(slot.point));
                found.insert(slot.point);
            }
        }
    }
    EXPECT_EQ(found.size(), std::size_t{kTimerPoints + kFaultPoints}) << "points without a slot";
    images.monitor.write(file);
    return file.string();
}

std::string image_with_values(const std::filesystem::path& file, const std::string& suffix,
                              const std::map<std::string, std::uint32_t>& values) {
    Elf elf(image(suffix));
    for (const auto& [variable, value] : values) {
        const auto offset = elf.offset_of(elf.address_of(variable));
        EXPECT_TRUE(offset) << variable;
        if (offset) {
            elf.put<std::uint32_t>(*offset, value);
        }
    }
    elf.write(file);
    return file.string();
}

std::string image_with_fault(const std::filesystem::path& file, const std::string& variable,
                             std::uint32_t value) {
    Images images("-faults");
    const bool guest = variable.starts_with("fault_guest");
    const auto offset = guest ? images.offset_in_guest(images.guest.address_of(variable))
                              : images.monitor.offset_of(images.monitor.address_of(variable));
    EXPECT_TRUE(offset) << variable;
    if (offset) {
        EXPECT_EQ(images.monitor.at<std::uint32_t>(*offset), UINT32_MAX) << variable << ": never";
        images.monitor.put<std::uint32_t>(*offset, value);
    }
    images.monitor.write(file);
    return file.string();
}

}  // namespace hm::test
