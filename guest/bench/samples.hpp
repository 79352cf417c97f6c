#pragma once
// Where a workload stores its measurements: an array that exists before the loop begins.

#include <cstdint>
#include <span>

namespace hm::guest {

/// Keeps what fits. A workload that adds more than it announced loses the rest; count() shows it.
template <class T>
class SampleLog {
  public:
    explicit SampleLog(std::span<T> room) : room_(room) {}

    void add(const T& sample) {
        if (count_ < room_.size()) {
            room_[count_] = sample;
            ++count_;
        }
    }
    /// Forgets all but the first `count`; the log must have that many.
    void keep_only(std::uint32_t count) { count_ = count; }
    [[nodiscard]] std::uint32_t count() const { return count_; }
    [[nodiscard]] std::uint32_t capacity() const {
        return static_cast<std::uint32_t>(room_.size());
    }

  private:
    std::span<T> room_;
    std::uint32_t count_ = 0;
};

}  // namespace hm::guest
