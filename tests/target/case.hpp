#pragma once
// Cases that run on the target: rows of a table, each a sentence and a function.

#include <span>
#include <string_view>

namespace hm::target {

/// What is wrong, or nothing.
using Complaint = std::string_view;

struct Case {
    std::string_view sentence;
    Complaint (*run)();
};

[[nodiscard]] std::span<const Case> hyp_cases();
[[nodiscard]] std::span<const Case> translation_cases();
[[nodiscard]] std::span<const Case> own_memory_cases();
[[nodiscard]] std::span<const Case> guest_cases();
[[nodiscard]] std::span<const Case> switch_cases();
[[nodiscard]] std::span<const Case> trap_cases();
[[nodiscard]] std::span<const Case> state_cases();
[[nodiscard]] std::span<const Case> endless_cases();
[[nodiscard]] std::span<const Case> limit_cases();
[[nodiscard]] std::span<const Case> uart_cases();
[[nodiscard]] std::span<const Case> passed_device_cases();
[[nodiscard]] std::span<const Case> thumb_ee_cases();
[[nodiscard]] std::span<const Case> second_core_cases();
[[nodiscard]] std::span<const Case> several_cpus_cases();

using Cases = std::span<const Case>;
/// All cases of an image: those of guests that keep to the rules, of guests that wreck what they
/// can reach, or of the second core.
[[nodiscard]] std::span<const Cases> tables();

}  // namespace hm::target
