// Functions that the C library and the compiler's own library need from the system.

#include "board/hw/console.hpp"
#include "board/hw/start.hpp"

extern "C" {

/// The unwinding tables of library objects refer to it; nothing here unwinds.
void __aeabi_unwind_cpp_pr0() {}
void __aeabi_unwind_cpp_pr1() {}

/// Called by library functions that cannot go on.
[[noreturn]] void abort() {
    hm::board::print("\nhypmeter: the C library gave up\n");
    hm::board::give_up();
}

/// A division by zero in the compiler's library (ARM IHI 0043, "Run-time ABI", 4.3.1).
[[noreturn]] void __aeabi_idiv0() { abort(); }
[[noreturn]] void __aeabi_ldiv0() { abort(); }

}  // extern "C"

/// What the standard library's headers call instead of throwing.
namespace std {
__attribute__((noreturn)) void __throw_out_of_range_fmt(const char*, ...) { abort(); }
}  // namespace std
