// What the compiler's own library needs from the system.

#include "alone/hw/console.hpp"
#include "alone/hw/power.hpp"
#include "measure/record.hpp"

extern "C" {

/// The unwinding tables of library objects refer to it; nothing here unwinds.
void __aeabi_unwind_cpp_pr0() {}
void __aeabi_unwind_cpp_pr1() {}

/// Called by library functions that cannot go on.
__attribute__((noreturn)) void abort() {
    hm::alone::print("\nhypmeter: the C library gave up\n");
    hm::alone::print(hm::measure::kGivesUp);
    hm::alone::print("\n");
    hm::alone::power_off(hm::alone::Conduit::kNone);
}

/// A division by zero in the compiler's library (ARM IHI 0043, "Run-time ABI", 4.3.1).
[[noreturn]] void __aeabi_idiv0() { abort(); }
[[noreturn]] void __aeabi_ldiv0() { abort(); }

}  // extern "C"

/// What the standard library's headers call instead of throwing.
namespace std {
__attribute__((noreturn)) void __throw_out_of_range_fmt(const char*, ...) { abort(); }
}  // namespace std
