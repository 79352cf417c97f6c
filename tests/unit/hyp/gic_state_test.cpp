#include "hyp/core/gic_state.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/unit/drivers/fake_bus.hpp"

namespace hm::hyp {
namespace {

using test::Access;
using test::FakeBus;

constexpr std::uint32_t kGicd = 0x1048'1000;
constexpr std::uint32_t kGicc = 0x1048'2000;

/// What is written, by offset, and in which order.
std::vector<std::pair<std::uint32_t, std::uint32_t>> writes_to(const FakeBus& bus,
                                                               std::uint32_t base) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> writes;
    for (const Access& access : bus.history) {
        if (access.kind == Access::Kind::kWrite) {
            writes.emplace_back(access.address - base, access.value);
        }
    }
    return writes;
}

/// So many words from `first` on, all with the same value.
void expect_bank(std::map<std::uint32_t, std::uint32_t>& written, std::uint32_t first,
                 std::uint32_t words, std::uint32_t value) {
    for (std::uint32_t word = 0; word < words; ++word) {
        const auto at = written.find(first + 4 * word);
        ASSERT_NE(at, written.end()) << std::hex << first << " word " << word;
        EXPECT_EQ(at->second, value) << std::hex << first << " word " << word;
        written.erase(at);
    }
}

TEST(GicState, EveryWordOfEveryBankOfTheDistributorIsWritten) {
    FakeBus bus;
    bus.answer(kGicd + 0x004, {0x24});  // 160 interrupts: five times 32
    put_at_rest(bus, kGicd, Interrupts::kAll, true);
    std::map<std::uint32_t, std::uint32_t> written;
    for (const auto& [offset, value] : writes_to(bus, kGicd)) {
        written[offset] = value;
    }
    // Offsets and widths are the manual's (ARM IHI 0048B, 4.3 and table 4-1).
    expect_bank(written, 0x080, 5, 0xFFFF'FFFF);   // GICD_IGROUPR
    expect_bank(written, 0x180, 5, 0xFFFF'FFFF);   // GICD_ICENABLER
    expect_bank(written, 0x280, 5, 0xFFFF'FFFF);   // GICD_ICPENDR
    expect_bank(written, 0x380, 5, 0xFFFF'FFFF);   // GICD_ICACTIVER
    expect_bank(written, 0x400, 40, 0xA0A0'A0A0);  // GICD_IPRIORITYR
    expect_bank(written, 0x820, 32, 0);            // GICD_ITARGETSR of shared interrupts
    expect_bank(written, 0xC04, 9, 0);             // GICD_ICFGR, not of SGIs
    expect_bank(written, 0xF10, 4, 0xFFFF'FFFF);   // GICD_CPENDSGIR
    EXPECT_TRUE(written.empty()) << "another register: " << std::hex << written.begin()->first;
}

TEST(GicState, AnInterruptIsOffBeforeAnythingElseOfItChangesAndNotPendingAfterwards) {
    FakeBus bus;
    bus.answer(kGicd + 0x004, {0x24});
    put_at_rest(bus, kGicd, Interrupts::kAll, true);
    const auto writes = writes_to(bus, kGicd);
    ASSERT_GE(writes.size(), 10U);
    for (std::uint32_t word = 0; word < 5; ++word) {
        EXPECT_EQ(writes[word].first, 0x180 + 4 * word);
    }
    std::size_t trigger = 0;
    std::size_t pending = writes.size();
    for (std::size_t i = 0; i < writes.size(); ++i) {
        const bool is_trigger = writes[i].first >= 0xC00 && writes[i].first < 0xD00;
        const bool is_pending = writes[i].first >= 0x280 && writes[i].first < 0x300;
        trigger = is_trigger ? i : trigger;
        pending = is_pending ? std::min(pending, i) : pending;
    }
    EXPECT_GT(pending, trigger);
}

TEST(GicState, ForAGuestWithStage2OnlyTheInterruptsOfItsCoreAreWritten) {
    FakeBus bus;
    bus.answer(kGicd + 0x004, {0x24});
    put_at_rest(bus, kGicd, Interrupts::kPrivate, true);
    std::set<std::uint32_t> offsets;
    for (const auto& [offset, value] : writes_to(bus, kGicd)) {
        offsets.insert(offset);
    }
    // Of the first 32 interrupts (ARM IHI 0048B, table 4-1).
    EXPECT_EQ(offsets, (std::set<std::uint32_t>{0x080, 0x180, 0x280, 0x380, 0x400, 0x404, 0x408,
                                                0x40C, 0x410, 0x414, 0x418, 0x41C, 0xC04, 0xF10,
                                                0xF14, 0xF18, 0xF1C}));
}

TEST(GicState, AGicThatSavesNoStateIsNotAskedTo) {
    FakeBus bus;
    put_at_rest(bus, kGicd, Interrupts::kAll, false);
    write_interface(bus, kGicc, interface_with({}), false);
    std::set<std::uint32_t> offsets;
    for (const Access& access : bus.history) {
        offsets.insert(access.address);
    }
    for (const std::uint32_t absent : {kGicd + 0xF10, kGicd + 0xF14, kGicd + 0xF18, kGicd + 0xF1C,
                                       kGicc + 0x1C, kGicc + 0xD0, kGicc + 0xE0}) {
        EXPECT_FALSE(offsets.contains(absent)) << std::hex << absent;
    }
}

TEST(GicState, AnInterfaceKeepsNothingButItsControl) {
    FakeBus bus;
    write_interface(bus, kGicc, interface_with(gic::GiccCtlr::from(0x20F)), true);
    const std::map<std::uint32_t, std::uint32_t> expected{
        {0x00, 0x20F},  // GICC_CTLR
        {0x04, 0xF8},   // GICC_PMR: all but the lowest of 32 priorities (TRM 8.3.2)
        {0x08, 2},      // GICC_BPR and GICC_ABPR after a reset (TRM 8.3.2)
        {0x1C, 3},
        {0xD0, 0},  // GICC_APR0 and GICC_NSAPR0: no active priority (IHI 0048B, 4.4.12)
        {0xE0, 0}};
    std::map<std::uint32_t, std::uint32_t> written;
    for (const auto& [offset, value] : writes_to(bus, kGicc)) {
        written[offset] = value;
    }
    EXPECT_EQ(written, expected);
}

}  // namespace
}  // namespace hm::hyp
