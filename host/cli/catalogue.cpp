#include "host/cli/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/base/text.hpp"
#include "host/linux/linux_rows.hpp"
#include "measure/suites.hpp"
#include "measure/workload/table.hpp"

namespace hm::host {
namespace {

using measure::KeyInfo;
using measure::Kind;

std::string value_text(const KeyInfo& key, std::uint32_t value) {
    if (key.kind == Kind::kWord) {
        return std::string(measure::word_of(key.words, value));
    }
    return key.kind == Kind::kBytes ? bytes_key_text(value) : fmt::format("{}", value);
}

/// What is valid: "1..100", or the words.
std::string range_text(const KeyInfo& key) {
    if (key.kind != Kind::kWord) {
        return fmt::format("{}..{}", value_text(key, key.low), value_text(key, key.high));
    }
    std::string text(measure::kAnyWord);
    for (const std::string_view word : key.words) {
        text += fmt::format("|{}", word);
    }
    return text;
}

std::string default_text(const KeyInfo& key) {
    std::string others;
    for (const measure::SuiteInfo& suite : measure::kSuites) {
        for (const measure::Change& change : suite.changes) {
            if (change.key == key.key) {
                others += fmt::format("{}{}: {}", others.empty() ? "" : ", ", suite.name,
                                      value_text(key, change.value));
            }
        }
    }
    return value_text(key, key.usual) + (others.empty() ? "" : fmt::format(" ({})", others));
}

template <class Infos>
std::string names_text(const char* title, const Infos& infos, std::size_t width) {
    std::size_t longest = 11;  // as that of keys
    for (const auto& info : infos) {
        longest = std::max(longest, std::string_view(info.name).size());
    }
    std::string text = fmt::format("{}\n", title);
    for (const auto& info : infos) {
        text +=
            wrap(fmt::format("  {:<{}} {}", info.name, longest, info.meaning), width, longest + 3);
    }
    return text;
}

}  // namespace

std::string key_line(const KeyInfo& key, std::size_t width) {
    return wrap(fmt::format("  {:<11} {}: {}, default {}", key.name, key.meaning, range_text(key),
                            default_text(key)),
                width, 14);
}

std::string keys_text(std::size_t width) {
    std::string text = "keys, for --set KEY=VALUE\n";
    for (const KeyInfo& key : measure::kKeys) {
        text += key_line(key, width);
    }
    return text;
}

std::string catalogue_text(std::size_t width) {
    return names_text("workloads, for --only", measure::kWorkloadNames, width) + "\n" +
           names_text("workloads of a guest Linux, for --only too, but not with others",
                      kLinuxWorkloads, width) +
           "\n" + names_text("suites, for --suite", measure::kSuites, width) + "\n" +
           keys_text(width);
}

}  // namespace hm::host
