#include "hyp/hw/device_traps.hpp"

#include "board.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "hyp/hw/this_cpu.hpp"
#include "hyp/hw/trapped.hpp"
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

}  // namespace

Device distributor_at(mmu::Ipa base) {
    return {
        .range = {base, gic::gicd::kSize}, .read = read_distributor, .write = write_distributor};
}

bool access_device(Hsr hsr, TrapFrame& frame) {
    const auto ipa = fault_ipa(hsr, fault_page(), cpu::read<cpu::Hdfar>().raw);
    const auto access = mmio_access(hsr);
    if (!ipa || !access) {
        return false;
    }
    Vcpu& vcpu = *this_cpu().vcpu;
    const Device* const device = vcpu.vm->devices.find(*ipa, access->bytes);
    std::uint32_t* const reg = frame.reg(access->reg);
    if (device == nullptr || reg == nullptr) {
        return false;
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
    step_over(hsr);
    return true;
}

}  // namespace hm::hyp
