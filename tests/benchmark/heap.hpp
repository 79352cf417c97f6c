#pragma once
// What a program of one thread has on the heap.

#include <cstddef>

namespace hm::benchmark {

struct Heap {
    std::size_t now = 0;   ///< bytes
    std::size_t peak = 0;  ///< the most that there were since this was set
};
extern Heap heap;

}  // namespace hm::benchmark
