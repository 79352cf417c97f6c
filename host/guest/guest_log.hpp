#pragma once
// What the image for foreign guests says: its records and lines of its own, and between two marks
// (measure::kGuestTextMark) what the guest prints.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "host/guest/guest_results.hpp"
#include "host/log/document.hpp"

namespace hm::host {

class GuestLog {
  public:
    /// `on_text` gets what the guest prints, as it comes.
    explicit GuestLog(std::function<void(std::string_view)> on_text)
        : on_text_(std::move(on_text)) {}

    /// The next bytes, cut anywhere.
    void take(std::string_view bytes);

    /// The target has said all that it will.
    [[nodiscard]] bool ended() const { return ended_ || gave_up_; }
    /// Why it gave up, or what it said last; empty if it said nothing but records.
    [[nodiscard]] const std::string& last_words() const { return last_words_; }

    /// No more will come.
    [[nodiscard]] GuestResults finish();

  private:
    void take_own(std::string_view bytes);
    void take_line(std::string_view line);
    void take_record(std::string_view body);
    void fault(std::string text) { results_.faults.push_back(std::move(text)); }

    std::function<void(std::string_view)> on_text_;
    GuestResults results_;
    DocumentReader reader_;
    std::string line_;
    std::string last_words_;
    std::uint64_t next_seq_ = 0;
    bool in_text_ = false;
    bool ended_ = false;
    bool gave_up_ = false;
};

/// Why a run whose log this is was no good, in one line; empty if it was good. `results` are its
/// own.
[[nodiscard]] std::string why_guest_failed(const GuestLog& log, const GuestResults& results);

}  // namespace hm::host
