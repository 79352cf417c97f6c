#pragma once
// Records: the part of a run's output that programs read. Each is one line,
//
//     @hypmeter {"seq":N,"record":"...",...} crc=89abcdef
//
// with the CRC-32 of the JSON object's bytes in eight lower-case hexadecimal digits. Numbers of
// records (seq) rise by one from 0, so that a reader notices a line that is missing.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "measure/char_sink.hpp"
#include "measure/statistics.hpp"

namespace hm::measure {

/// How a record line begins, and what comes before its CRC.
inline constexpr std::string_view kRecordMarker = "@hypmeter ";
inline constexpr std::string_view kCrcMarker = " crc=";

/// Before and after what a foreign guest prints, which may be anything but this character: ASCII's
/// record separator.
inline constexpr char kGuestTextMark = '\x1e';

/// The last line of a target that ends before its last record; its reason stands before.
inline constexpr std::string_view kGivesUp = "hypmeter: nothing more will come";

/// Ends a line whose body has that CRC-32.
inline void put_crc(CharSink sink, std::uint32_t crc) {
    put_text(sink, kCrcMarker);
    put_hex(sink, crc, 8);
    sink('\n');
}

/// The version of the form of records; a reader refuses a version that it does not know.
inline constexpr std::uint32_t kRecordSchema = 1;

/// Among the parameters, only where it is 0: the image does without the ISBs of its stamps.
inline constexpr const char* kStampIsbsName = "stamp_isbs";

/// A named number or text that says how something was measured.
struct NamedValue {
    constexpr NamedValue() = default;
    constexpr NamedValue(const char* name_, std::uint32_t value) : name(name_), number(value) {}
    constexpr NamedValue(const char* name_, const char* value) : name(name_), text(value) {}

    const char* name = nullptr;
    std::uint32_t number = 0;
    const char* text = nullptr;  ///< instead of the number, if it is one
};

/// What one tick of the clock means.
enum class Clock : std::uint8_t {
    kInstructions,
    kCycles,
    kEmulator,  ///< of an emulator's own clock, which says nothing about any machine
    kCounter,   ///< ticks of the virtual counter, CNTVCT: the guest has no performance monitor
};

[[nodiscard]] constexpr const char* name_of(Clock clock) {
    switch (clock) {
        case Clock::kInstructions:
            return "instructions";
        case Clock::kCycles:
            return "cycles";
        case Clock::kCounter:
            return "counter";
        case Clock::kEmulator:
            break;
    }
    return "emulator";
}

/// The first record: what runs where, and the names of the scenarios that will follow.
struct BeginRecord {
    std::string_view version = {};
    std::string_view compiler = {};  ///< that made the image
    std::string_view board = {};
    std::string_view machine = {};
    Clock clock = Clock::kCycles;
    std::uint64_t counter_hz = 0;
    /// PMCCNTR's frequency as measured; 0 if it is not a machine's clock.
    std::uint64_t ticks_hz = 0;
    bool models_caches = false;
    bool models_tlb = false;
    std::uint64_t memory_bytes = 0;
    /// Which of kEventNames the performance monitor counts, one bit each.
    std::uint32_t pmu_events = 0;
    /// Registers of the core, as read; empty if they have no meaning.
    std::span<const NamedValue> registers = {};
    std::span<const NamedValue> settings = {};  ///< the suite and each key's value
    std::span<const std::string_view> plan = {};
};

/// One measured row: one layer of one workload under one regime and delivery.
struct ResultRecord {
    const char* workload = "";
    const char* regime = "";
    const char* stage2 = "";  ///< how its tables are made, if not of 4 KB from level 1
    const char* delivery = "";
    std::span<const NamedValue> values = {};
    const char* layer = "";
    const char* steps = "";  ///< of the paper's figures 2 and 7, if the layer has any
    const char* unit = "";
    /// Samples are integers of `1 / scale` units: 1, or 1000 for thousandths.
    std::uint32_t scale = 1;
    Summary summary = {};
};

/// One of the worst events of a row, with its layers.
struct WorstRecord {
    /// The fields that name the row; its layer, steps and summary are left out.
    ResultRecord row = {};
    std::uint32_t rank = 1;   ///< 1 is the worst
    std::uint32_t event = 0;  ///< its number in the row, from 0
    std::uint32_t delay = 0;
    struct Part {
        const char* layer;
        std::uint32_t value;
    };
    std::span<const Part> layers = {};
};

/// One way of a RAM of the TLBs: those of its entries that do not read as zero.
struct TlbWayRecord {
    /// The fields that name the scenario; its layer, unit and summary are left out.
    ResultRecord row = {};
    std::string_view ram = {};
    std::uint32_t way = 0;
    std::uint32_t first_index = 0;
    std::span<const std::array<std::uint32_t, 3>> entries = {};  ///< all of the way
};

/// Closes a scenario; the result records since the previous one are its own.
struct ScenarioRecord {
    std::string_view name = {};
    bool ok = false;
    bool skipped = false;  ///< not run, for the reason in `detail`
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

struct NamedCount {
    const char* name;
    std::uint64_t count;
};

/// Numbers of one thing that a foreign guest did or cost.
struct CountsRecord {
    const char* kind = "";  ///< of the record
    std::string_view name;  ///< of the thing
    std::uint32_t cpu = 0;  ///< the virtual CPU
    std::span<const NamedCount> counts;
};

/// Writes the records of one run, each a whole line, and keeps their numbers. The sink must stand
/// at the beginning of a line whenever a record is written.
class RecordWriter {
  public:
    explicit RecordWriter(CharSink sink) : sink_(sink) {}

    void begin(const BeginRecord& record);
    void result(const ResultRecord& record);
    void worst(const WorstRecord& record);
    void tlb_way(const TlbWayRecord& record);
    void scenario(const ScenarioRecord& record);
    void verdict(const VerdictRecord& record);
    void counts(const CountsRecord& record);
    void progress(const ProgressRecord& record);

    /// The last record. It says ok if both `ok` and all_ok() are true. `instructions` are those of
    /// the whole run without waits; 0 if they are not known.
    void end(bool ok, std::uint64_t instructions = 0);

    /// Whether every scenario and verdict so far was ok.
    [[nodiscard]] bool all_ok() const { return all_ok_; }

  private:
    CharSink sink_;
    std::uint32_t seq_ = 0;
    std::uint32_t results_in_scenario_ = 0;
    bool all_ok_ = true;
};

}  // namespace hm::measure
