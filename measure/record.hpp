#pragma once
// Records: what programs read of a run. Each is one line,
//
//     @hypmeter {"seq":N,"record":"...",...} crc=XXXXXXXX
//
// with the CRC-32 of the JSON object's bytes in eight lower-case hexadecimal digits. Numbers of
// records (seq) rise by one from 0, so that a reader notices a line that is missing.

#include <cstdint>
#include <span>
#include <string_view>

#include "measure/char_sink.hpp"
#include "measure/statistics.hpp"

namespace hm::measure {

/// The version of the records' meaning; a reader refuses one that it does not know.
inline constexpr std::uint32_t kRecordSchema = 1;

/// A named number or text that says how something was measured.
struct Parameter {
    constexpr Parameter() = default;
    constexpr Parameter(std::string_view name, std::uint64_t value) : key(name), number(value) {}
    constexpr Parameter(std::string_view name, std::string_view value)
        : key(name), text(value), is_text(true) {}

    std::string_view key;
    std::uint64_t number = 0;
    std::string_view text;
    bool is_text = false;
};

/// What one tick of the clock that measured is.
enum class Clock : std::uint8_t { kInstructions, kCycles };

[[nodiscard]] constexpr std::string_view name_of(Clock clock) {
    return clock == Clock::kInstructions ? "instructions" : "cycles";
}

/// The first record: what runs where, and the names of the scenarios that will follow.
struct BeginRecord {
    std::string_view version = {};
    std::string_view board = {};
    std::string_view machine = {};
    Clock clock = Clock::kCycles;
    std::uint64_t counter_hz = 0;
    bool models_caches = false;
    bool models_tlb = false;
    std::uint64_t memory_bytes = 0;
    std::span<const Parameter> parameters = {};
    std::span<const std::string_view> plan = {};
};

/// One measured row: one layer of one workload under one regime and delivery.
struct ResultRecord {
    std::string_view workload = {};
    std::string_view regime = {};
    std::string_view delivery = {};
    std::span<const Parameter> parameters = {};
    std::string_view layer = {};
    std::string_view unit = {};
    /// Samples are integers of `1 / scale` units: 1, or 1000 where thousandths count.
    std::uint32_t scale = 1;
    Summary summary = {};
};

/// Closes a scenario; the result records since the previous one are its own.
struct ScenarioRecord {
    std::string_view name = {};
    bool ok = false;
    std::string_view detail = {};
    std::uint32_t guest_crc32 = 0;
    std::uint32_t parameters_crc32 = 0;
};

/// A claim about the run that held or did not.
struct VerdictRecord {
    std::string_view name = {};
    bool ok = false;
    std::string_view detail = {};
};

/// How far a scenario that takes long has come.
struct ProgressRecord {
    std::string_view scenario = {};
    std::uint64_t done = 0;
    std::uint64_t of = 0;
};

/// Writes the records of one run, each a whole line, and keeps their numbers. The sink must stand
/// at the beginning of a line whenever a record is written.
class RecordWriter {
  public:
    explicit RecordWriter(CharSink sink) : sink_(sink) {}

    void begin(const BeginRecord& record);
    void result(const ResultRecord& record);
    void scenario(const ScenarioRecord& record);
    void verdict(const VerdictRecord& record);
    void progress(const ProgressRecord& record);

    /// The last record. It says ok where both `ok` and all_ok() are true.
    void end(bool ok);

    /// Whether every scenario and verdict so far was ok.
    [[nodiscard]] bool all_ok() const { return all_ok_; }

  private:
    template <class WriteMembers>
    void write_line(std::string_view kind, WriteMembers&& write_members);

    CharSink sink_;
    std::uint32_t seq_ = 0;
    std::uint32_t results_in_scenario_ = 0;
    bool all_ok_ = true;
};

}  // namespace hm::measure
