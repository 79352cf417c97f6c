#include "host/results.hpp"

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
    Json json{{"workload", row.workload}, {"regime", row.regime}, {"delivery", row.delivery},
              {"params", row.params},     {"layer", row.layer},   {"unit", row.unit},
              {"count", row.count}};
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

Json crc_json(const std::optional<std::uint32_t>& crc) { return crc ? Json(*crc) : Json(nullptr); }

std::optional<std::uint32_t> read_crc(const Json& crcs, const char* key) {
    Fields fields(crcs);
    const std::uint64_t crc = fields.whole(key);
    return fields.bad() ? std::nullopt : std::optional{static_cast<std::uint32_t>(crc)};
}

}  // namespace

std::string Row::param(const char* key) const {
    const auto found = params.find(key);
    if (found == params.end()) {
        return {};
    }
    return found->is_string() ? found->get<std::string>() : found->dump();
}

bool Results::ok() const {
    return !verdicts.empty() && std::all_of(verdicts.begin(), verdicts.end(),
                                            [](const Verdict& verdict) { return verdict.ok; });
}

Row read_row(Fields& fields) {
    Row row;
    row.workload = fields.text("workload");
    row.regime = fields.text("regime");
    row.delivery = fields.text("delivery");
    row.params = fields.object("params");
    row.layer = fields.text("layer");
    row.unit = fields.text("unit");
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

Json to_json(const Results& results) {
    Json json{{"schema", kSchema},
              {"version", results.version},
              {"board", results.board},
              {"machine", results.machine},
              {"clock", results.clock},
              {"models", Json{{"caches", results.models_caches}, {"tlb", results.models_tlb}}},
              {"guest_crc32", Json{{"native", crc_json(results.native_crc32)},
                                   {"guest", crc_json(results.guest_crc32)}}},
              {"parameters", results.parameters},
              {"results", Json::array()},
              {"verdicts", Json::array()},
              {"host", results.host}};
    for (const Row& row : results.rows) {
        json["results"].push_back(row_json(row));
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
    const Json crcs = fields.object("guest_crc32");
    results.native_crc32 = read_crc(crcs, "native");
    results.guest_crc32 = read_crc(crcs, "guest");
    results.parameters = fields.object("parameters");
    results.host = fields.object("host");
    std::optional<std::string> bad = model_fields.bad();
    for (const Json& item : fields.array("results")) {
        Fields row_fields(item);
        results.rows.push_back(read_row(row_fields));
        bad = bad ? bad : row_fields.bad();
    }
    for (const Json& item : fields.array("verdicts")) {
        Fields verdict(item);
        results.verdicts.push_back(
            {verdict.text("name"), verdict.flag("ok"), verdict.text("detail")});
        bad = bad ? bad : verdict.bad();
    }
    bad = fields.bad() ? fields.bad() : bad;
    if (bad) {
        return {{}, fmt::format("its field \"{}\" is missing or wrong", *bad)};
    }
    return {std::move(results), {}};
}

}  // namespace hm::host
