#pragma once
// A program that a test talks to, as a person would at a terminal.

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hm::test {

/// A child on a raw pseudo-terminal of its own. It is killed when this is destroyed, or when the
/// test program dies.
class Dialogue {
  public:
    using Duration = std::chrono::milliseconds;

    /// Starts `command`; its program is looked up in PATH.
    explicit Dialogue(const std::vector<std::string>& command);
    ~Dialogue();
    Dialogue(const Dialogue&) = delete;
    Dialogue& operator=(const Dialogue&) = delete;

    /// Reads until `text` has come, and consumes everything up to its end. False if it did not come
    /// within `limit`, or before the child ended.
    [[nodiscard]] bool expect(std::string_view text, Duration limit);

    void send(std::string_view text) const;

    /// Lets another program talk to the child, on that program's standard input and output, until
    /// it ends. Returns its exit status; nothing if it took longer than `limit` and was killed.
    [[nodiscard]] std::optional<int> lend_to(const std::vector<std::string>& command,
                                             Duration limit) const;

    /// Reads until the child has ended. Returns its exit status as the shell sees it, or nothing if
    /// it still runs after `limit`.
    [[nodiscard]] std::optional<int> wait(Duration limit);

    /// Everything that the child has said, except what another program read.
    [[nodiscard]] const std::string& transcript() const { return transcript_; }

    /// What it has said since the last text that was expected.
    [[nodiscard]] std::string_view rest() const {
        return std::string_view(transcript_).substr(taken_);
    }

  private:
    /// Reads what the child says within a moment; false when nothing more will come.
    bool read_some();

    int terminal_ = -1;
    pid_t child_ = -1;
    std::string transcript_;
    std::size_t taken_ = 0;
};

}  // namespace hm::test
