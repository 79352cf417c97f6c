// What the monitor does where a guest traps: guests of a few instructions (tests/target/trap_vm.S).

#include <array>

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/implementation_registers.hpp"
#include "hyp/hw/monitor.hpp"
#include "measure/guest_abi.hpp"
#include "tests/target/case.hpp"
#include "tests/target/small_guest.hpp"

extern "C" const char trap_vms[], trap_vms_end[], calls_psci[], turns_itself_off[],
    calls_beyond_the_last[], calls_null[], reads_actlr[], writes_actlr[], stores_exclusively[],
    has_no_vectors[], traps_in_an_it_block[];
extern "C" const char reads_cbar[], reads_cbar_at[], reads_cbar_in_thumb[],
    reads_cbar_in_thumb_at[], calls_smc[], calls_smc_at[], writes_its_code[], writes_its_code_at[],
    writes_its_code_long[], writes_its_code_long_at[], fetches_from_a_hole[],
    fetches_from_a_hole_at[], reads_above_4gb[], reads_a_halfword[], reads_a_halfword_at[],
    reads_two_words[], reads_big_endian[], goes_through_every_register[];

namespace hm::target {

namespace {

/// As in trap_vm.S.
constexpr std::uint32_t kDistributor = 0x1000'0000;

/// Runs the guest that begins at `entry`, with nothing but its code mapped.
std::optional<hyp::Stop> run_at(const char* entry, bool null_ends_in_vector = false) {
    make_code_visible();
    const std::array map{code_region(trap_vms, trap_vms_end)};
    return hyp::run({.stages = hyp::Stages::kBoth,
                     .routing = hyp::InterruptRouting::kLinked,
                     .entry = address_of(entry),
                     .map = map,
                     .distributor = {kDistributor},
                     .patience = 1'000'000'000,
                     .null_ends_in_vector = null_ends_in_vector},
                    nullptr);
}

bool was_stopped_at_hvc(const std::optional<hyp::Stop>& stop, std::uint32_t immediate) {
    return stop && stop->reason == hyp::StopReason::kTrap &&
           stop->trap.hsr.get(hyp::Hsr::kEc) == hyp::ExceptionClass::kHvc &&
           hyp::SmallTrap::from(stop->trap.hsr.raw).get(hyp::SmallTrap::kImmediate) == immediate;
}

bool finished_with(const std::optional<hyp::Stop>& stop, std::uint32_t outcome) {
    return stop && stop->reason == hyp::StopReason::kFinished && stop->outcome == outcome;
}

template <bool kNullEndsInVector>
Complaint psci_is_answered() {
    // ARM DEN 0022D.b, 5.3: major version 1, minor version 0.
    return finished_with(run_at(calls_psci, kNullEndsInVector), 0x0001'0000)
               ? Complaint{}
               : "the guest did not finish with the version";
}

Complaint a_guest_turns_itself_off() {
    const auto stop = run_at(turns_itself_off);
    return stop && stop->reason == hyp::StopReason::kPoweredOff
               ? Complaint{}
               : "the guest was not stopped as one that is off";
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

/// What PL1 finds after an exception, as it is when the guest has finished.
struct Found {
    std::uint32_t lr_und, spsr_und, lr_abt, spsr_abt, psr;
    cpu::Dfsr dfsr;
    cpu::Dfar dfar;
    cpu::Ifsr ifsr;
    cpu::Ifar ifar;
};
Found found;

void look() {
    asm volatile("mrs %0, lr_und" : "=r"(found.lr_und));
    asm volatile("mrs %0, spsr_und" : "=r"(found.spsr_und));
    asm volatile("mrs %0, lr_abt" : "=r"(found.lr_abt));
    asm volatile("mrs %0, spsr_abt" : "=r"(found.spsr_abt));
    asm volatile("mrs %0, spsr" : "=r"(found.psr));
    found.dfsr = cpu::read<cpu::Dfsr>();
    found.dfar = cpu::read<cpu::Dfar>();
    found.ifsr = cpu::read<cpu::Ifsr>();
    found.ifar = cpu::read<cpu::Ifar>();
}

std::optional<hyp::Stop> run_and_look(const char* entry) {
    found = {};
    hyp::set_inspector(look);
    const auto stop = run_at(entry);
    hyp::set_inspector(nullptr);
    return stop;
}

// The guests start in SVC mode with A, I and F set. Modes: ARM DDI 0406C.d, B1.3.1.
constexpr std::uint32_t kSvcMasked = 0x1D3;
constexpr std::uint32_t kUndMasked = 0x1DB;
constexpr std::uint32_t kAbtMasked = 0x1D7;
constexpr std::uint32_t kThumb = 1U << 5;

/// `lr`: how far LR is ahead of the instruction (B1.8.3).
Complaint took_undefined(const char* entry, const char* at, std::uint32_t lr, std::uint32_t psr) {
    if (!finished_with(run_and_look(entry), 0x04)) {
        return "the guest took no undefined instruction exception";
    }
    if (found.lr_und != address_of(at) + lr) {
        return "its LR is another";
    }
    return found.spsr_und == psr && found.psr == kUndMasked ? Complaint{} : "its PSR is another";
}

Complaint a_register_that_nothing_emulates_is_undefined() {
    return took_undefined(reads_cbar, reads_cbar_at, 4, kSvcMasked);
}

Complaint the_same_in_thumb() {
    return took_undefined(reads_cbar_in_thumb, reads_cbar_in_thumb_at, 2, kSvcMasked | kThumb);
}

Complaint smc_is_undefined() { return took_undefined(calls_smc, calls_smc_at, 4, kSvcMasked); }

/// `status`: DFSR (B4.1.52, B3.13.3).
Complaint took_data_abort(const char* entry, const char* at, std::uint32_t status,
                          std::uint32_t address) {
    const auto stop = run_and_look(entry);
    if (!finished_with(stop, 0x10)) {
        return "the guest took no data abort";
    }
    if (found.dfsr.raw != status) {
        return "its fault status is another";
    }
    if (found.dfar.raw != address) {
        return "its fault address is another";
    }
    if (found.lr_abt != address_of(at) + 8) {
        return "its LR is another";
    }
    if (found.spsr_abt != kSvcMasked || found.psr != kAbtMasked) {
        return "its PSR is another";
    }
    return stop->given.count == 1 && stop->given.trap.pc == address_of(at)
               ? Complaint{}
               : "the monitor did not note what it gave";
}

constexpr std::uint32_t kWrite = 1U << 11;  // DFSR.WnR

Complaint a_store_to_a_read_only_page_aborts() {
    const std::uint32_t before = *reinterpret_cast<const std::uint32_t*>(trap_vms);
    const Complaint complaint = took_data_abort(writes_its_code, writes_its_code_at,
                                                0b01000 | kWrite, address_of(trap_vms));
    if (!complaint.empty()) {
        return complaint;
    }
    return *reinterpret_cast<const volatile std::uint32_t*>(trap_vms) == before
               ? Complaint{}
               : "the page was written";
}

Complaint a_guest_with_long_descriptors_finds_their_status() {
    constexpr std::uint32_t kLpae = 1U << 9;
    return took_data_abort(writes_its_code_long, writes_its_code_long_at, 0b010000 | kLpae | kWrite,
                           address_of(trap_vms));
}

Complaint a_fetch_from_nowhere_aborts() {
    if (!finished_with(run_and_look(fetches_from_a_hole), 0x0C)) {
        return "the guest took no prefetch abort";
    }
    if (found.ifsr.raw != 0b01000 || found.ifar.raw != address_of(fetches_from_a_hole_at)) {
        return "its fault status or address is another";
    }
    return found.lr_abt == address_of(fetches_from_a_hole_at) + 4 && found.spsr_abt == kSvcMasked &&
                   found.psr == kAbtMasked
               ? Complaint{}
               : "its LR or PSR is another";
}

Complaint a_halfword_of_the_distributor_aborts() {
    return took_data_abort(reads_a_halfword, reads_a_halfword_at, 0b01000, kDistributor);
}

/// QEMU leaves bits 39:32 of HPFAR out (hyp/hw/trapped.hpp).
Complaint an_address_above_4gb_is_noted_whole() {
    const auto stop = run_and_look(reads_above_4gb);
    if (!finished_with(stop, 0x10)) {
        return "the guest took no data abort";
    }
    const auto ipa =
        hyp::fault_ipa(stop->given.trap.hsr, stop->given.trap.hpfar, stop->given.trap.far);
    if (!ipa) {
        return "no address was noted";
    }
    return ipa->value == 0x12'1000'0000 ? Complaint{} : "another address was noted";
}

Complaint was_refused(const std::optional<hyp::Stop>& stop, hyp::Refusal refusal,
                      hyp::ExceptionClass ec) {
    if (!stop || stop->reason != hyp::StopReason::kTrap) {
        return "the guest was not stopped";
    }
    return stop->refusal == refusal && stop->trap.hsr.get(hyp::Hsr::kEc) == ec
               ? Complaint{}
               : "it was stopped for another reason";
}

Complaint two_words_of_the_distributor_are_refused() {
    return was_refused(run_at(reads_two_words), hyp::Refusal::kUndescribed,
                       hyp::ExceptionClass::kDataAbortLower);
}

Complaint big_endian_data_is_refused() {
    return was_refused(run_at(reads_big_endian), hyp::Refusal::kBigEndian,
                       hyp::ExceptionClass::kDataAbortLower);
}

Complaint every_register_is_served() {
    constexpr std::uint32_t kModes = 6;
    constexpr std::uint32_t kOfFiqAlone = 3;
    return finished_with(run_at(goes_through_every_register), 2 * kModes + kOfFiqAlone)
               ? Complaint{}
               : "a register does not have what it was given";
}

Complaint a_guest_without_vectors_ends() {
    const auto stop = run_at(has_no_vectors);
    const Complaint complaint =
        was_refused(stop, hyp::Refusal::kNoVectors, hyp::ExceptionClass::kPrefetchAbortLower);
    if (!complaint.empty()) {
        return complaint;
    }
    return stop->given.count == 1 && stop->given.exception == hyp::GuestException::kDataAbort
               ? Complaint{}
               : "the data abort before it was not noted";
}

Complaint an_it_block_goes_on_behind_what_is_emulated() {
    return finished_with(run_at(traps_in_an_it_block), 1)
               ? Complaint{}
               : "other instructions of the block were executed";
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
    Case{"trap: a store to a page that stage 2 maps read-only gives the guest a data abort",
         a_store_to_a_read_only_page_aborts},
    Case{"trap: a guest with long descriptors finds their fault status",
         a_guest_with_long_descriptors_finds_their_status},
    Case{"trap: a fetch from where nothing is gives the guest a prefetch abort",
         a_fetch_from_nowhere_aborts},
    Case{"trap: an access to an address above 4 GB is noted with all its bits",
         an_address_above_4gb_is_noted_whole},
    Case{"trap: a halfword of the distributor gives the guest a data abort",
         a_halfword_of_the_distributor_aborts},
    Case{"trap: two words of the distributor at once stop the guest",
         two_words_of_the_distributor_are_refused},
    Case{"trap: big-endian data of the distributor stops the guest", big_endian_data_is_refused},
    Case{"trap: sp, lr and r8 to r12 of every mode can be stored to a device, and loaded",
         every_register_is_served},
    Case{"trap: a guest that aborts without vectors is stopped", a_guest_without_vectors_ends},
    Case{"trap: an IT block goes on behind an instruction that is emulated",
         an_it_block_goes_on_behind_what_is_emulated},
    Case{"trap: a reservation of HYP ends when a guest is entered",
         a_reservation_of_hyp_ends_at_the_entry},
    Case{"trap: PSCI_VERSION by hvc #0 is answered", psci_is_answered<false>},
    Case{"trap: hvc #0 is PSCI's for the guest that measures hypercalls too",
         psci_is_answered<true>},
    Case{"trap: SYSTEM_OFF ends the guest", a_guest_turns_itself_off},
    Case{"trap: a hypercall that does not exist stops the guest", an_unknown_call_is_refused},
    Case{"trap: a null hypercall changes no register", a_null_call_changes_nothing<false>},
    Case{"trap: a null hypercall that ends in the vector changes no register",
         a_null_call_changes_nothing<true>},
    Case{"trap: ACTLR reads as the core's own", actlr_reads_as_the_cores_own},
    Case{"trap: a write of ACTLR is ignored", a_write_of_actlr_is_ignored},
    Case{"trap: a CP15 register that nothing emulates is undefined to the guest",
         a_register_that_nothing_emulates_is_undefined},
    Case{"trap: the same in Thumb", the_same_in_thumb},
    Case{"trap: SMC is undefined to the guest", smc_is_undefined},
};

}  // namespace

std::span<const Case> trap_cases() { return kCases; }

}  // namespace hm::target
