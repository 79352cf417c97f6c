#pragma once
// How a scenario ended, in words.

#include <array>
#include <cstdint>
#include <string_view>

#include "hyp/core/stop.hpp"
#include "measure/char_sink.hpp"
#include "session/hw/guest_slot.hpp"

namespace hm::session {

/// What is to be said of a scenario that did not run or did not end well.
class Detail {
  public:
    Detail& text(std::string_view text) {
        measure::put_text(measure::CharSink(put_), text);
        return *this;
    }
    Detail& text(const char* text) {
        measure::put_text(measure::CharSink(put_), text);
        return *this;
    }
    Detail& hex(std::uint64_t value) {
        measure::put_address(measure::CharSink(put_), value);
        return *this;
    }
    [[nodiscard]] std::string_view view() const { return {put_.buffer.data(), put_.used}; }
    [[nodiscard]] const char* c_str() const { return put_.buffer.data(); }

  private:
    struct Put {
        std::array<char, 320> buffer{};
        std::size_t used = 0;
        void operator()(char c) {
            if (used + 1 < buffer.size()) {  // the last stays zero
                buffer[used] = c;
                ++used;
            }
        }
    };
    Put put_;
};

/// Whether the guest ended as it should; otherwise says why not.
[[nodiscard]] bool ended_well(const hyp::Stop& stop, const GuestSlot& slot, Detail& detail);

}  // namespace hm::session
