#pragma once
// Records that a target cut (measure/pieces.hpp), because its console breaks long lines or puts
// words of its own between them.

#include <cstdint>
#include <string>
#include <string_view>

namespace hm::host {

/// What a line is to a reader of records.
enum class Joined : std::uint8_t {
    kWords,   ///< a line for people, which may stand between the lines of a record too
    kRecord,  ///< RecordJoiner::record() is a record, as if it had come on one line
    kHeld,    ///< a part of a record that is not whole yet
    kStray,   ///< the rest of a record whose beginning did not come
};

class RecordJoiner {
  public:
    /// The next line, without its end. What record() said is gone.
    [[nodiscard]] Joined take(std::string_view line);

    /// The record that a line made whole.
    [[nodiscard]] std::string_view record() const { return record_; }

    /// Whether a record was not whole when the next one began, or is not where nothing `more`
    /// comes. That is said once.
    [[nodiscard]] bool take_loss(bool more);

    /// What comes next is said by another target.
    void reset() { *this = {}; }

  private:
    std::string held_;
    std::string_view record_;
    bool holds_ = false;
    bool lost_ = false;
    bool in_stray_ = false;  ///< the lines of a record whose beginning did not come
};

}  // namespace hm::host
