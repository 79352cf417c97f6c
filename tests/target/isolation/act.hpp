#pragma once
// A hostile act: one row that says what a guest does, where, and how that must end.
//
// The files with rows (tests/target/isolation_*.cpp) are compiled twice: into the guest, which has
// the code of each act, and into the monitor's image, which has what is expected of it. So a row's
// number means the same to both, and an act is added by adding its row.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "measure/guest_abi.hpp"
#include "measure/scenario.hpp"
#include "measure/workload/workload.hpp"

namespace hm::isolation {

class Hostile;  // hostile.hpp: what the guest can do

using ActFunction = void (*)(Hostile&);

/// Whether this is compiled for the guest (toolchain/image.cmake).
inline constexpr bool kInGuest = HYPMETER_HOSTILE_GUEST != 0;

/// The code of an act, which only the guest's image has.
[[nodiscard]] constexpr ActFunction in_guest(ActFunction act) { return kInGuest ? act : nullptr; }

/// A workload whose report a guest pretends to leave; only the monitor's image has it.
[[nodiscard]] constexpr const measure::Workload* claimed(const measure::Workload* workload) {
    return kInGuest ? nullptr : workload;
}

enum class Ending : std::uint8_t {
    /// The act returns and has found what it expected; its guest finishes.
    kCarriesOn,
    /// The guest takes an exception of PL1, which `words` name ("data abort"), and reports it. Or
    /// it finishes with an outcome that is not "done".
    kException,
    /// The monitor stops the guest.
    kMonitor,
    kWatchdog,
    /// The guest finishes, and what it reports is refused.
    kReportRefused,
    /// No instruction retires any more, so that no clock of the machine ticks: only the host can
    /// end it. Such an act gets a machine of its own.
    kSilence,
};

enum class Attacker : std::uint8_t {
    kFirst,   ///< the VM that is measured
    kSecond,  ///< a VM that shares the core with one that measures its timer
    kBoth,    ///< two VMs that share the core: each does the act
};

struct Where {
    measure::Translation translation = measure::kPlainNested;
    measure::Delivery delivery = measure::Delivery::kInjected;
    Attacker attacker = Attacker::kFirst;
    measure::Mapping mapping = measure::Mapping::kPremapped4K;
    std::uint32_t demand_bytes = 0;  ///< memory of the guest that the monitor maps when touched
};

inline constexpr Where kStage2Only{.translation = measure::kPlainStage2};
inline constexpr Where kSoft{.delivery = measure::Delivery::kInjectedSoft};
inline constexpr Where kDirect{.delivery = measure::Delivery::kDirect};
inline constexpr Where kSecondVm{.delivery = measure::Delivery::kShared,
                                 .attacker = Attacker::kSecond};
inline constexpr Where kBoostedVm{.delivery = measure::Delivery::kBoosted,
                                  .attacker = Attacker::kSecond};
inline constexpr Where kBothVms{.delivery = measure::Delivery::kShared,
                                .attacker = Attacker::kBoth};
inline constexpr Where kOnDemand{.mapping = measure::Mapping::kDemand4K};

struct Act {
    /// What the act goes against or through. Another value, width or register is the same one.
    std::string_view mechanism;
    std::string_view sentence;
    ActFunction act = nullptr;
    Where where{};
    Ending ends = Ending::kCarriesOn;
    /// What the message says in which the session reports the end; may be empty if it carries on.
    std::string_view words{};
    /// The workload whose report the guest pretends to leave.
    const measure::Workload* claims = nullptr;
};

/// The rows of each topic, in the order of their numbers.
struct Topic {
    std::span<const Act> (*acts)();
};
[[nodiscard]] std::span<const Topic> topics();

/// A row by its number; null after the last.
[[nodiscard]] inline const Act* act_of(std::uint32_t number) {
    for (const Topic& topic : topics()) {
        const auto acts = topic.acts();
        if (number < acts.size()) {
            return &acts[number];
        }
        number -= static_cast<std::uint32_t>(acts.size());
    }
    return nullptr;
}

/// A guest that finds something else than it should finishes with this and the number of the line.
inline constexpr std::uint32_t kSurprise = 0x10000;

/// A page that a hostile guest may only read, at an IPA of its own.
inline constexpr std::uint32_t kReadOnlyPage = 0x7000'0000;

/// The task of a hostile guest, and its arguments: the act, and where what is not its own lies.
inline constexpr measure::Task kTask{0x4057};
struct Target {
    std::uint32_t act;
    std::uint32_t is_second;
    std::uint32_t monitor_text;
    std::uint32_t monitor_data;
    std::uint32_t stage2_tables;
    std::uint32_t other_vm;
    std::uint32_t records;  ///< of a run that keeps them
    std::uint32_t free;     ///< memory that nobody has been given
};

}  // namespace hm::isolation
