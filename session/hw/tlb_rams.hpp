#pragma once
// Reads the RAMs of the TLBs when a guest has stopped, before the monitor takes back what it had.

#include "drivers/cpu/tlb_ram.hpp"
#include "session/core/platform.hpp"

namespace hm::session {

/// While it lives, they are read after each guest. Null: nothing is.
class TlbReader {
  public:
    explicit TlbReader(const TlbReadOut* tlb);
    ~TlbReader();
    TlbReader(const TlbReader&) = delete;
    TlbReader& operator=(const TlbReader&) = delete;

    /// What they held after the last one.
    [[nodiscard]] static const cpu::TlbContents& contents();
};

}  // namespace hm::session
