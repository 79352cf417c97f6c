#pragma once
// What a hypervisor's console prints before each line of its guest.

#include <cstddef>
#include <string>
#include <string_view>

namespace hm::host {

/// Takes the prefix from the lines that begin with it, and leaves the others as they are.
class ConsolePrefix {
  public:
    /// An empty prefix leaves everything as it is.
    explicit ConsolePrefix(std::string prefix) : prefix_(std::move(prefix)) {}

    /// The next bytes of the console, cut anywhere, without the prefixes in them. What may become a
    /// prefix is kept for the next call.
    [[nodiscard]] std::string feed(std::string_view bytes);

    /// Nothing more comes: what was kept.
    [[nodiscard]] std::string finish();

  private:
    std::string prefix_;
    std::size_t seen_ = 0;  ///< how much of the prefix the line has so far
    bool in_line_ = false;  ///< this line has its prefix behind it, or has none
};

}  // namespace hm::host
