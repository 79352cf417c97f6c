#include "host/log/results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "host/base/text.hpp"
#include "host/log/json.hpp"
#include "host/log/json_line.hpp"
#include "host/log/row_check.hpp"
#include "host/log/vocabulary.hpp"

namespace hm::host {
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

TlbWay read_tlb_way(Fields& fields) {
    TlbWay way;
    way.workload = fields.text("workload");
    way.regime = fields.text("regime");
    way.delivery = fields.text("delivery");
    way.stage2 = fields.optional_text("stage2");
    way.params = fields.params("params");
    way.ram = fields.text("ram");
    way.way = fields.whole("way");
    way.sets = fields.whole("sets");
    constexpr std::size_t kNumbers = 4;  // the index, and three words
    for (const auto& numbers : fields.words("entries", kNumbers)) {
        way.entries.push_back({numbers[0], {numbers[1], numbers[2], numbers[3]}});
    }
    if (const std::string_view wrong = wrong_field(way); !fields.bad() && !wrong.empty()) {
        fields.reject(wrong);
    }
    return way;
}

std::string host_text(const Results& results, const std::string& pointer) {
    const std::optional<Json> host = parse_json(results.host);
    const Json::json_pointer at(pointer);
    return host && host->contains(at) && host->at(at).is_string()
               ? printable(host->at(at).get<std::string>())
               : std::string();
}

namespace {

Json crc_json(const std::optional<std::uint32_t>& crc) { return crc ? Json(*crc) : Json(nullptr); }

/// What stands before the rows.
Json head_json(const Results& results) {
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
                     {"parameters", to_json(results.parameters)}});
    return json;
}

/// What a row and a worst event begin with.
template <class Either>
void write_setting(JsonLine& line, const Either& of) {
    line.text("workload", of.workload);
    line.text("regime", of.regime);
    line.text("delivery", of.delivery);
}

void write(JsonLine& line, const Row& row) {
    write_setting(line, row);
    if (!row.stage2.empty()) {
        line.text("stage2", row.stage2);
    }
    line.name("params");
    line.params(row.params);
    line.text("layer", row.layer);
    line.text("unit", row.unit);
    line.whole("count", row.count);
    if (!row.steps.empty()) {
        line.text("steps", row.steps);
    }
    line.number("min", row.min);
    line.number("mean", row.mean);
    line.number("p50", row.p50);
    line.number("p95", row.p95);
    line.number("p99", row.p99);
    line.number("p999", row.p999);
    line.number("max", row.max);
    line.name("histogram");
    line.open('[');
    for (const auto& [low, count] : row.histogram) {
        line.open('[');
        line.number(low);
        line.whole(count);
        line.close(']');
    }
    line.close(']');
}

void write(JsonLine& line, const Worst& worst) {
    write_setting(line, worst);
    line.name("params");
    line.params(worst.params);
    line.text("unit", worst.unit);
    line.whole("rank", worst.rank);
    line.whole("event", worst.event);
    line.number("delay", worst.delay);
    line.name("layers");
    line.open('[');
    for (const auto& [name, value] : worst.layers) {
        line.open('[');
        line.text(name);
        line.number(value);
        line.close(']');
    }
    line.close(']');
}

void write(JsonLine& line, const TlbWay& way) {
    write_setting(line, way);
    if (!way.stage2.empty()) {
        line.text("stage2", way.stage2);
    }
    line.name("params");
    line.params(way.params);
    line.text("ram", way.ram);
    line.whole("way", way.way);
    line.whole("sets", way.sets);
    line.name("entries");
    line.open('[');
    for (const TlbSlot& entry : way.entries) {
        line.open('[');
        line.whole(entry.index);
        for (const std::uint32_t word : entry.words) {
            line.whole(word);
        }
        line.close(']');
    }
    line.close(']');
}

void write(JsonLine& line, const Skip& skip) {
    line.text("scenario", skip.scenario);
    line.text("reason", skip.reason);
}

void write(JsonLine& line, const Verdict& verdict) {
    line.text("name", verdict.name);
    line.name("ok");
    line.flag(verdict.ok);
    line.text("detail", verdict.detail);
}

/// A field after another one, whose value is an array with a line for each element.
template <class Elements>
void write_lines(std::string& text, std::string_view key, const Elements& elements) {
    fmt::format_to(std::back_inserter(text), ",\n\"{}\": [", key);
    const char* separator = "\n  ";
    for (const auto& element : elements) {
        text += separator;
        JsonLine line(text);
        line.open('{');
        write(line, element);
        line.close('}');
        separator = ",\n  ";
    }
    text += elements.empty() ? "]" : "\n]";
}

}  // namespace

std::string json_text(const Results& results) {
    std::string text;
    const Json head = head_json(results);
    for (const auto& [key, value] : head.items()) {
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
    write_lines(text, "results", results.rows);
    write_lines(text, "worst", results.worst);
    if (!results.tlb.empty()) {
        write_lines(text, "tlb", results.tlb);
    }
    write_lines(text, "skipped", results.skipped);
    write_lines(text, "verdicts", results.verdicts);
    text += ",\n\"host\": " + dump(parse_json(results.host).value_or(nullptr));
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
    const std::string worst = rows.empty() ? said_twice("worst", results.worst) : rows;
    return worst.empty() ? said_twice("tlb", results.tlb) : worst;
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
    if (fields.has("tlb")) {
        fields.objects("tlb",
                       [&results](Fields& way) { results.tlb.push_back(read_tlb_way(way)); });
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
