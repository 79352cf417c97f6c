#include "host/report/tlb_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "drivers/cpu/tlb_ram.hpp"
#include "host/base/text.hpp"

namespace hm::host {
namespace {

/// How one RAM's entries are shown.
struct RamForm {
    std::string_view ram;
    std::string_view title;
    /// By what its entries are counted: VMID, sizes of stage 1 and stage 2, AP or HYP.
    std::array<std::string, 4> (*group)(const cpu::TlbWords& words);
    /// Where an entry says it is of, and where it leads.
    std::string (*va)(const cpu::TlbWords& words, std::uint32_t index);
    std::uint64_t (*pa)(const cpu::TlbWords& words);
};

std::string digits_of(std::uint32_t value) { return fmt::format("{}", value); }

std::array<std::string, 4> group_of_main(const cpu::TlbWords& words) {
    using Main = cpu::MainTlbEntry;
    const Main entry = Main::from(words);
    const std::uint64_t stage2 = stage2_bytes(entry);
    return {digits_of(entry.get(Main::kVmid)), bytes_text(stage1_bytes(entry)),
            stage2 == 0 ? "none" : bytes_text(stage2), digits_of(entry.get(Main::kApOrHyp))};
}

template <class Entry>
std::array<std::string, 4> group_by_vmid(const cpu::TlbWords& words) {
    return {digits_of(Entry::from(words).get(Entry::kVmid)), "-", "-", "-"};
}

template <class Entry>
std::uint64_t pa_of(const cpu::TlbWords& words) {
    return Entry::from(words).pa();
}

std::string va_of_main(const cpu::TlbWords& words, std::uint32_t index) {
    return fmt::format("{:08x}", va_of(cpu::MainTlbEntry::from(words), index));
}

/// The bits of the VA that the index does not have, since how these continue we do not know.
std::string va_of_walk(const cpu::TlbWords& words, std::uint32_t) {
    using Walk = cpu::WalkCacheEntry;
    return fmt::format("tag {:02x}", Walk::from(words).get(Walk::kVa));
}

std::string va_of_ipa(const cpu::TlbWords&, std::uint32_t) { return "-"; }

constexpr std::array<RamForm, 3> kRamForms{
    {{cpu::kMainTlb, "main TLB", group_of_main, va_of_main, pa_of<cpu::MainTlbEntry>},
     {cpu::kWalkCache, "walk cache", group_by_vmid<cpu::WalkCacheEntry>, va_of_walk,
      pa_of<cpu::WalkCacheEntry>},
     {cpu::kIpaCache, "IPA cache", group_by_vmid<cpu::IpaCacheEntry>, va_of_ipa,
      pa_of<cpu::IpaCacheEntry>}}};

const RamForm* form_of(const TlbWay& way) {
    const auto* const found =
        std::find_if(kRamForms.begin(), kRamForms.end(),
                     [&way](const RamForm& form) { return form.ram == way.ram; });
    return found == kRamForms.end() ? nullptr : found;
}

/// All three kinds have it there.
bool is_valid(const TlbSlot& entry) {
    return cpu::MainTlbEntry::from(entry.words).get(cpu::MainTlbEntry::kValid);
}

/// "nested:2M lpae-4K 8 MB"
std::string chase_of(const TlbWay& way) {
    const std::uint64_t bytes = way.params.whole("bytes").value_or(0);
    return fmt::format("{}{}{} {} {}", way.regime, way.stage2.empty() ? "" : ":", way.stage2,
                       way.param("stage1"), bytes_text(bytes));
}

/// One RAM after one chase.
struct ReadRam {
    std::string chase;
    const RamForm* form = nullptr;
    std::uint64_t slots = 0;
    std::vector<std::pair<const TlbWay*, const TlbSlot*>> valid = {};
};

std::vector<ReadRam> read_rams(const Results& results) {
    std::vector<ReadRam> rams;
    for (const TlbWay& way : results.tlb) {
        const RamForm* const form = form_of(way);
        if (form == nullptr) {
            continue;
        }
        const std::string chase = chase_of(way);
        if (rams.empty() || rams.back().chase != chase || rams.back().form != form) {
            rams.push_back({.chase = chase, .form = form, .valid = {}});
        }
        rams.back().slots += way.sets;
        for (const TlbSlot& entry : way.entries) {
            if (is_valid(entry)) {
                rams.back().valid.emplace_back(&way, &entry);
            }
        }
    }
    return rams;
}

std::string tlb_counts_text(const std::vector<ReadRam>& rams, std::size_t width) {
    Table table{{"chase", "RAM", "VMID", "stage 1", "stage 2", "AP/HYP", "entries", "of"}, {}, 2};
    for (const ReadRam& ram : rams) {
        std::map<std::array<std::string, 4>, std::size_t> groups;
        for (const auto& [way, entry] : ram.valid) {
            ++groups[ram.form->group(entry->words)];
        }
        if (groups.empty()) {
            groups[{"-", "-", "-", "-"}] = 0;
        }
        for (const auto& [group, count] : groups) {
            table.rows.push_back({ram.chase, std::string(ram.form->title), group[0], group[1],
                                  group[2], group[3], fmt::format("{}", count),
                                  fmt::format("{}", ram.slots)});
        }
    }
    return render(table, width);
}

std::string tlb_entries_text(const std::vector<ReadRam>& rams, Verbosity verbosity,
                             std::size_t width) {
    constexpr std::size_t kFew = 2;
    Table table{{"chase", "RAM", "way", "index", "VA", "PA", "words 0 to 2"}, {}, 2};
    for (const ReadRam& ram : rams) {
        const std::size_t shown =
            verbosity == Verbosity::kFull ? ram.valid.size() : std::min(kFew, ram.valid.size());
        for (std::size_t i = 0; i < shown; ++i) {
            const auto& [way, entry] = ram.valid[i];
            const auto& words = entry->words;
            table.rows.push_back(
                {ram.chase, std::string(ram.form->title), fmt::format("{}", way->way),
                 fmt::format("{}", entry->index), ram.form->va(words, entry->index),
                 fmt::format("{:010x}", ram.form->pa(words)),
                 fmt::format("{:08x} {:08x} {:08x}", words[0], words[1], words[2])});
        }
    }
    return table.rows.empty() ? std::string() : "\n" + render(table, width);
}

}  // namespace

std::string tlb_text(const GroupedResults& run, Verbosity verbosity, std::size_t width) {
    const std::vector<ReadRam> rams = read_rams(run.results);
    return rams.empty()
               ? std::string()
               : wrap("What a chase, one line per page, left in the TLBs' RAMs: valid entries",
                      width) +
                     tlb_counts_text(rams, width) + tlb_entries_text(rams, verbosity, width) +
                     wrap(
                         "HYP's own entries are among them: it used the same TLB until it had read "
                         "it. Stage 2 none says that no stage 2 was involved. Part of the layouts "
                         "is not from the manual, and none was checked on a board: hold the words "
                         "against it (docs/model.md).",
                         width);
}

}  // namespace hm::host
