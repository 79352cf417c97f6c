// Runs the fuzz target without a fuzzer: on a valid device tree with random changes, the same in
// every run.
//
//     fdt_fuzz [ITERATIONS] [SEED]

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

#include "drivers/fdt/tree.hpp"
#include "tests/unit/drivers/fdt/tree_builder.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Blob = std::vector<std::byte>;

class Mutator {
  public:
    explicit Mutator(std::uint64_t seed) : random_(seed) {}

    /// `good` with one to six changes, most of them in place.
    Blob mutate(Blob blob) {
        for (std::size_t changes = 1 + below(6); changes > 0 && blob.size() > 4; --changes) {
            change(blob);
        }
        return blob;
    }

  private:
    std::size_t below(std::size_t end) { return static_cast<std::size_t>(random_() % end); }

    void change(Blob& blob) {
        const std::size_t at = below(blob.size());
        switch (below(8)) {
            case 0:
                blob[at] ^= std::byte{1} << below(8);
                break;
            case 1:
                blob[at] = static_cast<std::byte>(random_());
                break;
            case 2:
            case 3:
                set_interesting_word(blob, at);
                break;
            case 4:
                set_interesting_word(blob, below(40));
                break;
            case 5:
                copy_within(blob, at);
                break;
            case 6:
                blob.insert(blob.begin() + static_cast<std::ptrdiff_t>(at), 4, std::byte{0});
                break;
            default:
                blob.resize(below(4) == 0 ? at : blob.size());
                break;
        }
    }

    /// Writes a token, a small length or a number near a limit in place of a word.
    void set_interesting_word(Blob& blob, std::size_t near) {
        const auto size = static_cast<std::uint32_t>(blob.size());
        const std::uint32_t words[] = {
            0,          1,          2,
            3,          4,          9,
            16,         17,         40,
            size - 4,   size - 1,   size,
            size + 1,   0x7fffffff, ~0u,
            ~3u,        0x80000000, 0xfffffff0,
            0x00010000, size / 2,   static_cast<std::uint32_t>(random_()),
        };
        const std::size_t at = near / 4 * 4;
        if (at + 4 <= blob.size()) {
            hm::fdt::set_word(blob, at, words[below(std::size(words))]);
        }
    }

    void copy_within(Blob& blob, std::size_t to) {
        const std::size_t from = below(blob.size());
        const std::size_t longest = blob.size() - (from > to ? from : to);
        const std::size_t length = below(longest < 64 ? longest : 64);
        for (std::size_t i = 0; i < length; ++i) {
            blob[to + i] = blob[from + i];
        }
    }

    std::mt19937_64 random_;
};

}  // namespace

int main(int argc, char** argv) {
    const std::uint64_t iterations = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 200'000;
    const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
    Mutator mutator(seed);
    const Blob seeds[] = {hm::fdt::virt_tree().finish(), hm::fdt::virt_tree().finish(16),
                          hm::fdt::reserving_tree().finish()};
    std::uint64_t opened = 0;
    for (std::uint64_t i = 0; i < iterations; ++i) {
        const Blob blob = mutator.mutate(seeds[i % std::size(seeds)]);
        opened += hm::fdt::Tree::open(blob).error == hm::fdt::Error::kNone ? 1 : 0;
        std::vector<std::uint8_t> bytes;
        for (const std::byte byte : blob) {
            bytes.push_back(std::to_integer<std::uint8_t>(byte));
        }
        LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    }
    std::printf("fdt_fuzz: %llu inputs, of which %llu were well-formed trees\n",
                static_cast<unsigned long long>(iterations),
                static_cast<unsigned long long>(opened));
    // If all inputs were refused, or all accepted, little would be tested.
    return iterations >= 1000 && (opened == 0 || opened == iterations) ? 1 : 0;
}
