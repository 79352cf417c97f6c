#pragma once
// What a guest prints, on its way to the monitor's console: whole lines, each with the name of its
// VM before it. So none of them is taken for a record (measure/record.hpp), whatever the guest
// prints. A VM without a name has the console to itself, as a terminal: there a character before
// and after the guest's text tells it from records.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "measure/char_sink.hpp"

namespace hm::hyp {

class GuestText {
  public:
    /// A longer line goes on in the next one. HYP takes no interrupt while it prints one: on a line
    /// of 115,200 baud, 100 characters take 9 ms.
    static constexpr std::size_t kWidth = 100;

    /// Of a new guest, whose `name` outlives this. So many characters of the console are for what
    /// it prints; what comes after them is dropped.
    void start(std::string_view name, std::uint32_t most) {
        name_ = name;
        left_ = most;
        length_ = 0;
        line_.fill(0);  // nothing of a guest outlives it
    }

    /// The line comes out with its newline, or when it is full. Carriage returns are dropped: they
    /// would move the cursor back over the name. Other characters that a terminal does not just
    /// show come out as `\x1b`.
    void put(char c, measure::CharSink console);

    /// The guest has ended: what has come of its last line comes out.
    void end(measure::CharSink console);

  private:
    void put_line(measure::CharSink console);
    void put_line(std::string_view text, measure::CharSink console) const;

    std::string_view name_;
    std::uint32_t left_ = 0;
    std::uint32_t length_ = 0;
    std::array<char, kWidth> line_{};
};

}  // namespace hm::hyp
