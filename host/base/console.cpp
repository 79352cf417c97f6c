#include "host/base/console.hpp"

#include <algorithm>

#include "host/base/text.hpp"

namespace hm::host {

int refuse(const Console& console, int status, std::string_view line) {
    if (console.colour && console.terminal != nullptr) {
        *console.terminal << "\033[1;31mhypmeter:\033[0m ";
    } else {
        console.err << "hypmeter: ";
    }
    console.err << line << std::endl;
    return status;
}

void replace_line(const Console& console, std::string_view text) {
    std::ostream& to = console.terminal != nullptr ? *console.terminal : console.err;
    to << "\r\033[K" << printable(text.substr(0, std::max<std::size_t>(console.width, 2) - 1))
       << std::flush;
}

void Steps::step(std::string_view text) {
    if (console_.progress == ProgressMode::kLines) {
        console_.err << text << std::endl;
    } else {
        passing(text);
    }
}

void Steps::passing(std::string_view text) {
    if (console_.progress == ProgressMode::kTerminal) {
        replace_line(console_, text);
    }
}

void Steps::clear() {
    if (console_.progress == ProgressMode::kTerminal) {
        replace_line(console_, "");
    }
}

}  // namespace hm::host
