#include "hyp/hw/device_traps.hpp"

#include "board.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "hyp/hw/this_cpu.hpp"
#include "hyp/hw/trapped.hpp"
#include "hyp/hw/traps.hpp"
#include "hyp/hw/turns.hpp"
#include "hyp/hw/vm.hpp"

namespace hm::hyp {

namespace {

/// The timer's interrupt is linked: what the guest does to it, it does to the physical one. Others
/// have no device behind them.
void apply(const DistributorEffects& effects, Vcpu& vcpu) {
    constexpr std::uint32_t kTimer = 1U << board::kVirtualTimerInterrupt;
    const Vm& vm = *vcpu.vm;
    if (((effects.enable | effects.disable) & kTimer) != 0) {
        vcpu.signals_timer = (effects.enable & kTimer) != 0;
        signal_timer_interrupt(vcpu);
    }
    if ((effects.reconfigure & kTimer) != 0) {
        const std::uint32_t bit = vm.distributor.group1 & kTimer;
        configure(vcpu.vgic, board::kVirtualTimerInterrupt, link_of(vm.config.routing),
                  vm.distributor.priority[board::kVirtualTimerInterrupt], bit != 0);
    }
}

std::optional<std::uint32_t> read_distributor(Vcpu& vcpu, DeviceAccess access) {
    const DistributorResult result =
        carry_out(vcpu.vm->distributor, {.offset = access.offset, .bytes = access.bytes});
    apply(result.effects, vcpu);
    return result.handled ? std::optional(result.value) : std::nullopt;
}

bool write_distributor(Vcpu& vcpu, DeviceAccess access, std::uint32_t value) {
    const DistributorResult result =
        carry_out(vcpu.vm->distributor,
                  {.offset = access.offset, .bytes = access.bytes, .write = true, .value = value});
    apply(result.effects, vcpu);
    return result.handled;
}

/// Whether bits 39:32 that QEMU leaves out of HPFAR are not zero. No VM has memory up there, so
/// that such an access faults at the first level.
[[nodiscard]] bool is_above_4gb(Hsr hsr) {
    return AbortSyndrome::from(hsr.raw).get(AbortSyndrome::kLevel) == 1 &&
           whole_fault_page(hsr) != fault_page();
}

}  // namespace

Device distributor_at(mmu::Ipa base) {
    return {
        .range = {base, gic::gicd::kSize}, .read = read_distributor, .write = write_distributor};
}

bool access_device(Hsr hsr, TrapFrame& frame) {
    const auto ipa = fault_ipa(hsr, fault_page(), cpu::read<cpu::Hdfar>().raw);
    if (!ipa || !is_plain_data_access(hsr)) {
        return false;
    }
    const auto access = mmio_access(hsr);
    Vcpu& vcpu = *this_cpu().vcpu;
    const Device* const device = vcpu.vm->devices.find(*ipa, access ? access->bytes : 1);
    if (device == nullptr || is_above_4gb(hsr)) {
        return false;
    }
    if (!access) {
        refuse(hsr, frame, Refusal::kUndescribed);
    }
    const cpu::Psr psr = guest_psr();
    if (psr.get(cpu::Psr::kE)) {
        refuse(hsr, frame, Refusal::kBigEndian);
    }
    std::uint32_t* const reg = frame.reg(access->reg, psr);
    if (reg == nullptr) {
        refuse(hsr, frame, Refusal::kBankedRegister);
    }
    const DeviceAccess at{.offset = static_cast<std::uint32_t>(*ipa - device->range.begin),
                          .bytes = access->bytes};
    if (access->write) {
        if (!device->write(vcpu, at, *reg)) {
            return false;
        }
    } else {
        const auto value = device->read(vcpu, at);
        if (!value) {
            return false;
        }
        *reg = access->loaded(*value);
    }
    step_over(hsr, psr);
    return true;
}

}  // namespace hm::hyp
