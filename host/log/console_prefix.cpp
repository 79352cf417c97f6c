#include "host/log/console_prefix.hpp"

#include <utility>

namespace hm::host {

std::string ConsolePrefix::feed(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        if (in_line_ || prefix_.empty()) {
            const std::size_t end = bytes.find('\n');
            const std::size_t size = end == std::string_view::npos ? bytes.size() : end + 1;
            text += bytes.substr(0, size);
            bytes.remove_prefix(size);
            in_line_ = end == std::string_view::npos;
        } else if (bytes.front() == prefix_[seen_]) {
            bytes.remove_prefix(1);
            ++seen_;
            in_line_ = seen_ == prefix_.size();
            seen_ = in_line_ ? 0 : seen_;
        } else {
            // Another line: what looked like the prefix belongs to it.
            text += finish();
            in_line_ = true;
        }
    }
    return text;
}

std::string ConsolePrefix::finish() { return prefix_.substr(0, std::exchange(seen_, 0)); }

}  // namespace hm::host
