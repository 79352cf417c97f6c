#include "host/log/record_joiner.hpp"

#include <algorithm>
#include <utility>

#include "host/log/log_parser.hpp"
#include "measure/pieces.hpp"
#include "measure/record.hpp"

namespace hm::host {

Joined RecordJoiner::take(std::string_view line) {
    const bool begins = line.starts_with(measure::kRecordMarker);
    if (!begins && !line.starts_with(measure::kPieceBegin)) {
        return Joined::kWords;
    }
    const bool goes_on = line.ends_with(measure::kPieceEnd);
    std::string_view part = line;
    part.remove_suffix(goes_on ? 1 : 0);
    if (begins) {
        lost_ = lost_ || holds_;
        in_stray_ = false;
        holds_ = goes_on;
        if (goes_on) {
            held_ = part;
            return Joined::kHeld;
        }
        record_ = line;
        return Joined::kRecord;
    }
    if (!holds_) {
        const bool known = std::exchange(in_stray_, goes_on);
        return known ? Joined::kHeld : Joined::kStray;
    }
    part.remove_prefix(measure::kPieceBegin.size());
    held_ += part.substr(0, kLongestLine - std::min(held_.size(), kLongestLine));
    if (goes_on) {
        return Joined::kHeld;
    }
    holds_ = false;
    record_ = held_;
    return Joined::kRecord;
}

bool RecordJoiner::take_loss(bool more) {
    const bool lost = lost_ || (!more && holds_);
    lost_ = false;
    holds_ = holds_ && more;
    return lost;
}

}  // namespace hm::host
