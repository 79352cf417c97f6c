#include "host/machine/fleet.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "host/base/files.hpp"
#include "host/log/json.hpp"

namespace hm::host {

namespace fs = std::filesystem;

/// One part of the plan, and the machines that run it.
struct Fleet::Member {
    Member(const RunOptions& all, Part its, fs::path its_folder, const Console& console)
        : part(std::move(its)),
          options(with_pick(all, part.pick)),
          folder(std::move(its_folder)),
          relay(options, console) {}

    [[nodiscard]] static RunOptions with_pick(RunOptions options, std::vector<std::size_t> pick) {
        options.pick = std::move(pick);
        return options;
    }

    /// It said all that was asked of it.
    [[nodiscard]] bool is_complete() const {
        const RunLog& log = listener->so_far();
        return log.begin && !log.next_in_plan() &&
               (log.ended() || (!log.scenarios.empty() && log.scenarios.back().lost));
    }

    Part part;
    RunOptions options;
    fs::path folder;
    std::optional<Drafts> drafts;
    std::optional<Listener> listener;
    Relay relay;
    MachineEnd end;
    std::deque<Told> heard;  ///< what the run's listener has not heard yet
    bool runs = false;
    bool done = false;
};

Fleet::Fleet(const RunOptions& options, const Console& console)
    : options_(options), quiet_(console) {
    quiet_.progress = ProgressMode::kQuiet;
    quiet_.live = false;
    for (Part& part : parts_of(options)) {
        const fs::path folder = folder_.path() / std::to_string(members_.size());
        members_.push_back(std::make_unique<Member>(options, std::move(part), folder, quiet_));
    }
}

Fleet::~Fleet() = default;

std::string Fleet::prepare() {
    if (!folder_.error().empty()) {
        return folder_.error();
    }
    return members_.front()->relay.prepare();
}

std::string Fleet::start(const Drafts& /*drafts*/, Listener& listener) {
    std::vector<std::string> plan;
    for (const auto& member : members_) {
        plan.insert(plan.end(), member->part.names.begin(), member->part.names.end());
    }
    listener.expect_parts(std::move(plan));
    launch(listener);
    Member& first = *members_.front();
    return first.done ? first.end.refusal : std::string();
}

std::string Fleet::warning() const { return members_.front()->relay.warning(); }

std::string Fleet::command() const { return members_.front()->relay.command(); }

std::size_t Fleet::running() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(members_, [](const auto& member) { return member->runs; }));
}

bool Fleet::may_launch() const {
    return !stops_ && launched_ < members_.size() && running() < options_.machines;
}

/// Starts the machine of the next part.
void Fleet::launch(const Listener& listener) {
    Member& member = *members_[launched_];
    std::error_code error;
    fs::create_directories(member.folder, error);
    member.drafts.emplace(member.folder, options_.machine.kind->own_log);
    member.listener.emplace(*member.drafts, quiet_, AfterMisbehaviour::kReadNoMore);
    member.listener->tell([&member](Told heard) { member.heard.push_back(std::move(heard)); },
                          listener);
    std::string why = launched_ == 0 ? std::string() : member.relay.prepare();
    if (why.empty()) {
        why = member.relay.start(*member.drafts, *member.listener);
    }
    member.runs = why.empty();
    member.done = !member.runs;
    member.end.refusal = std::move(why);
    stops_ = stops_ || member.done;
    ++launched_;
}

/// A moment of one that runs.
void Fleet::turn(Member& member) {
    if (member.relay.step(*member.drafts, *member.listener)) {
        return;
    }
    member.runs = false;
    member.done = true;
    member.end = member.relay.end();
    // What comes after a gap helps nobody.
    stops_ = stops_ || !member.is_complete();
    if (member.end.interrupted) {
        interrupt(SIGTERM);
    }
}

void Fleet::interrupt(int signal) {
    stops_ = true;
    for (const auto& member : members_) {
        if (member->runs) {
            member->relay.interrupt(signal);
        }
    }
}

/// To the listener, what is next in the plan's order.
void Fleet::pass_on(Listener& listener) {
    while (heard_ < launched_) {
        Member& member = *members_[heard_];
        for (const Told& heard : std::exchange(member.heard, {})) {
            listener.hear(heard);
        }
        if (!member.done || !member.end.refusal.empty() || !member.is_complete()) {
            break;
        }
        if (++heard_ < members_.size()) {
            listener.expect_next_part();
        }
    }
    std::vector<std::string> ahead;
    for (std::size_t i = heard_ + 1; i < launched_; ++i) {
        if (members_[i]->listener) {
            for (const ScenarioRecord& scenario : members_[i]->listener->so_far().scenarios) {
                ahead.push_back(scenario.name);
            }
        }
    }
    listener.set_ahead(std::move(ahead));
    listener.show();
}

MachineEnd Fleet::run(const Drafts& drafts, Listener& listener) {
    while (running() > 0 || may_launch()) {
        while (may_launch()) {
            launch(listener);
        }
        for (const auto& member : members_) {
            if (member->runs) {
                turn(*member);
            }
        }
        if (const int signal = signals_.take(); signal != 0) {
            interrupt(signal);
        }
        pass_on(listener);
        // A part before this point did not get to its end: nothing of those after it is heard.
        const bool broken = heard_ < launched_ && members_[heard_]->done;
        if (broken || listener.babbled()) {
            interrupt(SIGTERM);
        }
    }
    return merged_end(drafts, listener);
}

/// How all of them ended, as if they were one.
MachineEnd Fleet::merged_end(const Drafts& drafts, Listener& listener) {
    const std::size_t last = std::min(heard_, members_.size() - 1);
    MachineEnd merged = members_[last]->end;
    if (last > 0 && !merged.refusal.empty()) {
        merged.ending = std::exchange(merged.refusal, "");
    }
    merged.verdicts = members_.front()->end.verdicts;
    std::string complaints;
    std::vector<std::pair<std::string, double>> seconds;
    for (std::size_t i = 0; i <= last; ++i) {
        const Member& member = *members_[i];
        for (const Verdict& verdict : member.end.verdicts) {
            const auto known = std::ranges::find(merged.verdicts, verdict.name, &Verdict::name);
            if (known == merged.verdicts.end()) {
                merged.verdicts.push_back(verdict);
            } else if (known->ok && !verdict.ok) {
                *known = verdict;
            }
        }
        merged.log_error = merged.log_error != 0 ? merged.log_error : member.end.log_error;
        merged.interrupted = merged.interrupted || member.end.interrupted;
        if (member.drafts) {
            complaints += read_file(member.drafts->own_log).value_or("");
        }
        if (member.listener) {
            const auto& its = member.listener->scenario_seconds();
            seconds.insert(seconds.end(), its.begin(), its.end());
        }
    }
    if (!write_file(drafts.own_log, complaints)) {
        merged.log_error = merged.log_error != 0 ? merged.log_error : errno;
    }
    Json host = parse_json(members_.front()->end.host).value_or(Json::object());
    host["machines"] = options_.machines;
    host["parts"] = members_.size();
    merged.host = dump(host);
    listener.set_scenario_seconds(std::move(seconds));
    return merged;
}

}  // namespace hm::host
