#include "host/model/prediction.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>
#include <vector>

#include "host/model/walks.hpp"

namespace hm::host {
namespace {

constexpr std::uint64_t kLineBytes = 64;

/// Which lines of an extent were read.
class Touched {
  public:
    void touch(const Extent& tables, std::uint64_t address) {
        if (lines_.empty()) {
            lines_.resize(static_cast<std::size_t>(tables.bytes_in() / kLineBytes));
        }
        lines_[static_cast<std::size_t>((address - tables.begin) / kLineBytes)] = 1;
    }
    [[nodiscard]] std::uint64_t count() const {
        return static_cast<std::uint64_t>(std::count(lines_.begin(), lines_.end(), 1));
    }

  private:
    std::vector<std::uint8_t> lines_;
};

/// Builds the tables and walks them, which takes a tenth of a second for a long chain.
Prediction walked(const measure::Translation& translation, const Chain& chain) {
    Prediction prediction;
    prediction.reads = {std::numeric_limits<unsigned>::max(), 0};
    Touched first;
    Touched second;
    const bool fits = visit_walks(
        translation, chain, [&](const CellTables& tables, std::uint64_t, const PageWalk& walk) {
            auto& [min, max] = prediction.reads;
            min = std::min(min, walk.reads());
            max = std::max(max, walk.reads());
            for (unsigned i = 0; i < walk.first.reads; ++i) {
                first.touch(tables.stage1, walk.first_ipa[i]);
            }
            for (const StageWalk& stage : walk.second) {
                for (unsigned i = 0; i < stage.reads; ++i) {
                    second.touch(tables.stage2, stage.at[i]);
                }
            }
            prediction.formula = tables.formula;
            prediction.stage1_table_bytes = tables.stage1.bytes_in();
            prediction.stage2_table_bytes = tables.stage2.bytes_in();
        });
    if (!fits) {
        return {};
    }
    prediction.stage1_lines = first.count();
    prediction.stage2_lines = second.count();
    prediction.lines = prediction.stage1_lines + prediction.stage2_lines;
    return prediction;
}

}  // namespace

Prediction predict(const measure::Translation& translation, const Chain& chain) {
    // The verdicts, the tables and every format ask for the same few again and again.
    using Key = std::tuple<measure::Stage1, measure::Stage2, std::uint64_t, std::uint64_t,
                           std::uint64_t, std::uint64_t>;
    static std::map<Key, Prediction> known;
    const Key key{translation.stage1, translation.stage2, chain.base,
                  chain.bytes,        chain.stride,       chain.tables};
    auto place = known.find(key);
    if (place == known.end()) {
        place = known.emplace(key, walked(translation, chain)).first;
    }
    return place->second;
}

}  // namespace hm::host
