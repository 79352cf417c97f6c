#pragma once
// What the tool makes of a command line.

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "host/cli/options.hpp"

namespace hm::host {

inline Options parse(std::vector<std::string> words) {
    return parse_options(std::move(words), "builds");
}

inline RunOptions run_of(std::vector<std::string> words) {
    const Options options = parse(std::move(words));
    const auto* run = std::get_if<RunOptions>(&options);
    EXPECT_NE(run, nullptr);
    return run == nullptr ? RunOptions{} : *run;
}

/// The complaint and the help of a refused command line; empty where it was taken.
inline UsageError refusal_of(std::vector<std::string> words) {
    const Options options = parse(std::move(words));
    const auto* error = std::get_if<UsageError>(&options);
    return error == nullptr ? UsageError{} : *error;
}

inline bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace hm::host
