#include "hyp/hw/device_traps.hpp"

#include "board.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/gic/distributor.hpp"
#include "drivers/reg/hw/mmio.hpp"
#include "hyp/core/virtual_distributor.hpp"
#include "hyp/hw/guest_register.hpp"
#include "hyp/hw/injection.hpp"
#include "hyp/hw/list_registers.hpp"
#include "hyp/hw/this_cpu.hpp"
#include "hyp/hw/trapped.hpp"
#include "hyp/hw/traps.hpp"
#include "hyp/hw/turns.hpp"
#include "hyp/hw/vm.hpp"

namespace hm::hyp {

namespace {

/// The levels of the timer's interrupt and those of passed devices are seen in the physical
/// distributor.
void look_at_levels(WholeGic& gic, const Vcpu& vcpu) {
    reg::Mmio bus;
    gic::Distributor<reg::Mmio> physical(bus, board::kGicd);
    gic.set_line(vcpu.index, board::kVirtualTimerInterrupt,
                 physical.is_pending(board::kVirtualTimerInterrupt));
    for (const PassedDevice& device : vcpu.vm->config.passed) {
        gic.set_line(vcpu.index, device.interrupt.interrupt,
                     physical.is_pending(device.interrupt.physical));
    }
}

[[gnu::noinline]] DeviceValue read_any(Vcpu& vcpu, std::uint32_t offset, std::uint32_t bytes) {
    const DeviceAccess access{.offset = offset, .bytes = bytes};
    std::optional<std::uint32_t> found;
    if (depends_on_list_registers(offset)) {
        RunningGic whole(this_cpu());
        look_at_levels(*whole, vcpu);
        found = whole->read(vcpu.index, access);
    } else {
        found = read_distributor(vcpu.vm->gic, vcpu.index, access);
    }
    return found ? DeviceValue{*found} : kNoRegister;
}

DeviceValue read_gicd(Vcpu& vcpu, std::uint32_t offset, std::uint32_t bytes) {
    if (!is_word_at(offset, bytes, gic::GicdCtlr::kOffset)) [[unlikely]] {
        return read_any(vcpu, offset, bytes);
    }
    return vcpu.vm->gic.ctlr.raw;
}

[[gnu::noinline]] bool write_any(Vcpu& vcpu, std::uint32_t offset, std::uint32_t bytes,
                                 std::uint32_t value) {
    const DeviceAccess access{.offset = offset, .bytes = bytes};
    if (vcpu.vm->gic.cpus == 1 && empty_list_registers() == this_cpu().list_registers) {
        if (const auto written = write_at_rest(vcpu.vm->gic, 0, access, value)) {
            vcpu.quick = written->quick;
            follow_enables(vcpu);
            return written->done;
        }
    }
    return RunningGic(this_cpu())->write(vcpu.index, access, value);
}

/// Puts `sgi` into a saved list register of `vcpu`, which shares the core and sleeps.
void list_for_sleeping(Vcpu& vcpu, const InPlace& sgi) {
    InterruptState& interrupts = vcpu.state.interrupts;
    interrupts.lr[sgi.place] = sgi.word;
    interrupts.listed |= 1U << sgi.place;
    Scheduler::wake(vcpu);
    arm_timer();
}

/// An SGI to the other virtual CPU that shares the core; false where it cannot be presented at
/// once.
[[nodiscard]] bool send_to_sleeping(const Vcpu& from, gic::GicdSgir request) {
    const Cpu& cpu = this_cpu();
    if (!cpu.scheduler.shares() || !shares_one_core(from.vm->config)) {
        return false;
    }
    Vcpu& to = cpu.scheduler.other_than(from);
    const std::uint32_t target = 1U << to.index;
    if (to.quick.free_bit == 0 || targets_of(request, 1U << from.index, target) != target) {
        return false;
    }
    const std::uint32_t all = cpu.list_registers;
    const auto sgi =
        quick_sgi_from(from.index, 1U << request.get(gic::GicdSgir::kSgiIntId), from.vm->gic.ctlr,
                       *to.own_gic, {.all = all, .free = all & ~to.state.interrupts.listed});
    if (sgi) {
        list_for_sleeping(to, *sgi);
    }
    return sgi.has_value();
}

/// What cannot be sent, or presented, without a look at the rest of the GIC.
[[gnu::noinline]] bool write_any_sgir(Vcpu& vcpu, gic::GicdSgir request) {
    return send_to_sleeping(vcpu, request) ||
           write_any(vcpu, gic::GicdSgir::kOffset, sizeof request.raw, request.raw);
}

/// An SGI for others is sent where they have a core of their own.
[[gnu::noinline]] bool send(Vcpu& vcpu, gic::GicdSgir request) {
    const std::uint32_t targets = targets_of(request, 1U << vcpu.index, vcpu.others);
    if (targets == 0 || targets != vcpu.others) [[unlikely]] {
        return write_any_sgir(vcpu, request);
    }
    tell_other(vcpu, 1U << request.get(gic::GicdSgir::kSgiIntId));
    return true;
}

/// An SGI to itself is presented at once where nothing stands in its way.
bool write_gicd(Vcpu& vcpu, std::uint32_t offset, std::uint32_t bytes, std::uint32_t value) {
    if (!is_word_at(offset, bytes, gic::GicdSgir::kOffset)) {
        return write_any(vcpu, offset, bytes, value);
    }
    const auto request = gic::GicdSgir::from(value);
    if (request.get(gic::GicdSgir::kTargetListFilter) != gic::SgiTarget::kSelf) {
        return send(vcpu, request);
    }
    if (vcpu.quick.free_bit == 0) {
        return write_any_sgir(vcpu, request);
    }
    const auto sgi =
        quick_self_sgi(vcpu.vm->gic.ctlr, *vcpu.own_gic, request.get(gic::GicdSgir::kSgiIntId),
                       {.all = this_cpu().list_registers, .free = empty_list_registers()});
    if (!sgi) {
        return write_any_sgir(vcpu, request);
    }
    reg::Mmio::write(board::kGich + gic::gich::lr(sgi->place), sgi->word.raw);
    return true;
}

DeviceValue read_test_device(Vcpu& vcpu, std::uint32_t offset, std::uint32_t bytes) {
    return is_word_at(offset, bytes, 0) ? DeviceValue{vcpu.vm->test_word} : kNoRegister;
}

bool write_test_device(Vcpu& vcpu, std::uint32_t offset, std::uint32_t bytes, std::uint32_t value) {
    if (!is_word_at(offset, bytes, 0)) {
        return false;
    }
    vcpu.vm->test_word = value;
    return true;
}

/// Whether bits 39:32 that QEMU leaves out of HPFAR are not zero. No VM has memory up there, so
/// that such an access faults at the first level.
[[nodiscard]] bool is_above_4gb(Hsr hsr) {
    return AbortSyndrome::from(hsr.raw).get(AbortSyndrome::kLevel) == 1 &&
           whole_fault_page(hsr) != fault_page();
}

/// False where no device is there, or it has no such register.
[[nodiscard]] bool carry_out(Vcpu& vcpu, const Device& device, const MmioAccess& access,
                             mmu::Ipa at, std::uint32_t& reg) {
    const auto offset = static_cast<std::uint32_t>(at - device.range.begin);
    if (access.write) {
        return device.write(vcpu, offset, access.bytes, reg);
    }
    const DeviceValue value = device.read(vcpu, offset, access.bytes);
    if (value >= kNoRegister) {
        return false;
    }
    reg = access.loaded(static_cast<std::uint32_t>(value));
    return true;
}

}  // namespace

Device distributor_at(mmu::Ipa base) {
    return {.range = {base, gic::gicd::kSize}, .read = read_gicd, .write = write_gicd};
}

Device test_device_at(mmu::Ipa base) {
    return {
        .range = {base, mmu::kFrameBytes}, .read = read_test_device, .write = write_test_device};
}

bool access_device(Hsr hsr, TrapFrame& frame) {
    const cpu::Psr psr = guest_psr();
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
    if (psr.get(cpu::Psr::kE)) {
        refuse(hsr, frame, Refusal::kBigEndian);
    }
    auto value = guest_register(frame, access->reg, psr);
    if (!value) {
        refuse(hsr, frame, Refusal::kUndescribed);
    }
    if (!carry_out(vcpu, *device, *access, *ipa, *value)) {
        return false;
    }
    if (!access->write) {
        set_guest_register(frame, access->reg, psr, *value);
    }
    step_over(hsr, psr);
    return true;
}

}  // namespace hm::hyp
