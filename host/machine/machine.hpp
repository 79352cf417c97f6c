#pragma once
// What runs the target: one interface for QEMU, gem5 and a board at a serial port, so that one
// driver (host/machine/drive.hpp) serves all of them.

#include <string>
#include <vector>

#include "host/log/results.hpp"
#include "host/machine/drafts.hpp"
#include "host/machine/listener.hpp"

namespace hm::host {

/// How a machine's run ended, and what is known of the machine.
struct MachineEnd {
    /// Why there was no run at all, in one line; empty if there was.
    std::string refusal;
    std::string ending;  ///< "QEMU: exit status 0"
    /// Why the target did not get to its end, though a new machine may: "its machine hung". Empty:
    /// it got there, or nothing more is wanted.
    std::string lost;
    std::vector<Verdict> verdicts;  ///< about the machine
    std::string host = "{}";        ///< what is known of it: an object of JSON
    bool interrupted = false;       ///< this program was told to stop
    int log_error = 0;              ///< errno of what kept its own log from being written, or 0
    std::string advice;             ///< one line for after a failed run; may be empty
};

/// Its functions are called in this order, each once but read().
class Machine {
  public:
    Machine() = default;
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;
    virtual ~Machine() = default;

    /// Looks for what a start needs, before anything is written. What is missing, in one line;
    /// empty if nothing is.
    [[nodiscard]] virtual std::string prepare() = 0;

    /// Starts the target. Why that failed, in one line; empty if it runs.
    [[nodiscard]] virtual std::string start(const Drafts& drafts, Listener& listener) = 0;

    /// What the user should know of it once it runs, in one line; mostly empty.
    [[nodiscard]] virtual std::string warning() const { return {}; }

    /// How it was started, in one line for people; may be empty.
    [[nodiscard]] virtual std::string command() const { return {}; }

    /// Waits a moment for more of the log and passes it on; false once no more will come, or none
    /// that is worth waiting for.
    [[nodiscard]] virtual bool read(Listener& listener) = 0;

    /// This program was told to stop by this signal, and the machine has not seen it.
    virtual void interrupt(int /*signal*/) {}

    /// Ends what still runs, and completes the log.
    [[nodiscard]] virtual MachineEnd end(Listener& listener) = 0;
};

}  // namespace hm::host
