#pragma once
// A machine for the guest's loops on the host: a clock that moves only when a loop does something,
// so that every sample can be told beforehand.

#include <cstdint>
#include <set>
#include <vector>

#include "guest/bench/machine.hpp"
#include "measure/guest_abi.hpp"

namespace hm::test {

struct FakeMachine {
    static constexpr std::uint32_t kReading = 3;  ///< ticks that reading PMCCNTR takes
    static constexpr std::uint32_t kUnmap = 50;
    static constexpr std::uint32_t kTouch = 7;
    static constexpr std::uint32_t kFault = 100;

    std::uint64_t now = 1000;
    std::uint32_t hyp = 0;  ///< instructions of HYP so far
    std::uint32_t opaque_calls = 0;
    std::uint32_t late_by = 20;      ///< ticks from a deadline to the application
    std::uint64_t idle = 0;          ///< ticks in which nothing ran
    std::set<std::size_t> slips_at;  ///< waits, from 1, in which the clock goes on by too much
    std::uint32_t slips_by = 0;
    std::set<std::uintptr_t> unmapped;
    std::vector<std::uintptr_t> touched;
    std::vector<std::uint64_t> deadlines;
    std::vector<std::uint32_t> checkpoints;

    std::uint32_t ticks() {
        now += kReading;
        return static_cast<std::uint32_t>(now);
    }
    [[nodiscard]] std::uint64_t count() const { return now; }
    [[nodiscard]] guest::BothClocks both_clocks() const {
        return {static_cast<std::uint32_t>(now), static_cast<std::uint32_t>(now)};
    }
    [[nodiscard]] guest::Instructions instructions() const {
        const auto retired = static_cast<std::uint32_t>(now - idle);
        return {retired + hyp, retired};
    }
    void* opaque(void* pointer) {
        ++opaque_calls;
        now += 2;
        return pointer;
    }
    void touch(std::uintptr_t address) {
        touched.push_back(address);
        now += kTouch;
        if (unmapped.erase(address) != 0) {
            now += kFault;
        }
    }
    void unmap_page(std::uintptr_t address) {
        unmapped.insert(address);
        now += kUnmap;
    }
    void wait_until(std::uint64_t time) {
        deadlines.push_back(time);
        // The clock goes on while nothing runs, so that instructions are fewer than ticks.
        idle += time > now ? time - now : 0;
        now = (time > now ? time : now) + late_by;
        if (slips_at.contains(deadlines.size())) {
            idle += slips_by;
            now += slips_by;
        }
    }
    void checkpoint(std::uint32_t done, std::uint32_t) { checkpoints.push_back(done); }

    void call(measure::Hypercall which) {
        const std::uint32_t cost = which == measure::Hypercall::kNull ? 7 : 21;
        hyp += vector_only ? 1 : cost;
        now += 5;
        ++calls;
    }
    void begin_vector_only() { vector_only = true; }
    void end_vector_only() { vector_only = false; }
    bool vector_only = false;
    std::uint32_t calls = 0;
};
static_assert(guest::Machine<FakeMachine>);

}  // namespace hm::test
