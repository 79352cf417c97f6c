#pragma once
// Runs a foreign guest on a board at a serial port: U-Boot loads it, and its console is the line.

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "host/base/console.hpp"
#include "host/base/console_input.hpp"
#include "host/guest/guest_run.hpp"
#include "host/guest/loading.hpp"
#include "host/machine/run_options.hpp"

namespace hm::host {

/// `host` names the uImage and the device tree. `input`: null for none.
[[nodiscard]] GuestEnd run_guest_on_board(const GuestHost& host, const std::string& device,
                                          const SerialOptions& serial, std::string_view bundle,
                                          const std::function<void(std::string_view)>& on_text,
                                          ConsoleInput* input, const Console& console);

}  // namespace hm::host
