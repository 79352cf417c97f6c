#include "host/machine/relay.hpp"

#include <fmt/format.h>

namespace hm::host {

std::string Relay::prepare() {
    machine_ = options_.machine.kind->make(rest_, console_);
    return machine_->prepare();
}

std::string Relay::start(const Drafts& drafts, Listener& listener) {
    return machine_->start(drafts, listener);
}

bool Relay::step(const Drafts& drafts, Listener& listener) {
    if (machine_->read(listener) && !listener.so_far().spoilt && !listener.babbled()) {
        listener.show();
        return true;
    }
    end_ = end_of(listener);
    if (!first_ && !end_.refusal.empty()) {
        end_.ending = end_.refusal;
        end_.refusal.clear();
    }
    if (!hand_over(end_, listener)) {
        return false;
    }
    first_ = false;
    std::string why = prepare();
    if (why.empty()) {
        why = start(drafts, listener);
    }
    if (!why.empty()) {
        end_.ending = why;
    }
    return why.empty();
}

MachineEnd Relay::end_of(Listener& listener) {
    MachineEnd end = machine_->end(listener);
    if (listener.babbled()) {
        end.ending = fmt::format("given up: it said more than {} MB", Listener::kMostBytes >> 20);
        end.verdicts.push_back({"log of a sane size", false, end.ending});
    }
    return end;
}

/// Whether another machine is to go on after this one; prepares it.
bool Relay::hand_over(const MachineEnd& end, Listener& listener) {
    const RunLog& log = listener.so_far();
    if (!options_.machine.kind->goes_on || listener.babbled()) {
        return false;
    }
    if (!log.spoilt) {
        // One that does not even begin would not do so the next time.
        if (end.lost.empty() || !listener.has_begun()) {
            return false;
        }
        listener.lose_scenario(end.lost);
    }
    const auto next = log.next_in_plan();
    if (!next) {
        return false;
    }
    rest_.set(measure::Key::kFrom,
              options_.get(measure::Key::kFrom) + static_cast<std::uint32_t>(*next));
    listener.expect_new_machine();
    return true;
}

}  // namespace hm::host
