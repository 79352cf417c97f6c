#pragma once
// A measured run as results.json records it: what `run` writes and `report` reads again.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/log/fields.hpp"
#include "host/log/params.hpp"
#include "measure/record.hpp"
#include "measure/scenario.hpp"

namespace hm::host {

/// One layer of one workload under one regime and delivery.
struct Row {
    std::string workload;
    std::string regime;
    std::string delivery;
    /// measure::Stage2 by its name, if it is not the plain one (4 KB from level 1); else empty.
    std::string stage2 = {};
    Params params;
    std::string layer;
    std::string unit;
    std::string steps;  ///< of the paper's figures, as "(4)-(5)"; empty if it names none
    std::uint64_t count = 0;
    double min = 0;
    double mean = 0;
    double max = 0;
    /// Left out if too few samples lie beyond them.
    std::optional<double> p50, p95, p99, p999;
    /// Pairs of a bucket's least value and its count.
    std::vector<std::pair<double, std::uint64_t>> histogram;

    [[nodiscard]] bool native() const { return regime == "native"; }
    /// Of the guest that comes alone: what is below it is not in the row.
    [[nodiscard]] bool alone() const { return regime == "alone"; }
    /// The parameter `key` as text, empty if there is none.
    [[nodiscard]] std::string param(std::string_view key) const { return params.text(key); }
    /// "nested/injected", "nested:2M/injected"
    [[nodiscard]] std::string setting() const {
        return regime + (stage2.empty() ? "" : ":" + stage2) + "/" + delivery;
    }

    friend bool operator==(const Row&, const Row&) = default;
};

/// One of the worst events of a timer row, with all that its stamps say.
struct Worst {
    std::string workload;
    std::string regime;
    std::string delivery;
    Params params;
    std::string unit;
    std::uint64_t rank = 0;   ///< 1 is the worst
    std::uint64_t event = 0;  ///< its index in the row
    double delay = 0;         ///< end to end
    /// In their order; none if the row has no stamps.
    std::vector<std::pair<std::string, double>> layers;

    /// As Row::param.
    [[nodiscard]] std::string param(std::string_view key) const { return params.text(key); }

    friend bool operator==(const Worst&, const Worst&) = default;
};

/// An entry of a RAM of the TLBs, as its data registers read (drivers/cpu/tlb_ram.hpp).
struct TlbSlot {
    std::uint32_t index = 0;
    std::array<std::uint32_t, 3> words{};

    friend bool operator==(const TlbSlot&, const TlbSlot&) = default;
};

/// One way of a RAM of the TLBs after a chase.
struct TlbWay {
    std::string workload;
    std::string regime;
    std::string delivery;
    std::string stage2 = {};  ///< as Row::stage2
    Params params;
    std::string ram;
    std::uint64_t way = 0;
    std::uint64_t sets = 0;        ///< that were read; those that are not in `entries` were zero
    std::vector<TlbSlot> entries;  ///< by rising index

    /// As Row::param.
    [[nodiscard]] std::string param(std::string_view key) const { return params.text(key); }

    friend bool operator==(const TlbWay&, const TlbWay&) = default;
};

/// A scenario of the plan that this machine cannot run.
struct Skip {
    std::string scenario;
    std::string reason;

    friend bool operator==(const Skip&, const Skip&) = default;
};

struct Verdict {
    std::string name;
    bool ok = false;
    std::string detail;

    friend bool operator==(const Verdict&, const Verdict&) = default;
};

struct Results {
    std::string version;
    std::string compiler;  ///< that made the image; empty if it is not known
    std::string board;
    std::string machine;
    std::string clock;
    bool models_caches = false;
    bool models_tlb = false;
    std::vector<std::string> pmu_events;        ///< that it counts, of measure::kEventNames
    std::optional<std::uint64_t> ticks_hz;      ///< of the clock "cycles", as measured
    std::optional<std::uint32_t> native_crc32;  ///< the guest's bytes just before entry
    std::optional<std::uint32_t> guest_crc32;
    Params registers;  ///< of the core, by name; empty if they are not reported
    Params parameters;
    std::vector<Row> rows;
    std::vector<Worst> worst;
    std::vector<TlbWay> tlb;
    std::vector<Skip> skipped;
    std::vector<Verdict> verdicts;
    /// All that may differ between two runs which are otherwise identical: an object of JSON.
    std::string host = "{}";

    /// Whether a guest measured by itself, under whatever `under` of the parameters names.
    [[nodiscard]] bool alone() const { return board == measure::kAlone; }

    /// Whether the image does without the ISBs of its stamps (docs/clocks.md, "Stamps").
    [[nodiscard]] bool stamps_without_isb() const {
        return parameters.whole(measure::kStampIsbsName) == 0U;
    }

    /// Whether a difference of two delays here says anything about time.
    [[nodiscard]] bool models_time() const { return models_caches && clock == "cycles"; }

    /// A run without a single verdict has proved nothing.
    [[nodiscard]] bool ok() const;
};

inline constexpr unsigned kSchema = 1;

/// Reads a row from a `result` record or from results.json; `fields.bad()` says what was wrong.
[[nodiscard]] Row read_row(Fields& fields);

/// The same for a `worst` record.
[[nodiscard]] Worst read_worst(Fields& fields);

/// The same for a `tlb` record.
[[nodiscard]] TlbWay read_tlb_way(Fields& fields);

/// As a file: one line for each field, and for each element of results and verdicts.
[[nodiscard]] std::string json_text(const Results& results);

/// The text at `pointer` in Results::host, as "/gem5/configuration"; empty if there is none.
[[nodiscard]] std::string host_text(const Results& results, const std::string& pointer);

/// The results in `text`, or one sentence on why they cannot be read.
struct ReadResults {
    std::optional<Results> results;
    std::string error;
};
[[nodiscard]] ReadResults read_results(std::string_view text);

}  // namespace hm::host
