#pragma once
// Semihosting, used for two things: to ask the emulator for its command line, and to give it an
// exit status. "Semihosting for AArch32 and AArch64" (ARM-software/abi-aa).

#include <cstdint>
#include <span>
#include <string_view>

namespace hm::semihosting {

/// Calls `operation` with its block of arguments; the answer is in r0. Built as A32, since the SVC
/// number is the one for A32. Without an emulator that listens, this is an ordinary SVC: it returns
/// only if there is a handler.
[[gnu::target("arm"), gnu::noinline]] inline std::uint32_t call(std::uint32_t operation,
                                                                void* block) {
    register std::uint32_t r0 asm("r0") = operation;
    register void* r1 asm("r1") = block;
    asm volatile("svc 0x123456" : "+r"(r0) : "r"(r1) : "memory", "lr");
    return r0;
}

/// Ends the emulator with `status` (SYS_EXIT_EXTENDED, 6.9).
inline void exit(std::uint32_t status) {
    std::uint32_t block[]{0x20026, status};  // ADP_Stopped_ApplicationExit
    call(0x20, block);
}

/// The words of the command line after the program's name (SYS_GET_CMDLINE, 6.10), in `buffer`;
/// empty if there are none or they do not fit.
inline std::string_view command_line(std::span<char> buffer) {
    std::uint32_t block[]{reinterpret_cast<std::uint32_t>(buffer.data()),
                          static_cast<std::uint32_t>(buffer.size())};
    if (call(0x15, block) != 0 || block[1] >= buffer.size()) {
        return {};
    }
    const std::string_view all(buffer.data(), block[1]);
    const std::size_t cut = all.find(' ');
    return cut == std::string_view::npos ? std::string_view{} : all.substr(cut + 1);
}

}  // namespace hm::semihosting
