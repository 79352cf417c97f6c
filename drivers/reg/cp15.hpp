#pragma once
// The coordinates of a register of coprocessor 15, or of 14 (debug), as data: so each register's
// layout can name its own.

namespace hm::reg {

/// The operands of MRC/MCR (32-bit registers).
struct Cp15 {
    static constexpr unsigned kCoprocessor = 15;
    unsigned opc1, crn, crm, opc2;
};
struct Cp14 {
    static constexpr unsigned kCoprocessor = 14;
    unsigned opc1, crn, crm, opc2;
};

/// The operands of MRRC/MCRR (64-bit registers).
struct Cp15Wide {
    unsigned opc1, crm;
};

}  // namespace hm::reg
