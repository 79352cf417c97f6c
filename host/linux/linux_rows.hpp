#pragma once
// What is run of Linux: workloads of several rows each, all of them the same boot but for the row's
// delivery and mapping.

#include <array>
#include <span>
#include <string_view>

#include "measure/setting.hpp"
#include "measure/translation.hpp"

namespace hm::host {

struct LinuxRow {
    std::string_view name;
    measure::Delivery delivery;  ///< kNative: without the monitor
    measure::Mapping mapping;
};

enum class LinuxWork : std::uint8_t { kBoot, kCyclictest, kLmbench };

struct LinuxWorkload {
    LinuxWork work;
    std::string_view name;  ///< for --only
    std::string_view meaning;
    std::span<const LinuxRow> rows;  ///< the first is native
};

namespace detail {
using measure::Delivery;
using measure::Mapping;

inline constexpr LinuxRow kNativeLinux{"native", Delivery::kNative, Mapping::kNone};

inline constexpr std::array<LinuxRow, 8> kBootRows{
    {kNativeLinux,
     {"premapped-2M", Delivery::kInjected, Mapping::kPremapped2M},
     {"premapped-4K", Delivery::kInjected, Mapping::kPremapped4K},
     {"demand-4K", Delivery::kInjected, Mapping::kDemand4K},
     {"around-4", Delivery::kInjected, Mapping::kAround4},
     {"around-16", Delivery::kInjected, Mapping::kAround16},
     {"around-64", Delivery::kInjected, Mapping::kAround64},
     {"demand-2M", Delivery::kInjected, Mapping::kDemand2M}}};

inline constexpr std::array<LinuxRow, 5> kCyclictestRows{
    {kNativeLinux,
     {"injected", Delivery::kInjected, Mapping::kPremapped2M},
     {"injected-soft", Delivery::kInjectedSoft, Mapping::kPremapped2M},
     {"shared", Delivery::kShared, Mapping::kPremapped2M},
     {"boosted", Delivery::kBoosted, Mapping::kPremapped2M}}};

inline constexpr std::array<LinuxRow, 2> kLmbenchRows{
    {kNativeLinux, {"injected", Delivery::kInjected, Mapping::kPremapped2M}}};
}  // namespace detail

inline constexpr std::array<LinuxWorkload, 3> kLinuxWorkloads{
    {{LinuxWork::kBoot, "linux-boot", "what a boot of Linux costs, for each way to map its memory",
      detail::kBootRows},
     {LinuxWork::kCyclictest, "linux-cyclictest",
      "Linux' response to a timer by cyclictest, as the paper measured it",
      detail::kCyclictestRows},
     {LinuxWork::kLmbench, "linux-lmbench",
      "lat_pagefault and lat_mem_rd of LMbench in Linux, from the folder --lmbench",
      detail::kLmbenchRows}}};

}  // namespace hm::host
