#pragma once
// A QEMU that runs the guest that comes alone, as a row of the table of what can be below it.

#include <memory>
#include <string>
#include <string_view>

#include "host/machine/machines.hpp"
#include "host/machine/qemu.hpp"

namespace hm::host {

/// `Task` is made of the options of the run.
template <class Task>
[[nodiscard]] constexpr MachineKind qemu_alone(std::string_view form, std::string_view meaning,
                                               std::string_view hardware) {
    return {.name = "QEMU",
            .form = form,
            .meaning = meaning,
            .own_log = "qemu.log",
            .time_limit = kNoTimeLimit,
            .boots_uimage = false,
            .goes_on = true,
            .options = {},
            .host_keys = HostKeys::kDefaults,
            .hardware = hardware,
            .why_not = [](const Board&) { return std::string(); },
            .make = [](const RunOptions& options, const Console&) -> std::unique_ptr<Machine> {
                return make_qemu(options, std::make_unique<Task>(options));
            }};
}

}  // namespace hm::host
