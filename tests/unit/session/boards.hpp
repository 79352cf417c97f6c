#pragma once
// What session/ knows of some boards, written down from board/*/board.hpp and board/*/memory.ld,
// for tests that want them as constants. Of all boards: board_folders.hpp.

#include "session/core/platform.hpp"

namespace hm::session {

inline constexpr Platform kVirt{.guest_base = 0x4200'0000,
                                .image = 0x4020'0000,
                                .distributor = 0x0800'0000,
                                .cpu_interface = 0x0801'0000,
                                .virtual_cpu_interface = 0x0804'0000,
                                .timer_interrupt = 27,
                                .spare_timer = {{timer::SpareKind::kPl031, 0x0901'0000, 34}},
                                .machine = {}};
inline constexpr Platform kVexpress{.guest_base = 0x8200'0000,
                                    .image = 0x8020'0000,
                                    .distributor = 0x2c00'1000,
                                    .cpu_interface = 0x2c00'2000,
                                    .virtual_cpu_interface = 0x2c00'6000,
                                    .timer_interrupt = 27,
                                    .spare_timer = {{timer::SpareKind::kPl031, 0x1c17'0000, 36}},
                                    .machine = {}};
inline constexpr Platform kArndale{.guest_base = 0x4400'0000,
                                   .image = 0x4200'0000,
                                   .distributor = 0x1048'1000,
                                   .cpu_interface = 0x1048'2000,
                                   .virtual_cpu_interface = 0x1048'6000,
                                   .timer_interrupt = 27,
                                   .spare_timer = {{timer::SpareKind::kExynosPwm, 0x12dd'0000, 71}},
                                   .machine = {}};

}  // namespace hm::session
