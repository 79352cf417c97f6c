#include "host/model/model_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "host/log/json.hpp"

namespace hm::host {
namespace {

/// So many unknowns that hits depend on can be tried in all combinations.
constexpr std::size_t kMostUnknowns = 10;

std::string valid_text(const ParameterInfo& info) {
    if (info.kind == ParameterKind::kFlag) {
        return "false, true or [false, true]";
    }
    return fmt::format(
        "{}{:g} to {:g}, or [low, high] of these",
        info.kind == ParameterKind::kPower ? "a power of two from " : "a number from ",
        info.valid.low, info.valid.high);
}

/// One value, if its type and size are right.
std::optional<double> value_of(const ParameterInfo& info, const Json& json) {
    const bool flag = info.kind == ParameterKind::kFlag;
    if (flag ? !json.is_boolean() : !json.is_number()) {
        return std::nullopt;
    }
    const double value = flag ? (json.get<bool>() ? 1 : 0) : json.get<double>();
    if (!(value >= info.valid.low && value <= info.valid.high)) {
        return std::nullopt;
    }
    const bool whole = info.shapes || info.kind == ParameterKind::kPower;
    if ((whole && value != std::floor(value)) ||
        (info.kind == ParameterKind::kPower &&
         !std::has_single_bit(static_cast<std::uint64_t>(value)))) {
        return std::nullopt;
    }
    return value;
}

std::optional<Bounds> bounds_of(const ParameterInfo& info, const Json& json) {
    if (!json.is_array()) {
        const auto value = value_of(info, json);
        return value ? std::optional(Bounds{*value, *value}) : std::nullopt;
    }
    if (json.size() != 2) {
        return std::nullopt;
    }
    const auto low = value_of(info, json[0]);
    const auto high = value_of(info, json[1]);
    return low && high && *low <= *high ? std::optional(Bounds{*low, *high}) : std::nullopt;
}

/// Why what is said of several parameters cannot be together; empty if it can.
std::string misfit(const Model& model) {
    constexpr double kLine = 64;
    const auto low = [&model](Parameter parameter) { return model[parameter].low; };
    const auto high = [&model](Parameter parameter) { return model[parameter].high; };
    if (low(Parameter::kL1Bytes) < high(Parameter::kL1Ways) * kLine ||
        low(Parameter::kL2Bytes) < high(Parameter::kL2Ways) * kLine) {
        return "a way of a cache must have at least one line of 64 bytes";
    }
    const double way = high(Parameter::kWalkerCacheWays) * kLine;
    for (const double bytes :
         {low(Parameter::kWalkerCacheBytes), high(Parameter::kWalkerCacheBytes)}) {
        if (const auto sets = static_cast<std::uint64_t>(bytes / way);
            bytes != 0 &&
            (static_cast<double>(sets) * way != bytes || !std::has_single_bit(sets))) {
            return "walker_cache_bytes must be 0, or 64 bytes for each of walker_cache_ways times "
                   "a "
                   "power of two";
        }
    }
    if (low(Parameter::kL2TlbEntries) < high(Parameter::kL2TlbWays)) {
        return "l2_tlb_entries must be at least l2_tlb_ways";
    }
    for (const auto& [entries, sets] :
         {std::pair(Parameter::kStage1WalkEntries, Parameter::kStage1WalkSets),
          std::pair(Parameter::kIpaEntries, Parameter::kIpaSets)}) {
        const unsigned most = static_cast<unsigned>(high(sets));
        if (static_cast<unsigned>(low(entries)) % most != 0 ||
            static_cast<unsigned>(high(entries)) % most != 0) {
            return fmt::format("{} must be a multiple of {}, which is {}", info_of(entries).name,
                               info_of(sets).name, most);
        }
    }
    const std::size_t unknowns = model.unknowns(true).size();
    return unknowns <= kMostUnknowns
               ? std::string()
               : fmt::format(
                     "{} parameters that decide what hits are ranges, and at most {} may be",
                     unknowns, kMostUnknowns);
}

}  // namespace

ReadModel read_model(std::string_view text, Model model) {
    const Json json = parse_json(text).value_or(nullptr);
    if (!json.is_object()) {
        return {std::nullopt, "it is no JSON object, or it names something twice"};
    }
    for (const auto& [name, value] : json.items()) {
        const auto infos = parameter_infos();
        const auto info =
            std::find_if(infos.begin(), infos.end(),
                         [&name = name](const auto& known) { return known.name == name; });
        if (info == infos.end()) {
            return {std::nullopt,
                    fmt::format("unknown parameter {}; `hypmeter predict --parameters` lists them",
                                dump(Json(name)))};
        }
        const auto bounds = bounds_of(*info, value);
        if (!bounds) {
            return {std::nullopt, fmt::format("{} takes {}", info->name, valid_text(*info))};
        }
        model.set(info->parameter, *bounds);
    }
    std::string why = misfit(model);
    return why.empty() ? ReadModel{model, ""} : ReadModel{std::nullopt, std::move(why)};
}

}  // namespace hm::host
