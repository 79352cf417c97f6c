// What the monitor does where a guest traps: guests of a few instructions (tests/target/trap_vm.S).

#include <array>

#include "board.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/cpu/implementation_registers.hpp"
#include "hyp/hw/monitor.hpp"
#include "measure/guest_abi.hpp"
#include "tests/target/case.hpp"

extern "C" const char trap_vms[], trap_vms_end[], calls_psci[], calls_beyond_the_last[],
    calls_null[], reads_actlr[], writes_actlr[], reads_cbar[], writes_its_code[],
    stores_exclusively[];

namespace hm::target {

namespace {

std::uint32_t address_of(const char* symbol) { return reinterpret_cast<std::uint32_t>(symbol); }

/// Runs the guest that begins at `entry`, with nothing but its code mapped.
std::optional<hyp::Stop> run_at(const char* entry, bool null_ends_in_vector = false) {
    // The guest fetches its code past the caches.
    cpu::clean_invalidate_all_data();
    cpu::invalidate_instructions();
    const std::array map{hyp::MemoryRegion{
        .range = {{address_of(trap_vms)}, address_of(trap_vms_end) - address_of(trap_vms)},
        .target = {address_of(trap_vms)},
        .attributes = {.memory = mmu::MemoryType::kNormalWriteBack,
                       .read = true,
                       .write = false,
                       .executable = true},
        .forced = std::nullopt}};
    return hyp::run({.stages = hyp::Stages::kBoth,
                     .routing = hyp::InterruptRouting::kLinked,
                     .entry = address_of(entry),
                     .map = map,
                     .distributor = {board::kGicd},
                     .patience = 1'000'000'000,
                     .null_ends_in_vector = null_ends_in_vector},
                    nullptr);
}

bool was_stopped_at_hvc(const std::optional<hyp::Stop>& stop, std::uint32_t immediate) {
    return stop && stop->reason == hyp::StopReason::kTrap &&
           stop->hsr.get(hyp::Hsr::kEc) == hyp::ExceptionClass::kHvc &&
           hyp::SmallTrap::from(stop->hsr.raw).get(hyp::SmallTrap::kImmediate) == immediate;
}

bool finished_with(const std::optional<hyp::Stop>& stop, std::uint32_t outcome) {
    return stop && stop->reason == hyp::StopReason::kFinished && stop->outcome == outcome;
}

template <bool kNullEndsInVector>
Complaint a_call_of_psci_is_refused() {
    return was_stopped_at_hvc(run_at(calls_psci, kNullEndsInVector), 0)
               ? Complaint{}
               : "the guest was not stopped at hvc #0";
}

Complaint an_unknown_call_is_refused() {
    const auto last = static_cast<std::uint32_t>(measure::Hypercall::kFlushTlb);
    return was_stopped_at_hvc(run_at(calls_beyond_the_last), last + 1)
               ? Complaint{}
               : "the guest was not stopped at its call";
}

template <bool kNullEndsInVector>
Complaint a_null_call_changes_nothing() {
    return finished_with(run_at(calls_null, kNullEndsInVector), 0x11234)
               ? Complaint{}
               : "the guest did not find its registers again";
}

Complaint actlr_reads_as_the_cores_own() {
    const std::uint32_t own = cpu::read<cpu::Actlr>().raw;
    return finished_with(run_at(reads_actlr), own) ? Complaint{} : "the guest read another value";
}

Complaint a_write_of_actlr_is_ignored() {
    const std::uint32_t own = cpu::read<cpu::Actlr>().raw;
    if (!finished_with(run_at(writes_actlr), own)) {
        return "the guest read another value after its write";
    }
    return cpu::read<cpu::Actlr>().raw == own ? Complaint{} : "the core's own register changed";
}

Complaint a_register_that_nothing_emulates_stops_the_guest() {
    const auto stop = run_at(reads_cbar);
    return stop && stop->reason == hyp::StopReason::kTrap &&
                   stop->hsr.get(hyp::Hsr::kEc) == hyp::ExceptionClass::kCp15
               ? Complaint{}
               : "the guest was not stopped at its access";
}

Complaint a_store_to_a_read_only_page_stops_the_guest() {
    const std::uint32_t before = *reinterpret_cast<const std::uint32_t*>(trap_vms);
    const auto stop = run_at(writes_its_code);
    if (!stop || stop->reason != hyp::StopReason::kTrap ||
        stop->hsr.get(hyp::Hsr::kEc) != hyp::ExceptionClass::kDataAbortLower) {
        return "the guest was not stopped at its store";
    }
    const auto abort = hyp::AbortSyndrome::from(stop->hsr.raw);
    if (abort.get(hyp::AbortSyndrome::kStatusKind) !=
            static_cast<std::uint32_t>(hyp::FaultKind::kPermission) ||
        abort.get(hyp::AbortSyndrome::kWnR) == 0) {
        return "the syndrome names no write without permission";
    }
    return *reinterpret_cast<const volatile std::uint32_t*>(trap_vms) == before
               ? Complaint{}
               : "the page was written";
}

/// A reservation that HYP made before it enters a guest is not the guest's (ARM DDI 0406C.d,
/// A3.4.1: it lasts until a store exclusive or CLREX).
Complaint a_reservation_of_hyp_ends_at_the_entry() {
    std::uint32_t word;
    asm volatile("ldrex %0, [%1]" : "=r"(word) : "r"(trap_vms) : "memory");
    const auto stop = run_at(stores_exclusively);
    return finished_with(stop, 1) ? Complaint{} : "the guest's store took place";
}

constexpr std::array kCases{
    Case{"trap: a store to a page that stage 2 maps read-only stops the guest",
         a_store_to_a_read_only_page_stops_the_guest},
    Case{"trap: a reservation of HYP ends when a guest is entered",
         a_reservation_of_hyp_ends_at_the_entry},
    Case{"trap: hvc #0, as PSCI uses it, stops the guest", a_call_of_psci_is_refused<false>},
    Case{"trap: hvc #0 stops the guest that measures hypercalls too",
         a_call_of_psci_is_refused<true>},
    Case{"trap: a hypercall that does not exist stops the guest", an_unknown_call_is_refused},
    Case{"trap: a null hypercall changes no register", a_null_call_changes_nothing<false>},
    Case{"trap: a null hypercall that ends in the vector changes no register",
         a_null_call_changes_nothing<true>},
    Case{"trap: ACTLR reads as the core's own", actlr_reads_as_the_cores_own},
    Case{"trap: a write of ACTLR is ignored", a_write_of_actlr_is_ignored},
    Case{"trap: a CP15 register that nothing emulates stops the guest",
         a_register_that_nothing_emulates_stops_the_guest},
};

}  // namespace

std::span<const Case> trap_cases() { return kCases; }

}  // namespace hm::target
