#include "host/log/capture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "host/base/text.hpp"
#include "host/log/fields.hpp"
#include "host/log/log_parser.hpp"
#include "measure/repeat.hpp"

namespace hm::host {

std::string Capture::feed(std::string_view bytes) {
    std::string fresh;
    while (!bytes.empty()) {
        const std::size_t cut = bytes.find('\n');
        if (pending_.size() < kLongestLine) {
            pending_ += bytes.substr(0, cut);
        }
        if (cut == std::string_view::npos) {
            break;
        }
        std::string_view line = pending_;
        line.remove_suffix(line.ends_with('\r') ? 1 : 0);
        if (const auto news = take_line(line)) {
            fresh.append(*news).append("\n");
        }
        pending_.clear();
        bytes.remove_prefix(cut + 1);
    }
    return fresh;
}

/// What is new for the reader: the line, or the record that it completes.
std::optional<std::string_view> Capture::take_line(std::string_view line) {
    if (line == kLingers || line == kWhat) {
        lingers_ = true;
    }
    if (const auto body = record_body(line)) {
        return take_record(line, *body);
    }
    return line.starts_with('@') ? take_piece(line) : std::optional(line);
}

std::optional<std::string_view> Capture::take_piece(std::string_view line) {
    auto text = checked_body(line, measure::kPieceMarker);
    const auto piece = text ? measure::take_piece(*text) : std::nullopt;
    if (!piece) {
        return std::nullopt;
    }
    lingers_ = true;
    if (piece->record != asked_ || piece->from != pieces_.size()) {
        return std::nullopt;  // the answer to an earlier request
    }
    waits_ = false;
    tries_ = 0;
    pieces_ += *text;
    if (record_body(pieces_)) {
        const std::string whole = std::move(pieces_);
        const auto news = take_record(whole, *record_body(whole));
        repeated_ += news ? 1 : 0;
        return news;
    }
    if (text->size() < measure::kPieceBytes) {
        faults_.push_back(fmt::format("record {} is not whole where it was kept", *asked_));
    }
    return std::nullopt;
}

std::optional<std::string_view> Capture::take_record(std::string_view line, std::string_view body) {
    const Document* record = reader_.read(body);
    if (record == nullptr) {
        record = reader_.read("{}");
    }
    Fields fields(record->root());
    const std::uint64_t seq = fields.whole("seq");
    const std::string kind = fields.text("record");
    if (fields.bad()) {
        faults_.push_back(
            fmt::format("a record has no \"{}\": {}", *fields.bad(), printable(body)));
        return std::nullopt;
    }
    std::erase(doubted_, seq);
    if (asked_ == seq) {
        forget_pieces();
    }
    const auto [known, fresh] = lines_.emplace(seq, line);
    if (!fresh) {
        if (known->second != line) {
            faults_.push_back(fmt::format(
                "record {} came with two contents: the target has begun another run", seq));
        }
        // Only a target that lingers sends a record twice.
        lingers_ = true;
        return std::nullopt;
    }
    if (kind == "end") {
        end_ = seq;
    } else if (kind == "result") {
        last_result_ = std::max(seq, last_result_.value_or(0));
    }
    return known->second;
}

void Capture::forget_pieces() {
    asked_.reset();
    pieces_.clear();
    tries_ = 0;
    waits_ = false;
}

void Capture::reconnect() {
    pending_.clear();
    forget_pieces();
    if (!lines_.empty()) {
        doubted_.push_back(lines_.begin()->first);
    }
    if (last_result_) {
        doubted_.push_back(*last_result_);
    }
}

/// The first record that is missing or in doubt; the one after the last, before the end is known.
std::optional<std::uint64_t> Capture::missing() const {
    if (!doubted_.empty()) {
        return doubted_.front();
    }
    std::uint64_t due = 0;
    for (const auto& [seq, line] : lines_) {
        if (seq != due) {
            return due;
        }
        ++due;
    }
    return end_ ? std::nullopt : std::optional{due};
}

bool Capture::complete() const { return end_ && faults_.empty() && !missing(); }

std::string Capture::request() {
    const auto seq = missing();
    if (!seq || !faults_.empty()) {
        return {};
    }
    if (asked_ != seq) {
        forget_pieces();
        asked_ = seq;
    }
    // A target that does not listen yet cannot be blamed for its silence.
    if ((lingers_ || end_) && ++tries_ > kTries) {
        faults_.push_back(fmt::format("record {} did not come in {} requests", *seq, kTries));
        return {};
    }
    waits_ = true;
    return fmt::format("again {} {}:\n", *seq, pieces_.size());
}

std::string Capture::log() const {
    std::string text;
    for (const auto& [seq, line] : lines_) {
        text.append(line).append("\n");
    }
    return text;
}

}  // namespace hm::host
