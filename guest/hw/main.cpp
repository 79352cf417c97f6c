// The guest's main: prepares what a job needs at PL1, then runs it, as the application in USR mode
// or at PL1.

#include <new>

#include "guest/hw/jobs.hpp"
#include "guest/hw/kernel.hpp"
#include "guest/hw/machine.hpp"

namespace hm::guest {

using measure::Outcome;
using measure::ParameterBlock;

namespace {

alignas(Kernel) std::byte kernel_storage[sizeof(Kernel)];
Kernel* the_kernel;

[[noreturn]] void application(Job* job) {
    const std::uint32_t faults_before = report().faults;
    run(*job);
    report().faults -= faults_before;
    report().event_count = job->left;
    for (;;) {
        system_call<SystemCall::kFinish>(static_cast<std::uint32_t>(Outcome::kDone));
    }
}

/// The job in the application's memory, with room for its events; null if there is too little
/// memory.
Job* prepare(const JobRow& row, const ParameterBlock& block) {
    std::byte* const place = kernel().allocate(sizeof(Job));
    std::byte* const events = kernel().allocate(block.events * block.event_bytes);
    const Layout layout = row.layout != nullptr ? row.layout(block) : Layout::kPages;
    std::byte* const memory = kernel().allocate(block.work_bytes, layout);
    if (place == nullptr || events == nullptr || memory == nullptr) {
        return nullptr;
    }
    report().events_at = reinterpret_cast<std::uint32_t>(events);
    report().base = reinterpret_cast<std::uint32_t>(memory);
    report().tables_at = static_cast<std::uint32_t>(kernel().space().root().value);
    report().table_bytes = kernel().space().table_bytes();
    Job* const job = new (place) Job{.block = block, .memory = memory, .events = events};
    if (row.prepare != nullptr) {
        row.prepare(kernel(), *job);
    }
    return job;
}

/// A job that never ends.
[[noreturn]] void run_forever(const ParameterBlock& block) {
    if (block.demand_bytes != 0) {
        kernel().map_demand_range();
    }
    Job job{.block = block, .memory = nullptr, .events = nullptr};
    run(job);
    loop_forever();
}

[[noreturn]] void start(const JobRow& row, const ParameterBlock& block) {
    if (row.level == Level::kForever) {
        run_forever(block);
    }
    Job* const job = prepare(row, block);
    if (job == nullptr) {
        Kernel::finish(Outcome::kOutOfMemory);
    }
    if (block.demand_bytes != 0) {
        kernel().map_demand_range();
    }
    if (row.level == Level::kKernel) {
        run(*job);
        report().event_count = job->left;
        Kernel::finish(Outcome::kDone);
    }
    kernel().start_application(&application, job,
                               row.idle != nullptr ? row.idle(*job) : measure::timer::Idle::kWfi);
}

}  // namespace

Kernel& kernel() { return *the_kernel; }

extern "C" [[noreturn]] void guest_main() {
    report() = measure::GuestReport{};
    const ParameterBlock block = parameters();
    const JobRow* const row = job_of(block.task);
    if (block.magic != ParameterBlock::kMagic || row == nullptr) {
        Kernel::finish(Outcome::kBadParameters);
    }
    the_kernel = new (kernel_storage) Kernel(block);
    kernel().start_mmu();
    kernel().start_interrupts();
    start(*row, block);
}

extern "C" Frame* guest_system_call(Frame* frame) {
    // SVC's immediate is the low 24 bits of the instruction before the return address (A8.8.229).
    constexpr std::uint32_t kImmediate = 0x00FFFFFF;
    const auto* const instruction = reinterpret_cast<const std::uint32_t*>(frame->pc) - 1;
    return the_kernel->system_call(frame, *instruction & kImmediate);
}
extern "C" Frame* guest_data_abort(Frame* frame) { return the_kernel->data_abort<false>(frame); }
extern "C" Frame* guest_data_abort_stamped(Frame* frame) {
    return the_kernel->data_abort<true>(frame);
}
extern "C" Frame* guest_irq(Frame* frame) { return the_kernel->interrupt<false>(frame); }
extern "C" Frame* guest_irq_stamped(Frame* frame) { return the_kernel->interrupt<true>(frame); }
extern "C" [[noreturn]] void guest_unexpected(const Frame* frame, std::uint32_t vector) {
    Kernel::unexpected(*frame, vector);
}

}  // namespace hm::guest
