#include "session/hw/guest_memory.hpp"

#include <cstring>

#include "board.hpp"
#include "board/machine.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "measure/crc32.hpp"

extern "C" char __guest_base[], __image_start[], __guest_image_start[], __guest_image_end[];

namespace hm::session {

namespace {

std::span<const std::byte> image() {
    return {reinterpret_cast<const std::byte*>(__guest_image_start),
            static_cast<std::size_t>(__guest_image_end - __guest_image_start)};
}

template <class T>
T* at(std::uint32_t address) {
    return reinterpret_cast<T*>(address);
}

/// So many bytes at a time are copied and compared, not one: it is done for each scenario.
struct Block {
    std::uint64_t a, b, c, d;
};

/// The image in blocks. Its section is whole pages, padded with zeros.
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
    std::uint64_t difference = 0;
    for (const Block& block : blocks()) {
        const Block& other = *loaded++;
        difference |=
            (block.a ^ other.a) | (block.b ^ other.b) | (block.c ^ other.c) | (block.d ^ other.d);
    }
    return difference == 0;
}

/// Zero, but the compiler cannot know that: it would make a loop of stores a call of memset, which
/// stores single bytes here.
std::uint32_t unknown_zero() {
    std::uint32_t zero = 0;
    asm("" : "+r"(zero));
    return zero;
}

/// CRC-32 of the image as it was loaded to `code`. It costs more than all the rest of a small
/// scenario, so it is computed once, from the monitor's own copy, which nothing can write: memory
/// that is equal to that has the same CRC.
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

Platform platform() {
    return {.guest_base = reinterpret_cast<std::uint32_t>(__guest_base),
            .image = reinterpret_cast<std::uint32_t>(__image_start),
            .distributor = board::kGicd,
            .cpu_interface = board::kGicc,
            .virtual_cpu_interface = board::kGicv,
            .timer_interrupt = board::kVirtualTimerInterrupt,
            .spare_timer = machine().has_spare_timer ? board::kSpareTimer : std::nullopt,
            .machine = machine()};
}

void clear(const GuestSlot& slot, const measure::ParameterBlock& block) {
    const std::uint32_t bytes = block.demand_base + block.demand_bytes - platform().guest_base;
    const std::uint32_t half = unknown_zero();
    const std::uint64_t zero = std::uint64_t{half} << 32 | half;
    auto* to = at<std::uint64_t>(slot.at(0));
    auto* const end = at<std::uint64_t>(slot.at(bytes));  // whole pages
    for (; to != end; to += 8) {
        to[0] = zero;
        to[1] = zero;
        to[2] = zero;
        to[3] = zero;
        to[4] = zero;
        to[5] = zero;
        to[6] = zero;
        to[7] = zero;
    }
}

Checksums load(const GuestSlot& slot, const measure::ParameterBlock& block) {
    const std::uint32_t code = slot.at(measure::kGuestImageOffset);
    std::memset(at<void>(slot.at(0)), 0, measure::kSharedBytes);
    std::memcpy(at<void>(slot.at(measure::kParameterPage)), &block, sizeof block);
    copy_image(at<Block>(code));
    // The guest begins with its caches off: what it reads and fetches must be in memory, and no
    // line of the guest before may be written back over what it writes (ARM DDI 0406C.d, B2.2.6).
    if (machine().models_caches) {
        if (machine().cleans_by_set_way) {
            cpu::clean_invalidate_all_data();
        } else {
            cpu::clean_invalidate_data(slot.at(0), slot.at(measure::kUncachedBytes));
        }
    }
    cpu::invalidate_instructions();
    return {
        .image = checksum_of(at<const Block>(code)),
        .parameters =
            measure::crc32({at<const std::byte>(slot.at(measure::kParameterPage)), sizeof block}),
    };
}

const measure::GuestReport& report_of(const GuestSlot& slot) {
    return *at<const measure::GuestReport>(slot.at(measure::kReportPage));
}

std::optional<std::span<const std::byte>> events_of(const GuestSlot& slot,
                                                    const measure::ParameterBlock& block) {
    const measure::GuestReport& report = report_of(slot);
    const auto offset = offset_of_events(platform(), block, report);
    if (!offset) {
        return std::nullopt;
    }
    return std::span(at<const std::byte>(slot.at(*offset)),
                     std::size_t{report.event_count} * block.event_bytes);
}

}  // namespace hm::session
