#pragma once
// A short text that is put together from words and addresses.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "measure/char_sink.hpp"

namespace hm::session {

/// What does not fit is cut.
class Message {
  public:
    Message& text(std::string_view text) {
        measure::put_text(measure::CharSink(put_), text);
        return *this;
    }
    Message& text(const char* text) {
        measure::put_text(measure::CharSink(put_), text);
        return *this;
    }
    Message& hex(std::uint64_t value) {
        measure::put_address(measure::CharSink(put_), value);
        return *this;
    }
    [[nodiscard]] std::string_view view() const { return {put_.buffer.data(), put_.used}; }
    [[nodiscard]] const char* c_str() const { return put_.buffer.data(); }

  private:
    struct Put {
        std::array<char, 640> buffer{};
        std::size_t used = 0;
        void operator()(char c) {
            if (used + 1 < buffer.size()) {  // the last one stays zero
                buffer[used] = c;
                ++used;
            }
        }
    };
    Put put_;
};

}  // namespace hm::session
