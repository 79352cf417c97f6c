#include "host/log/results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hm::host {
namespace {

/// Whole numbers are written as such, so that 12 and 12.0 make the same file.
Json number_json(double value) {
    constexpr double kExact = 9007199254740992.0;  // 2^53: every whole number below has a double
    if (std::trunc(value) == value && std::abs(value) < kExact) {
        return static_cast<std::int64_t>(value);
    }
    return value;
}

Json row_json(const Row& row) {
    Json json{{"workload", row.workload}, {"regime", row.regime}, {"delivery", row.delivery}};
    if (!row.stage2.empty()) {
        json["stage2"] = row.stage2;
    }
    json.update(Json{
        {"params", row.params}, {"layer", row.layer}, {"unit", row.unit}, {"count", row.count}});
    if (!row.steps.empty()) {
        json["steps"] = row.steps;
    }
    const auto put = [&json](const char* key, const std::optional<double>& value) {
        if (value) {
            json[key] = number_json(*value);
        }
    };
    put("min", row.min);
    put("mean", row.mean);
    put("p50", row.p50);
    put("p95", row.p95);
    put("p99", row.p99);
    put("p999", row.p999);
    put("max", row.max);
    Json buckets = Json::array();
    for (const auto& [low, count] : row.histogram) {
        buckets.push_back(Json::array({number_json(low), count}));
    }
    json["histogram"] = std::move(buckets);
    return json;
}

Json worst_json(const Worst& worst) {
    Json json{{"workload", worst.workload}, {"regime", worst.regime},
              {"delivery", worst.delivery}, {"params", worst.params},
              {"unit", worst.unit},         {"rank", worst.rank},
              {"event", worst.event},       {"delay", number_json(worst.delay)},
              {"layers", Json::array()}};
    for (const auto& [name, value] : worst.layers) {
        json["layers"].push_back(Json::array({name, number_json(value)}));
    }
    return json;
}

Json crc_json(const std::optional<std::uint32_t>& crc) { return crc ? Json(*crc) : Json(nullptr); }

std::optional<std::uint32_t> read_crc(const Json& crcs, const char* key) {
    Fields fields(crcs);
    const std::uint64_t crc = fields.whole(key);
    return fields.bad() ? std::nullopt : std::optional{static_cast<std::uint32_t>(crc)};
}

/// Each element of the array `key` into `items`, and into `bad` the first field of no use.
template <class Item, class Read>
void read_items(Fields& fields, const char* key, std::vector<Item>& items,
                std::optional<std::string>& bad, Read read) {
    for (const Json& element : fields.array(key)) {
        Fields element_fields(element);
        items.push_back(read(element_fields));
        bad = bad ? bad : element_fields.bad();
    }
}

/// A parameter as text, empty where there is none.
std::string param_text(const Json& params, const char* key) {
    const auto found = params.find(key);
    if (found == params.end()) {
        return {};
    }
    return found->is_string() ? found->get<std::string>() : found->dump();
}

}  // namespace

std::string Row::param(const char* key) const { return param_text(params, key); }

std::string Worst::param(const char* key) const { return param_text(params, key); }

bool Results::ok() const {
    return !verdicts.empty() && std::all_of(verdicts.begin(), verdicts.end(),
                                            [](const Verdict& verdict) { return verdict.ok; });
}

Row read_row(Fields& fields) {
    Row row;
    row.workload = fields.text("workload");
    row.regime = fields.text("regime");
    row.delivery = fields.text("delivery");
    row.stage2 = fields.optional_text("stage2");
    row.params = fields.object("params");
    row.layer = fields.text("layer");
    row.unit = fields.text("unit");
    row.steps = fields.optional_text("steps");
    row.count = fields.whole("count");
    row.min = fields.number("min");
    row.mean = fields.number("mean");
    row.max = fields.number("max");
    row.p50 = fields.optional_number("p50");
    row.p95 = fields.optional_number("p95");
    row.p99 = fields.optional_number("p99");
    row.p999 = fields.optional_number("p999");
    if (fields.has("histogram")) {
        for (const Json& bucket : fields.array("histogram")) {
            if (!bucket.is_array() || bucket.size() != 2 || !bucket[0].is_number() ||
                !bucket[1].is_number_unsigned()) {
                fields.reject("histogram");
                break;
            }
            row.histogram.emplace_back(bucket[0].get<double>(), bucket[1].get<std::uint64_t>());
        }
    }
    return row;
}

