#include "host/guest/guest_log.hpp"

#include <fmt/format.h>

#include "host/base/text.hpp"
#include "host/log/fields.hpp"
#include "host/log/log_parser.hpp"
#include "measure/record.hpp"

namespace hm::host {
namespace {

void take_begin(Fields& fields, GuestResults& results) {
    results.version = fields.text("version");
    results.board = fields.text("board");
    results.machine = fields.text("machine");
    results.clock = fields.text("clock");
    results.counter_hz = fields.whole("counter_hz");
    results.parameters = fields.params("parameters");
}

void take_exits(Fields& fields, GuestResults& results) {
    results.exits.push_back({.cpu = static_cast<std::uint32_t>(fields.whole("cpu", {0, 15})),
                             .reason = fields.text("name"),
                             .count = fields.whole("count"),
                             .ticks = fields.whole("ticks"),
                             .most = fields.whole("most")});
}

void take_time(Fields& fields, GuestResults& results) {
    results.times.push_back({.cpu = static_cast<std::uint32_t>(fields.whole("cpu", {0, 15})),
                             .on = fields.whole("on")});
}

void take_costs(Fields& fields, GuestResults& results) {
    results.costs = GuestCosts{.elapsed = fields.whole("elapsed"),
                               .prepare_ticks = fields.whole("prepare_ticks"),
                               .demand_faults = fields.whole("demand_faults"),
                               .table_bytes = fields.whole("table_bytes"),
                               .stale_interrupts = fields.whole("stale_interrupts"),
                               .instructions = fields.optional_whole("instructions"),
                               .guest_instructions = fields.optional_whole("guest_instructions")};
}

void take_ending(Fields& fields, GuestResults& results) {
    results.ended_well = fields.flag("ok");
    results.ending = fields.text("detail");
}

}  // namespace

void GuestLog::take(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t mark = bytes.find(measure::kGuestTextMark);
        const std::string_view part = bytes.substr(0, mark);
        if (in_text_) {
            if (!part.empty()) {
                on_text_(part);
            }
        } else {
            take_own(part);
        }
        if (mark == std::string_view::npos) {
            return;
        }
        in_text_ = !in_text_;
        bytes.remove_prefix(mark + 1);
    }
}

void GuestLog::take_own(std::string_view bytes) {
    for (const char c : bytes) {
        if (c == '\n') {
            take_line(line_);
            line_.clear();
        } else if (c != '\r' && line_.size() < kLongestLine) {
            line_ += c;
        }
    }
}

void GuestLog::take_line(std::string_view line) {
    if (line.empty()) {
        return;
    }
    if (line == measure::kGivesUp) {
        gave_up_ = true;
        return;
    }
    if (!line.starts_with(measure::kRecordMarker)) {
        constexpr std::string_view kOwn = "hypmeter: ";
        last_words_ = printable(line.starts_with(kOwn) ? line.substr(kOwn.size()) : line);
        return;
    }
    if (const auto body = record_body(line)) {
        take_record(*body);
    } else {
        fault(fmt::format("a record was damaged, the one after {}", next_seq_));
    }
}

void GuestLog::take_record(std::string_view body) {
    const Document* const document = reader_.read(body);
    if (document == nullptr || document->root().kind() != Document::Kind::kObject) {
        fault("a record is no JSON");
        return;
    }
    Fields fields(document->root());
    const std::uint64_t seq = fields.whole("seq");
    const std::string kind = fields.text("record");
    if (seq != next_seq_) {
        fault(fmt::format("record {} came where {} was due", seq, next_seq_));
    }
    next_seq_ = seq + 1;
    if (kind == "begin") {
        take_begin(fields, results_);
    } else if (kind == "exits") {
        take_exits(fields, results_);
    } else if (kind == "time") {
        take_time(fields, results_);
    } else if (kind == "costs") {
        take_costs(fields, results_);
    } else if (kind == "verdict") {
        take_ending(fields, results_);
    } else if (kind == "end") {
        ended_ = true;
    } else {
        fault(fmt::format("there is no record \"{}\"", kind));
    }
    if (fields.bad()) {
        fault(
            fmt::format("record \"{}\": \"{}\" is missing or cannot be used", kind, *fields.bad()));
    }
}

GuestResults GuestLog::finish() {
    if (!ended_) {
        fault("the target did not get to its end");
    }
    return results_;
}

std::string why_guest_failed(const GuestLog& log, const GuestResults& results) {
    if (!results.ended_well && !log.last_words().empty()) {
        return "the target gave up: " + log.last_words();
    }
    if (!results.faults.empty()) {
        return "what the target says of it cannot be used: " + results.faults.front();
    }
    return results.ok() ? std::string() : "the guest was stopped: " + results.ending;
}

}  // namespace hm::host
