#include "boot/guest_slot.hpp"

#include <algorithm>
#include <cstring>

#include "board.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "measure/crc32.hpp"

extern "C" char __guest_base[], __guest_image_start[], __guest_image_end[];

namespace hm::boot {

namespace {

/// Beyond what a workload goes through, the guest has its image, its own tables and stacks.
constexpr std::uint64_t kGuestOverhead = std::uint64_t{8} << 20;
constexpr std::uint64_t kBlock = std::uint64_t{2} << 20;

std::span<const std::byte> image() {
    return {reinterpret_cast<const std::byte*>(__guest_image_start),
            static_cast<std::size_t>(__guest_image_end - __guest_image_start)};
}

template <class T>
T* at(std::uint32_t address) {
    return reinterpret_cast<T*>(address);
}

}  // namespace

GuestSlot::GuestSlot(std::uint64_t ram_end)
    : base_(reinterpret_cast<std::uint32_t>(__guest_base)), ram_end_(ram_end) {}

std::optional<measure::ParameterBlock> GuestSlot::parameters_for(
    const measure::Scenario& scenario) const {
    const std::uint64_t wanted = base_ + kGuestOverhead + scenario.memory_bytes;
    // What is mapped on demand begins at a table's boundary, so that its first page needs a table.
    const std::uint64_t end = (wanted + kBlock - 1) & ~(kBlock - 1);
    if (end + scenario.demand_bytes > ram_end_) {
        return std::nullopt;
    }
    measure::ParameterBlock block{
        .magic = measure::ParameterBlock::kMagic,
        .task = scenario.task,
        .memory_end = static_cast<std::uint32_t>(end),
        .distributor = board::kGicd,
        .cpu_interface = board::kGicc,
        .timer_interrupt = board::kVirtualTimerInterrupt,
        .stamps = scenario.stamps ? 1U : 0U,
        .arguments = {},
        .demand_base = static_cast<std::uint32_t>(end),
        .demand_bytes = scenario.demand_bytes,
    };
    std::copy(scenario.arguments.begin(), scenario.arguments.end(), block.arguments);
    return block;
}

Checksums GuestSlot::load(const measure::ParameterBlock& parameters) {
    std::memset(at<void>(base_), 0, measure::kGuestImageOffset);
    std::memcpy(at<void>(base_ + measure::kParameterPage), &parameters, sizeof parameters);
    std::memcpy(at<void>(entry()), image().data(), image().size());
    memory_end_ = parameters.demand_base + parameters.demand_bytes;
    // The guest begins with its caches off: what it reads and fetches must be in memory, and no
    // line of the guest before may be written back over what it writes.
    cpu::clean_invalidate_all_data();
    cpu::invalidate_instructions();
    return {
        .image = measure::crc32({at<const std::byte>(entry()), image().size()}),
        .parameters = measure::crc32(
            {at<const std::byte>(base_ + measure::kParameterPage), sizeof parameters}),
    };
}

const measure::GuestReport& GuestSlot::report() const {
    return *at<const measure::GuestReport>(base_ + measure::kReportPage);
}

template <class Event>
std::optional<std::span<const Event>> GuestSlot::events() const {
    const std::uint64_t begin = report().samples;
    const std::uint64_t end = begin + std::uint64_t{report().sample_count} * sizeof(Event);
    if (begin < base_ || end > memory_end_ || begin % alignof(Event) != 0) {
        return std::nullopt;
    }
    return std::span(at<const Event>(report().samples), report().sample_count);
}

template std::optional<std::span<const measure::Sample>> GuestSlot::events() const;
template std::optional<std::span<const measure::WakeUp>> GuestSlot::events() const;

}  // namespace hm::boot
