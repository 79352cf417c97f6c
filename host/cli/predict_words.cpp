#include "host/cli/predict_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/base/files.hpp"
#include "host/base/text.hpp"
#include "host/model/model_file.hpp"
#include "measure/workload/chase.hpp"

namespace hm::host {
namespace {

/// The model of the core, or why not.
std::optional<UsageError> take_model(const std::string& path, Model& model) {
    if (path.empty()) {
        return std::nullopt;
    }
    const auto text = read_file(path);
    if (!text) {
        return UsageError{fmt::format("cannot read \"{}\"", path), ""};
    }
    const ReadModel read = read_model(*text, model);
    if (!read.model) {
        return UsageError{fmt::format("cannot use \"{}\": {}", path, read.error), ""};
    }
    model = *read.model;
    return std::nullopt;
}

/// The models of the cores, or why not.
std::optional<UsageError> take_models(const Words& words, std::vector<Model>& models) {
    for (const std::string& name : words.cores) {
        const ModelledCore* const core = find_modelled_core(name);
        if (core == nullptr) {
            return UsageError{fmt::format("unknown core \"{}\"", name),
                              fmt::format("cores: {}\n", names_of(modelled_cores()))};
        }
        if (std::any_of(models.begin(), models.end(),
                        [core](const Model& model) { return &model.core() == core; })) {
            return UsageError{fmt::format("core \"{}\" is named twice", name), ""};
        }
        models.emplace_back(*core);
    }
    if (!words.model.empty() && models.size() > 1) {
        return UsageError{"--model says the values of one core, but --core names several", ""};
    }
    return take_model(words.model, models.front());
}

}  // namespace

CLI::App* add_predict(CLI::App& app, Words& words) {
    CLI::App* predict = app.add_subcommand(
        "predict", "Predict from a model of the core what chases cost, without a run");
    predict
        ->add_option("--core", words.cores,
                     "Cores, with commas between; several are put side by side")
        ->delimiter(',')
        ->capture_default_str();
    predict->add_option("--model", words.model,
                        "JSON file with other values or ranges for the model's parameters");
    predict->add_flag("--all", words.all,
                      "Every cell of the matrix of tables, with one line per page of the largest "
                      "size; takes minutes");
    predict->add_flag("--parameters", words.parameters,
                      "Only list the parameters, with their values and sources");
    predict->add_flag("--settle", words.settle,
                      "Only say which rows of a run would settle what is not known of the core");
    predict->add_option("--order", words.orders, "Orders of chases, with commas between")
        ->delimiter(',')
        ->capture_default_str();
    predict->add_option("--bytes", words.bytes, "Sizes of chases, with commas between")
        ->delimiter(',')
        ->capture_default_str();
    predict
        ->add_option("--stride", words.stride,
                     "Bytes between neighbours of orders sequential and random")
        ->capture_default_str();
    predict->add_flag("--json", words.json, "Print one JSON object, for programs");
    add_examples(*predict,
                 {"hypmeter predict --order thrash --bytes 256M",
                  "hypmeter predict --core cortex-a15,cortex-a7",
                  "hypmeter predict --core cortex-a7 --settle", "hypmeter predict --parameters"});
    return predict;
}

Options check_predict(const Words& words) {
    PredictOptions predict;
    predict.all = words.all;
    predict.parameters = words.parameters;
    predict.settle = words.settle;
    predict.json = words.json;
    if (words.json && (words.settle || words.parameters || words.cores.size() > 1)) {
        return UsageError{"--json is only for the chases of one core", ""};
    }
    if (words.stride == 0 || words.stride > measure::kPageBytes ||
        words.stride % measure::chase::kLineBytes != 0) {
        return UsageError{fmt::format("{} is not a stride of a chase", words.stride),
                          fmt::format("strides: multiples of {} up to {}\n",
                                      measure::chase::kLineBytes, measure::kPageBytes)};
    }
    predict.stride = words.stride;
    if (auto refusal = take_models(words, predict.models)) {
        return *refusal;
    }
    for (const std::string& order : words.orders) {
        const auto& names = measure::kChaseOrderNames;
        const auto found = std::find(names.begin(), names.end(), order);
        if (found == names.end()) {
            return UsageError{fmt::format("unknown order \"{}\"", order),
                              fmt::format("orders: {}\n", fmt::join(names, ", "))};
        }
        predict.orders.push_back(static_cast<measure::ChaseOrder>(found - names.begin()));
    }
    for (const std::string& word : words.bytes) {
        const measure::KeyInfo& key = measure::info(measure::Key::kBytes);
        const auto bytes = measure::parse_value(key, word);
        if (!bytes || *bytes % measure::chase::kGrain != 0) {
            return UsageError{fmt::format("\"{}\" is not a size of a chase", word),
                              fmt::format("sizes: multiples of {} from {} to {}\n",
                                          bytes_key_text(measure::chase::kGrain),
                                          bytes_key_text(key.low), bytes_key_text(key.high))};
        }
        predict.bytes.push_back(*bytes);
    }
    return predict;
}

}  // namespace hm::host
