#include "hyp/hw/thumb_ee.hpp"

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/registers.hpp"
#include "hyp/hw/this_cpu.hpp"
#include "hyp/hw/trapped.hpp"
#include "hyp/hw/traps.hpp"
#include "hyp/hw/vm.hpp"

namespace hm::hyp {

namespace {

/// Elsewhere the registers are undefined to HYP too (ARM DDI 0406C.d, B4.1.92).
bool core_has_thumb_ee() { return cpu::read<cpu::IdPfr0>().get(cpu::IdPfr0::kThumbEe) != 0; }

/// The return to the guest is the context synchronization (B3.15.5).
void load(const ThumbEe& state) {
    cpu::write(state.control);
    cpu::write(state.handlers);
}

}  // namespace

void clear_thumb_ee(Cpu& cpu) {
    cpu.thumb_ee_of = nullptr;
    if (core_has_thumb_ee()) {
        load({});
    }
}

void serve_thumb_ee(Hsr hsr, TrapFrame& frame) {
    if (!core_has_thumb_ee()) {
        serve_undefined(hsr, frame);
        return;
    }
    Cpu& cpu = this_cpu();
    Vcpu& vcpu = *cpu.vcpu;
    vcpu.thumb_ee = {.used = true};
    cpu.thumb_ee_of = &vcpu;
    cpu::write(with_thumb_ee(vcpu.vm->controls.hstr));
    // From here on a switch between the two is longer, in both directions.
    vcpu.has_rare_state = true;
    if (cpu.scheduler.shares()) {
        cpu.scheduler.other_than(vcpu).has_rare_state = true;
    }
}

void switch_thumb_ee(Cpu& cpu, Vcpu& next) {
    if (Vcpu* const last = cpu.thumb_ee_of) {
        last->thumb_ee.control = cpu::read<Teecr>();
        last->thumb_ee.handlers = cpu::read<Teehbr>();
    }
    const bool used = next.thumb_ee.used;
    cpu.thumb_ee_of = used ? &next : nullptr;
    load(next.thumb_ee);
    const cpu::Hstr hstr = next.vm->controls.hstr;
    cpu::write(used ? with_thumb_ee(hstr) : hstr);
}

}  // namespace hm::hyp
