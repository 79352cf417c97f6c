#include "host/alone/monitor_machine.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "host/alone/alone.hpp"
#include "host/alone/qemu_alone.hpp"
#include "host/base/files.hpp"
#include "host/base/temporary_folder.hpp"
#include "host/guest/guest_bundle.hpp"
#include "host/guest/guest_layout.hpp"
#include "host/guest/guest_log.hpp"
#include "host/guest/guest_run.hpp"
#include "host/machine/image_file.hpp"
#include "host/machine/machine_verdicts.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

class MonitorTask final : public QemuTask {
  public:
    explicit MonitorTask(const RunOptions& options) : options_(options) {}

    [[nodiscard]] std::string prepare(const std::string& program) override;
    [[nodiscard]] QemuStart start() const override;
    void hear(std::string_view bytes, Listener& listener) override;
    [[nodiscard]] std::vector<Verdict> conclude(Listener& listener) override;

  private:
    [[nodiscard]] fs::path bundle() const { return folder_.path() / "bundle"; }

    const RunOptions& options_;
    TemporaryFolder folder_;
    std::string text_;  ///< what the guest printed last
    GuestLog log_{[this](std::string_view text) { text_ += text; }};
};

std::string MonitorTask::prepare(const std::string& /*program*/) {
    if (std::string why = why_not_loadable(options_.under.hypervisor); !why.empty()) {
        return why;
    }
    if (std::string why = read_alone_image(options_.image).error; !why.empty()) {
        return why;
    }
    if (!folder_.error().empty()) {
        return folder_.error();
    }
    VirtualMachine machine = kVirtualMachine;
    machine.memory_bytes = kAloneMemory;
    machine.bootargs = target_command_line(options_);
    const MadeBundle made = bundle_of_files(machine, {.exits_are_counted = false},
                                            {.kernel = options_.image, .initrd = {}});
    if (!made.error.empty()) {
        return made.error;
    }
    return write_file(bundle(), made.bytes) ? std::string()
                                            : fmt::format("cannot write the bundle to \"{}\": {}",
                                                          bundle().string(), std::strerror(errno));
}

QemuStart MonitorTask::start() const {
    GuestHost host;
    host.board = find_board("virt");
    host.image = options_.under.hypervisor;
    host.shift = options_.clock == ClockSource::kInstructions ? std::optional(0U) : std::nullopt;
    return guest_start(host, bundle(), false);
}

void MonitorTask::hear(std::string_view bytes, Listener& listener) {
    log_.take(bytes);
    listener.take(text_);
    text_.clear();
}

std::vector<Verdict> MonitorTask::conclude(Listener& listener) {
    std::vector<Verdict> verdicts = judge_under(listener.so_far(), options_.under);
    // The monitor says how its guest ended once the guest has; it is not waited for where the guest
    // was given up.
    if (log_.ended()) {
        const GuestResults results = log_.finish();
        const std::string why = why_guest_failed(log_, results);
        verdicts.push_back({"the monitor ran the guest to its end", why.empty(),
                            why.empty() ? results.ending : why});
    }
    return verdicts;
}

}  // namespace

constinit const MachineKind kMonitorAlone = qemu_alone<MonitorTask>(
    "monitor", "hypmeter's own, as any guest of `hypmeter guest`",
    "the guest that comes alone runs on one core, and the monitor's machine has 2 GB");

}  // namespace hm::host
