#pragma once
// The jobs that a guest can do: one row for each task. A job is a loop of guest/bench with the
// arguments of its workload.

#include <cstdint>
#include <optional>

#include "guest/bench/samples.hpp"
#include "guest/hw/kernel.hpp"
#include "measure/guest_abi.hpp"

namespace hm::guest {

/// What a job works with. It lies in the application's memory.
struct Job {
    measure::ParameterBlock block;
    std::byte* memory;       ///< of block.work_bytes
    std::byte* events;       ///< room for block.events of them
    std::uint32_t left = 0;  ///< events that the job has left behind

    template <class Arguments>
    [[nodiscard]] Arguments arguments() const {
        return block.arguments.as<Arguments>();
    }
    /// A log of that room. The events that it holds in the end are counted by keep().
    template <class Event>
    [[nodiscard]] SampleLog<Event> log() const {
        return SampleLog<Event>({reinterpret_cast<Event*>(events), block.events});
    }
    template <class Event>
    void keep(const SampleLog<Event>& log) {
        left = log.count();
    }
};

/// Where a job runs.
enum class Level : std::uint8_t {
    kApplication,  ///< in USR mode, as the kernel's one application
    kKernel,       ///< at PL1, the only level that may call the monitor
    kForever,      ///< at PL1 too, without memory of its own; it leaves no events
};

struct JobRow {
    measure::Task task;
    void (*run)(Job&);
    /// What the kernel must know before an application starts; null: nothing.
    void (*prepare)(Kernel&, Job&) = nullptr;
    measure::timer::Idle (*idle)(const Job&) = nullptr;  ///< null: the application never waits
    /// How its memory is mapped; null: in pages.
    Layout (*layout)(const measure::ParameterBlock&) = nullptr;
    Level level;
};

/// Runs it.
void run(Job& job);

/// The row of `task`; null if there is none.
[[nodiscard]] const JobRow* job_of(measure::Task task);

/// The one kernel (guest/hw/main.cpp).
[[nodiscard]] Kernel& kernel();

}  // namespace hm::guest
