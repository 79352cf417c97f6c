#include "host/machine/listener.hpp"

#include <utility>

namespace hm::host {

Listener::Listener(const Drafts& drafts, const Console& console)
    : uart_(drafts.uart, std::ios::binary | std::ios::trunc), progress_(console) {}

void Listener::read(std::string_view bytes) {
    heard_anything_ = true;
    parser_.feed(bytes);
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
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

}  // namespace hm::host
