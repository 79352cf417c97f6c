#pragma once
// Runs a foreign guest under QEMU, in the monitor or without stage 2, from its files to its
// results.

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "host/base/console_input.hpp"
#include "host/guest/guest_results.hpp"
#include "host/machine/boards.hpp"
#include "host/machine/qemu_command.hpp"

namespace hm::host {

/// The machine that a bundle is run on.
struct GuestHost {
    const Board* board = nullptr;
    std::string qemu = "qemu-system-arm";
    std::filesystem::path image;  ///< for foreign guests
    std::filesystem::path tree;   ///< of the board, where QEMU makes none
    unsigned cores = 1;
    /// An instruction takes 2^shift ns; nothing: this computer's time.
    std::optional<unsigned> shift = 0;
    std::chrono::seconds time_limit{};
};

/// Where the image for foreign guests finds its bundle, and how QEMU starts both. `image` and
/// `tree` of the host are files; `bundle` is one with the bundle's bytes.
[[nodiscard]] QemuStart guest_start(const GuestHost& host, const std::filesystem::path& bundle,
                                    bool has_input);

struct GuestEnd {
    std::string refusal;  ///< why there was no run, in one line; empty if there was
    GuestResults results;
    std::string why_failed;    ///< in one line; empty if it went well
    bool interrupted = false;  ///< this program was told to stop
    double seconds = 0;        ///< of this computer
};

/// `on_text` gets what the guest prints. `input`: null for none. Where the guest need not turn its
/// machine off, `is_done` says when it has done its work; it is then ended here.
[[nodiscard]] GuestEnd run_guest(const GuestHost& host, std::string_view bundle,
                                 const std::function<void(std::string_view)>& on_text,
                                 ConsoleInput* input,
                                 const std::function<bool()>& is_done = nullptr);

}  // namespace hm::host
