// A guest's accesses to its distributor, and interrupts that come meanwhile, beside a model.

#include "hyp/core/virtual_distributor.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/distributor_model.hpp"

namespace {

using hm::fuzz::DistributorModel;
using hm::fuzz::Input;
using hm::fuzz::require;
using namespace hm::hyp;

void check_state(const VirtualDistributor& distributor, const DistributorModel& model) {
    require(
        distributor.ctlr.raw == ((model.enables_group0 ? 1U : 0) | (model.enables_group1 ? 2U : 0)),
        "both have the same groups on");
    for (unsigned id = 0; id < 32; ++id) {
        const DistributorModel::Interrupt& one = model.interrupts[id];
        require(((distributor.group1 >> id) & 1) == (one.group1 ? 1 : 0) &&
                    ((distributor.enabled >> id) & 1) == (one.enabled ? 1 : 0) &&
                    ((distributor.pending >> id) & 1) == (one.pending ? 1 : 0) &&
                    distributor.priority[id] == one.priority,
                "both have the same interrupt");
    }
}

/// Most offsets are of registers, or next to one.
std::uint32_t offset_of(Input& input) {
    const std::uint32_t offset = (input.byte() & 0x1FU) << 7;
    return offset + (input.byte() & 0x7FU);
}

DistributorAccess access_of(Input& input) {
    const std::uint8_t how = input.byte();
    DistributorAccess access{.offset = offset_of(input), .bytes = 1U << (how % 3)};
    if ((how & 0x80) == 0) {
        access.offset &= ~(access.bytes - 1);
    }
    access.write = (how & 0x40) != 0;
    access.value = access.write ? input.word() : 0;
    return access;
}

void carry_out_both(VirtualDistributor& distributor, DistributorModel& model, Input& input) {
    const DistributorAccess access = access_of(input);
    const PresentedInterrupts presented{.pending = input.word(), .active = input.word()};
    const DistributorResult result = carry_out(distributor, access, presented);
    DistributorModel::Changes changes;
    bool handled = false;
    if (access.write) {
        handled = model.write(access.offset, access.bytes, access.value, changes);
    } else {
        const auto value =
            model.read(access.offset, access.bytes, {presented.pending, presented.active});
        handled = value.has_value();
        require(!handled || result.value == *value, "both read the same");
        DistributorModel::Presented none;
        require(needs_presented(access) || !handled ||
                    model.read(access.offset, access.bytes, none) == value,
                "list registers matter only where it says so");
    }
    changes.inject = model.take();
    require(result.handled == handled, "both have the same registers");
    const DistributorEffects& effects = result.effects;
    require(effects.enable == changes.enable && effects.disable == changes.disable &&
                effects.inject == changes.inject && effects.withdraw == changes.withdraw &&
                effects.activate == changes.activate && effects.deactivate == changes.deactivate &&
                effects.reconfigure == changes.reconfigure,
            "both have the same effects");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input(data, size);
    VirtualDistributor distributor;
    DistributorModel model;
    while (!input.empty()) {
        if (input.byte() % 8 == 0) {
            const std::uint32_t mask = input.word();
            model.pend(mask);
            require(pend(distributor, mask) == model.take(), "both present the same");
        } else {
            carry_out_both(distributor, model, input);
        }
        check_state(distributor, model);
    }
    return 0;
}
