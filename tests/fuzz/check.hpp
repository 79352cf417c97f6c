#pragma once
// What all fuzz targets share: claims that end the program where they do not hold, and a reader
// that makes numbers of the fuzzer's bytes.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

namespace hm::fuzz {

inline void require(bool holds, const char* claim) {
    if (!holds) {
        std::fprintf(stderr, "fuzz: not so: %s\n", claim);
        std::abort();
    }
}

/// Numbers from the bytes of an input; zeros when it is over.
class Input {
  public:
    Input(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

    [[nodiscard]] bool empty() const { return rest_.empty(); }

    std::uint8_t byte() {
        if (rest_.empty()) {
            return 0;
        }
        const std::uint8_t first = rest_.front();
        rest_ = rest_.subspan(1);
        return first;
    }
    std::uint32_t word() {
        std::uint32_t value = 0;
        for (unsigned i = 0; i < 4; ++i) {
            value |= std::uint32_t{byte()} << (8 * i);
        }
        return value;
    }
    /// Less than `count`, which is at most 65536.
    std::uint64_t below(std::uint64_t count) {
        const unsigned low = byte();
        return (count > 256 ? low + 256U * byte() : low) % count;
    }

  private:
    std::span<const std::uint8_t> rest_;
};

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

}  // namespace hm::fuzz
