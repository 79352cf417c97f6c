#pragma once
// A builder with a memory that checks its stores, for tests of single operations.

#include <gtest/gtest.h>

#include <optional>

#include "drivers/mmu/builder.hpp"
#include "drivers/mmu/walker.hpp"
#include "tests/unit/drivers/mmu/fake_memory.hpp"

namespace hm::mmu::test {

/// The tables of a format with a pool of frames. At the end no rule may be broken.
template <class Format>
struct Bench {
    using Input = typename Format::Input;
    using Output = typename Format::Output;

    explicit Bench(unsigned frames = 16) : memory(frames), builder(memory, memory.root()) {}
    ~Bench() {
        memory.settle();
        EXPECT_TRUE(memory.violations.empty()) << memory.violations.front();
    }
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    [[nodiscard]] Walk<Format> walk(std::uint64_t input) {
        return mmu::walk<Format>(memory, memory.root(), Input{input});
    }
    /// The size of the leaf that maps `input`.
    [[nodiscard]] Size size_of(std::uint64_t input) {
        EXPECT_TRUE(walk(input).output.has_value());
        return walk(input).size;
    }
    Status map(std::uint64_t input, std::uint64_t length, std::uint64_t output,
               std::optional<Size> forced = std::nullopt,
               typename Format::Attributes attributes = {}) {
        memory.settle();
        return builder.map({Input{input}, length}, Output{output}, attributes, forced);
    }
    Status unmap(std::uint64_t input, std::uint64_t length) {
        memory.settle();
        return builder.unmap({Input{input}, length});
    }
    Status protect(std::uint64_t input, std::uint64_t length,
                   typename Format::Attributes attributes) {
        memory.settle();
        return builder.protect({Input{input}, length}, attributes);
    }

    FakeMemory<Format> memory;
    Builder<Format, FakeMemory<Format>> builder;
};

}  // namespace hm::mmu::test
