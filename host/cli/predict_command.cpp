#include "host/cli/predict_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "host/base/text.hpp"
#include "host/report/forecast_table.hpp"

namespace hm::host {
namespace {

using measure::ChaseOrder;
using measure::Stage1;
using measure::Stage2;
using measure::Translation;

/// A cell whose chase was followed.
struct Followed {
    Chase chase;
    Outcomes outcomes;
};

/// The cells in which every order is followed.
constexpr std::array kPlainCells{measure::kPlainNative, measure::kPlainStage2,
                                 measure::kPlainNested, Translation{Stage1::kShort4K, Stage2::kOff},
                                 Translation{Stage1::kShort4K, Stage2::k4K}};
/// Those that are followed in addition with one line per page, unless all are.
constexpr std::array kMoreCells{
    Translation{Stage1::kLong2M, Stage2::kOff}, Translation{Stage1::kLong4K, Stage2::k2M},
    Translation{Stage1::kLong2M, Stage2::k2M}, Translation{Stage1::kLong4K, Stage2::k4KFromLevel2},
    Translation{Stage1::kLong4K, Stage2::k2MFromLevel2}};

class Predictor {
  public:
    Predictor(const PredictOptions& options, const Console& console)
        : options_(options),
          console_(console),
          steps_(console),
          forecaster_(options.model, kFineExtract) {}

    void predict() {
        const double mhz = options_.model[Parameter::kClockMhz].low;
        console_.out << wrap(fmt::format(
                                 "A load of a chase on a Cortex-A15 at {} MHz, as a model "
                                 "predicts: low..high over what is not known of the core. TLB "
                                 "misses: of the L2 TLB; from L1, L2, RAM: descriptors of "
                                 "both stages by where they are found; all for each load",
                                 number_text(mhz)),
                             console_.width)
                     << std::flush;
        for (const ChaseOrder order : options_.orders) {
            for (const std::uint64_t bytes : options_.bytes) {
                print(order, bytes);
            }
        }
        console_.out << std::flush;
    }

  private:
    [[nodiscard]] bool wants(const Translation& cell, bool more) const {
        const auto is_in = [&cell](const auto& cells) {
            return std::find(cells.begin(), cells.end(), cell) != cells.end();
        };
        return is_in(kPlainCells) || (more && (options_.all || is_in(kMoreCells)));
    }

    void print(ChaseOrder order, std::uint64_t bytes) {
        const bool largest =
            bytes == *std::max_element(options_.bytes.begin(), options_.bytes.end());
        const bool more = order == ChaseOrder::kPageRandom && largest;
        std::vector<Followed> followed;
        for (const Translation& cell : measure::kMatrix) {
            if (!wants(cell, more)) {
                continue;
            }
            steps_.step(fmt::format("{} of {}: {}, {}", name_of(order), bytes_text(bytes),
                                    name_of(cell.stage1), name_of(cell.stage2)));
            const Chase chase{cell, order, usual_chain(cell.stage1, order, bytes)};
            if (auto outcomes = forecaster_.follow(chase)) {
                followed.push_back({chase, *std::move(outcomes)});
            }
        }
        steps_.clear();
        std::vector<Foreseen> foreseen;
        for (const Followed& one : followed) {
            const Followed* const native = native_of(followed, one.chase.translation);
            foreseen.push_back(
                {one.chase, forecaster_.forecast(one.outcomes),
                 native == nullptr || native == &one
                     ? std::nullopt
                     : std::optional(forecaster_.ratio(one.outcomes, native->outcomes))});
        }
        console_.out << fmt::format("\n{}, {}\n", name_of(order), bytes_text(bytes))
                     << forecast_table(foreseen, options_.model[Parameter::kClockMhz].low,
                                       console_.width);
        if (more) {
            print_unknowns(followed);
        }
        console_.out << std::flush;
    }

    /// The same chase natively; without stage 1, through the plain tables.
    [[nodiscard]] static const Followed* native_of(const std::vector<Followed>& followed,
                                                   const Translation& cell) {
        const Translation native{
            cell.stage1 == Stage1::kOff ? measure::kPlainNative.stage1 : cell.stage1, Stage2::kOff};
        const auto found = std::find_if(
            followed.begin(), followed.end(),
            [&native](const Followed& one) { return one.chase.translation == native; });
        return found == followed.end() ? nullptr : &*found;
    }

    void print_unknowns(const std::vector<Followed>& followed) {
        const auto of = [&followed](const Translation& cell) {
            return std::find_if(followed.begin(), followed.end(), [&cell](const Followed& one) {
                return one.chase.translation == cell;
            });
        };
        const auto native = of(measure::kPlainNative);
        const auto nested = of(measure::kPlainNested);
        if (native == followed.end() || nested == followed.end() ||
            forecaster_.unknowns().empty()) {
            return;
        }
        console_.out << wrap(
                            "\nWhat is not known, and the ratio of lpae-4K in stage 2 of 4K to "
                            "native with each unknown at one end, the others anywhere",
                            console_.width)
                     << unknowns_table(forecaster_, nested->outcomes, native->outcomes,
                                       console_.width)
                     << wrap(
                            "`hypmeter predict --parameters` says what each parameter means, and "
                            "where its value comes from.",
                            console_.width);
    }

    const PredictOptions& options_;
    const Console& console_;
    Steps steps_;
    Forecaster forecaster_;
};

}  // namespace

int predict_command(const PredictOptions& options, const Console& console) {
    if (options.parameters) {
        console.out << parameters_text(options.model, console.width) << std::flush;
        return kAllOk;
    }
    Predictor(options, console).predict();
    return kAllOk;
}

}  // namespace hm::host
