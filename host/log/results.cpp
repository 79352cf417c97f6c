#include "host/log/results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "host/base/text.hpp"
#include "host/log/json.hpp"
#include "host/log/row_check.hpp"
#include "host/log/vocabulary.hpp"

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

/// All of it but the histogram.
Json row_json(const Row& row) {
    Json json{{"workload", row.workload}, {"regime", row.regime}, {"delivery", row.delivery}};
    if (!row.stage2.empty()) {
        json["stage2"] = row.stage2;
    }
    json.update(Json{{"params", to_json(row.params)},
                     {"layer", row.layer},
                     {"unit", row.unit},
                     {"count", row.count}});
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
    return json;
}

/// A row on one line. Most of it is the histogram, which comes last.
std::string row_text(const Row& row) {
    std::string text = dump(row_json(row));
    text.back() = ',';
    text += "\"histogram\":[";
    const char* separator = "[";
    for (const auto& [low, count] : row.histogram) {
        const Json number = number_json(low);
        text += separator;
        text += number.is_number_integer() ? fmt::format_int(number.get<std::int64_t>()).str()
                                           : dump(number);
        text += ',';
        text += fmt::format_int(count).c_str();
        text += ']';
        separator = ",[";
    }
    return text += "]}";
}

Json worst_json(const Worst& worst) {
    Json json{{"workload", worst.workload}, {"regime", worst.regime},
              {"delivery", worst.delivery}, {"params", to_json(worst.params)},
              {"unit", worst.unit},         {"rank", worst.rank},
              {"event", worst.event},       {"delay", number_json(worst.delay)},
              {"layers", Json::array()}};
    for (const auto& [name, value] : worst.layers) {
        json["layers"].push_back(Json::array({name, number_json(value)}));
    }
    return json;
}

Json crc_json(const std::optional<std::uint32_t>& crc) { return crc ? Json(*crc) : Json(nullptr); }

}  // namespace

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
    row.params = fields.params("params");
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
        row.histogram = fields.counts("histogram");
    }
    if (const std::string_view wrong = wrong_field(row); !fields.bad() && !wrong.empty()) {
        fields.reject(wrong);
    }
    return row;
}

Worst read_worst(Fields& fields) {
    Worst worst;
    worst.workload = fields.text("workload");
    worst.regime = fields.text("regime");
    worst.delivery = fields.text("delivery");
    worst.params = fields.params("params");
    worst.unit = fields.text("unit");
    worst.rank = fields.whole("rank");
    worst.event = fields.whole("event");
    worst.delay = fields.number("delay");
    worst.layers = fields.named_numbers("layers");
    if (const std::string_view wrong = wrong_field(worst); !fields.bad() && !wrong.empty()) {
        fields.reject(wrong);
    }
    return worst;
}

