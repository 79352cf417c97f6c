#pragma once
// The words of `hypmeter guest --suite`.

#include "host/cli/words.hpp"

namespace hm::host {

/// To `hypmeter guest`, which has its other options already.
void add_guest_suite(CLI::App& guest, Words& words);

/// The suite that the words name, run as `guest` says: its machine, its way and its host are taken.
[[nodiscard]] Options check_guest_suite(const Words& words, const GuestOptions& guest);

/// `words` with what the tests of the suite need of any machine.
[[nodiscard]] Words with_machine_of_suite(Words words);

}  // namespace hm::host
