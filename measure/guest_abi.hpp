#pragma once
// What monitor and guest agree on: the pages at the bottom of the guest's memory, the hypercalls,
// and the events that a workload leaves behind. Nothing here names the monitor or the delivery, so
// that native and guest results come from the same bytes.

#include <array>
#include <cstdint>

#include "measure/typed_words.hpp"

namespace hm::measure {

/// What a guest asks of the monitor: kNull, kNullCommon and so on, as listed there.
enum class Hypercall : std::uint16_t {
#define HYPERCALL(name, number) k##name = (number),
#include "measure/hypercalls.def"
#undef HYPERCALL
};

/// How a guest ended, as the guest itself reports it.
enum class Outcome : std::uint32_t {
    kDone = 0,
    kUnexpectedException = 1,  ///< details in GuestReport::exception
    kOutOfMemory = 2,          ///< the workload does not fit into the memory given
    kBadParameters = 3,
};

/// Counter ticks for which HVC only returns at the most, after Hypercall::kVectorOnly.
inline constexpr std::uint64_t kVectorOnlyTicks = std::uint64_t{1} << 21;

/// A timer's checkpoint comes after so many wake-ups.
inline constexpr std::uint32_t kWakeUpsPerCheckpoint = 64;

/// A number for each job that a guest can do. Each workload has its own (measure/workload/), and
/// each load of a second VM (measure/workload/load.hpp).
enum class Task : std::uint32_t {};

/// The arguments of a workload, of its own type `Arguments`.
using Arguments = TypedWords<8>;
/// The plain numbers that a workload's guest reports, of the workload's own type `Report`.
using ReportedNumbers = TypedWords<8>;

/// IPA of the test device, an emulated device whose one register keeps the word that is written.
[[nodiscard]] constexpr std::uint32_t test_device(std::uint32_t distributor) {
    return distributor - 0x1000;
}

/// IPA of the UART that the monitor emulates.
[[nodiscard]] constexpr std::uint32_t uart(std::uint32_t distributor) {
    return distributor - 0x2000;
}

/// A timer of the machine that the guest has to itself.
struct SpareTimer {
    std::uint32_t kind;       ///< timer::SpareKind (drivers/timer/spare_kind.hpp); 0: it has none
    std::uint32_t base;       ///< IPA of its registers, a page
    std::uint32_t interrupt;  ///< its ID at the distributor
    std::uint32_t acknowledged;  ///< and in GICC_IAR
};

/// What the guest is to do. One page at the bottom of the guest's memory, which it reads once.
struct ParameterBlock {
    static constexpr std::uint32_t kMagic = 0x484d5032;  // "HMP2"
    std::uint32_t magic;
    Task task;
    std::uint32_t memory_end;     ///< IPA just above the memory that the guest may use
    std::uint32_t distributor;    ///< IPA of GICD; below it are the test device and UART
    std::uint32_t cpu_interface;  ///< IPA of GICC
    std::uint32_t timer_interrupt;
    std::uint32_t stamps;        ///< 1: read the counters at each step of an event
    std::uint32_t events;        ///< that the workload leaves behind
    std::uint32_t event_bytes;   ///< of each
    std::uint32_t work_bytes;    ///< of the memory that the workload goes through
    std::uint32_t demand_base;   ///< memory that the monitor maps on the first touch, if there is
    std::uint32_t demand_bytes;  ///< a stage 2
    std::uint32_t slip;          ///< ticks by which the clock could slip in one wait; 0: it cannot
    std::uint32_t stage1;        ///< Stage1 (measure/translation.hpp) of the timed part
    SpareTimer spare_timer;
    Arguments arguments;
};

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

/// Stamps of one kind of fault: PMCCNTR at each step of its handling, by guest or monitor.
struct FaultStamps {
    std::uint32_t count;       ///< faults stamped so far
    std::uint32_t vector;      ///< the abort is taken
    std::uint32_t handler;     ///< its handler is entered
    std::uint32_t written;     ///< the entry is written
    std::uint32_t maintained;  ///< and visible to table walks
    std::uint32_t returned;    ///< about to return
};

/// One access of the page-fault loop. Without stamps, `guest` and `hyp` are zero.
struct Fault {
    std::uint32_t access;  ///< PMCCNTR just before the access
    FaultStamps guest;     ///< of stage 1, by the guest's kernel, with its count as it was after it
    FaultStamps hyp;       ///< of stage 2, by the monitor
    std::uint32_t retired;             ///< PMCCNTR just after the access
    std::uint32_t reading;             ///< of that, what reading PMCCNTR costs
    std::uint32_t prepare_ticks;       ///< unmapping, a page's share of its batch
    std::uint32_t all_instructions;    ///< of the access, in all modes
    std::uint32_t guest_instructions;  ///< the same, in PL1 and PL0
};

/// Events that a performance monitor may count beside instructions, in the order of their counters.
inline constexpr std::uint32_t kEvents = 4;
inline constexpr std::array<const char*, kEvents> kEventNames{"dtlb-refills", "l1d-refills",
                                                              "l2-refills", "bus-accesses"};

/// One round of any other workload.
struct Sample {
    std::uint32_t ticks;  ///< PMCCNTR, less the cost of reading it
    std::uint32_t all_instructions;
    std::uint32_t guest_instructions;
    std::uint32_t kind;  ///< what the workload says of it; 0 where there is one kind only
};

/// What the guest leaves for the monitor to read when it has finished.
struct GuestReport {
    std::uint32_t events_at;  ///< IPA of an array of WakeUp, Fault or Sample
    std::uint32_t event_count;
    std::uint32_t slips;        ///< wake-ups in which the emulator's clock slipped
    std::uint32_t stale;        ///< interrupts that came though its timer asserted none any more
    std::uint32_t faults;       ///< stage-1 faults that its kernel handled in the timed part
    std::uint32_t work;         ///< of a second VM: rounds of its load
    std::uint32_t base;         ///< VA of the memory that the workload goes through
    std::uint32_t tables_at;    ///< IPA of the root of its stage-1 tables
    std::uint32_t table_bytes;  ///< that the stage-1 tables of the timed part take
    ReportedNumbers numbers;
    struct {
        std::uint32_t vector;  ///< 1 undefined, 2 SVC, 3 prefetch abort, 4 data abort, 6 IRQ, 7 FIQ
        std::uint32_t pc, cpsr, status, address;
    } exception;
};

/// The layout of the guest's memory, from its bottom.
inline constexpr std::uint32_t kParameterPage = 0x0000;
inline constexpr std::uint32_t kHypStampPage = 0x1000;
inline constexpr std::uint32_t kHypFaultStamps = kHypStampPage + 0x400;
inline constexpr std::uint32_t kReportPage = 0x2000;
inline constexpr std::uint32_t kSharedBytes = 0x3000;  ///< all that the monitor may look at
inline constexpr std::uint32_t kGuestImageOffset = 0x8000;
/// What the guest touches before its caches are on: those pages, its image, its stacks and tables.
inline constexpr std::uint32_t kUncachedBytes = 0x180000;

static_assert(sizeof(HypStamps) == 52 && sizeof(WakeUp) == 92);

}  // namespace hm::measure
