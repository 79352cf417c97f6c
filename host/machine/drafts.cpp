#include "host/machine/drafts.hpp"

#include <cstdio>
#include <system_error>

#include "host/base/files.hpp"
#include "host/machine/machines.hpp"

namespace hm::host {

namespace fs = std::filesystem;

Drafts::Drafts(const fs::path& out, std::string_view own_log_name)
    : folder(out),
      log_name(own_log_name),
      uart(out / (std::string(kUartName) + kDraftSuffix)),
      own_log(out / ((log_name.empty() ? "machine.log" : log_name) + kDraftSuffix)),
      results(out / (std::string(kResultsName) + kDraftSuffix)) {}

Drafts::~Drafts() {
    if (remain_) {
        return;
    }
    for (const fs::path& draft : {uart, own_log, results}) {
        std::error_code ignored;
        fs::remove(draft, ignored);
    }
}

bool Drafts::keep() {
    // A failure leaves what could not be moved.
    remain_ = true;
    if (::rename(uart.c_str(), (folder / kUartName).c_str()) != 0) {
        return false;
    }
    for (const MachineKind* const kind : machines()) {
        std::error_code ignored;
        if (!kind->own_log.empty()) {
            fs::remove(folder / kind->own_log, ignored);
        }
    }
    if (fs::exists(own_log) && ::rename(own_log.c_str(), (folder / log_name).c_str()) != 0) {
        return false;
    }
    return ::rename(results.c_str(), (folder / kResultsName).c_str()) == 0;
}

}  // namespace hm::host
