#include "tests/target/isolation/bystanders.hpp"

#include <algorithm>
#include <span>

#include "tests/target/isolation/run.hpp"

extern "C" {
extern const std::uint32_t __image_start[], __text_end[], __rodata_end[], __stack_guard[],
    __image_end[];
}

namespace hm::isolation {

namespace {

using Words = std::span<const std::uint32_t>;

Words between(const std::uint32_t* begin, const std::uint32_t* end) {
    return {begin, static_cast<std::size_t>(end - begin)};
}
Words at(std::uint64_t begin, std::uint64_t end) {
    return between(reinterpret_cast<const std::uint32_t*>(static_cast<std::uint32_t>(begin)),
                   reinterpret_cast<const std::uint32_t*>(static_cast<std::uint32_t>(end)));
}

/// Each word counts, and so does its place.
std::uint32_t sum_of(Words words) {
    std::uint32_t sum = 0;
#pragma GCC unroll 8
    for (const std::uint32_t word : words) {
        sum = word + (sum << 1 | sum >> 31);
    }
    return sum;
}

/// The monitor's writable data, and its copy in memory that no guest has.
Words data() { return between(__rodata_end, __stack_guard); }
std::span<std::uint32_t> copy() {
    return {reinterpret_cast<std::uint32_t*>(unused_memory() + (1U << 20)), data().size()};
}

/// HYP's own tables follow the image (boot/hyp_mmu.cpp).
constexpr std::uint32_t kHypTableBytes = 64 * 4096;

}  // namespace

Bystanders::Sums Bystanders::sums() {
    const session::Slots& memory = slots();
    const auto companion = memory.companion;
    const std::uint64_t end = std::uint64_t{memory.records} + memory.record_bytes;
    return {.text = sum_of(between(__image_start, __text_end)),
            .read_only = sum_of(between(__text_end, __rodata_end)),
            .hyp_tables = sum_of(at(reinterpret_cast<std::uint32_t>(__image_end),
                                    reinterpret_cast<std::uint32_t>(__image_end) + kHypTableBytes)),
            .companion = sum_of(at(companion.begin, companion.end)),
            .beyond = sum_of(at(companion.end, end))};
}

void Bystanders::remember() {
    sums_ = sums();
    target::take(registers_);  // first: it leaves what it reads in the monitor's data too
    std::copy(data().begin(), data().end(), copy().begin());
}

bool Bystanders::learn_counters() {
    target::take(now_);
    const Words now = data();
    for (std::size_t i = 0; i < now.size(); ++i) {
        if (now[i] != copy()[i] && !counts(i)) {
            if (counters_ == kMostCounters) {
                return false;
            }
            counter_at_[counters_++] = i / 2;
        }
    }
    return true;
}

bool Bystanders::counts(std::size_t word) const {
    const auto known = std::span(counter_at_).first(counters_);
    return std::find(known.begin(), known.end(), word / 2) != known.end();
}

bool Bystanders::registers_unharmed(session::Message& message) {
    target::take(now_);
    const std::string_view difference = target::first_difference(registers_, now_);
    if (!difference.empty()) {
        message.text("; ").text(difference);
    }
    return difference.empty();
}

bool Bystanders::unharmed_by_act(bool companion_ran, session::Message& message) const {
    const Sums now = sums();
    const char* changed = nullptr;
    if (now.text != sums_.text) {
        changed = "the monitor's text";
    } else if (now.read_only != sums_.read_only) {
        changed = "the monitor's read-only data";
    } else if (now.hyp_tables != sums_.hyp_tables) {
        changed = "HYP's own tables";
    } else if (now.beyond != sums_.beyond) {
        changed = "kept records, or memory of the second core";
    } else if (!companion_ran && now.companion != sums_.companion) {
        changed = "the memory of the other VM";
    }
    if (changed != nullptr) {
        message.text("; changed: ").text(changed);
    }
    return changed == nullptr;
}

bool Bystanders::unharmed_since(session::Message& message) {
    const bool same_registers = registers_unharmed(message);
    unsigned changed = 0;
    const Words now = data();
    for (std::size_t i = 0; i < now.size(); ++i) {
        if (now[i] == copy()[i] || counts(i)) {
            continue;
        }
        constexpr unsigned kMostNamed = 4;
        if (++changed <= kMostNamed) {
            message.text("; the monitor's data at ")
                .hex(reinterpret_cast<std::uint32_t>(&now[i]))
                .text(" was ")
                .hex(copy()[i])
                .text(" and is ")
                .hex(now[i]);
        }
    }
    return changed == 0 && same_registers;
}

void Bystanders::clear_companion() {
    const auto companion = slots().companion;
    auto* word = reinterpret_cast<std::uint64_t*>(static_cast<std::uint32_t>(companion.begin));
    std::fill_n(word, companion.bytes() / sizeof(*word), 0);
}

}  // namespace hm::isolation
