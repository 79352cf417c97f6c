#include "host/linux/linux_results.hpp"

#include <nlohmann/json.hpp>

#include "host/log/json.hpp"

namespace hm::host {
namespace {

Json json_of(const LinuxResult& result) {
    Json json{{"name", result.row->name},
              {"delivery", measure::kDeliveryNames[static_cast<std::size_t>(result.row->delivery)]},
              {"mapping", measure::name_of(result.row->mapping)},
              {"why_failed", result.why_failed},
              {"guest", parse_json(guest_json(result.end.results)).value_or(Json::object())}};
    if (result.read.userland) {
        json["userland"] = Json{{"counter", result.read.userland->counter},
                                {"now_ns", result.read.userland->now_ns},
                                {"kernel", result.read.userland->kernel}};
    }
    if (const auto cyclictest = cyclictest_of(result)) {
        Json bins = Json::array();
        for (const auto& [latency, count] : cyclictest->bins) {
            bins.push_back(Json::array({latency, count}));
        }
        json["cyclictest"] = Json{{"min", cyclictest->min},
                                  {"mean", cyclictest->mean},
                                  {"max", cyclictest->max},
                                  {"beyond", cyclictest->beyond},
                                  {"histogram", std::move(bins)}};
    }
    for (const LmbenchProgram& program : kLmbenchPrograms) {
        if (const auto value = lmbench_of(result, program)) {
            json[std::string(program.name)] = *value;
        }
    }
    return json;
}

}  // namespace

std::optional<BootCosts> boot_costs(const LinuxResult& result) {
    const auto& costs = result.end.results.costs;
    if (!result.why_failed.empty() || !costs || !costs->instructions || !result.read.userland) {
        return std::nullopt;
    }
    return BootCosts{*costs->instructions, *costs->instructions - *costs->guest_instructions,
                     result.read.userland->now_ns};
}

std::optional<Cyclictest> cyclictest_of(const LinuxResult& result) {
    const auto found = result.read.programs.find("cyclictest");
    return result.why_failed.empty() && found != result.read.programs.end()
               ? read_cyclictest(found->second.text)
               : std::nullopt;
}

std::optional<double> lmbench_of(const LinuxResult& result, const LmbenchProgram& program) {
    const auto found = result.read.programs.find(std::string(program.name));
    if (found == result.read.programs.end()) {
        return std::nullopt;
    }
    return program.name == "lat_pagefault" ? read_lat_pagefault(found->second.text)
                                           : read_lat_mem_rd(found->second.text);
}

std::string linux_json(const LinuxWorkload& workload, const std::vector<LinuxResult>& results) {
    Json rows = Json::array();
    for (const LinuxResult& result : results) {
        rows.push_back(json_of(result));
    }
    const Json json{{"schema", 1}, {"workload", workload.name}, {"rows", std::move(rows)}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace hm::host
