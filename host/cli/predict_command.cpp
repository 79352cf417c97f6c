#include "host/cli/predict_command.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>

#include "host/base/text.hpp"
#include "host/model/settle.hpp"
#include "host/report/forecast_table.hpp"
#include "host/report/settle_table.hpp"

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

/// Follows chases with a message for each.
class Follower {
  public:
    explicit Follower(const Console& console) : steps_(console) {}

    [[nodiscard]] std::optional<Outcomes> follow(Forecaster& forecaster, const Chase& chase) {
        steps_.step(fmt::format("{}: {} of {}: {}, {}", forecaster.model().core().title,
                                name_of(chase.order), bytes_text(chase.chain.bytes),
                                name_of(chase.translation.stage1),
                                name_of(chase.translation.stage2)));
        return forecaster.follow(chase);
    }
    void end() { steps_.clear(); }

  private:
    Steps steps_;
};

class Predictor {
  public:
    Predictor(const PredictOptions& options, const Console& console)
        : options_(options), console_(console), follower_(console) {
        for (const Model& model : options.models) {
            forecasters_.emplace_back(model, kFineExtract);
        }
    }

    void predict() {
        if (options_.json) {
            print_json();
            return;
        }
        console_.out << wrap(head_text(), console_.width) << std::flush;
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

    [[nodiscard]] std::string head_text() const {
        std::vector<std::string> cores;
        std::vector<std::string> tlbs;
        std::vector<std::string> without_time;
        for (const Model& model : options_.models) {
            cores.push_back(fmt::format("a {} at {} MHz", model.core().title,
                                        number_text(model[Parameter::kClockMhz].low)));
            tlbs.push_back(fmt::format("the {}", model.core().tlb));
            if (!model.has_time()) {
                without_time.push_back(fmt::format("a {}", model.core().title));
            }
        }
        std::string text = fmt::format(
            "A load of a chase on {}, as a model predicts: low..high over what is not known of the "
            "core. TLB misses: of {}; ",
            fmt::join(cores, " and on "), fmt::join(tlbs, " or "));
        text += is_side_by_side()
                    ? "descriptors: of both stages; from RAM: those of them that no cache has"
                    : "from L1, L2, RAM: descriptors of both stages by where they are found";
        text += "; all for each load";
        if (!without_time.empty()) {
            text += fmt::format(
                ". The latencies of {} are not known, so that there are counts and "
                "no times",
                fmt::join(without_time, " and "));
        }
        return text;
    }

    [[nodiscard]] bool is_side_by_side() const { return forecasters_.size() > 1; }

    /// Whether the cells are followed that only one order and size have.
    [[nodiscard]] bool has_more(ChaseOrder order, std::uint64_t bytes) const {
        return order == ChaseOrder::kPageRandom &&
               bytes == *std::max_element(options_.bytes.begin(), options_.bytes.end());
    }

    [[nodiscard]] std::vector<Followed> follow_all(Forecaster& forecaster, ChaseOrder order,
                                                   std::uint64_t bytes) {
        std::vector<Followed> followed;
        for (const Translation& cell : measure::kMatrix) {
            if (!wants(cell, has_more(order, bytes))) {
                continue;
            }
            Chase chase{cell, order, usual_chain(cell.stage1, order, bytes)};
            if (order == ChaseOrder::kSequential || order == ChaseOrder::kRandom) {
                chase.chain.stride = options_.stride;
            }
            if (auto outcomes = follower_.follow(forecaster, chase)) {
                followed.push_back({chase, *std::move(outcomes)});
            }
        }
        return followed;
    }

    void print_json() {
        Forecaster& forecaster = forecasters_.front();
        std::vector<Foreseen> all;
        for (const ChaseOrder order : options_.orders) {
            for (const std::uint64_t bytes : options_.bytes) {
                const auto some = foreseen_of(forecaster, follow_all(forecaster, order, bytes));
                all.insert(all.end(), some.begin(), some.end());
            }
        }
        follower_.end();
        console_.out << forecast_json(all, forecaster.model()) << std::flush;
    }

    void print(ChaseOrder order, std::uint64_t bytes) {
        const bool more = has_more(order, bytes);
        std::vector<CoreForeseen> cores;
        std::vector<std::vector<Followed>> of_cores;
        for (Forecaster& forecaster : forecasters_) {
            std::vector<Followed> followed = follow_all(forecaster, order, bytes);
            cores.push_back({&forecaster.model().core(), foreseen_of(forecaster, followed)});
            of_cores.push_back(std::move(followed));
        }
        follower_.end();
        console_.out << fmt::format("\n{}, {}\n", name_of(order), bytes_text(bytes));
        if (is_side_by_side()) {
            console_.out << side_by_side_table(cores, console_.width) << std::flush;
            return;
        }
        const Model& model = options_.models.front();
        console_.out << forecast_table(
            cores.front().chases,
            model.has_time() ? std::optional(model[Parameter::kClockMhz].low) : std::nullopt,
            console_.width);
        if (more && model.has_time()) {
            print_unknowns(of_cores.front());
        } else if (more) {
            console_.out << wrap(
                fmt::format("`hypmeter predict --core {} --settle` says which rows of a run would "
                            "settle what is not known.",
                            model.core().name),
                console_.width);
        }
        console_.out << std::flush;
    }

    [[nodiscard]] static std::vector<Foreseen> foreseen_of(const Forecaster& forecaster,
                                                           const std::vector<Followed>& followed) {
        std::vector<Foreseen> foreseen;
        for (const Followed& one : followed) {
            const Followed* const native = native_of(followed, one.chase.translation);
            const bool has_ratio =
                native != nullptr && native != &one && forecaster.model().has_time();
            foreseen.push_back(
                {one.chase, forecaster.forecast(one.outcomes),
                 has_ratio ? std::optional(forecaster.ratio(one.outcomes, native->outcomes))
                           : std::nullopt});
        }
        return foreseen;
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
        const Forecaster& forecaster = forecasters_.front();
        if (native == followed.end() || nested == followed.end() || forecaster.unknowns().empty()) {
            return;
        }
        console_.out << wrap(
                            "\nWhat is not known, and the ratio of lpae-4K in stage 2 of 4K to "
                            "native with each unknown at one end, the others anywhere",
                            console_.width)
                     << unknowns_table(forecaster, nested->outcomes, native->outcomes,
                                       console_.width)
                     << wrap(
                            "`hypmeter predict --parameters` says what each parameter means, and "
                            "where its value comes from.",
                            console_.width);
    }

    const PredictOptions& options_;
    const Console& console_;
    Follower follower_;
    std::vector<Forecaster> forecasters_;
};

void print_settling(const PredictOptions& options, const Console& console) {
    Follower follower(console);
    for (const Model& model : options.models) {
        Forecaster forecaster(model, kFineExtract);
        std::vector<Probed> probed;
        for (const Chase& chase : probes(model)) {
            if (auto outcomes = follower.follow(forecaster, chase)) {
                probed.push_back({chase, *std::move(outcomes)});
            }
        }
        follower.end();
        console.out << (&model == &options.models.front() ? "" : "\n")
                    << settle_text(forecaster, probed, console.width) << std::flush;
    }
}

void print_parameters(const PredictOptions& options, const Console& console) {
    for (const Model& model : options.models) {
        if (options.models.size() > 1) {
            console.out << (&model == &options.models.front() ? "" : "\n")
                        << fmt::format("{} ({})\n", model.core().title, model.core().chip);
        }
        console.out << parameters_text(model, console.width) << std::flush;
    }
}

}  // namespace

int predict_command(const PredictOptions& options, const Console& console) {
    if (options.parameters) {
        print_parameters(options, console);
        return kAllOk;
    }
    if (options.settle) {
        print_settling(options, console);
        return kAllOk;
    }
    Predictor(options, console).predict();
    return kAllOk;
}

}  // namespace hm::host
