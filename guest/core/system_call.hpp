#pragma once
// The calls of the guest's application to its kernel: SVC's immediate selects one, r0 and r1 are
// its arguments.

#include <cstdint>

namespace hm::guest {

enum class SystemCall : std::uint32_t {
    kWaitUntil = 0,    ///< r0, r1: CNTVCT, low and high word; blocks until then
    kUnmapPage = 1,    ///< r0: VA of a page of the application
    kCheckpoint = 2,   ///< r0 of r1 done
    kFinish = 3,       ///< r0: measure::Outcome
    kReleasePage = 4,  ///< r0: VA, which is the IPA, of a page that the monitor maps on demand
    kFlushTlb = 5,     ///< drops all TLB entries of this guest, of both stages
};

}  // namespace hm::guest
