#pragma once
// A pool of frames, of 4 KB or as large as the tables that they hold. It never touches the frames
// themselves: a bitmap, which the caller provides, says which are free.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "drivers/mmu/address.hpp"

namespace hm::mmu {

/// Hands out the frames of one contiguous range of the address space `A`, lowest first. Each has
/// `kUnit` bytes (a power of two). Frames are not zeroed: that is the caller's part.
template <class A = Pa, std::uint64_t kUnit = kFrameBytes>
class FramePool {
    static_assert(std::has_single_bit(kUnit));

  public:
    /// Words of bitmap that `frames` frames need.
    [[nodiscard]] static constexpr std::size_t words_for(unsigned frames) {
        return frames / kBitsPerWord + (frames % kBitsPerWord != 0 ? 1 : 0);
    }

    /// All frames from `begin` (aligned to `kUnit`) on are free at first. Frames without a bit in
    /// `bitmap` are left out. The bitmap must outlive the pool.
    constexpr FramePool(A begin, unsigned frames, std::span<std::uint32_t> bitmap)
        : begin_(begin), free_bits_(bitmap) {
        std::ranges::fill(free_bits_, 0U);
        frames_ =
            static_cast<unsigned>(std::min<std::size_t>(frames, free_bits_.size() * kBitsPerWord));
        for (unsigned frame = 0; frame < frames_; ++frame) {
            set_free(frame);
        }
    }

    [[nodiscard]] constexpr unsigned available() const { return available_; }

    /// One frame, or nothing when all are taken.
    [[nodiscard]] constexpr std::optional<A> allocate() {
        for (; first_word_ < free_bits_.size(); ++first_word_) {
            const std::uint32_t word = free_bits_[first_word_];
            if (word != 0) {
                const auto bit = static_cast<unsigned>(std::countr_zero(word));
                return take(first_word_ * kBitsPerWord + bit, 1);
            }
        }
        return std::nullopt;
    }

    /// `count` frames (a power of two) next to each other, aligned to their total size, as a root
    /// of concatenated tables must be; nothing if there is no such run.
    [[nodiscard]] constexpr std::optional<A> allocate_run(unsigned count) {
        const std::uint64_t run_bytes = count * kUnit;
        const std::uint64_t first_aligned = (begin_.value + run_bytes - 1) & ~(run_bytes - 1);
        const std::uint64_t first = (first_aligned - begin_.value) / kUnit;
        for (std::uint64_t frame = first; frame + count <= frames_; frame += count) {
            if (all_free(static_cast<unsigned>(frame), count)) {
                return take(static_cast<unsigned>(frame), count);
            }
        }
        return std::nullopt;
    }

    /// Gives back one frame. False, and nothing changes, if it is not a taken frame of this pool.
    [[nodiscard]] constexpr bool release(A frame) {
        const std::uint64_t offset = frame - begin_;
        const std::uint64_t number = offset / kUnit;
        if (offset % kUnit != 0 || number >= frames_ || is_free(static_cast<unsigned>(number))) {
            return false;
        }
        set_free(static_cast<unsigned>(number));
        first_word_ = std::min(first_word_, static_cast<unsigned>(number) / kBitsPerWord);
        return true;
    }

    /// All frames are free again. Done by words: bit by bit, thousands of frames took a quarter of
    /// the time of a small scenario.
    constexpr void release_all() {
        for (unsigned word = 0; word < free_bits_.size(); ++word) {
            const unsigned before = word * kBitsPerWord;
            const unsigned here = frames_ - std::min(before, frames_);
            free_bits_[word] = here >= kBitsPerWord ? ~0U : (1U << here) - 1;
        }
        available_ = frames_;
        first_word_ = 0;
    }

  private:
    static constexpr unsigned kBitsPerWord = 32;

    [[nodiscard]] static constexpr std::uint32_t bit_of(unsigned frame) {
        return std::uint32_t{1} << (frame % kBitsPerWord);
    }
    [[nodiscard]] constexpr bool is_free(unsigned frame) const {
        return (free_bits_[frame / kBitsPerWord] & bit_of(frame)) != 0;
    }
    [[nodiscard]] constexpr bool all_free(unsigned frame, unsigned count) const {
        for (unsigned i = 0; i < count; ++i) {
            if (!is_free(frame + i)) {
                return false;
            }
        }
        return true;
    }
    constexpr void set_free(unsigned frame) {
        free_bits_[frame / kBitsPerWord] |= bit_of(frame);
        ++available_;
    }
    constexpr A take(unsigned frame, unsigned count) {
        for (unsigned i = 0; i < count; ++i) {
            free_bits_[(frame + i) / kBitsPerWord] &= ~bit_of(frame + i);
        }
        available_ -= count;
        return begin_ + frame * kUnit;
    }

    A begin_;
    std::span<std::uint32_t> free_bits_;
    unsigned frames_ = 0;
    unsigned available_ = 0;
    unsigned first_word_ = 0;  ///< No word before it has a free frame.
};

}  // namespace hm::mmu
