#pragma once
// QEMU as a machine.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/machine/machines.hpp"
#include "host/machine/qemu_command.hpp"

namespace hm::host {

/// What a QEMU runs, and how it says its log.
class QemuTask {
  public:
    QemuTask() = default;
    QemuTask(const QemuTask&) = delete;
    QemuTask& operator=(const QemuTask&) = delete;
    virtual ~QemuTask() = default;

    /// Looks for what `program` is to start, and makes what is still to be made. What is missing,
    /// in one line; empty if nothing is.
    [[nodiscard]] virtual std::string prepare(const std::string& program) = 0;
    [[nodiscard]] virtual QemuStart start() const = 0;

    /// The next bytes of the console.
    virtual void hear(std::string_view bytes, Listener& listener) { listener.take(bytes); }

    /// No more of them come: what is known of the task now.
    [[nodiscard]] virtual std::vector<Verdict> conclude(Listener& /*listener*/) { return {}; }

    /// What is known of what it ran, as an object of JSON.
    [[nodiscard]] virtual std::string host() const { return "{}"; }
};

/// A QEMU with that task.
[[nodiscard]] std::unique_ptr<Machine> make_qemu(const RunOptions& options,
                                                 std::unique_ptr<QemuTask> task);

/// Why QEMU cannot start its image, or not with its tree, in one line; empty if it can.
[[nodiscard]] std::string why_not_started(const QemuStart& start);

extern const MachineKind kQemu;

}  // namespace hm::host
