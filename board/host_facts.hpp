#pragma once
// What the host tool needs to know of a board. Each board states its own in board/<name>/host.hpp
// as `kHost`, in the namespace hm::board::<name>; the build makes the list of all from those files.

#include <cstdint>
#include <span>
#include <string_view>

namespace hm::board {

/// The state in which a QEMU machine enters the image.
enum class EntryMode { kHyp, kSecure };

/// The QEMU machine that runs a board's image.
struct QemuFacts {
    std::string_view name;  ///< for -M; empty: QEMU has no such machine
    /// What is added to the name for either entry mode.
    std::string_view hyp_suffix;
    std::string_view secure_suffix;
    EntryMode entry = EntryMode::kHyp;  ///< the default
    /// Only a uImage is entered in HYP; else an ELF image is, whatever the entry.
    bool hyp_by_uimage = false;
    /// QEMU makes a device tree for the image, which carries parameters and memory.
    bool has_tree = false;
    /// QEMU holds the second core until it is started, if the image is entered in HYP. Else it runs
    /// from the start, in a loop.
    bool holds_second_core = false;
    /// How many cores and how much memory the machine always has; 0: what QEMU is asked for.
    unsigned cores = 0;
    unsigned megabytes = 0;
    /// The device that has its sound, which a newer QEMU wants to be given a back end; empty: none.
    std::string_view sound = {};
    /// The options that give it disk.img as the card from which U-Boot boots.
    std::string_view disk = {};
    /// The line by which QEMU complains of its own machine, whatever runs there; empty: none.
    std::string_view own_complaint = {};
};

/// U-Boot on a board's card, before the first partition.
struct LoaderFacts {
    std::string_view file;     ///< in the folder of all that was built; empty: not ours to write
    std::uint32_t sector = 0;  ///< where the boot ROM looks for it; of 512 bytes
    std::string_view magic{};  ///< what the boot ROM knows it by, behind its first instruction
};

/// How the board's U-Boot is used over a serial port. Addresses are physical.
struct UBootFacts {
    std::uint32_t load = 0;   ///< where an image waits until bootm moves it
    std::uint32_t tree = 0;   ///< where its device tree waits
    std::uint32_t proof = 0;  ///< where a file is read back to
    /// The board's memory, and how much of its end U-Boot has for itself.
    std::uint32_t memory = 0;
    std::uint32_t memory_bytes = 0;
    std::uint32_t own_bytes = 0;
    /// Devices and partitions that may be the card, as U-Boot names them: the usual one first.
    /// Empty: the board boots from no card.
    std::span<const std::string_view> cards;
    std::string_view card_scan;      ///< the command that makes the cards known
    std::string_view network_start;  ///< the command that makes the network known; may be empty
    bool has_reset = false;          ///< the target can reset the board at its end
};

/// Where a foreign guest finds what it needs. Addresses are physical.
struct ForeignFacts {
    std::uint32_t bundle = 0;  ///< 32 MB beyond FOREIGN_BASE of the board's memory.ld
    /// What a guest that runs natively has. Its UART is a PL011; 0: the board has none.
    std::uint32_t memory = 0;
    std::uint32_t distributor = 0;
    std::uint32_t cpu_interface = 0;
    std::uint32_t uart = 0;
    std::uint32_t uart_interrupt = 0;  ///< ID
    /// Of CNTPCT and CNTVCT; under QEMU as the tool starts it.
    std::uint32_t counter_hz = 1'000'000'000;
};

struct HostFacts {
    std::string_view name;
    std::string_view meaning;  ///< for people
    std::string_view core;     ///< as QEMU names it, and as device trees do after "arm,"
    QemuFacts qemu;
    UBootFacts uboot;
    ForeignFacts foreign{};
    LoaderFacts loader{};
    bool has_gem5 = false;   ///< gem5 has such a machine
    bool has_uboot = false;  ///< U-Boot answers on a serial port

    [[nodiscard]] constexpr bool has_qemu() const { return !qemu.name.empty(); }
    /// What U-Boot usually calls the card's partition; empty: there is no card.
    [[nodiscard]] constexpr std::string_view card() const {
        return uboot.cards.empty() ? std::string_view() : uboot.cards.front();
    }
};

}  // namespace hm::board
