#pragma once
// A scenario: one workload under one regime, one delivery and one set of arguments.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "measure/guest_abi.hpp"
#include "measure/record.hpp"
#include "measure/setting.hpp"
#include "measure/translation.hpp"

namespace hm::measure {

struct Workload;

/// No loop needs this many counter ticks per byte that it goes through: they are 512 per cache
/// line, and 32,768 per page.
inline constexpr std::uint64_t kMostTicksPerByte = 8;

/// Whether the guest has a second virtual CPU, and where that runs.
enum class SecondCpu : std::uint8_t {
    kNone,
    kSameCore,   ///< in turn with the first
    kOtherCore,  ///< on the machine's second core
};

struct Scenario {
    static constexpr std::size_t kMostNamed = 8;

    const Workload* workload = nullptr;
    Delivery delivery = Delivery::kNative;
    Translation translation = kPlainNative;
    Mapping mapping = Mapping::kNone;  ///< of a guest that boots
    Arguments arguments{};             ///< of the workload's own type
    bool stamps = false;
    Wait wait = Wait::kWfi;
    Load load = Load::kIdle;
    SecondCpu second_cpu = SecondCpu::kNone;
    std::optional<Task> companion{};  ///< what a second VM does, where `load` does not say it
    /// The longest stretch with interrupts masked in HYP is measured, and nothing else reported.
    bool masking_is_watched = false;
    /// What the TLBs' RAMs hold when the guest has ended is read, and nothing else reported.
    bool reads_tlb_rams = false;
    /// The guest runs by itself: what is below it, if anything, it cannot know.
    bool is_alone = false;
    bool uses_vfp = false;
    bool uses_spare_timer = false;  ///< the guest has the board's spare timer to itself
    std::uint32_t slice = 0;        ///< counter ticks of a turn, where two VMs share the core
    std::uint64_t waits = 0;        ///< counter ticks that pass between two checkpoints
    /// Counter ticks that all its work and waits should never need, where it has checkpoints.
    std::uint64_t longest = 0;
    std::uint32_t events = 0;        ///< that the guest must leave behind
    std::uint32_t work_bytes = 0;    ///< of memory that the workload goes through
    std::uint32_t demand_bytes = 0;  ///< of memory besides, beginning at a 2 MB boundary
    std::array<NamedValue, kMostNamed> named{};  ///< what a row says about it, see with()
    std::size_t named_count = 0;

    /// Adds a number or a word to what rows of this scenario say; at most kMostNamed times.
    constexpr Scenario& with(const char* name, std::uint32_t value) {
        named[named_count++] = NamedValue{name, value};
        return *this;
    }
    constexpr Scenario& with(const char* name, const char* value) {
        named[named_count++] = NamedValue{name, value};
        return *this;
    }

    [[nodiscard]] std::span<const NamedValue> named_values() const {
        return std::span(named).first(named_count);
    }
    [[nodiscard]] bool uses_second_core() const {
        return measure::uses_second_core(load) || second_cpu == SecondCpu::kOtherCore;
    }
    /// Bytes of memory for the workload and its events.
    [[nodiscard]] std::uint64_t memory_bytes() const;
};

/// The workload's name in records.
[[nodiscard]] const char* workload_name(const Scenario& scenario);

/// The regime and the delivery of a guest that runs by itself, in records.
inline constexpr const char* kAlone = "alone";

/// How a record names them.
[[nodiscard]] const char* regime_of(const Scenario& scenario);
[[nodiscard]] const char* delivery_of(const Scenario& scenario);

/// How a record names the stage-2 tables; empty where they are plain, or there are none.
[[nodiscard]] const char* stage2_of(const Scenario& scenario);

/// "timer wait=wfi .. stamps=1 nested/injected", or "nested:2M/injected" where stage 2 is not
/// plain, into `buffer`; what does not fit is cut.
[[nodiscard]] std::string_view name_of(const Scenario& scenario, std::span<char> buffer);

/// A buffer of this many bytes holds every name.
inline constexpr std::size_t kNameBytes = 176;

}  // namespace hm::measure
