#pragma once
// A file that says other values for parameters of the model: a JSON object, by parameter a number,
// true or false, or an array of the low and the high end of a range.

#include <optional>
#include <string>
#include <string_view>

#include "host/model/model.hpp"

namespace hm::host {

/// The model with what the file says, or one sentence on what is wrong and what is valid.
struct ReadModel {
    std::optional<Model> model;
    std::string error;
};
[[nodiscard]] ReadModel read_model(std::string_view text, Model model = {});

}  // namespace hm::host
