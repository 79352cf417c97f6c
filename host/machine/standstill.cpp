#include "host/machine/standstill.hpp"

namespace hm::host {

void Standstill::take(std::string_view bytes) {
    if (bytes.empty()) {
        return;
    }
    const char last = bytes.back();
    const std::size_t before = bytes.find_last_not_of(last);
    if (before != std::string_view::npos) {
        length_ = bytes.size() - before - 1;
    } else {
        length_ = last == last_ ? length_ + bytes.size() : bytes.size();
    }
    last_ = last;
}

}  // namespace hm::host
