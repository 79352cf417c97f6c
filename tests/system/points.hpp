#pragma once
// Copies of the test images in which points take NOPs and interrupts go wrong: what is to be is
// written into the image's file, so that one image serves for every combination.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace hm::test {

/// The points of toolchain/image.cmake, by number.
inline constexpr int kTimerPoints = 14;  ///< on the way of an interrupt: 1 to 14
inline constexpr int kFaultPoints = 12;  ///< on the way of a page fault: 15 to 26
/// What a slot holds: a branch to its end, and NOPs.
inline constexpr int kMostInstructions = 16;

/// Instructions that a point takes, by its number. A point that is not named takes one.
using PointInstructions = std::map<int, int>;

/// The image with points, written to `file`; its path.
[[nodiscard]] std::string image_with_points(const std::filesystem::path& file,
                                            const PointInstructions& instructions);

/// The test image with this suffix, in which each of these variables of the monitor has that value,
/// written to `file`; its path.
[[nodiscard]] std::string image_with_values(const std::filesystem::path& file,
                                            const std::string& suffix,
                                            const std::map<std::string, std::uint32_t>& values);

/// The image with faults, in which `variable` has `value`, written to `file`; its path.
[[nodiscard]] std::string image_with_fault(const std::filesystem::path& file,
                                           const std::string& variable, std::uint32_t value);

}  // namespace hm::test
