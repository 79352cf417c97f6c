// The session of the test image: every case, as verdict records.

#include "session/hw/session.hpp"

#include <array>

#include "board.hpp"
#include "board/hw/console.hpp"
#include "board/machine.hpp"
#include "measure/record.hpp"
#include "session/hw/pmu.hpp"
#include "tests/target/case.hpp"
#include "tests/target/guest_run.hpp"
#include "version.hpp"

namespace hm::session {

void run_session(const measure::Request&, const Services& services) {
    measure::RecordWriter records(board::console());
    start_counters();
    records.begin(
        {.version = kVersion,
         .board = board::kName,
         .machine = machine().name,
         .clock = counts_instructions() ? measure::Clock::kInstructions : measure::Clock::kEmulator,
         .counter_hz = cpu::read<cpu::Cntfrq>().raw,
         .memory_bytes = services.ram.bytes,
         .settings = {},
         .plan = {}});
    target::set_ram(services.ram);
    const std::array tables{
        target::hyp_cases(),   target::translation_cases(), target::own_memory_cases(),
        target::guest_cases(), target::guest_cases(),       target::switch_cases(),
        target::trap_cases(),  target::state_cases(),       target::endless_cases(),
        target::limit_cases(), target::second_core_cases()};
    for (const auto& table : tables) {
        for (const target::Case& one : table) {
            const target::Complaint complaint = one.run();
            records.verdict({.name = one.sentence, .ok = complaint.empty(), .detail = complaint});
        }
    }
    records.end(true);
}

}  // namespace hm::session
