#include "host/machine/listener.hpp"

#include <utility>

namespace hm::host {

Listener::Listener(const Drafts& drafts, const Console& console, AfterMisbehaviour after)
    : uart_(drafts.uart, std::ios::binary | std::ios::trunc), parser_(after), progress_(console) {}

void Listener::keep(std::string_view bytes) {
    uart_ << bytes << std::flush;
    if (!bytes.empty()) {
        heard_ = Clock::now();
        amid_a_line_ = bytes.back() != '\n';
    }
}

void Listener::read(std::string_view bytes) {
    heard_anything_ = true;
    parser_.feed(bytes);
    show();
}

void Listener::expect_new_machine() {
    parser_.expect_new_machine();
    if (amid_a_line_) {
        keep("\n");
    }
    heard_ = Clock::now();
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

double Listener::seconds_of_silence() const {
    return std::chrono::duration<double>(Clock::now() - heard_).count();
}

}  // namespace hm::host
