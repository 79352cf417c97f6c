#include "host/log/log_parser.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <span>
#include <unordered_map>

#include "host/base/text.hpp"
#include "host/log/row_check.hpp"
#include "host/log/vocabulary.hpp"
#include "measure/record.hpp"

namespace hm::host {
namespace {

constexpr std::size_t kCrcDigits = 8;

}  // namespace

std::optional<std::string_view> checked_body(std::string_view line, std::string_view marker) {
    const std::size_t tail_size = measure::kCrcMarker.size() + kCrcDigits;
    if (!line.starts_with(marker) || line.size() < marker.size() + tail_size) {
        return std::nullopt;
    }
    const std::string_view body =
        line.substr(marker.size(), line.size() - marker.size() - tail_size);
    const std::string_view tail = line.substr(line.size() - tail_size);
    if (!tail.starts_with(measure::kCrcMarker)) {
        return std::nullopt;
    }
    // The target's own (measure/crc32.hpp) is small, and a tenth as fast as zlib's.
    auto crc = ::crc32_z(0, reinterpret_cast<const Bytef*>(body.data()), body.size());
    std::array<char, kCrcDigits> digits{};
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, crc /= 16) {
        *digit = "0123456789abcdef"[crc % 16];
    }
    if (tail.substr(measure::kCrcMarker.size()) != std::string_view(digits.data(), kCrcDigits)) {
        return std::nullopt;
    }
    return body;
}

std::optional<std::string_view> record_body(std::string_view line) {
    return checked_body(line, measure::kRecordMarker);
}

std::string RunLog::scenario_in_progress() const {
    if (progress) {
        return progress->scenario;
    }
    if (begin) {
        std::unordered_set<std::string_view> done;
        for (const ScenarioRecord& scenario : scenarios) {
            done.insert(scenario.name);
        }
        for (const std::string& name : begin->plan) {
            if (!done.contains(name)) {
                return name;
            }
        }
    }
    return {};
}

std::optional<std::size_t> RunLog::next_in_plan() const {
    if (!begin || scenarios.size() >= begin->plan.size()) {
        return std::nullopt;
    }
    const bool in_order =
        std::equal(scenarios.begin(), scenarios.end(), begin->plan.begin(),
                   [](const ScenarioRecord& s, const std::string& name) { return s.name == name; });
    return in_order ? std::optional{scenarios.size()} : std::nullopt;
}

std::string RunLog::position() const {
    if (!last_seq) {
        return "before the first record";
    }
    std::string text = fmt::format("after record {}", *last_seq);
    if (const std::string scenario = scenario_in_progress(); !scenario.empty()) {
        text += fmt::format(", in scenario \"{}\"", scenario);
    }
    if (begin) {
        text += fmt::format("; {} of {} scenarios complete", scenarios.size(), begin->plan.size());
    }
    return text;
}

void LogParser::feed(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t cut = bytes.find('\n');
        const std::string_view part = bytes.substr(0, cut);
        if (cut == std::string_view::npos || !pending_.empty()) {
            pending_ += part.substr(0, kLongestLine - pending_.size());
        }
        if (cut == std::string_view::npos) {
            return;
        }
        take_line(pending_.empty() ? part.substr(0, kLongestLine) : pending_);
        pending_.clear();
        bytes.remove_prefix(cut + 1);
    }
}

void LogParser::lose_scenario(const std::string& why) {
    pending_.clear();
    joiner_.reset();
    const auto next = log_.next_in_plan();
    if (!next) {
        return;
    }
    log_.rows.resize(closed_rows_);
    log_.worst.resize(closed_worst_);
    log_.tlb.resize(closed_tlb_);
    log_.progress.reset();
    ScenarioRecord scenario;
    scenario.name = log_.begin->plan[*next];
    scenario.detail = why;
    scenario.lost = true;
    log_.scenarios.push_back(std::move(scenario));
}

void LogParser::expect_new_machine() {
    pending_.clear();
    joiner_.reset();
    log_.scenarios.back().detail += "; the rest of the plan went to a new machine";
    log_.spoilt = false;
    log_.gave_up = false;
    ++log_.new_machines;
    expects_begin_ = true;
    next_seq_ = 0;
}

void LogParser::expect_next_part() {
    take_last_line();
    const bool lost = !log_.scenarios.empty() && log_.scenarios.back().lost;
    if (!log_.end_ok && !log_.spoilt && !lost) {
        fault("no end record of a part of the plan: it stopped " + log_.position());
    }
    log_.end_ok.reset();
    log_.spoilt = false;
    log_.gave_up = false;
    expects_begin_ = true;
    next_seq_ = 0;
}

bool LogParser::lost_the_last() const {
    return !log_.next_in_plan() && !log_.scenarios.empty() && log_.scenarios.back().lost;
}

