#include "host/alone/xen_machine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <nlohmann/json.hpp>

#include "host/alone/alone.hpp"
#include "host/alone/qemu_alone.hpp"
#include "host/alone/xen_tree.hpp"
#include "host/base/files.hpp"
#include "host/base/temporary_folder.hpp"
#include "host/log/console_prefix.hpp"
#include "host/log/json.hpp"
#include "host/machine/machine_verdicts.hpp"

namespace hm::host {
namespace {

namespace fs = std::filesystem;

/// How Xen prints what its first domain prints (vpl011_write_data_xen() of its
/// xen/arch/arm/vpl011.c).
constexpr const char* kPrefix = "(XEN) DOM1: ";

/// Nothing of a guest's text is left out, however much it is; and no memory is cleared while the
/// guest waits, which would be Xen's work beside it (docs/misc/xen-command-line.pandoc).
constexpr const char* kXenBootargs = "console=dtuart guest_loglvl=all bootscrub=off";

constexpr unsigned kMegabytes = 1024;
/// Below Xen, which moves itself to the end of memory, and beyond what QEMU puts at the beginning.
constexpr std::uint32_t kModule = 0x5000'0000;
constexpr std::uint32_t kMostBytes = 16U << 20;

class XenTask final : public QemuTask {
  public:
    explicit XenTask(const RunOptions& options) : options_(options) {}

    [[nodiscard]] std::string prepare(const std::string& program) override;
    [[nodiscard]] QemuStart start() const override;
    void hear(std::string_view bytes, Listener& listener) override {
        listener.take(prefix_.feed(bytes));
    }
    [[nodiscard]] std::vector<Verdict> conclude(Listener& listener) override {
        listener.take(prefix_.finish());
        return judge_under(listener.so_far(), options_.under);
    }
    [[nodiscard]] std::string host() const override { return dump(Json{{"hypervisor", version_}}); }

  private:
    [[nodiscard]] const Board& board() const { return *find_board("virt"); }
    [[nodiscard]] fs::path tree() const { return folder_.path() / "xen.dtb"; }
    [[nodiscard]] std::string make_tree(const std::string& program, std::size_t image_bytes) const;

    const RunOptions& options_;
    TemporaryFolder folder_;
    ConsolePrefix prefix_{kPrefix};
    std::string version_;
};

std::string XenTask::prepare(const std::string& program) {
    const fs::path& xen = options_.under.hypervisor;
    if (!fs::is_regular_file(xen)) {
        return fmt::format("no Xen in \"{}\": `./hypmeter xen` fetches it from Debian",
                           xen.parent_path().string());
    }
    const auto versions = read_file(xen.parent_path() / "versions.txt").value_or("");
    version_ = versions.substr(0, versions.find('\n'));
    const AloneImage image = read_alone_image(options_.image);
    if (!image.error.empty()) {
        return image.error;
    }
    if (image.bytes.size() > kMostBytes) {
        return fmt::format("image \"{}\" has more than {} MB", options_.image.string(),
                           kMostBytes >> 20);
    }
    return folder_.error().empty() ? make_tree(program, image.bytes.size()) : folder_.error();
}

/// Makes Xen's device tree of the one that QEMU would give it.
std::string XenTask::make_tree(const std::string& program, std::size_t image_bytes) const {
    const fs::path plain = folder_.path() / "machine.dtb";
    std::string error;
    const ProcessEnd end = run_process(
        {program, qemu_tree_arguments(start(), plain)}, {}, [](std::string_view) {},
        [&error](std::string_view bytes) { error += bytes.substr(0, 1024); });
    const auto machine = read_file(plain);
    if (!machine) {
        return fmt::format("QEMU did not write the device tree of its machine ({}): {}",
                           describe(end), error.substr(0, error.find('\n')));
    }
    const auto made = xen_tree(*machine, kXenBootargs,
                               {.address = kModule,
                                .bytes = static_cast<std::uint32_t>(image_bytes),
                                .memory = kAloneMemory,
                                .bootargs = target_command_line(options_)});
    if (!made) {
        return "QEMU's device tree has no /chosen, where Xen looks for its guest";
    }
    return write_file(tree(), *made)
               ? std::string()
               : fmt::format("cannot write \"{}\": {}", tree().string(), std::strerror(errno));
}

QemuStart XenTask::start() const {
    return {
        .board = &board(),
        .entry = EntryMode::kHyp,
        .cores = 1,
        .megabytes = kMegabytes,
        .shift = options_.clock == ClockSource::kInstructions ? std::optional(0U) : std::nullopt,
        .image = options_.under.hypervisor,
        .append = "",
        .tree = tree(),
        .more = {"-device", fmt::format("loader,file={},addr={:#x},force-raw=on",
                                        qemu_value(options_.image), kModule)}};
}

}  // namespace

constinit const MachineKind kXenAlone =
    qemu_alone<XenTask>("xen", "Debian's Xen, with the guest as its only domain",
                        "the guest that comes alone runs on one core, and Xen's machine has 1 GB");

}  // namespace hm::host
