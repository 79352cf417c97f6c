#include "session/core/confinement.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "drivers/mmu/builder.hpp"
#include "drivers/mmu/walker.hpp"
#include "host/model/host_tables.hpp"
#include "measure/plan.hpp"
#include "session/core/guest_machine.hpp"
#include "tests/unit/session/board_folders.hpp"
#include "tests/unit/session/boards.hpp"

namespace hm::session {
namespace {

using measure::Scenario;

constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20;

/// A machine whose memory has this size.
struct Board {
    std::string_view name;
    std::uint64_t ram_begin;
    std::uint64_t megabytes;
    Platform platform;

    [[nodiscard]] board::Ram ram() const { return {{ram_begin}, megabytes * kMebibyte}; }
};

constexpr std::array kBoards{
    Board{"virt", 0x4000'0000, 256, kVirt},
    Board{"virt", 0x4000'0000, 1024, kVirt},
    Board{"virt", 0x4000'0000, 2048, kVirt},
    Board{"virt", 0x4000'0000, 3072, kVirt},
    Board{"virt", 0x4000'0000, 1023, kVirt},
    Board{"virt", 0x4000'0000, 8192, kVirt},
    Board{"vexpress", 0x8000'0000, 512, kVexpress},
    Board{"vexpress", 0x8000'0000, 1024, kVexpress},
    Board{"vexpress", 0x8000'0000, 2048, kVexpress},
    Board{"arndale", 0x4000'0000, 2048, kArndale},
    Board{"arndale", 0x4000'0000, 2032, kArndale},
};

/// Those, and all others as their folders describe them: with all of their memory, and with the 256
/// MB that a small relative has.
std::vector<Board> all_boards() {
    static const std::vector<BoardFolder> folders = board_folders();
    std::vector<Board> boards(kBoards.begin(), kBoards.end());
    for (const BoardFolder& folder : folders) {
        if (std::any_of(kBoards.begin(), kBoards.end(),
                        [&folder](const Board& board) { return board.name == folder.name; })) {
            continue;
        }
        for (const std::uint64_t megabytes : {std::uint64_t{256}, folder.ram_bytes / kMebibyte}) {
            boards.push_back({folder.name, folder.ram_begin, megabytes, folder.platform});
        }
    }
    return boards;
}

/// Addresses of one kind, from begin up to end.
struct Extent {
    std::uint64_t begin, end;
};

/// All that the measured guest, or the second VM, may reach by any address, and nothing else: what
/// is left of memory when all others have theirs.
std::vector<Extent> allowed(const Board& board, const Slots& slots, const GuestSlot& slot,
                            const hyp::VmConfig& vm) {
    const bool gigabyte = slots.gigabyte && slot.begin == slots.gigabyte->begin;
    const std::uint64_t below = gigabyte ? board.platform.guest_base % (1024 * kMebibyte) : 0;
    const std::uint32_t interface = vm.routing == hyp::InterruptRouting::kStraight
                                        ? board.platform.cpu_interface
                                        : board.platform.virtual_cpu_interface;
    std::vector<Extent> all{{slot.begin - below, slot.end},
                            {interface, interface + std::uint64_t{0x2000}}};
    if (!vm.passed.empty()) {
        const std::uint64_t timer = board.platform.spare_timer->base;
        all.push_back({timer, timer + 0x1000});
    }
    return all;
}

/// All that nobody may reach: memory of the monitor, of the other VM, of the second core, of the
/// records.
std::vector<Extent> forbidden(const Board& board, const Slots& slots, const GuestSlot& other) {
    return {{board.ram_begin, board.platform.guest_base},
            {other.begin, other.end},
            {slots.stream.base, std::uint64_t{slots.stream.base} + slots.stream.bytes},
            {slots.records, std::uint64_t{slots.records} + slots.record_bytes},
            {board.ram().end().value, mmu::Pa::limit}};
}

using Tables = host::HostTables<mmu::Stage2>;

/// The tables that the monitor builds for `vm`, with all mapped that it maps on demand.
bool build(Tables& tables, const hyp::VmConfig& vm) {
    mmu::Builder<mmu::Stage2, Tables> builder(tables, tables.root());
    for (const hyp::MemoryRegion& region : vm.map) {
        if (builder.map(region.range, region.target, region.attributes, region.forced) !=
            mmu::Status::kOk) {
            return false;
        }
    }
    for (const hyp::PassedDevice& device : vm.passed) {
        if (builder.map(device.range, device.target, hyp::kGuestDevice) != mmu::Status::kOk) {
            return false;
        }
    }
    return vm.demand.range.bytes == 0 ||
           builder.map(vm.demand.range, vm.demand.target, hyp::kGuestMemory) == mmu::Status::kOk;
}

/// The first output of these tables, over all IPAs, that lies outside `allowed` or in `forbidden`.
std::optional<std::uint64_t> first_stray(Tables& tables, const std::vector<Extent>& allowed,
                                         const std::vector<Extent>& forbidden) {
    for (mmu::Ipa at{0}; at.value < mmu::Ipa::limit;) {
        const auto walk = mmu::walk<mmu::Stage2>(tables, tables.root(), at);
        const std::uint64_t bytes =
            mmu::bytes(walk.output ? walk.size : mmu::Stage2::size_at(walk.level));
        if (walk.output) {
            const std::uint64_t begin = walk.output->value;
            bool is_allowed = false;
            for (const Extent& extent : allowed) {
                is_allowed |= begin >= extent.begin && begin + bytes <= extent.end;
            }
            for (const Extent& extent : forbidden) {
                is_allowed &= begin + bytes <= extent.begin || begin >= extent.end;
            }
            if (!is_allowed) {
                return begin;
            }
        }
        at = at + bytes;
    }
    return std::nullopt;
}

class Tried {
  public:
    /// Whether no tables were walked yet that are made of the same, and held against the same.
    bool is_new(const hyp::VmConfig& vm, const GuestSlot& slot, const GuestSlot& other) {
        std::vector<std::uint64_t> key{static_cast<std::uint64_t>(vm.stage2_start),
                                       vm.demand.range.begin.value,
                                       vm.demand.range.bytes,
                                       vm.demand.target.value,
                                       vm.distributor.value,
                                       slot.begin,
                                       other.begin};
        for (const hyp::MemoryRegion& region : vm.map) {
            key.insert(key.end(),
                       {region.range.begin.value, region.range.bytes, region.target.value,
                        region.forced ? mmu::bytes(*region.forced) : 0});
        }
        for (const hyp::PassedDevice& device : vm.passed) {
            key.insert(key.end(), {device.range.begin.value, device.target.value});
        }
        return seen_.insert(key).second;
    }

  private:
    std::set<std::vector<std::uint64_t>> seen_;
};

void hold(const Board& board, const measure::Plan& plan, Tried& tried) {
    const Slots slots = slots_in(board.platform, board.ram(), true);
    const Confinement confinement(board.platform, board.ram(), slots);
    const auto expect_confined = [&](const hyp::VmConfig& vm, const GuestSlot& slot,
                                     const GuestSlot& other) {
        if (vm.stages == hyp::Stages::kStage1Only || !tried.is_new(vm, slot, other)) {
            return;
        }
        Tables tables(0);
        ASSERT_TRUE(build(tables, vm));
        const auto stray =
            first_stray(tables, allowed(board, slots, slot, vm), forbidden(board, slots, other));
        EXPECT_FALSE(stray) << board.name << " with " << board.megabytes << " MB shows PA "
                            << std::hex << *stray;
    };
    unsigned held = 0;
    for (const Scenario& scenario : plan.scenarios()) {
        const GuestSlot* const slot = slots.of(scenario);
        const auto block =
            slot != nullptr ? parameters_for(board.platform, *slot, scenario) : std::nullopt;
        const auto other = companion_parameters(board.platform, slots.companion, scenario);
        if (!block || !other || !scenario.translation.impossible().empty()) {
            continue;
        }
        const GuestMap map = guest_map(board.platform, *block, *slot, scenario);
        const auto vm = guest_machine(board.platform, scenario, *slot, map, *block, 1);
        EXPECT_FALSE(confinement.of_measured(scenario, vm)) << measure::workload_name(scenario);
        expect_confined(vm, *slot, slots.companion);
        held += vm.stages != hyp::Stages::kStage1Only ? 1 : 0;
        const GuestMap other_map = companion_map(board.platform, *other, slots.companion);
        const auto companion =
            companion_machine(board.platform, scenario, slots.companion, other_map, *other);
        EXPECT_FALSE(confinement.of_companion(scenario, companion.vm));
        expect_confined(companion.vm, slots.companion, *slot);
    }
    EXPECT_GT(held, 0U) << board.name << " with " << board.megabytes << " MB";
}

/// `words`: a request of the target.
void hold_on_all_boards(const std::string& words) {
    static measure::Plan plan;  // too large for a stack
    plan = {};
    constexpr std::uint64_t kCounterHz = 1'000'000'000;
    const measure::ParsedRequest parsed = measure::parse_request(words);
    ASSERT_FALSE(parsed.refusal) << parsed.culprit;
    measure::make_plan(parsed.request, kCounterHz, plan);
    ASSERT_FALSE(plan.scenarios().empty());
    for (const Board& board : all_boards()) {
        Tried tried;
        hold(board, plan, tried);
    }
}

TEST(Confinement, TheBoardsInTheFolderAreReadAsTheyAreWrittenDownHere) {
    std::set<std::string> compared;
    for (const BoardFolder& folder : board_folders()) {
        for (const Board& board : kBoards) {
            if (board.name == folder.name && compared.insert(folder.name).second) {
                EXPECT_EQ(folder.platform.guest_base, board.platform.guest_base) << folder.name;
                EXPECT_EQ(folder.platform.image, board.platform.image) << folder.name;
                EXPECT_EQ(folder.platform.distributor, board.platform.distributor) << folder.name;
                EXPECT_EQ(folder.platform.cpu_interface, board.platform.cpu_interface)
                    << folder.name;
                EXPECT_EQ(folder.platform.virtual_cpu_interface,
                          board.platform.virtual_cpu_interface)
                    << folder.name;
                EXPECT_EQ(folder.ram_begin, board.ram_begin) << folder.name;
            }
        }
    }
    EXPECT_EQ(compared.size(), 3U);
    EXPECT_GT(all_boards().size(), kBoards.size()) << "orangepi";
}

TEST(Confinement, EveryGuestOfSuiteQuickSeesOnlyItsOwnMemory) {
    hold_on_all_boards("suite=quick hang=1 stray=1");
}

TEST(Confinement, EveryGuestOfSuitePaperSeesOnlyItsOwnMemory) {
    hold_on_all_boards("suite=paper hang=1 stray=1");
}

TEST(Confinement, EveryGuestOfSuiteModelSeesOnlyItsOwnMemory) {
    hold_on_all_boards("suite=model hang=1 stray=1");
}

TEST(Confinement, EveryGuestOfSuiteTimeSeesOnlyItsOwnMemory) {
    hold_on_all_boards("suite=time hang=1 stray=1");
}

TEST(Confinement, GuestsOfOddSizesSeeOnlyTheirOwnMemory) {
    hold_on_all_boards("suite=quick bytes=1056K working_set=3M pages=4095");
}

/// A guest with one region besides its own memory, or with memory on demand.
class Intruder : public testing::Test {
  protected:
    std::string seen_at(std::uint64_t target, std::uint64_t bytes = 4096) {
        map_.regions[1] = {.range = {{0xF000'0000}, bytes},
                           .target = {target},
                           .attributes = hyp::kGuestMemory,
                           .forced = std::nullopt};
        vm_.map = map_.regions;
        return found(confinement_.of_measured(scenario_, vm_));
    }
    static std::string found(const std::optional<Breach>& breach) {
        return breach ? std::string(breach->what) : "";
    }

    Board board_ = kBoards[1];
    Slots slots_ = slots_in(board_.platform, board_.ram(), true);
    Confinement confinement_{board_.platform, board_.ram(), slots_};
    Scenario scenario_{};
    GuestMap map_{.regions{hyp::MemoryRegion{.range = {{kVirt.guest_base}, kMebibyte},
                                             .target = {kVirt.guest_base},
                                             .attributes = hyp::kGuestMemory,
                                             .forced = std::nullopt},
                           {}}};
    hyp::VmConfig vm_{.stages = hyp::Stages::kBoth, .routing = hyp::InterruptRouting::kLinked};
};

TEST_F(Intruder, IsRefusedWhateverItWouldSee) {
    const std::uint64_t end = board_.ram().end().value;
    EXPECT_EQ(seen_at(kVirt.guest_base + kMebibyte), "");
    EXPECT_EQ(seen_at(0x0803'0000), "a device") << "GICH";
    EXPECT_EQ(seen_at(kVirt.cpu_interface), "a device") << "GICC of a guest that has GICV";
    EXPECT_EQ(seen_at(kVirt.virtual_cpu_interface, 0x3000), "a device") << "and a page more";
    EXPECT_EQ(seen_at(board_.ram_begin), "memory below the monitor");
    EXPECT_EQ(seen_at(kVirt.image), "the monitor");
    EXPECT_EQ(seen_at(kVirt.guest_base - 4096), "the monitor") << "its last frame for tables";
    EXPECT_EQ(seen_at(slots_.companion.begin), "the other VM's memory");
    EXPECT_EQ(seen_at(slots_.stream.base), "the second core's memory");
    EXPECT_EQ(seen_at(slots_.records + 4096), "the records that are kept");
    EXPECT_EQ(seen_at(end), "what lies beyond memory");
    EXPECT_EQ(seen_at(kVirt.guest_base + kMebibyte, end), "the other VM's memory")
        << "one that begins in its own";
    EXPECT_EQ(seen_at(mmu::Pa::limit - 4096), "what lies beyond memory");
}

TEST_F(Intruder, IsRefusedEveryDeviceButTheSpareTimer) {
    std::array device{hyp::PassedDevice{.range = {{0xF000'0000}, mmu::kFrameBytes},
                                        .target = {kVirt.spare_timer->base},
                                        .interrupt = {.interrupt = 34, .physical = 34}}};
    vm_.passed = device;
    EXPECT_EQ(found(confinement_.of_measured(scenario_, vm_)), "");
    device[0].range.bytes += mmu::kFrameBytes;
    EXPECT_EQ(found(confinement_.of_measured(scenario_, vm_)), "a device") << "and a page more";
    device[0] = {.range = {{0xF000'0000}, mmu::kFrameBytes}, .target = {0x0900'0000}};
    EXPECT_EQ(found(confinement_.of_measured(scenario_, vm_)), "a device") << "the console";
    EXPECT_EQ(seen_at(kVirt.spare_timer->base), "a device") << "as memory";
}

TEST_F(Intruder, IsRefusedOnDemandToo) {
    vm_.map = std::span(map_.regions).first(1);
    vm_.demand = {.range = {{0xF000'0000}, kMebibyte}, .target = slots_.measured.base()};
    EXPECT_EQ(found(confinement_.of_measured(scenario_, vm_)), "");
    vm_.demand.target = slots_.companion.base() - 4096;
    const auto breach = confinement_.of_measured(scenario_, vm_);
    EXPECT_EQ(found(breach), "the other VM's memory");
    EXPECT_EQ(breach->at, slots_.companion.base());
}

TEST_F(Intruder, IsRefusedMemoryThatBelongsToNobody) {
    const Board large = kBoards[2];
    const Slots slots = slots_in(large.platform, large.ram(), true);
    const Confinement confinement(large.platform, large.ram(), slots);
    map_.regions[0].target = slots.gigabyte->base();
    vm_.map = std::span(map_.regions).first(1);
    EXPECT_EQ(found(confinement.of_measured(scenario_, vm_)), "memory that is not its own");
    scenario_.translation.stage2 = measure::Stage2::k1G;
    EXPECT_EQ(found(confinement.of_measured(scenario_, vm_)), "");
    map_.regions[0].target = slots.measured.base();
    EXPECT_EQ(found(confinement.of_measured(scenario_, vm_)), "memory that is not its own");
}

TEST_F(Intruder, IsRefusedAsTheSecondVmToo) {
    vm_.map = std::span(map_.regions).first(1);
    EXPECT_EQ(found(confinement_.of_companion(scenario_, vm_)), "the other VM's memory");
    map_.regions[0].target = slots_.companion.base();
    EXPECT_EQ(found(confinement_.of_companion(scenario_, vm_)), "");
}

TEST_F(Intruder, IsNotLookedForWithoutStage2) {
    vm_.stages = hyp::Stages::kStage1Only;
    EXPECT_EQ(seen_at(kVirt.image), "");
}

TEST_F(Intruder, MayHaveGiccWhereItsInterruptsComeStraight) {
    vm_.routing = hyp::InterruptRouting::kStraight;
    EXPECT_EQ(seen_at(kVirt.cpu_interface, 0x2000), "");
    EXPECT_EQ(seen_at(kVirt.virtual_cpu_interface), "a device");
}

}  // namespace
}  // namespace hm::session
