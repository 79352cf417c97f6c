#pragma once
// Records once more, for a reader whose line has lost some. Where the target lingers, it keeps all
// lines of records, and after the last one it takes requests, a line each: "again N" for the record
// of that number, "bye" to end. Everything here is plain state; boot/linger.cpp has the UART.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace hm::measure {

/// All lines of records, in the order of their numbers, since each is one line and rises by one.
class RecordLog {
  public:
    explicit constexpr RecordLog(std::span<char> memory) : memory_(memory) {}

    /// The next character of the log. What does not fit any more is dropped.
    constexpr void put(char c) {
        if (used_ < memory_.size()) {
            memory_[used_] = c;
            ++used_;
        }
    }

    /// Line `number`, with its newline; nothing where it does not exist or is not whole.
    [[nodiscard]] constexpr std::optional<std::string_view> line(std::uint32_t number) const {
        std::string_view rest(memory_.data(), used_);
        for (;;) {
            const std::size_t cut = rest.find('\n');
            if (cut == std::string_view::npos) {
                return std::nullopt;
            }
            if (number == 0) {
                return rest.substr(0, cut + 1);
            }
            --number;
            rest.remove_prefix(cut + 1);
        }
    }

  private:
    std::span<char> memory_;
    std::size_t used_ = 0;
};

inline constexpr std::string_view kAgain = "again ";
inline constexpr std::string_view kBye = "bye";

/// The number that "again N" asks for.
[[nodiscard]] constexpr std::optional<std::uint32_t> record_asked_for(std::string_view request) {
    constexpr std::size_t kMostDigits = 9;  // which fit into 32 bits
    if (!request.starts_with(kAgain)) {
        return std::nullopt;
    }
    request.remove_prefix(kAgain.size());
    if (request.empty() || request.size() > kMostDigits) {
        return std::nullopt;
    }
    std::uint32_t number = 0;
    for (const char digit : request) {
        if (digit < '0' || digit > '9') {
            return std::nullopt;
        }
        number = number * 10 + static_cast<std::uint32_t>(digit - '0');
    }
    return number;
}

}  // namespace hm::measure
