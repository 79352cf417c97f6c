// The session of the test image: every case, as verdict records.

#include "session/hw/session.hpp"

#include "board/hw/console.hpp"
#include "measure/record.hpp"
#include "tests/target/begin_record.hpp"
#include "tests/target/case.hpp"
#include "tests/target/guest_run.hpp"

namespace hm::session {

void run_session(const measure::Request&, const Services& services) {
    measure::RecordWriter records(board::console());
    target::begin(records, services);
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
