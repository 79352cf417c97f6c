// Functions on memory that the compiler and the standard library's headers call.

#include <cstddef>

extern "C" {

// The C library's own versions are two kilobytes of unrolled loops, and nothing that is measured
// copies or compares. The pragma keeps the compiler from turning each loop into a call of itself.
#pragma GCC push_options
#pragma GCC optimize("no-tree-loop-distribute-patterns")

void* memcpy(void* to, const void* from, std::size_t bytes) {
    auto* out = static_cast<std::byte*>(to);
    const auto* in = static_cast<const std::byte*>(from);
    while (bytes-- != 0) {
        *out++ = *in++;
    }
    return to;
}

void* memmove(void* to, const void* from, std::size_t bytes) {
    auto* const out = static_cast<std::byte*>(to);
    const auto* const in = static_cast<const std::byte*>(from);
    if (out <= in) {
        return memcpy(to, from, bytes);
    }
    while (bytes-- != 0) {
        out[bytes] = in[bytes];
    }
    return to;
}

int memcmp(const void* one, const void* other, std::size_t bytes) {
    const auto* a = static_cast<const unsigned char*>(one);
    const auto* b = static_cast<const unsigned char*>(other);
    for (; bytes != 0; --bytes, ++a, ++b) {
        if (*a != *b) {
            return *a - *b;
        }
    }
    return 0;
}

void* memchr(const void* in, int wanted, std::size_t bytes) {
    const auto* at = static_cast<const unsigned char*>(in);
    for (; bytes != 0; --bytes, ++at) {
        if (*at == static_cast<unsigned char>(wanted)) {
            return const_cast<unsigned char*>(at);
        }
    }
    return nullptr;
}

std::size_t strlen(const char* text) {
    const char* end = text;
    while (*end != '\0') {
        ++end;
    }
    return static_cast<std::size_t>(end - text);
}

#pragma GCC pop_options

}  // extern "C"
