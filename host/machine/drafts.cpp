#include "host/machine/drafts.hpp"

#include <system_error>

#include "host/machine/machines.hpp"

namespace hm::host {

namespace fs = std::filesystem;

Drafts::Drafts(const fs::path& out, std::string_view own_log_name)
    : folder(out),
      log_name(own_log_name),
      uart(out / "uart.log.part"),
      own_log(out / (log_name.empty() ? "machine.log.part" : log_name + ".part")) {}

Drafts::~Drafts() {
    std::error_code ignored;
    fs::remove(uart, ignored);
    fs::remove(own_log, ignored);
}

bool Drafts::keep() const {
    std::error_code uart_error;
    std::error_code log_error;
    fs::rename(uart, folder / "uart.log", uart_error);
    for (const MachineKind* const kind : machines()) {
        std::error_code ignored;
        if (!kind->own_log.empty()) {
            fs::remove(folder / kind->own_log, ignored);
        }
    }
    if (fs::exists(own_log)) {
        fs::rename(own_log, folder / log_name, log_error);
    }
    return !uart_error && !log_error;
}

}  // namespace hm::host
