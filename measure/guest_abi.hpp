#pragma once
// What monitor and guest agree on: the pages at the bottom of the guest's memory, the hypercalls,
// and the samples that a workload leaves behind. The same in both worlds: nothing here names the
// monitor or the delivery, so that native and guest results come from the same bytes.

#include <cstddef>
#include <cstdint>

namespace hm::measure {

/// HVC's immediate selects the call; arguments go in r0 to r2, the answer comes in r0.
enum class Hypercall : std::uint16_t {
    kNull = 0,         ///< does nothing, in the vector itself
    kNullCommon = 1,   ///< does nothing, through the dispatcher
    kVectorOnly = 2,   ///< HVC only returns, until the next interrupt
    kCheckpoint = 3,   ///< r0 of r1 done: pushes the watchdog away, shows progress
    kFinish = 4,       ///< the scenario is over; r0 is an Outcome
    kYield = 5,        ///< gives the core to the other VM, where there is one
    kReleasePage = 6,  ///< r0: IPA of a page that was mapped on demand and is to be so again
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
    kLoadIdle = 8,  ///< from here on: what a second VM does, for ever
    kLoadCompute = 9,
    kLoadFault = 10,
    kLoadHypercall = 11,
    kLoadYield = 12,
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
    std::uint32_t arguments[6];  ///< by task, see below
    std::uint32_t
        demand_base;  ///< memory that the monitor maps on the first touch, where it has stage 2
    std::uint32_t demand_bytes;
    std::uint32_t slip;  ///< ticks by which the clock may slip in one wait (kTimer); 0: never
};

// Arguments by task:
//   kPageFault    pages, rounds
//   kChase        bytes, laps, 1 for random order
//   kTimer        period in counter ticks, wake-ups, wake-ups of warm-up, turns to settle,
//                 counter ticks over which deadlines are dithered, 1 to spin instead of WFI
//   kHypercall    which Hypercall, calls
//   kDemandFault  pages
//   kLoadFault    pages
//   kHang, kHangInHandler and kStray misbehave for tests; the second takes kTimer's

/// Counters that HYP reads on the way of an interrupt, left for the guest to keep with its own.
/// Zero and unchanged where HYP takes no part. Where `deferred` equals `sequence`, the guest did
/// not run when its deadline passed: `vector` is when HYP saw that, and the stamps of the switch
/// count.
struct HypStamps {
    std::uint32_t sequence;      ///< interrupts that HYP has stamped so far
    std::uint32_t vector_count;  ///< CNTPCT, low word, at the HYP vector
    std::uint32_t vector;        ///< PMCCNTR from here on
    std::uint32_t acknowledged;
    std::uint32_t list_register;
    std::uint32_t guest_return;
    std::uint32_t maintenance_vector;  ///< of the exit in which HYP deactivates, where it has to
    std::uint32_t maintenance_return;
    std::uint32_t deferred;         ///< `sequence` of the last interrupt that a switch came before
    std::uint32_t scheduled_count;  ///< CNTPCT, low word, when the guest's turn came
    std::uint32_t scheduled;
    std::uint32_t switched_out;  ///< the other VM's state is saved
    std::uint32_t switched_in;   ///< the guest's own is loaded
};

/// One wake-up, stamp by stamp. Counts are CNTVCT's low word, the others PMCCNTR.
struct WakeUp {
    std::uint32_t number;  ///< deadlines that were waited for so far, this one too, kept or not
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
    std::uint32_t slips;     ///< wake-ups that were taken again because the clock slipped
    std::uint32_t faults;    ///< stage-1 faults that the guest's kernel handled in the timed part
    std::uint32_t loads;     ///< loads of one lap (kChase)
    std::uint32_t overhead;  ///< ticks that were subtracted from each sample
    std::uint32_t work;      ///< rounds of its load that a second VM has done
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

static_assert(sizeof(HypStamps) == 52 && sizeof(WakeUp) == 92);

}  // namespace hm::measure
