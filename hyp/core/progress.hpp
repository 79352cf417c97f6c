#pragma once
// What a guest says of its progress. It is believed only where it grows, so that a guest can report
// no more often than it has said at first. Plain state.

#include <cstdint>

namespace hm::hyp {

class Progress {
  public:
    /// The guest reports `done` of `of`. False where that is no more than before, or where there is
    /// another end than at first.
    [[nodiscard]] constexpr bool grows(std::uint32_t done, std::uint32_t of) {
        if (done_ == 0) {
            of_ = of;
        }
        if (of != of_ || done > of || done <= done_) {
            return false;
        }
        done_ = done;
        return true;
    }

  private:
    std::uint32_t done_ = 0;
    std::uint32_t of_ = 0;
};

}  // namespace hm::hyp
