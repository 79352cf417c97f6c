#pragma once
// A distributor for one core and its 32 private interrupts, as ARM IHI 0048B has it: written from
// the manual, interrupt by interrupt, and sharing nothing with the monitor's.

#include <array>
#include <cstdint>
#include <optional>

namespace hm::fuzz {

class DistributorModel {
  public:
    struct Interrupt {
        bool group1 = false;
        bool enabled = false;
        bool pending = false;
        std::uint32_t priority = 0;
    };
    /// What one access changed outside, one bit an interrupt.
    struct Changes {
        std::uint32_t enable = 0;
        std::uint32_t disable = 0;
        std::uint32_t inject = 0;
        std::uint32_t withdraw = 0;
        std::uint32_t activate = 0;
        std::uint32_t deactivate = 0;
        std::uint32_t reconfigure = 0;
    };
    /// What the list registers hold.
    struct Presented {
        std::uint32_t pending = 0;
        std::uint32_t active = 0;
    };

    DistributorModel() {
        for (unsigned id = 0; id < 16; ++id) {
            interrupts[id].enabled = true;  // 4.3.5: as this core has them, SGIs always
        }
    }

    /// What is read; nothing where no such register is emulated.
    [[nodiscard]] std::optional<std::uint32_t> read(std::uint32_t offset, std::uint32_t bytes,
                                                    const Presented& presented) const {
        if (!exists(offset, bytes)) {
            return std::nullopt;
        }
        std::uint32_t value = 0;
        for (std::uint32_t byte = 0; byte < bytes; ++byte) {
            value |= byte_at(offset + byte, presented) << (8 * byte);
        }
        return value;
    }

    /// False where no such register is emulated.
    bool write(std::uint32_t offset, std::uint32_t bytes, std::uint32_t value, Changes& changes) {
        if (!exists(offset, bytes)) {
            return false;
        }
        std::array<bool, 32> before{};
        for (unsigned id = 0; id < 32; ++id) {
            before[id] = is_signalled(id);
        }
        for (std::uint32_t byte = 0; byte < bytes; ++byte) {
            write_byte(offset + byte, (value >> (8 * byte)) & 0xFF, changes);
        }
        for (unsigned id = 0; id < 32; ++id) {
            changes.enable |= is_signalled(id) && !before[id] ? 1U << id : 0;
            changes.disable |= !is_signalled(id) && before[id] ? 1U << id : 0;
        }
        return true;
    }

    void pend(std::uint32_t mask) {
        for (unsigned id = 0; id < 32; ++id) {
            interrupts[id].pending = interrupts[id].pending || ((mask >> id) & 1) != 0;
        }
    }

    /// Those that are pending and may be signalled go to the guest, and are no longer here.
    std::uint32_t take() {
        std::uint32_t taken = 0;
        for (unsigned id = 0; id < 32; ++id) {
            if (interrupts[id].pending && is_signalled(id)) {
                interrupts[id].pending = false;
                taken |= 1U << id;
            }
        }
        return taken;
    }

    bool enables_group0 = false;
    bool enables_group1 = false;
    std::array<Interrupt, 32> interrupts{};

  private:
    // Table 4-1.
    static constexpr std::uint32_t kTyper = 0x004, kIidr = 0x008, kIgroupr = 0x080,
                                   kIsenabler = 0x100, kIcenabler = 0x180, kIspendr = 0x200,
                                   kIcpendr = 0x280, kIsactiver = 0x300, kIcactiver = 0x380,
                                   kIpriorityr = 0x400, kItargetsr = 0x800, kIcfgr = 0xC00;

    [[nodiscard]] bool is_signalled(unsigned id) const {
        return interrupts[id].enabled && (interrupts[id].group1 ? enables_group1 : enables_group0);
    }

    /// 4.1.4: words everywhere, and bytes in the two banks that have one an interrupt.
    static bool exists(std::uint32_t offset, std::uint32_t bytes) {
        const std::uint32_t bank = offset & ~0x1FU;
        const bool of_bytes = bank == kIpriorityr || bank == kItargetsr;
        if (bytes == 1) {
            return of_bytes;
        }
        if (bytes != 4 || offset % 4 != 0) {
            return false;
        }
        for (const std::uint32_t word :
             {0U, kTyper, kIidr, kIgroupr, kIsenabler, kIcenabler, kIspendr, kIcpendr, kIsactiver,
              kIcactiver, kIcfgr, kIcfgr + 4}) {
            if (offset == word) {
                return true;
            }
        }
        return of_bytes;
    }

