#include "tests/benchmark/heap.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace hm::benchmark {

Heap heap;

}  // namespace hm::benchmark

using hm::benchmark::heap;

// Each piece has its size before it.
constexpr std::size_t kHead = alignof(std::max_align_t);

void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
    void* const memory = std::malloc(size + kHead);
    if (memory == nullptr) {
        return nullptr;
    }
    *static_cast<std::size_t*>(memory) = size;
    heap.now += size;
    heap.peak = std::max(heap.peak, heap.now);
    return static_cast<char*>(memory) + kHead;
}

void* operator new(std::size_t size) {
    void* const memory = operator new(size, std::nothrow);
    if (memory == nullptr) {
        throw std::bad_alloc();
    }
    return memory;
}

void operator delete(void* pointer) noexcept {
    if (pointer != nullptr) {
        void* const memory = static_cast<char*>(pointer) - kHead;
        heap.now -= *static_cast<std::size_t*>(memory);
        std::free(memory);
    }
}

void operator delete(void* pointer, std::size_t /*size*/) noexcept { operator delete(pointer); }
