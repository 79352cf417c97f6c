#include "measure/record.hpp"

#include <cstddef>
#include <optional>

#include "measure/crc32.hpp"
#include "measure/guest_abi.hpp"
#include "measure/json_writer.hpp"

namespace hm::measure {
namespace {

/// Passes characters on, and keeps the CRC-32 of all that it passed.
class ChecksummedSink {
  public:
    explicit ChecksummedSink(CharSink sink) : sink_(sink) {}

    void operator()(char c) {
        crc_.add(static_cast<std::byte>(c));
        sink_(c);
    }

    [[nodiscard]] std::uint32_t crc() const { return crc_.value(); }

  private:
    CharSink sink_;
    Crc32 crc_;
};

/// One line of a record: begun when it is made, ended by end().
class Line {
  public:
    Line(CharSink sink, std::uint32_t seq, const char* kind)
        : sink_(sink), checksummed_(sink), json(checksummed_) {
        put_text(sink_, kRecordMarker);
        json.begin_object();
        json.member("seq", seq);
        json.member("record", kind);
    }
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    void end() {
        json.end_object();
        put_crc(sink_, checksummed_.crc());
    }

  private:
    CharSink sink_;
    ChecksummedSink checksummed_;

  public:
    JsonWriter json;
};

void write_values(JsonWriter& json, std::span<const NamedValue> values) {
    json.begin_object();
    for (const NamedValue& value : values) {
        if (value.text != nullptr) {
            json.member(value.name, value.text);
        } else {
            json.member(value.name, value.number);
        }
    }
    json.end_object();
}

void write_row_name(JsonWriter& json, const ResultRecord& record) {
    json.member("workload", record.workload);
    json.member("regime", record.regime);
    if (*record.stage2 != 0) {
        json.member("stage2", record.stage2);
    }
    json.member("delivery", record.delivery);
    json.key("params");
    write_values(json, record.values);
}

void write_summary(JsonWriter& json, const Summary& summary, std::uint32_t scale) {
    const auto write_percentile = [&](const char* key, std::optional<std::uint64_t> value) {
        if (value) {
            json.key(key).decimal(*value, scale);
        }
    };
    json.member("count", summary.count);
    json.key("min").decimal(summary.min, scale);
    json.key("mean").decimal(summary.mean_milli, std::uint64_t{scale} * 1000);
    write_percentile("p50", summary.p50);
    write_percentile("p95", summary.p95);
    write_percentile("p99", summary.p99);
    write_percentile("p999", summary.p999);
    json.key("max").decimal(summary.max, scale);
    json.key("histogram").begin_array();
    if (summary.histogram != nullptr) {
        summary.histogram->for_each_bucket([&](std::uint64_t low, std::uint32_t count) {
            json.begin_array().decimal(low, scale).number(count).end_array();
        });
    }
    json.end_array();
}

}  // namespace

void RecordWriter::begin(const BeginRecord& record) {
    Line line(sink_, seq_++, "begin");
    JsonWriter& json = line.json;
    json.member("schema", kRecordSchema);
    json.member("version", record.version);
    json.member("compiler", record.compiler);
    json.member("board", record.board);
    json.member("machine", record.machine);
    json.member("clock", name_of(record.clock));
    json.member("counter_hz", record.counter_hz);
    if (record.ticks_hz != 0) {
        json.member("ticks_hz", record.ticks_hz);
    }
    json.key("models").begin_object();
    json.member("caches", record.models_caches);
    json.member("tlb", record.models_tlb);
    json.end_object();
    json.member("memory_bytes", record.memory_bytes);
    json.key("pmu_events").begin_array();
    for (std::uint32_t i = 0; i < kEvents; ++i) {
        if ((record.pmu_events >> i & 1) != 0) {
            json.string(kEventNames[i]);
        }
    }
    json.end_array();
    if (!record.registers.empty()) {
        json.key("registers");
        write_values(json, record.registers);
    }
    json.key("parameters");
    write_values(json, record.settings);
    json.key("plan").begin_array();
    for (const std::string_view scenario_name : record.plan) {
        json.string(scenario_name);
    }
    json.end_array();
    line.end();
}

void RecordWriter::result(const ResultRecord& record) {
    ++results_in_scenario_;
    Line line(sink_, seq_++, "result");
    JsonWriter& json = line.json;
    write_row_name(json, record);
    json.member("layer", record.layer);
    if (*record.steps != 0) {
        json.member("steps", record.steps);
    }
    json.member("unit", record.unit);
    write_summary(json, record.summary, record.scale);
    line.end();
}

void RecordWriter::worst(const WorstRecord& record) {
    Line line(sink_, seq_++, "worst");
    JsonWriter& json = line.json;
    write_row_name(json, record.row);
    json.member("unit", record.row.unit);
    json.member("rank", record.rank);
    json.member("event", record.event);
    json.member("delay", record.delay);
    json.key("layers").begin_array();
    for (const WorstRecord::Part& part : record.layers) {
        json.begin_array().string(part.layer).number(part.value).end_array();
    }
    json.end_array();
    line.end();
}

void RecordWriter::tlb_way(const TlbWayRecord& record) {
    Line line(sink_, seq_++, "tlb");
    JsonWriter& json = line.json;
    write_row_name(json, record.row);
    json.member("ram", record.ram);
    json.member("way", record.way);
    json.member("sets", static_cast<std::uint32_t>(record.entries.size()));
    json.key("entries").begin_array();
    std::uint32_t index = record.first_index;
    for (const auto& words : record.entries) {
        if (words != std::array<std::uint32_t, 3>{}) {
            json.begin_array().number(index);
            for (const std::uint32_t word : words) {
                json.number(word);
            }
            json.end_array();
        }
        ++index;
    }
    json.end_array();
    line.end();
}

void RecordWriter::scenario(const ScenarioRecord& record) {
    all_ok_ = all_ok_ && record.ok;
    Line line(sink_, seq_++, "scenario");
    JsonWriter& json = line.json;
    json.member("name", record.name);
    json.member("ok", record.ok);
    if (record.skipped) {
        json.member("skipped", true);
    }
    json.member("detail", record.detail);
    json.member("results", results_in_scenario_);
    json.member("guest_crc32", record.guest_crc32);
    json.member("parameters_crc32", record.parameters_crc32);
    line.end();
    results_in_scenario_ = 0;
}

void RecordWriter::verdict(const VerdictRecord& record) {
    all_ok_ = all_ok_ && record.ok;
    Line line(sink_, seq_++, "verdict");
    JsonWriter& json = line.json;
    json.member("name", record.name);
    json.member("ok", record.ok);
    json.member("detail", record.detail);
    line.end();
}

void RecordWriter::counts(const CountsRecord& record) {
    Line line(sink_, seq_++, record.kind);
    JsonWriter& json = line.json;
    json.member("name", record.name);
    json.member("cpu", record.cpu);
    for (const NamedCount& one : record.counts) {
        json.member(one.name, one.count);
    }
    line.end();
}

void RecordWriter::progress(const ProgressRecord& record) {
    Line line(sink_, seq_++, "progress");
    JsonWriter& json = line.json;
    json.member("scenario", record.scenario);
    json.member("done", record.done);
    json.member("of", record.of);
    line.end();
}

void RecordWriter::end(bool ok, std::uint64_t instructions) {
    all_ok_ = all_ok_ && ok;
    const std::uint32_t records_before = seq_;
    Line line(sink_, seq_++, "end");
    JsonWriter& json = line.json;
    json.member("records", records_before);
    json.member("ok", all_ok_);
    if (instructions != 0) {
        json.member("instructions", instructions);
    }
    line.end();
}

}  // namespace hm::measure
