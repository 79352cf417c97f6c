#include "host/machine/listener.hpp"

#include <utility>

namespace hm::host {

Listener::Listener(const Drafts& drafts, const Console& console, AfterMisbehaviour after,
                   Estimate estimate)
    : uart_(drafts.uart),
      parser_(after),
      progress_(console, std::move(estimate)),
      tables_(console) {}

void Listener::show() {
    if (tables_.has_news(parser_.log())) {
        progress_.clear();
        tables_.update(parser_.log());
    }
    progress_.update(parser_.log(), seconds(), ahead_);
}

void Listener::hear(const Told& heard) {
    using Kind = Told::Kind;
    switch (heard.kind) {
        case Kind::kKept:
            keep(heard.text);
            break;
        case Kind::kRead:
            read(heard.text);
            break;
        case Kind::kLost:
            lose_scenario(heard.text);
            break;
        case Kind::kNewMachine:
            expect_new_machine();
            break;
    }
}

void Listener::keep(std::string_view bytes) {
    tell(Told::Kind::kKept, bytes);
    kept_ += bytes.size();
    if (bytes.empty() || babbled()) {
        return;
    }
    uart_.write(bytes);
    amid_a_line_ = bytes.back() != '\n';
}

void Listener::read(std::string_view bytes) {
    tell(Told::Kind::kRead, bytes);
    heard_anything_ = true;
    const auto before = parser_.log().last_seq;
    parser_.feed(bytes);
    if (parser_.log().last_seq != before) {
        progressed_ = Clock::now();
        note_closed_scenarios();
    }
    show();
}

void Listener::note_closed_scenarios() {
    const auto& scenarios = parser_.log().scenarios;
    while (scenario_seconds_.size() < scenarios.size()) {
        // Of several that came at once the first gets all the time.
        const std::chrono::duration<double> took = progressed_ - closed_;
        scenario_seconds_.emplace_back(scenarios[scenario_seconds_.size()].name, took.count());
        closed_ = progressed_;
    }
}

void Listener::lose_scenario(const std::string& why) {
    tell(Told::Kind::kLost, why);
    parser_.lose_scenario(why);
}

void Listener::end_the_line() {
    if (amid_a_line_) {
        keep("\n");
    }
}

void Listener::expect_next_part() {
    parser_.expect_next_part();
    end_the_line();
}

void Listener::expect_new_machine() {
    end_the_line();
    tell(Told::Kind::kNewMachine, "");
    parser_.expect_new_machine();
    progressed_ = Clock::now();
    heard_anything_ = false;
    show();
}

const RunLog& Listener::finish() {
    if (!finished_) {
        parser_.finish();
        finish_with(parser_.log());
    }
    return whole_;
}

void Listener::finish_with(RunLog log) {
    progress_.clear();
    uart_.close();
    whole_ = std::move(log);
    finished_ = true;
}

double Listener::seconds() const {
    return std::chrono::duration<double>(Clock::now() - start_).count();
}

double Listener::seconds_without_progress() const {
    return std::chrono::duration<double>(Clock::now() - progressed_).count();
}

}  // namespace hm::host
