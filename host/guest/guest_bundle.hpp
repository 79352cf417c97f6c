#pragma once
// A bundle from files.

#include <filesystem>
#include <optional>

#include "host/guest/bundle_maker.hpp"

namespace hm::host {

struct BundleFiles {
    std::filesystem::path kernel;
    std::filesystem::path initrd;         ///< empty: none
    std::optional<std::uint32_t> load{};  ///< of a flat image
    std::optional<std::uint32_t> entry{};
};

[[nodiscard]] MadeBundle bundle_of_files(const VirtualMachine& machine, const GuestRun& run,
                                         const BundleFiles& files);

}  // namespace hm::host
