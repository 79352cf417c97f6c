#include "alone/hw/guest_image.hpp"

#include <array>
#include <cstring>

#include "guest/board/alone/hw/surroundings.hpp"
#include "measure/crc32.hpp"

extern "C" {
extern char __text_end[], __data_begin[], __data_end[];
struct Relocation {
    std::uint32_t offset, info;
};
extern const Relocation __relocations_begin[], __relocations_end[];
std::uint32_t run_guest();
extern std::uint32_t guest_memory[2];
}

namespace hm::alone {

namespace {

std::uint32_t address(const void* place) { return reinterpret_cast<std::uint32_t>(place); }

/// Its data are a page, or two.
constexpr std::size_t kMostData = 8192;
[[gnu::section(".sbss.session")]] std::array<std::byte, kMostData> kept_data;

std::size_t data_bytes() { return static_cast<std::size_t>(__data_end - __data_begin); }

template <class T>
T* shared(std::uint32_t offset) {
    return reinterpret_cast<T*>(__guest_base + offset);
}

}  // namespace

Stretch image_place() { return {address(__image_start), address(__image_end)}; }

void keep_data() { std::memcpy(kept_data.data(), __data_begin, data_bytes()); }

std::uint32_t image_crc32() {
    // The linker has sorted the relocations (ld, "-z combreloc").
    const Relocation* next = __relocations_begin;
    measure::Crc32 crc;
    const std::uint32_t base = address(__image_start);
    for (std::uint32_t offset = 0; offset < address(__text_end) - base; offset += 4) {
        std::uint32_t word = *reinterpret_cast<const std::uint32_t*>(base + offset);
        if (next != __relocations_end && next->offset == offset) {
            word -= base;
            ++next;
        }
        for (unsigned shift = 0; shift < 32; shift += 8) {
            crc.add(static_cast<std::byte>(word >> shift));
        }
    }
    return crc.value();
}

void prepare_guest(const measure::ParameterBlock& block, const Surroundings& here,
                   bool clock_is_pmu) {
    std::memcpy(__data_begin, kept_data.data(), data_bytes());
    std::memset(__guest_base, 0, measure::kSharedBytes);
    std::memcpy(shared<void>(measure::kParameterPage), &block, sizeof block);
    auto& told = guest::board::surroundings();
    told.clock_is_pmu = clock_is_pmu ? 1 : 0;
    told.heap = here.heap.begin;
    told.uart = here.uart;
    guest_memory[0] = here.heap.begin;
    guest_memory[1] = block.memory_end;
}

measure::Outcome run_guest_image() { return static_cast<measure::Outcome>(run_guest()); }

const measure::GuestReport& report_of_guest() {
    return *shared<const measure::GuestReport>(measure::kReportPage);
}

std::optional<std::span<const std::byte>> events_of_guest(const measure::ParameterBlock& block) {
    const measure::GuestReport& report = report_of_guest();
    const std::uint64_t end =
        std::uint64_t{report.events_at} + std::uint64_t{report.event_count} * block.event_bytes;
    if (report.events_at < guest_memory[0] || end > guest_memory[1] ||
        report.events_at % alignof(std::uint32_t) != 0) {
        return std::nullopt;
    }
    return std::span(reinterpret_cast<const std::byte*>(report.events_at),
                     std::size_t{report.event_count} * block.event_bytes);
}

}  // namespace hm::alone
