#pragma once
// A figure of the page, as the functions that draw one return it.

#include <string>

#include "host/report/section.hpp"

namespace hm::host::page {

struct Drawing {
    std::string picture;    ///< HTML; empty if the run has nothing for it
    std::string note = {};  ///< plain text: what this run's machine leaves out, and how to read it
};

/// Wider than this a figure has room for texts beside its curves.
inline constexpr double kNarrowWidth = 500;

}  // namespace hm::host::page
