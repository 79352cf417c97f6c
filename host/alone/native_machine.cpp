#include "host/alone/native_machine.hpp"

#include "host/alone/alone.hpp"
#include "host/alone/qemu_alone.hpp"
#include "host/machine/machine_verdicts.hpp"

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

constinit const MachineKind kNativeAlone =
    qemu_alone<NativeTask>("native", "in a machine without HYP mode",
                           "the guest that comes alone runs on one core, and its machine has 1 GB");

}  // namespace hm::host
