#include "hyp/core/guest_text.hpp"

#include "measure/record.hpp"

namespace hm::hyp {

namespace {

constexpr std::string_view kAfterName = ": ";

constexpr bool is_shown(unsigned char c) { return c == '\t' || (c >= ' ' && c <= '~'); }

}  // namespace

void GuestText::put(char c, measure::CharSink console) {
    constexpr std::size_t kEscaped = 4;
    if (name_.empty()) {
        if (c != measure::kGuestTextMark) {
            console(c);
        }
        return;
    }
    if (c == '\n') {
        put_line(console);
        return;
    }
    if (c == '\r') {
        return;
    }
    const auto code = static_cast<unsigned char>(c);
    if (length_ + (is_shown(code) ? 1 : kEscaped) > kWidth) {
        put_line(console);
    }
    auto keep = [this](char one) { line_[length_++] = one; };
    if (is_shown(code)) {
        keep(c);
    } else {
        measure::put_text(keep, "\\x");
        measure::put_hex(keep, code, 2);
    }
}

void GuestText::end(measure::CharSink console) {
    if (length_ != 0) {
        put_line(console);
    }
}

void GuestText::put_line(measure::CharSink console) {
    const std::string_view text(line_.data(), length_);
    length_ = 0;
    if (left_ == 0) {
        return;
    }
    put_line(text, console);
    const std::size_t took = name_.size() + kAfterName.size() + text.size() + 1;
    left_ -= static_cast<std::uint32_t>(took < left_ ? took : left_);
    if (left_ == 0) {
        put_line("[it has printed too much, and what follows is left out]", console);
    }
}

void GuestText::put_line(std::string_view text, measure::CharSink console) const {
    measure::put_text(console, name_);
    measure::put_text(console, kAfterName);
    measure::put_text(console, text);
    console('\n');
}

}  // namespace hm::hyp
