#pragma once
// The commands of the tool. Each returns the exit status: 0 all ok, 1 a run or verdict failed,
// 2 bad usage.

#include <cstddef>
#include <ostream>

#include "host/cli/options.hpp"
#include "host/cli/progress.hpp"

namespace hm::host {

inline constexpr int kAllOk = 0;
inline constexpr int kFailed = 1;
inline constexpr int kBadUsage = 2;

/// Where a command writes to, and how wide that is.
struct Console {
    std::ostream& out;
    std::ostream& err;
    std::size_t width = 80;
    ProgressMode progress = ProgressMode::kLines;
};

/// Boots the image under QEMU, and writes DIR/results.json, DIR/uart.log and DIR/qemu.log once the
/// target has said anything, be it good or bad. A run that does not start leaves DIR as it was.
[[nodiscard]] int run_command(const RunOptions& options, const Console& console);

/// The same under a gem5 of the user's, with `script` to configure it; the machine's own log is
/// DIR/gem5.log, and gem5 keeps its files in DIR/gem5.
[[nodiscard]] int gem5_run(const RunOptions& options, const std::filesystem::path& script,
                           const Console& console);

/// The same on a board at a serial port, through its U-Boot; its log is kept in DIR/uart.log while
/// it comes, so that a run whose line broke can be resumed.
[[nodiscard]] int serial_run(const RunOptions& options, const Console& console);

/// Puts the image on a board's card, through its U-Boot.
[[nodiscard]] int flash_command(const FlashOptions& options, const Console& console);

/// Lists the forms of a board's image with the commands that boot them, as their own bytes have it,
/// and copies them where asked.
[[nodiscard]] int image_command(const ImageOptions& options, const Console& console);

/// Prints DIR/results.json; the status is that of the run.
[[nodiscard]] int report_command(const ReportOptions& options, const Console& console);

/// Parses and runs a whole command line, without the program's name. `builds` holds what was built,
/// a folder a board.
[[nodiscard]] int main_command(std::vector<std::string> arguments,
                               const std::filesystem::path& builds, const Console& console);

}  // namespace hm::host
