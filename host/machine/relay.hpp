#pragma once
// The machines of one run.

#include <memory>
#include <string>

#include "host/base/console.hpp"
#include "host/machine/machines.hpp"

namespace hm::host {

/// The first machine, and where one is given up, another that goes on with what is left of the
/// plan. Each brings the run at least one scenario further, so it ends.
class Relay {
  public:
    /// Both outlive this.
    Relay(const RunOptions& options, const Console& console)
        : options_(options), console_(console), rest_(options) {}

    /// What the next machine lacks, in one line; empty if nothing.
    [[nodiscard]] std::string prepare();
    /// Why it cannot be started, in one line; empty if it runs.
    [[nodiscard]] std::string start(const Drafts& drafts, Listener& listener);

    /// What the user should know of the machine that runs, in one line; mostly empty.
    [[nodiscard]] std::string warning() const { return machine_->warning(); }
    /// How it was started, for people.
    [[nodiscard]] std::string command() const { return machine_->command(); }

    /// A moment of the machine that runs; false after the end of the last one.
    [[nodiscard]] bool step(const Drafts& drafts, Listener& listener);
    /// How the last one ended.
    [[nodiscard]] const MachineEnd& end() const { return end_; }
    /// As Machine::interrupt().
    void interrupt(int signal) { machine_->interrupt(signal); }

    /// From the start of the first to the end of the last, which is described.
    [[nodiscard]] MachineEnd run(const Drafts& drafts, Listener& listener) {
        while (step(drafts, listener)) {
        }
        return end_;
    }

  private:
    [[nodiscard]] MachineEnd end_of(Listener& listener);
    [[nodiscard]] bool hand_over(const MachineEnd& end, Listener& listener);

    const RunOptions& options_;
    const Console& console_;
    RunOptions rest_;  ///< what the machine is asked for that runs now
    std::unique_ptr<Machine> machine_;
    bool first_ = true;  ///< it is the first one
    MachineEnd end_;
};

}  // namespace hm::host
