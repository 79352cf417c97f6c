// What the C library and the compiler's own library ask of a system underneath.

#include <cstddef>

#include "boot/console.hpp"

extern "C" {

/// The C library's own is a kilobyte of unrolled loops, and nothing that is measured copies.
__attribute__((optimize("no-tree-loop-distribute-patterns"))) void* memcpy(void* to,
                                                                           const void* from,
                                                                           std::size_t bytes) {
    auto* out = static_cast<std::byte*>(to);
    const auto* in = static_cast<const std::byte*>(from);
    while (bytes-- != 0) {
        *out++ = *in++;
    }
    return to;
}

/// Referred to by unwinding tables of library objects; nothing here unwinds.
void __aeabi_unwind_cpp_pr0() {}
void __aeabi_unwind_cpp_pr1() {}

/// Called by library functions that cannot go on.
[[noreturn]] void abort() {
    hm::boot::print("\nhypmeter: the C library gave up\n");
    hm::boot::power_off(1);
}

/// A division by zero in the compiler's library (ARM IHI 0043, "Run-time ABI", 4.3.1).
[[noreturn]] void __aeabi_idiv0() { abort(); }
[[noreturn]] void __aeabi_ldiv0() { abort(); }

}  // extern "C"

/// What the standard library's headers call instead of throwing.
namespace std {
__attribute__((noreturn)) void __throw_out_of_range_fmt(const char*, ...) { abort(); }
}  // namespace std
