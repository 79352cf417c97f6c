#pragma once
// Where a workload puts what it measured: an array that was made before the loop began.

#include <cstdint>
#include <span>

namespace hm::guest {

/// Keeps what fits; a workload that adds more than it announced loses the rest and says so by
/// count().
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
    [[nodiscard]] std::uint32_t count() const { return count_; }
    [[nodiscard]] std::uint32_t capacity() const {
        return static_cast<std::uint32_t>(room_.size());
    }

  private:
    std::span<T> room_;
    std::uint32_t count_ = 0;
};

}  // namespace hm::guest
