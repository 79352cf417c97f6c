#pragma once
// What monitor and guest agree on: the pages at the bottom of the guest's memory, the hypercalls,
// and the samples that a workload leaves behind. The same in both worlds: nothing here names the
// monitor or the delivery, so that native and guest results come from the same bytes.

#include <cstddef>
#include <cstdint>

namespace hm::measure {

/// HVC's immediate selects the call; arguments go in r0 to r2, the answer comes in r0.
enum class Hypercall : std::uint16_t {
    kNull = 0,        ///< does nothing, in the vector itself
    kNullCommon = 1,  ///< does nothing, through the dispatcher
    kVectorOnly = 2,  ///< HVC only returns, until the next interrupt
    kCheckpoint = 3,  ///< r0 of r1 done: pushes the watchdog away, shows progress
    kFinish = 4,      ///< the scenario is over; r0 is an Outcome
};

/// How a guest ended, as it says itself.
enum class Outcome : std::uint32_t {
    kDone = 0,
    kUnexpectedException = 1,  ///< details in GuestReport::exception
    kOutOfMemory = 2,          ///< the workload does not fit into the memory given
    kBadParameters = 3,
};

/// A timer's checkpoint comes after so many wake-ups.
inline constexpr std::uint32_t kWakeUpsPerCheckpoint = 64;

/// What the guest is to do. One page at the bottom of the guest's memory, read only once.
enum class Task : std::uint32_t {
    kPageFault = 0,
    kChase = 1,
    kTimer = 2,
    kHypercall = 3,
    kDemandFault = 4,
    kHang = 5,
    kStray = 6,
    kHangInHandler = 7,
};

struct ParameterBlock {
    static constexpr std::uint32_t kMagic = 0x484d5031;  // "HMP1"
    std::uint32_t magic;
    Task task;
    std::uint32_t memory_end;     ///< IPA just above the memory that the guest may use
    std::uint32_t distributor;    ///< IPA of GICD
    std::uint32_t cpu_interface;  ///< IPA of GICC
    std::uint32_t timer_interrupt;
    std::uint32_t stamps;        ///< 1: read the counters at each step of a wake-up
    std::uint32_t arguments[4];  ///< by task, see below
    std::uint32_t
        demand_base;  ///< memory that the monitor maps on the first touch, where it has stage 2
    std::uint32_t demand_bytes;
};

// Arguments by task:
//   kPageFault    pages, rounds
//   kChase        bytes, laps, 1 for random order
//   kTimer        period in counter ticks, wake-ups, wake-ups of warm-up, turns to settle
//   kHypercall    which Hypercall, calls
//   kDemandFault  pages
//   kHang, kHangInHandler and kStray misbehave for tests; the second takes kTimer's

/// Counters that HYP reads on the way of an interrupt, left for the guest to keep with its own.
/// Zero and unchanged where HYP takes no part.
struct HypStamps {
    std::uint32_t sequence;      ///< interrupts that HYP has stamped so far
    std::uint32_t vector_count;  ///< CNTVCT, low word, at the HYP vector
    std::uint32_t vector;        ///< PMCCNTR from here on
    std::uint32_t acknowledged;
    std::uint32_t list_register;
    std::uint32_t guest_return;
};

/// One wake-up, stamp by stamp. Counts are CNTVCT's low word, the others PMCCNTR.
struct WakeUp {
    std::uint32_t deadline_count;
    HypStamps hyp;
    std::uint32_t vector_count;
    std::uint32_t vector;
    std::uint32_t acknowledged;
    std::uint32_t handler_done;
    std::uint32_t application_count;
    std::uint32_t application;
    std::uint32_t all_instructions;  ///< retired since the application asked to wait, in all modes
    std::uint32_t guest_instructions;  ///< the same, in PL1 and PL0
};

/// One round of any other loop.
struct Sample {
    std::uint32_t ticks;          ///< PMCCNTR, less the cost of reading it
    std::uint32_t prepare_ticks;  ///< a preparing step that is told apart (unmapping), or 0
    std::uint32_t all_instructions;
    std::uint32_t guest_instructions;
    std::uint32_t kind;  ///< by task: kDemandFault 1 where a table had to be allocated
};

/// What the guest leaves for the monitor to read when it has finished.
struct GuestReport {
    std::uint32_t samples;  ///< IPA of an array of WakeUp (kTimer) or Sample (others)
    std::uint32_t sample_count;
    std::uint32_t missed;    ///< periods whose deadline had passed before the application waited
    std::uint32_t faults;    ///< stage-1 faults that the guest's kernel handled in the timed part
    std::uint32_t loads;     ///< loads of one lap (kChase)
    std::uint32_t overhead;  ///< ticks that were subtracted from each sample
    struct {
        std::uint32_t vector;  ///< 1 undefined, 2 SVC, 3 prefetch abort, 4 data abort, 6 IRQ, 7 FIQ
        std::uint32_t pc, cpsr, status, address;
    } exception;
};

/// The layout of the guest's memory, from its bottom.
inline constexpr std::uint32_t kParameterPage = 0x0000;
inline constexpr std::uint32_t kHypStampPage = 0x1000;
inline constexpr std::uint32_t kReportPage = 0x2000;
inline constexpr std::uint32_t kGuestImageOffset = 0x8000;

static_assert(sizeof(HypStamps) == 24 && sizeof(WakeUp) == 60);
static_assert(offsetof(WakeUp, application) == 48);

}  // namespace hm::measure