    /// Eight bits of a register with one bit an interrupt.
    template <class Bit>
    static std::uint32_t bits_of(std::uint32_t first, Bit bit) {
        std::uint32_t value = 0;
        for (unsigned i = 0; i < 8; ++i) {
            value |= bit(first + i) ? 1U << i : 0;
        }
        return value;
    }

    [[nodiscard]] std::uint32_t byte_at(std::uint32_t offset, const Presented& presented) const {
        const std::uint32_t first = 8 * (offset % 4);
        switch (offset & ~3U) {
            case 0:  // 4.3.1, without the Security Extensions
                return first != 0 ? 0 : (enables_group0 ? 1U : 0) | (enables_group1 ? 2U : 0);
            case kTyper:  // 4.3.2: 32 interrupts, one core
                return 0;
            case kIidr:  // 4.3.3: ARM's number, and the product "h"
                return (0x6800043BU >> first) & 0xFF;
            case kIgroupr:
                return bits_of(first, [this](unsigned id) { return interrupts[id].group1; });
            case kIsenabler:
            case kIcenabler:
                return bits_of(first, [this](unsigned id) { return interrupts[id].enabled; });
            case kIspendr:
            case kIcpendr:
                return bits_of(first, [&](unsigned id) {
                    return interrupts[id].pending || ((presented.pending >> id) & 1) != 0;
                });
            case kIsactiver:
            case kIcactiver:
                return (presented.active >> first) & 0xFF;
            case kIcfgr:  // 4.3.13: SGIs are edge-triggered, 0b10 each
                return 0xAA;
            case kIcfgr + 4:  // as a Cortex-A15 has its PPIs
                return (0x55540000U >> first) & 0xFF;
            default:
                break;
        }
        // 4.3.12: a core alone is the target of all.
        return offset >= kItargetsr ? 1 : interrupts[offset - kIpriorityr].priority;
    }

    void write_byte(std::uint32_t offset, std::uint32_t value, Changes& changes) {
        const std::uint32_t first = 8 * (offset % 4);
        const auto for_each = [&](auto act) {
            for (unsigned i = 0; i < 8; ++i) {
                act(first + i, ((value >> i) & 1) != 0);
            }
        };
        const auto is_ppi = [](unsigned id) { return id >= 16; };
        switch (offset & ~3U) {
            case 0:
                if (first == 0) {
                    enables_group0 = (value & 1) != 0;
                    enables_group1 = (value & 2) != 0;
                }
                return;
            case kIgroupr:
                for_each([&](unsigned id, bool set) {
                    changes.reconfigure |= interrupts[id].group1 != set ? 1U << id : 0;
                    interrupts[id].group1 = set;
                });
                return;
            case kIsenabler:
                for_each([&](unsigned id, bool set) { interrupts[id].enabled |= set; });
                return;
            case kIcenabler:
                for_each(
                    [&](unsigned id, bool set) { interrupts[id].enabled &= !set || !is_ppi(id); });
                return;
            case kIspendr:  // 4.3.7: SGIs ignore it
                for_each(
                    [&](unsigned id, bool set) { interrupts[id].pending |= set && is_ppi(id); });
                return;
            case kIcpendr:  // 4.3.8: the same
                for_each([&](unsigned id, bool set) {
                    if (set && is_ppi(id)) {
                        interrupts[id].pending = false;
                        changes.withdraw |= 1U << id;
                    }
                });
                return;
            case kIsactiver:
                changes.activate |= value << first;
                return;
            case kIcactiver:
                changes.deactivate |= value << first;
                return;
            default:
                break;
        }
        if ((offset & ~0x1FU) == kIpriorityr) {  // 4.3.11: this core has the upper five bits
            const unsigned id = offset - kIpriorityr;
            changes.reconfigure |= interrupts[id].priority != (value & 0xF8) ? 1U << id : 0;
            interrupts[id].priority = value & 0xF8;
        }
    }
};

}  // namespace hm::fuzz
