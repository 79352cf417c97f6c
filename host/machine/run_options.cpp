#include "host/machine/run_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace hm::host {
namespace {

/// The word "pick" as measure::parse_request takes it.
std::string pick_text(const std::vector<std::size_t>& places) {
    constexpr std::size_t kBitsPerDigit = 4;
    std::vector<unsigned> digits(std::ranges::max(places) / kBitsPerDigit + 1);
    for (const std::size_t place : places) {
        digits[place / kBitsPerDigit] |= 1U << place % kBitsPerDigit;
    }
    return fmt::format("{:x}", fmt::join(digits, ""));
}

}  // namespace

std::uint32_t RunOptions::get(measure::Key key) const {
    for (const auto& [name, value] : settings) {
        if (name == key) {
            return value;
        }
    }
    return measure::default_of(suite, key);
}

unsigned RunOptions::cores() const {
    return board != nullptr && board->qemu.cores != 0 ? board->qemu.cores : get(measure::Key::kSmp);
}

void RunOptions::set(measure::Key key, std::uint32_t value) {
    const auto place =
        std::lower_bound(settings.begin(), settings.end(), key,
                         [](const auto& setting, measure::Key k) { return setting.first < k; });
    if (place != settings.end() && place->first == key) {
        place->second = value;
    } else {
        settings.insert(place, {key, value});
    }
}

std::string target_command_line(const RunOptions& options) {
    const UnderOptions& under = options.under;
    return (under.name.empty() ? "" : fmt::format("under={} clock={} ", under.name, under.clock)) +
           request_text(options);
}

std::string request_text(const RunOptions& options) {
    std::string line = fmt::format("suite={}", measure::info(options.suite).name);
    for (std::size_t i = 0; i < options.only.size(); ++i) {
        line += (i == 0 ? " only=" : ",") + options.only[i];
    }
    for (const auto& [key, value] : options.settings) {
        const measure::KeyInfo& info = measure::info(key);
        if (info.user == measure::User::kTarget) {
            line += info.kind == measure::Kind::kWord
                        ? fmt::format(" {}={}", info.name, measure::word_of(info.words, value))
                        : fmt::format(" {}={}", info.name, value);
        }
    }
    return line + (options.pick.empty() ? "" : " pick=" + pick_text(options.pick));
}

}  // namespace hm::host
