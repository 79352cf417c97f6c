#pragma once
// Machines that run side by side, each a part of the plan.

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "host/base/descriptor.hpp"
#include "host/base/temporary_folder.hpp"
#include "host/machine/parts.hpp"
#include "host/machine/relay.hpp"

namespace hm::host {

/// Has the functions of Relay, and tells the listener what one machine would have told it: part
/// after part, in the order of the plan. If a part does not get to its end, the log stops there.
class Fleet {
  public:
    /// Both outlive this. RunOptions::machines says how many.
    Fleet(const RunOptions& options, const Console& console);
    Fleet(const Fleet&) = delete;
    Fleet& operator=(const Fleet&) = delete;
    ~Fleet();

    [[nodiscard]] std::string prepare();
    [[nodiscard]] std::string start(const Drafts& drafts, Listener& listener);
    [[nodiscard]] std::string warning() const;
    [[nodiscard]] std::string command() const;
    [[nodiscard]] MachineEnd run(const Drafts& drafts, Listener& listener);

  private:
    struct Member;

    [[nodiscard]] std::size_t running() const;
    [[nodiscard]] bool may_launch() const;
    void launch(const Listener& listener);
    void turn(Member& member);
    void interrupt(int signal);
    void pass_on(Listener& listener);
    [[nodiscard]] MachineEnd merged_end(const Drafts& drafts, Listener& listener);

    const RunOptions& options_;
    Console quiet_;
    StopSignals signals_;
    TemporaryFolder folder_;
    std::vector<std::unique_ptr<Member>> members_;  ///< in the order of the plan
    std::size_t launched_ = 0;
    std::size_t heard_ = 0;  ///< members that the listener has heard to their end
    bool stops_ = false;     ///< no more are started
};

}  // namespace hm::host
