// The session of the suite: each act, what it has changed, and the same clean scenarios after it.

#include "session/hw/session.hpp"

#include <new>

#include "board/hw/console.hpp"
#include "measure/record.hpp"
#include "tests/target/begin_record.hpp"
#include "tests/target/isolation/bystanders.hpp"
#include "tests/target/isolation/run.hpp"

extern "C" {
/// Which acts are done. A test writes these into the image's file; as they are, all that do not
/// need a machine of their own.
[[gnu::used]] std::uint32_t isolation_one = UINT32_MAX;  ///< only the act with this number
[[gnu::used]] std::uint32_t isolation_share = 1;         ///< of so many shares, this one, from 1
[[gnu::used]] std::uint32_t isolation_shares = 1;
}

namespace hm::session {

namespace {

using isolation::Act;

/// What the file says, not what the compiler knows.
std::uint32_t value_of(const volatile std::uint32_t& word) { return word; }

bool does_one() { return value_of(isolation_one) != UINT32_MAX; }

bool is_in_share(std::uint32_t number) {
    return does_one() ? number == value_of(isolation_one)
                      : number % value_of(isolation_shares) + 1 == value_of(isolation_share);
}

Message name_of(const Act& act, std::uint32_t number) {
    Message name;
    std::array<char, 4> digits{};
    for (std::size_t i = digits.size(); i-- > 0; number /= 10) {
        digits[i] = static_cast<char>('0' + number % 10);
    }
    name.text("isolation ").text({digits.data(), digits.size()}).text(": ");
    name.text(act.mechanism).text(": ").text(act.sentence);
    return name;
}

/// True if the act ended as it should and nobody else has noticed it.
[[gnu::noinline]] bool do_act(const Act& act, std::uint32_t number,
                              isolation::Bystanders& bystanders, Message& detail) {
    const bool as_expected = isolation::run_act(act, number, detail);
    if (!as_expected) {
        detail.text(": not the ending that was expected");
    }
    const bool unharmed = bystanders.unharmed_by_act(isolation::shares_core(act), detail);
    if (isolation::shares_core(act)) {
        isolation::Bystanders::clear_companion();
    }
    return as_expected && unharmed;
}

[[gnu::noinline]] void write(measure::RecordWriter& records, const Act& act, std::uint32_t number,
                             bool ok, std::string_view detail) {
    const Message name = name_of(act, number);
    records.verdict({.name = name.view(), .ok = ok, .detail = detail});
}

}  // namespace

void run_session(const measure::Request&, const Services& services) {
    measure::RecordWriter records(board::console());
    target::begin(records, services);
    isolation::set_ram(services.ram);
    // What the suite itself keeps lies where no check looks.
    auto* const bystanders =
        new (reinterpret_cast<void*>(isolation::unused_memory())) isolation::Bystanders;
    isolation::Bystanders::clear_companion();
    // Always called from here, so that addresses of the stack in what it leaves are the same.
    const std::uint32_t clean = isolation::run_clean_scenarios();
    bystanders->remember();
    records.verdict(
        {.name = "isolation: clean scenarios end well", .ok = clean != 0, .detail = {}});
    const bool same = isolation::run_clean_scenarios() == clean;
    Message again;
    const bool learnt = bystanders->learn_counters() && bystanders->unharmed_since(again);
    records.verdict({.name = "isolation: clean scenarios repeat",
                     .ok = same && learnt,
                     .detail = again.view()});
    for (std::uint32_t number = 0; const Act* const act = isolation::act_of(number); ++number) {
        if (!is_in_share(number)) {
            continue;
        }
        if (act->ends == isolation::Ending::kSilence && !does_one()) {
            write(records, *act, number, true, "in a machine of its own");
            continue;
        }
        Message detail;
        bool ok = do_act(*act, number, *bystanders, detail);
        if (isolation::run_clean_scenarios() != clean) {
            ok = false;
            detail.text("; the clean scenarios after it are not as before");
        }
        ok = bystanders->unharmed_since(detail) && ok;
        write(records, *act, number, ok, detail.view());
    }
    records.end(true);
}

}  // namespace hm::session
