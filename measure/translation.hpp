#pragma once
// How addresses of a guest translate: the regime, how the tables of each stage are made, and the
// matrix of both, with the reasons why some of its cells are impossible.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hm::measure {

enum class Regime : std::uint8_t {
    kNative,  ///< only stage 1: VA to PA
    kStage2,  ///< only stage 2: IPA to PA, with stage 1 off and memory cacheable (HCR.DC = 1)
    kNested,  ///< both
};
inline constexpr std::array<const char*, 3> kRegimeNames{"native", "stage2", "nested"};

/// Format and page size of the guest's own tables.
enum class Stage1 : std::uint8_t {
    kLong4K,   ///< long descriptors (LPAE), pages of 4 KB: three levels
    kLong2M,   ///< the same, blocks of 2 MB: two levels
    kShort4K,  ///< short descriptors, small pages of 4 KB: two levels
    kShort1M,  ///< the same, sections of 1 MB: one level
    kOff,      ///< the guest leaves its MMU off
};
inline constexpr std::array<const char*, 5> kStage1Names{"lpae-4K", "lpae-2M", "short-4K",
                                                         "short-1M", "off"};

/// Size of the blocks of stage 2, and the level at which its walk starts.
enum class Stage2 : std::uint8_t {
    kOff,
    k4K,
    k2M,
    k1G,
    k4KFromLevel2,  ///< a 32-bit IPA: the root is four tables of level 2 next to each other
    k2MFromLevel2,
    k1GFromLevel2,
};
inline constexpr std::array<const char*, 7> kStage2Names{"off",       "4K",        "2M",       "1G",
                                                         "4K-level2", "2M-level2", "1G-level2"};

[[nodiscard]] constexpr const char* name_of(Regime regime) {
    return kRegimeNames[static_cast<std::size_t>(regime)];
}
[[nodiscard]] constexpr const char* name_of(Stage1 stage1) {
    return kStage1Names[static_cast<std::size_t>(stage1)];
}
[[nodiscard]] constexpr const char* name_of(Stage2 stage2) {
    return kStage2Names[static_cast<std::size_t>(stage2)];
}

[[nodiscard]] constexpr bool is_short(Stage1 stage1) {
    return stage1 == Stage1::kShort4K || stage1 == Stage1::kShort1M;
}
[[nodiscard]] constexpr bool starts_at_level2(Stage2 stage2) {
    return stage2 >= Stage2::k4KFromLevel2;
}

/// One cell of the matrix.
struct Translation {
    Stage1 stage1 = Stage1::kLong4K;
    Stage2 stage2 = Stage2::kOff;

    [[nodiscard]] constexpr Regime regime() const {
        return stage2 == Stage2::kOff   ? Regime::kNative
               : stage1 == Stage1::kOff ? Regime::kStage2
                                        : Regime::kNested;
    }
    /// Why no machine can run it; empty if one can.
    [[nodiscard]] constexpr std::string_view impossible() const {
        if (stage2 == Stage2::k1GFromLevel2) {
            return "blocks of 1 GB are entries of level 1, above the start of this walk";
        }
        if (stage1 == Stage1::kOff && stage2 == Stage2::kOff) {
            return "without translation memory is not cached: nothing to compare";
        }
        return {};
    }

    friend constexpr bool operator==(const Translation&, const Translation&) = default;
};

/// What a guest has unless a row says something else.
inline constexpr Translation kPlainNative{Stage1::kLong4K, Stage2::kOff};
inline constexpr Translation kPlainStage2{Stage1::kOff, Stage2::k4K};
inline constexpr Translation kPlainNested{Stage1::kLong4K, Stage2::k4K};

/// All cells, including the impossible ones.
inline constexpr auto kMatrix = [] {
    std::array<Translation, kStage1Names.size() * kStage2Names.size()> cells{};
    for (std::size_t i = 0; i < cells.size(); ++i) {
        cells[i] = {static_cast<Stage1>(i % kStage1Names.size()),
                    static_cast<Stage2>(i / kStage1Names.size())};
    }
    return cells;
}();

/// How the memory of a guest that boots gets into stage 2.
enum class Mapping : std::uint8_t {
    kNone,      ///< there is no stage 2
    kDemand4K,  ///< one page at a time, when it is touched
    kDemand2M,  ///< the same, blocks of 2 MB
    kAround4,   ///< so many pages around the one that is touched (fault-around)
    kAround16,
    kAround64,
    kPremapped4K,  ///< all of it, before the guest is entered
    kPremapped2M,
};
inline constexpr std::array<const char*, 8> kMappingNames{
    "none",      "demand-4K", "demand-2M",    "around-4",
    "around-16", "around-64", "premapped-4K", "premapped-2M"};

[[nodiscard]] constexpr const char* name_of(Mapping mapping) {
    return kMappingNames[static_cast<std::size_t>(mapping)];
}
[[nodiscard]] constexpr bool is_on_demand(Mapping mapping) {
    return mapping >= Mapping::kDemand4K && mapping <= Mapping::kAround64;
}
/// Pages of 4 KB that one fault maps.
[[nodiscard]] constexpr std::uint32_t pages_a_fault(Mapping mapping) {
    switch (mapping) {
        case Mapping::kDemand2M:
            return 512;
        case Mapping::kAround4:
            return 4;
        case Mapping::kAround16:
            return 16;
        case Mapping::kAround64:
            return 64;
        default:
            return 1;
    }
}

static_assert(kPlainNative.regime() == Regime::kNative &&
              kPlainStage2.regime() == Regime::kStage2 && kPlainNested.regime() == Regime::kNested);

}  // namespace hm::measure
