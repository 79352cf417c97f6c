#pragma once
// A context of the guest: what guest/hw/vectors.S saves and resumes.

#include <cstdint>

namespace hm::guest {

struct alignas(8) Frame {
    std::uint32_t user_sp, user_lr;
    std::uint32_t r[13];
    std::uint32_t svc_lr;
    std::uint32_t pc, cpsr;
};
static_assert(sizeof(Frame) == 72, "as save_frame lays it out, and a multiple of 8 for the stack");

}  // namespace hm::guest
