#pragma once
// The input of a foreign guest's console: a terminal, a pipe or a file, on its way to a child's
// input.

#include <termios.h>

#include <filesystem>
#include <optional>
#include <string>

#include "host/base/descriptor.hpp"

namespace hm::host {

/// While it lives, keys that are typed at a terminal come at once and are not shown: the guest
/// shows them. Control-C still stops this program.
class RawTerminal {
  public:
    /// Nothing happens where `fd` is no terminal.
    explicit RawTerminal(int fd);
    RawTerminal(const RawTerminal&) = delete;
    RawTerminal& operator=(const RawTerminal&) = delete;
    ~RawTerminal();

  private:
    int fd_;
    std::optional<termios> before_;
};

class ConsoleInput {
  public:
    /// From standard input if `file` is "-".
    explicit ConsoleInput(const std::filesystem::path& file);
    ConsoleInput(const ConsoleInput&) = delete;
    ConsoleInput& operator=(const ConsoleInput&) = delete;
    ~ConsoleInput();

    /// errno of what kept it from being opened, or 0.
    [[nodiscard]] int error() const { return error_; }
    /// What the child reads.
    [[nodiscard]] int end_for_child() const { return to_child_.get(); }
    /// The child has its end: only then does it learn that no more comes.
    void started() { to_child_.reset(); }

    /// Passes on what is there, and does not wait.
    void pump();

  private:
    void (*before_)(int);  ///< what SIGPIPE did: a child may end before it has read all
    FileDescriptor own_;
    int from_ = -1;
    FileDescriptor to_child_, into_;
    std::string pending_;
    std::optional<RawTerminal> raw_;
    int error_ = 0;
};

}  // namespace hm::host
