#include "session/hw/linger.hpp"

#include <array>
#include <optional>

#include "board/hw/console.hpp"
#include "board/hw/counter.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/registers.hpp"

namespace hm::session {

namespace {

using Request = std::array<char, 24>;

/// A line that came within `ticks`, cut to what `request` holds; empty ones do not count.
std::optional<std::string_view> next_request(Request& request, std::uint64_t ticks) {
    const std::uint64_t start = cpu::read<cpu::Cntpct>().raw;
    std::size_t used = 0;
    while (cpu::read<cpu::Cntpct>().raw - start < ticks) {
        const auto c = board::get();
        if (!c) {
            continue;
        }
        if (*c != '\r' && *c != '\n') {
            request[used] = *c;
            used += used < request.size() - 1 ? 1 : 0;
        } else if (used != 0) {
            return std::string_view(request.data(), used);
        }
    }
    return std::nullopt;
}

}  // namespace

void linger(const measure::RecordLog& log, std::uint32_t seconds) {
    const std::uint64_t ticks = std::uint64_t{seconds} * board::counter_hz();
    board::print("hypmeter: lingers\n");
    Request request;
    while (const auto asked = next_request(request, ticks)) {
        if (*asked == measure::kBye) {
            return;
        }
        if (!measure::put_piece(board::console(), log, *asked)) {
            board::print("hypmeter: what?\n");
        }
    }
}

}  // namespace hm::session