void LogParser::finish() {
    take_last_line();
    if (!log_.begin) {
        fault("no begin record");
        return;
    }
    if (!log_.end_ok && !lost_the_last()) {
        fault("no end record: it stopped " + log_.position());
    }
    if (closed_rows_ != log_.rows.size()) {
        fault(fmt::format("{} results belong to no scenario", log_.rows.size() - closed_rows_));
    }
    check_plan();
}

void LogParser::take_line(std::string_view line) {
    if (log_.spoilt) {
        return;
    }
    // A hypervisor may add one to that of its guest.
    while (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    if (line == measure::kGivesUp && !log_.end_ok) {
        log_.gave_up = true;
        return;
    }
    const Joined joined = log_.end_ok ? Joined::kWords : joiner_.take(line);
    fault_if_cut_short(true);
    switch (joined) {
        case Joined::kWords:
            keep_words(line);
            break;
        case Joined::kRecord:
            take_record_line(joiner_.record());
            break;
        case Joined::kStray:
            fault(fmt::format("the record due as {} is damaged: its beginning did not come",
                              next_seq_));
            break;
        case Joined::kHeld:
            break;
    }
}

void LogParser::take_last_line() {
    take_line(pending_);
    pending_.clear();
    fault_if_cut_short(false);
    joiner_.reset();
}

void LogParser::fault_if_cut_short(bool more) {
    if (joiner_.take_loss(more)) {
        fault(fmt::format("the record due as {} is damaged: its end did not come", next_seq_));
    }
}

void LogParser::take_record_line(std::string_view line) {
    const std::optional<std::string_view> body = record_body(line);
    if (!body) {
        fault(fmt::format("the record due as {} is damaged (form or CRC)", next_seq_));
        return;
    }
    const Document* const record = reader_.read(*body);
    if (record == nullptr || record->root().kind() != Document::Kind::kObject) {
        fault(fmt::format("the record due as {} is not a JSON object", next_seq_));
        return;
    }
    Fields fields(record->root());
    take_record(fields);
}

void LogParser::keep_words(std::string_view line) {
    if (line.empty()) {
        return;
    }
    if (log_.last_words.size() == kLastWords) {
        log_.last_words.pop_front();
    }
    log_.last_words.push_back(printable(line));
}

void LogParser::take_record(Fields& fields) {
    const std::uint64_t seq = fields.whole("seq");
    const std::string kind = fields.text("record");
    if (fields.bad()) {
        fault(fmt::format("the record due as {} has no \"{}\"", next_seq_, *fields.bad()));
        return;
    }
    if (seq != next_seq_) {
        fault(fmt::format("record {} stands where {} was due", seq, next_seq_));
    }
    next_seq_ = seq + 1;
    log_.last_seq = seq;
    if ((kind == "begin") != expects_begin_) {
        fault(fmt::format("record {} ({}) {}", seq, kind,
                          expects_begin_ ? "stands before begin" : "begins a second time"));
        return;
    }
    if (kind == "begin") {
        take_begin(fields);
    } else if (kind == "result") {
        log_.rows.push_back(read_row(fields));
        check_new(identity_of(log_.rows.back()), seq);
    } else if (kind == "worst") {
        log_.worst.push_back(read_worst(fields));
        check_new(identity_of(log_.worst.back()), seq);
    } else if (kind == "tlb") {
        log_.tlb.push_back(read_tlb_way(fields));
        check_new("tlb|" + identity_of(log_.tlb.back()), seq);
    } else if (kind == "scenario") {
        take_scenario(fields);
    } else if (kind == "verdict") {
        log_.verdicts.push_back({fields.text("name"), fields.flag("ok"), fields.text("detail")});
    } else if (kind == "progress") {
        log_.progress = {fields.text("scenario"), fields.number("done"), fields.number("of")};
        if (!(log_.progress->done >= 0 && log_.progress->done <= log_.progress->of &&
              log_.progress->of < kLimit)) {
            fields.reject("done");
        }
    } else if (kind == "end") {
        take_end(fields, seq);
    } else {
        fault(fmt::format("record {} is of the unknown kind \"{}\"", seq, kind));
    }
    if (fields.bad()) {
        fault(fmt::format("record {} ({}): field \"{}\" is missing or wrong", seq, kind,
                          *fields.bad()));
    }
}

void LogParser::take_begin(Fields& fields) {
    Begin begin;
    if (fields.whole("schema") != measure::kRecordSchema) {
        fields.reject("schema");
    }
    begin.version = fields.text("version");
    begin.compiler = fields.optional_text("compiler");
    begin.board = fields.text("board");
    begin.machine = fields.text("machine");
    begin.clock = fields.text("clock");
    if (!names_clock(begin.clock)) {
        fields.reject("clock");
    }
    begin.counter_hz = fields.whole("counter_hz", {1, kMostHz});
    fields.object("models", [&begin](Fields& models) {
        begin.models_caches = models.flag("caches");
        begin.models_tlb = models.flag("tlb");
    });
    begin.pmu_events = fields.optional_texts("pmu_events");
    if (!std::all_of(begin.pmu_events.begin(), begin.pmu_events.end(), is_word)) {
        fields.reject("pmu_events");
    }
    if (fields.has("ticks_hz")) {
        begin.ticks_hz = fields.whole("ticks_hz", {1, kMostHz});
    }
    begin.memory_bytes = fields.whole("memory_bytes", {1, kMostMemory});
    if (fields.has("registers")) {
        begin.registers = fields.params("registers", can_be_register);
    }
    begin.parameters = fields.params("parameters", can_be_of_run);
    begin.plan = fields.texts("plan");
    expects_begin_ = false;
    if (!whole_plan_.empty()) {
        const auto left =
            std::span(whole_plan_).subspan(std::min(log_.scenarios.size(), whole_plan_.size()));
        if (begin.plan.size() > left.size() ||
            !std::ranges::equal(begin.plan, left.first(begin.plan.size()))) {
            fault("a machine does not plan the part of the plan that it was given");
        }
        // As one machine would say it, which has all of it to do.
        begin.plan = log_.begin ? std::vector(left.begin(), left.end()) : whole_plan_;
    }
    if (log_.begin) {
        continue_with(std::move(begin));
    } else {
        log_.begin = std::move(begin);
    }
}

/// A new machine is like the first one, and plans what that one left.
void LogParser::continue_with(Begin begin) {
    const std::vector<std::string>& plan = log_.begin->plan;
    if (!std::ranges::equal(begin.plan, std::span(plan).subspan(log_.scenarios.size()))) {
        fault("a new machine does not plan what was left of the plan");
        return;
    }
    begin.plan = plan;
    // What a request and a measured frequency may differ in.
    begin.parameters = log_.begin->parameters;
    begin.ticks_hz = log_.begin->ticks_hz;
    if (begin != *log_.begin) {
        fault("a new machine is not like the first: their begin records differ");
    }
}

void LogParser::check_new(std::string identity, std::uint64_t seq) {
    if (!measured_.insert(std::move(identity)).second) {
        fault(fmt::format("record {} is of a measurement that an earlier one is of", seq));
    }
}

void LogParser::take_scenario(Fields& fields) {
    ScenarioRecord scenario;
    scenario.name = fields.text("name");
    scenario.ok = fields.flag("ok");
    scenario.detail = fields.text("detail");
    scenario.skipped = fields.optional_flag("skipped");
    scenario.guest_crc32 = fields.crc32("guest_crc32");
    scenario.parameters_crc32 = fields.crc32("parameters_crc32");
    const std::uint64_t said = fields.whole("results");
    const std::size_t came = log_.rows.size() - closed_rows_;
    if (said != came) {
        fault(
            fmt::format("scenario \"{}\" says {} results, and {} came", scenario.name, said, came));
    }
    closed_rows_ = log_.rows.size();
    closed_worst_ = log_.worst.size();
    closed_tlb_ = log_.tlb.size();
    log_.progress.reset();
    const bool misbehaved = !scenario.ok && !scenario.skipped && scenario.native();
    log_.scenarios.push_back(std::move(scenario));
    log_.spoilt = misbehaved && after_ == AfterMisbehaviour::kReadNoMore && log_.next_in_plan();
}

void LogParser::take_end(Fields& fields, std::uint64_t seq) {
    if (fields.whole("records") != seq) {
        fields.reject("records");
    }
    log_.end_ok = fields.flag("ok");
    // Those of a machine that was given up are not known, and several machines boot several times.
    if (log_.new_machines == 0 && whole_plan_.empty()) {
        log_.instructions = fields.optional_whole("instructions");
    }
    log_.progress.reset();
}

void LogParser::check_plan() {
    /// How often the plan names a scenario, and how often it came.
    struct Times {
        std::size_t planned = 0;
        std::size_t came = 0;
    };
    std::unordered_map<std::string_view, Times> known;
    for (const std::string& name : log_.begin->plan) {
        ++known[name].planned;
    }
    for (const ScenarioRecord& scenario : log_.scenarios) {
        Times& times = known[scenario.name];
        ++times.came;
        if (times.planned == 0) {
            fault(fmt::format("scenario \"{}\" is not in the plan", scenario.name));
        }
    }
    for (const std::string& name : log_.begin->plan) {
        const auto [planned, came] = known[name];
        if (planned != 1) {
            fault(fmt::format("the plan names scenario \"{}\" {} times", name, planned));
        }
        if (came != 1) {
            fault(came == 0 ? fmt::format("scenario \"{}\" is missing", name)
                            : fmt::format("scenario \"{}\" came {} times", name, came));
        }
    }
}

void LogParser::fault(std::string text) {
    constexpr std::size_t kMost = 1000;
    if (log_.faults.size() < kMost) {
        log_.faults.push_back(std::move(text));
    }
}

}  // namespace hm::host
