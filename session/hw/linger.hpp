#pragma once
// After the last record: repeats what a reader has missed (measure/repeat.hpp).

#include <cstdint>

#include "measure/repeat.hpp"

namespace hm::session {

/// Serves requests until "bye", or until none has come for `seconds`.
void linger(const measure::RecordLog& log, std::uint32_t seconds);

}  // namespace hm::session
