#pragma once
// A machine for the guest's loops on the host: a clock that moves only when a loop does something,
// so that every sample can be predicted.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "guest/bench/machine.hpp"
#include "measure/guest_abi.hpp"

namespace hm::test {

struct FakeMachine {
    static constexpr std::uint32_t kReading = 3;  ///< ticks that reading PMCCNTR takes
    static constexpr std::uint32_t kUnmap = 50;
    static constexpr std::uint32_t kTouch = 7;
    static constexpr std::uint32_t kFault = 100;
    static constexpr std::uint32_t kRelease = 30;
    static constexpr std::uint32_t kStage2Fault = 200;
    static constexpr std::uint32_t kHypFault = 10;  ///< instructions of HYP in a fault of stage 2

    std::uint64_t now = 1000;
    std::uint32_t hyp = 0;  ///< instructions of HYP so far
    std::uint32_t opaque_calls = 0;
    std::uint32_t late_by = 20;      ///< ticks from a deadline to the application
    std::uint64_t idle = 0;          ///< ticks in which nothing ran
    std::set<std::size_t> slips_at;  ///< waits, from 1, in which the clock goes on by too much
    std::uint32_t slips_by = 0;
    std::function<void(std::size_t)> in_wait;  ///< called in each wait with its number, from 1
    std::set<std::uintptr_t> unmapped;
    std::vector<std::uintptr_t> unmapped_in_order;
    std::set<std::uintptr_t> released;
    std::uint32_t bad_releases = 0;  ///< of pages that stage 2 did not map
    measure::FaultStamps guest_stamps{};
    measure::FaultStamps hyp_stamps{};
    guest::Events counted{};
    /// Calls so far, a letter each: t ticks, i instructions, e events, o opaque, f flush_tlb, u
    /// unmap_page, r release_page, s touch (a store), c checkpoint.
    std::string history;
    std::vector<std::uintptr_t> touched;
    std::vector<std::uint64_t> deadlines;
    std::vector<std::uint32_t> checkpoints;

    std::uint32_t ticks() {
        history += 't';
        now += kReading;
        return static_cast<std::uint32_t>(now);
    }
    [[nodiscard]] std::uint64_t count() const { return now; }
    [[nodiscard]] guest::BothClocks both_clocks() const {
        return {static_cast<std::uint32_t>(now), static_cast<std::uint32_t>(now)};
    }
    [[nodiscard]] guest::Instructions instructions() {
        history += 'i';
        const auto retired = static_cast<std::uint32_t>(now - idle);
        return {retired + hyp, retired};
    }
    [[nodiscard]] guest::Events events() {
        history += 'e';
        return counted;
    }
    void* opaque(void* pointer) {
        history += 'o';
        for (std::uint32_t event = 0; event < measure::kEvents; ++event) {
            counted.count[event] += event + 1;
        }
        ++opaque_calls;
        now += 2;
        return pointer;
    }
    void touch(std::uintptr_t address) {
        history += 's';
        touched.push_back(address);
        now += kTouch;
        if (unmapped.erase(address) != 0) {
            fault(guest_stamps, kFault);
        }
        if (released.erase(address) != 0) {
            hyp += kHypFault;
            fault(hyp_stamps, kStage2Fault);
        }
    }
    void fault(measure::FaultStamps& stamps, std::uint32_t cost) {
        const auto taken = static_cast<std::uint32_t>(now);
        stamps = {stamps.count + 1, taken, taken + 1, taken + 2, taken + 3, taken + cost};
        now += cost;
    }
    void unmap_page(std::uintptr_t address) {
        history += 'u';
        unmapped.insert(address);
        unmapped_in_order.push_back(address);
        now += kUnmap;
    }
    void release_page(std::uintptr_t address) {
        history += 'r';
        const bool mapped = std::ranges::find(touched, address) != touched.end();
        bad_releases += mapped && released.insert(address).second ? 0 : 1;
        now += kRelease;
    }
    void flush_tlb() {
        history += 'f';
        counted.count[0] += 1000;
        now += 500;
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
        if (in_wait) {
            in_wait(deadlines.size());
        }
    }
    void checkpoint(std::uint32_t done, std::uint32_t) {
        history += 'c';
        checkpoints.push_back(done);
    }

    void call(measure::Hypercall which) {
        const std::uint32_t cost = which == measure::Hypercall::kNull ? 7 : 21;
        hyp += vector_only ? 1 : cost;
        now += 5;
        ++calls;
        if (++calls_of_stretch == 5 && stretches == interrupted_in) {
            vector_only = false;
        }
    }
    bool begin_vector_only() {
        if (vector_only) {
            return false;
        }
        vector_only = true;
        calls_of_stretch = 0;
        ++stretches;
        return true;
    }
    void end_vector_only() { vector_only = false; }
    bool vector_only = false;
    std::uint32_t calls = 0;
    std::uint32_t stretches = 0;  ///< of vector_only
    std::uint32_t calls_of_stretch = 0;
    std::uint32_t interrupted_in = 0;  ///< one of them, which is over then
};
static_assert(guest::Machine<FakeMachine>);

}  // namespace hm::test
