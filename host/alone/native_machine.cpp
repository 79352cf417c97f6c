#include "host/alone/native_machine.hpp"

#include "host/alone/alone.hpp"
#include "host/machine/machine_verdicts.hpp"
#include "host/machine/qemu.hpp"

namespace hm::host {
namespace {

class NativeTask final : public QemuTask {
  public:
    explicit NativeTask(const RunOptions& options) : options_(options) {}

    [[nodiscard]] std::string prepare(const std::string& /*program*/) override {
        return read_alone_image(options_.image).error;
    }
    [[nodiscard]] QemuStart start() const override { return qemu_start(options_); }
    [[nodiscard]] std::vector<Verdict> conclude(Listener& listener) override {
        return judge_under(listener.so_far(), options_.under);
    }

  private:
    const RunOptions& options_;
};

}  // namespace

constinit const MachineKind kNativeAlone{
    .name = "QEMU",
    .form = "native",
    .meaning = "in a machine without HYP mode",
    .own_log = "qemu.log",
    .time_limit = kNoTimeLimit,
    .boots_uimage = false,
    .goes_on = true,
    .options = {},
    .host_keys = HostKeys::kDefaults,
    .hardware = "the guest that comes alone runs on one core, and its machine has 1 GB",
    .why_not = [](const Board&) { return std::string(); },
    .make = [](const RunOptions& options, const Console&) -> std::unique_ptr<Machine> {
        return make_qemu(options, std::make_unique<NativeTask>(options));
    }};

}  // namespace hm::host