namespace {

/// All of them but the rows.
Json to_json(const Results& results) {
    Json json{{"schema", kSchema}, {"version", results.version}};
    if (!results.compiler.empty()) {
        json["compiler"] = results.compiler;
    }
    json.update(
        Json{{"board", results.board},
             {"machine", results.machine},
             {"clock", results.clock},
             {"models", Json{{"caches", results.models_caches}, {"tlb", results.models_tlb}}},
             {"pmu_events", results.pmu_events}});
    if (results.ticks_hz) {
        json["ticks_hz"] = *results.ticks_hz;
    }
    if (!results.registers.empty()) {
        json["registers"] = to_json(results.registers);
    }
    json.update(Json{{"guest_crc32", Json{{"native", crc_json(results.native_crc32)},
                                          {"guest", crc_json(results.guest_crc32)}}},
                     {"parameters", to_json(results.parameters)},
                     {"results", Json::array()},
                     {"worst", Json::array()},
                     {"skipped", Json::array()},
                     {"verdicts", Json::array()},
                     {"host", parse_json(results.host).value_or(nullptr)}});
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

}  // namespace

std::string host_text(const Results& results, const std::string& pointer) {
    const std::optional<Json> host = parse_json(results.host);
    const Json::json_pointer at(pointer);
    return host && host->contains(at) && host->at(at).is_string()
               ? printable(host->at(at).get<std::string>())
               : std::string();
}

namespace {

std::string rows_text(const std::vector<Row>& rows) {
    std::string text;
    const char* separator = "[\n  ";
    for (const Row& row : rows) {
        text += separator;
        text += row_text(row);
        separator = ",\n  ";
    }
    return text += "\n]";
}

}  // namespace

std::string json_text(const Results& results) {
    const Json whole = to_json(results);
    std::string text;
    for (const auto& [key, value] : whole.items()) {
        text += fmt::format("{}\"{}\": ", text.empty() ? "{\n" : ",\n", key);
        if (key == "results" && !results.rows.empty()) {
            text += rows_text(results.rows);
            continue;
        }
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

namespace {

/// "its results[3] and results[5] are two values of the same measurement": one would hide the
/// other.
template <class Rows>
std::string said_twice(const char* key, const Rows& rows) {
    std::unordered_map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto [first, is_new] = known.emplace(identity_of(rows[i]), i);
        if (!is_new) {
            return fmt::format("its {}[{}] and {}[{}] are two values of the same measurement", key,
                               first->second, key, i);
        }
    }
    return {};
}

std::string said_twice(const Results& results) {
    const std::string rows = said_twice("results", results.rows);
    return rows.empty() ? said_twice("worst", results.worst) : rows;
}

}  // namespace

ReadResults read_results(std::string_view text) {
    DocumentReader reader;
    const Document* const document = reader.read(text);
    if (document == nullptr || document->root().kind() != Document::Kind::kObject) {
        return {{}, "it is not JSON"};
    }
    Fields fields(document->root());
    const std::uint64_t schema = fields.whole("schema");
    if (fields.bad()) {
        return {{}, "it names no schema"};
    }
    if (schema != kSchema) {
        return {{}, fmt::format("its schema is {}, and only {} is known here", schema, kSchema)};
    }
    Results results;
    results.version = fields.text("version");
    results.compiler = fields.optional_text("compiler");
    results.board = fields.text("board");
    results.machine = fields.text("machine");
    results.clock = fields.text("clock");
    if (!names_clock(results.clock)) {
        fields.reject("clock");
    }
    fields.object("models", [&results](Fields& models) {
        results.models_caches = models.flag("caches");
        results.models_tlb = models.flag("tlb");
    });
    results.pmu_events = fields.optional_texts("pmu_events");
    if (!std::all_of(results.pmu_events.begin(), results.pmu_events.end(), is_word)) {
        fields.reject("pmu_events");
    }
    if (fields.has("ticks_hz")) {
        results.ticks_hz = fields.whole("ticks_hz", {1, kMostHz});
    }
    fields.object("guest_crc32", [&results](Fields& crcs) {
        const auto crc = [&crcs](const char* world) {
            const auto value = crcs.whole_or_null(world);
            if (value && *value > UINT32_MAX) {
                crcs.reject(world);
            }
            return value ? std::optional(static_cast<std::uint32_t>(*value)) : std::nullopt;
        };
        results.native_crc32 = crc("native");
        results.guest_crc32 = crc("guest");
    });
    if (fields.has("registers")) {
        results.registers = fields.params("registers", can_be_register);
    }
    results.parameters = fields.params("parameters", can_be_of_run);
    results.host = fields.json_text("host");
    fields.objects("results", [&results](Fields& row) { results.rows.push_back(read_row(row)); });
    // Runs of the first release have neither of the next two.
    if (fields.has("worst")) {
        fields.objects("worst",
                       [&results](Fields& worst) { results.worst.push_back(read_worst(worst)); });
    }
    if (fields.has("skipped")) {
        fields.objects("skipped", [&results](Fields& skip) {
            results.skipped.push_back({skip.text("scenario"), skip.text("reason")});
        });
    }
    fields.objects("verdicts", [&results](Fields& verdict) {
        results.verdicts.push_back(
            {verdict.text("name"), verdict.flag("ok"), verdict.text("detail")});
    });
    if (fields.bad()) {
        const std::string& place = fields.place_of_bad();
        return {{},
                fmt::format("its field \"{}\"{} is missing or wrong", *fields.bad(),
                            place.empty() ? "" : " of " + place)};
    }
    if (const std::string twice = said_twice(results); !twice.empty()) {
        return {{}, twice};
    }
    return {std::move(results), {}};
}

}  // namespace hm::host