Worst read_worst(Fields& fields) {
    Worst worst;
    worst.workload = fields.text("workload");
    worst.regime = fields.text("regime");
    worst.delivery = fields.text("delivery");
    worst.params = fields.object("params");
    worst.unit = fields.text("unit");
    worst.rank = fields.whole("rank");
    worst.event = fields.whole("event");
    worst.delay = fields.number("delay");
    for (const Json& layer : fields.array("layers")) {
        if (!layer.is_array() || layer.size() != 2 || !layer[0].is_string() ||
            !layer[1].is_number()) {
            fields.reject("layers");
            break;
        }
        worst.layers.emplace_back(layer[0].get<std::string>(), layer[1].get<double>());
    }
    return worst;
}

Json to_json(const Results& results) {
    Json json{{"schema", kSchema},
              {"version", results.version},
              {"board", results.board},
              {"machine", results.machine},
              {"clock", results.clock},
              {"models", Json{{"caches", results.models_caches}, {"tlb", results.models_tlb}}},
              {"pmu_events", results.pmu_events}};
    if (results.ticks_hz) {
        json["ticks_hz"] = *results.ticks_hz;
    }
    if (!results.registers.empty()) {
        json["registers"] = results.registers;
    }
    json.update(Json{{"guest_crc32", Json{{"native", crc_json(results.native_crc32)},
                                          {"guest", crc_json(results.guest_crc32)}}},
                     {"parameters", results.parameters},
                     {"results", Json::array()},
                     {"worst", Json::array()},
                     {"skipped", Json::array()},
                     {"verdicts", Json::array()},
                     {"host", results.host}});
    for (const Row& row : results.rows) {
        json["results"].push_back(row_json(row));
    }
    for (const Worst& worst : results.worst) {
        json["worst"].push_back(worst_json(worst));
    }
    for (const Skip& skip : results.skipped) {
        json["skipped"].push_back(Json{{"scenario", skip.scenario}, {"reason", skip.reason}});
    }
    for (const Verdict& verdict : results.verdicts) {
        json["verdicts"].push_back(
            Json{{"name", verdict.name}, {"ok", verdict.ok}, {"detail", verdict.detail}});
    }
    return json;
}

std::string json_text(const Results& results) {
    // Paths and QEMU's words need not be UTF-8, which JSON is.
    const auto dump = [](const Json& json) {
        return json.dump(-1, ' ', false, Json::error_handler_t::replace);
    };
    const Json whole = to_json(results);
    std::string text;
    for (const auto& [key, value] : whole.items()) {
        text += fmt::format("{}\"{}\": ", text.empty() ? "{\n" : ",\n", key);
        if (!value.is_array() || value.empty()) {
            text += dump(value);
            continue;
        }
        const char* separator = "[\n  ";
        for (const Json& element : value) {
            text += separator + dump(element);
            separator = ",\n  ";
        }
        text += "\n]";
    }
    return text + "\n}\n";
}

ReadResults read_results(std::string_view text) {
    const Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded() || !json.is_object()) {
        return {{}, "it is not JSON"};
    }
    Fields fields(json);
    const std::uint64_t schema = fields.whole("schema");
    if (fields.bad()) {
        return {{}, "it names no schema"};
    }
    if (schema != kSchema) {
        return {{}, fmt::format("its schema is {}, and only {} is known here", schema, kSchema)};
    }
    Results results;
    results.version = fields.text("version");
    results.board = fields.text("board");
    results.machine = fields.text("machine");
    results.clock = fields.text("clock");
    const Json models = fields.object("models");
    Fields model_fields(models);
    results.models_caches = model_fields.flag("caches");
    results.models_tlb = model_fields.flag("tlb");
    results.pmu_events = fields.optional_texts("pmu_events");
    results.ticks_hz = fields.optional_whole("ticks_hz");
    const Json crcs = fields.object("guest_crc32");
    results.native_crc32 = read_crc(crcs, "native");
    results.guest_crc32 = read_crc(crcs, "guest");
    results.registers = fields.has("registers") ? fields.object("registers") : Json::object();
    results.parameters = fields.object("parameters");
    results.host = fields.object("host");
    std::optional<std::string> bad = model_fields.bad();
    read_items(fields, "results", results.rows, bad, read_row);
    // Runs of the first release have neither of the next two.
    if (fields.has("worst")) {
        read_items(fields, "worst", results.worst, bad, read_worst);
    }
    if (fields.has("skipped")) {
        read_items(fields, "skipped", results.skipped, bad, [](Fields& skip) {
            return Skip{skip.text("scenario"), skip.text("reason")};
        });
    }
    read_items(fields, "verdicts", results.verdicts, bad, [](Fields& verdict) {
        return Verdict{verdict.text("name"), verdict.flag("ok"), verdict.text("detail")};
    });
    bad = fields.bad() ? fields.bad() : bad;
    if (bad) {
        return {{}, fmt::format("its field \"{}\" is missing or wrong", *bad)};
    }
    return {std::move(results), {}};
}

}  // namespace hm::host
