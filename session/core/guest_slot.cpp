#include "session/core/guest_slot.hpp"

#include <algorithm>

#include "drivers/mmu/memory.hpp"
#include "hyp/core/virtual_gic.hpp"
#include "measure/workload/load.hpp"
#include "measure/workload/workload.hpp"

namespace hm::session {

hyp::PassedInterrupt interrupt_of(const board::SpareTimer& timer) {
    constexpr gic::IntId kLast = hyp::VirtualGic::kInterrupts - 1;
    return {.interrupt = std::min(timer.interrupt, kLast), .physical = timer.interrupt};
}

namespace {

measure::SpareTimer spare_timer_of(const board::SpareTimer& timer, measure::Delivery delivery) {
    const hyp::PassedInterrupt passed = interrupt_of(timer);
    const bool native = delivery == measure::Delivery::kNative;
    return {.kind = static_cast<std::uint32_t>(timer.kind),
            .base = timer.base,
            .interrupt = native ? passed.physical : passed.interrupt,
            .acknowledged = native || delivery == measure::Delivery::kDirect ? passed.physical
                                                                             : passed.interrupt};
}

}  // namespace

std::optional<measure::ParameterBlock> parameters_for(const Platform& platform,
                                                      const GuestSlot& slot, measure::Task task,
                                                      const MemoryNeeds& needs) {
    // Besides what a workload needs, the guest has its image, its own tables and stacks.
    constexpr std::uint64_t kGuestOverhead = std::uint64_t{8} << 20;
    // The demand range begins at the boundary of a table, so that its first page needs a table. A
    // block of stage 2 may show all of its last 2 MB.
    constexpr std::uint64_t kBlock = std::uint64_t{2} << 20;
    const auto whole = [](std::uint64_t bytes) { return (bytes + kBlock - 1) & ~(kBlock - 1); };
    const std::uint64_t end = whole(platform.guest_base + kGuestOverhead + needs.bytes);
    if (end - platform.guest_base + whole(needs.demand_bytes) > slot.bytes()) {
        return std::nullopt;
    }
    return measure::ParameterBlock{
        .magic = measure::ParameterBlock::kMagic,
        .task = task,
        .memory_end = static_cast<std::uint32_t>(end),
        .distributor = platform.distributor,
        .cpu_interface = platform.cpu_interface,
        .timer_interrupt = platform.timer_interrupt,
        .stamps = 0,
        .events = 0,
        .event_bytes = 0,
        .work_bytes = 0,
        .demand_base = static_cast<std::uint32_t>(end),
        .demand_bytes = needs.demand_bytes,
        .slip = 0,
        .stage1 = static_cast<std::uint32_t>(measure::Stage1::kLong4K),
        .spare_timer = {},
        .arguments = {},
    };
}

std::optional<measure::ParameterBlock> parameters_for(const Platform& platform,
                                                      const GuestSlot& slot,
                                                      const measure::Scenario& scenario) {
    auto block = parameters_for(platform, slot, scenario.workload->task,
                                {scenario.memory_bytes(), scenario.demand_bytes});
    if (block) {
        block->stamps = scenario.stamps ? 1U : 0U;
        block->events = scenario.events;
        block->event_bytes = measure::event_bytes(scenario.workload->events);
        block->work_bytes = scenario.work_bytes;
        block->stage1 = static_cast<std::uint32_t>(scenario.translation.stage1);
        block->arguments = scenario.arguments;
        if (scenario.uses_spare_timer && platform.spare_timer) {
            block->spare_timer = spare_timer_of(*platform.spare_timer, scenario.delivery);
        }
    }
    return block;
}

std::optional<measure::ParameterBlock> companion_parameters(const Platform& platform,
                                                            const GuestSlot& slot,
                                                            const measure::Scenario& scenario) {
    constexpr std::uint32_t kFaultPages = 16;
    const measure::Task task =
        scenario.companion ? *scenario.companion : measure::load::task_of(scenario.load);
    const std::uint32_t pages = task == measure::load::kFault ? kFaultPages : 0;
    return parameters_for(platform, slot, task, {0, pages * measure::kPageBytes});
}

std::optional<std::uint32_t> offset_of_events(const Platform& platform,
                                              const measure::ParameterBlock& block,
                                              const measure::GuestReport& report) {
    const std::uint64_t begin = std::uint64_t{report.events_at} - platform.guest_base;
    const std::uint64_t end = begin + std::uint64_t{report.event_count} * block.event_bytes;
    const std::uint64_t used = block.demand_base + block.demand_bytes - platform.guest_base;
    if (report.events_at < platform.guest_base || end > used ||
        begin % alignof(std::uint32_t) != 0) {
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(begin);
}

}  // namespace hm::session
