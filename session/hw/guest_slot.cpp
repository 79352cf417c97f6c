#include "session/hw/guest_slot.hpp"

#include <algorithm>
#include <cstring>

#include "board.hpp"
#include "board/machine.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "measure/crc32.hpp"

extern "C" char __guest_base[], __guest_image_start[], __guest_image_end[];

namespace hm::session {

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

/// So many bytes at a time are copied and compared, not one.
struct Block {
    std::uint32_t a, b, c, d;
};

/// The image in blocks. Its section is whole pages, so that there are zeros behind it.
std::span<const Block> blocks() {
    return {reinterpret_cast<const Block*>(__guest_image_start),
            (image().size() + sizeof(Block) - 1) / sizeof(Block)};
}

/// Not by std::copy, which would copy bytes.
void copy_image(Block* to) {
    for (const Block& block : blocks()) {
        *to++ = block;
    }
}

bool equals_image(const Block* loaded) {
    std::uint32_t difference = 0;
    for (const Block& block : blocks()) {
        const Block other = *loaded++;
        difference |=
            (block.a ^ other.a) | (block.b ^ other.b) | (block.c ^ other.c) | (block.d ^ other.d);
    }
    return difference == 0;
}

/// CRC-32 of the image as it was loaded to `code`. It costs more than all the rest of a small
/// scenario, so that it is taken once, of the monitor's own copy, which nobody can write: memory
/// that equals that has the same.
std::uint32_t checksum_of(const Block* code) {
    static std::optional<std::uint32_t> pristine;
    if (!pristine) {
        pristine = measure::crc32(image());
    }
    const std::span loaded(code, blocks().size());
    return equals_image(code) ? *pristine
                              : measure::crc32(std::as_bytes(loaded).first(image().size()));
}

}  // namespace

std::uint32_t guest_base() { return reinterpret_cast<std::uint32_t>(__guest_base); }

std::optional<measure::ParameterBlock> GuestSlot::parameters_for(measure::Task task,
                                                                 std::uint32_t memory_bytes,
                                                                 std::uint32_t demand_bytes) const {
    // What is mapped on demand begins at a table's boundary, so that its first page needs a table.
    const std::uint64_t wanted = guest_base() + kGuestOverhead + memory_bytes;
    const std::uint64_t end = (wanted + kBlock - 1) & ~(kBlock - 1);
    if (end - guest_base() + demand_bytes > end_ - base_) {
        return std::nullopt;
    }
    return measure::ParameterBlock{
        .magic = measure::ParameterBlock::kMagic,
        .task = task,
        .memory_end = static_cast<std::uint32_t>(end),
        .distributor = board::kGicd,
        .cpu_interface = board::kGicc,
        .timer_interrupt = board::kVirtualTimerInterrupt,
        .stamps = 0,
        .arguments = {},
        .demand_base = static_cast<std::uint32_t>(end),
        .demand_bytes = demand_bytes,
        .slip = 0,
        .stage1 = static_cast<std::uint32_t>(measure::Stage1::kLong4K),
    };
}

std::optional<measure::ParameterBlock> GuestSlot::parameters_for(
    const measure::Scenario& scenario) const {
    auto block = parameters_for(scenario.task, scenario.memory_bytes, scenario.demand_bytes);
    if (block) {
        block->stamps = scenario.stamps ? 1U : 0U;
        block->stage1 = static_cast<std::uint32_t>(scenario.translation.stage1);
        std::copy(scenario.arguments.begin(), scenario.arguments.end(), block->arguments);
    }
    return block;
}

Checksums GuestSlot::load(const measure::ParameterBlock& parameters) {
    const std::uint32_t code = address(measure::kGuestImageOffset);
    std::memset(at<void>(address(0)), 0, measure::kSharedBytes);
    std::memcpy(at<void>(address(measure::kParameterPage)), &parameters, sizeof parameters);
    copy_image(at<Block>(code));
    used_ = parameters.demand_base + parameters.demand_bytes - guest_base();
    // The guest begins with its caches off: what it reads and fetches must be in memory, and no
    // line of the guest before may be written back over what it writes (ARM DDI 0406C.d, B2.2.6).
    if (machine().models_caches) {
        cpu::clean_invalidate_all_data();
    }
    cpu::invalidate_instructions();
    return {
        .image = checksum_of(at<const Block>(code)),
        .parameters = measure::crc32(
            {at<const std::byte>(address(measure::kParameterPage)), sizeof parameters}),
    };
}

const measure::GuestReport& GuestSlot::report() const {
    return *at<const measure::GuestReport>(address(measure::kReportPage));
}

template <class Event>
std::optional<std::span<const Event>> GuestSlot::events() const {
    const std::uint64_t begin = std::uint64_t{report().samples} - guest_base();
    const std::uint64_t end = begin + std::uint64_t{report().sample_count} * sizeof(Event);
    if (report().samples < guest_base() || end > used_ || begin % alignof(Event) != 0) {
        return std::nullopt;
    }
    return std::span(at<const Event>(address(static_cast<std::uint32_t>(begin))),
                     report().sample_count);
}

template std::optional<std::span<const measure::Sample>> GuestSlot::events() const;
template std::optional<std::span<const measure::WakeUp>> GuestSlot::events() const;
template std::optional<std::span<const measure::Fault>> GuestSlot::events() const;

}  // namespace hm::session
