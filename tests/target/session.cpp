// The session of the test image: every case, as verdict records.

#include "session/hw/session.hpp"

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
    for (const target::Cases& table : target::tables()) {
        for (const target::Case& one : table) {
            const target::Complaint complaint = one.run();
            records.verdict({.name = one.sentence, .ok = complaint.empty(), .detail = complaint});
        }
    }
    records.end(true);
}

}  // namespace hm::session
