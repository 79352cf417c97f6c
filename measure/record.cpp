#include "measure/record.hpp"

#include <cstddef>
#include <optional>

#include "measure/crc32.hpp"
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

void write_parameters(JsonWriter& json, std::span<const Parameter> parameters) {
    json.begin_object();
    for (const Parameter& parameter : parameters) {
        json.key(parameter.key);
        if (parameter.is_text) {
            json.string(parameter.text);
        } else {
            json.number(parameter.number);
        }
    }
    json.end_object();
}

void write_summary(JsonWriter& json, const Summary& summary, std::uint32_t scale) {
    const auto write_percentile = [&](std::string_view key, std::optional<std::uint64_t> value) {
        if (value) {
            json.key(key).decimal(*value, scale);
        }
    };
    json.key("count").number(summary.count);
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

template <class WriteMembers>
void RecordWriter::write_line(std::string_view kind, WriteMembers&& write_members) {
    put_text(sink_, "@hypmeter ");
    ChecksummedSink checksummed(sink_);
    JsonWriter json(checksummed);
    json.begin_object();
    json.key("seq").number(seq_++);
    json.key("record").string(kind);
    write_members(json);
    json.end_object();
    put_text(sink_, " crc=");
    put_hex(sink_, checksummed.crc(), 8);
    put_text(sink_, "\n");
}

void RecordWriter::begin(const BeginRecord& record) {
    write_line("begin", [&](JsonWriter& json) {
        json.key("schema").number(kRecordSchema);
        json.key("version").string(record.version);
        json.key("board").string(record.board);
        json.key("machine").string(record.machine);
        json.key("clock").string(name_of(record.clock));
        json.key("counter_hz").number(record.counter_hz);
        json.key("models").begin_object();
        json.key("caches").boolean(record.models_caches);
        json.key("tlb").boolean(record.models_tlb);
        json.end_object();
        json.key("memory_bytes").number(record.memory_bytes);
        json.key("parameters");
        write_parameters(json, record.parameters);
        json.key("plan").begin_array();
        for (const std::string_view scenario_name : record.plan) {
            json.string(scenario_name);
        }
        json.end_array();
    });
}

void RecordWriter::result(const ResultRecord& record) {
    ++results_in_scenario_;
    write_line("result", [&](JsonWriter& json) {
        json.key("workload").string(record.workload);
        json.key("regime").string(record.regime);
        json.key("delivery").string(record.delivery);
        json.key("params");
        write_parameters(json, record.parameters);
        json.key("layer").string(record.layer);
        json.key("unit").string(record.unit);
        write_summary(json, record.summary, record.scale);
    });
}

void RecordWriter::scenario(const ScenarioRecord& record) {
    all_ok_ = all_ok_ && record.ok;
    write_line("scenario", [&](JsonWriter& json) {
        json.key("name").string(record.name);
        json.key("ok").boolean(record.ok);
        json.key("detail").string(record.detail);
        json.key("results").number(results_in_scenario_);
        json.key("guest_crc32").number(record.guest_crc32);
        json.key("parameters_crc32").number(record.parameters_crc32);
    });
    results_in_scenario_ = 0;
}

void RecordWriter::verdict(const VerdictRecord& record) {
    all_ok_ = all_ok_ && record.ok;
    write_line("verdict", [&](JsonWriter& json) {
        json.key("name").string(record.name);
        json.key("ok").boolean(record.ok);
        json.key("detail").string(record.detail);
    });
}

void RecordWriter::progress(const ProgressRecord& record) {
    write_line("progress", [&](JsonWriter& json) {
        json.key("scenario").string(record.scenario);
        json.key("done").number(record.done);
        json.key("of").number(record.of);
    });
}

void RecordWriter::end(bool ok) {
    all_ok_ = all_ok_ && ok;
    const std::uint32_t records_before = seq_;
    write_line("end", [&](JsonWriter& json) {
        json.key("records").number(records_before);
        json.key("ok").boolean(all_ok_);
    });
}

}  // namespace hm::measure
