#pragma once
// Whether QEMU's clock stands still, from what QEMU records of its run.

#include <cstddef>
#include <string_view>

namespace hm::host {

/// A QEMU that counts instructions writes down each exception that it takes, as one byte, and
/// before it how many instructions came since the last event, if any did (replay_exception() and
/// replay_save_instructions(), replay/replay.c). So a long run of one byte means that exceptions
/// follow one another without an instruction between them. Then the clock stands still, no
/// interrupt ever comes, and QEMU does not even answer its monitor. It does not depend on this
/// computer's speed, and no measurement looks like it: between two exceptions a handler runs.
class Standstill {
  public:
    /// So many are taken within a second.
    static constexpr std::size_t kMost = 65536;

    /// The next bytes of the record, cut anywhere.
    void take(std::string_view bytes);

    /// It stood still at the end of what was taken.
    [[nodiscard]] bool found() const { return length_ >= kMost; }

  private:
    char last_ = 0;
    std::size_t length_ = 0;  ///< of the run of `last_` at the end
};

}  // namespace hm::host
