#include "host/model/model.hpp"

#include <algorithm>

namespace hm::host {

Model::Model(const ModelledCore& core) : core_(&core) {
    for (const ParameterInfo& info : parameter_infos()) {
        set(info.parameter, core.of(info.parameter).bounds.value_or(info.valid));
    }
}

bool Model::has_time() const {
    const auto infos = parameter_infos();
    return std::none_of(infos.begin(), infos.end(), [this](const ParameterInfo& info) {
        return is_open(info, (*this)[info.parameter]);
    });
}

std::vector<Parameter> Model::unknowns(bool shapes) const {
    std::vector<Parameter> found;
    for (const ParameterInfo& info : parameter_infos()) {
        if (info.shapes == shapes && !(*this)[info.parameter].is_known()) {
            found.push_back(info.parameter);
        }
    }
    return found;
}

std::vector<CoreValues> Model::corners(const std::vector<Parameter>& of) const {
    CoreValues lowest;
    for (const ParameterInfo& info : parameter_infos()) {
        lowest.set(info.parameter, (*this)[info.parameter].low);
    }
    std::vector<CoreValues> corners(std::size_t{1} << of.size(), lowest);
    for (std::size_t corner = 0; corner < corners.size(); ++corner) {
        for (std::size_t i = 0; i < of.size(); ++i) {
            if ((corner >> i & 1) != 0) {
                corners[corner].set(of[i], (*this)[of[i]].high);
            }
        }
    }
    return corners;
}

}  // namespace hm::host
