#pragma once
// A log of the memory workloads: chases in every cell of the matrix, page faults of every kind,
// boots, and loops that compute.

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "host/model/prediction.hpp"
#include "measure/translation.hpp"
#include "tests/unit/host/log/log.hpp"

namespace hm::host::testing {

inline constexpr std::uint64_t kKilo = 1024;
inline constexpr std::uint64_t kMega = kKilo * kKilo;
/// Of all cells; the plain ones go on to four times as much.
inline constexpr std::uint64_t kMatrixBytes = 8 * kMega;

/// Where a chase's memory and its tables are said to be.
inline constexpr std::uint64_t kChainBase = 0x9000'0000;
inline constexpr std::uint64_t kChainTables = 0x8010'0000;

inline std::string setting_of(const measure::Translation& cell) {
    const std::string regime(name_of(cell.regime()));
    if (cell.regime() == measure::Regime::kNative) {
        return regime + "/native";
    }
    return regime +
           (cell.stage2 == measure::Stage2::k4K ? "" : ":" + std::string(name_of(cell.stage2))) +
           "/injected";
}

struct FakeChase {
    measure::Translation cell = measure::kPlainNative;
    std::string order = "page-random";
    std::uint64_t stride = 4096;
    std::uint64_t bytes = kMatrixBytes;
    std::string tlb = "warm";
    double load = 1;
    std::string placement = {};  ///< said where it is not empty
};

/// What may differ from one fake run of the memory workloads to another.
struct FakeMemory {
    std::string clock = "instructions";
    bool events = false;  ///< the machine's PMU counts refills
    /// Rows added to or changed in the log, by workload, layer and value as they would be.
    std::function<double(const std::string& workload, const Json& params,
                         const std::string& setting, const std::string& layer, double value)>
        change =
            [](const auto&, const auto&, const auto&, const auto&, double value) { return value; };

    [[nodiscard]] std::string unit() const { return clock == "emulator" ? "emulator ns" : clock; }
    [[nodiscard]] bool times() const { return clock != "instructions"; }
};

class MemoryLog {
  public:
    explicit MemoryLog(FakeMemory fake) : fake_(std::move(fake)) {}

    MemoryLog& begin(const std::vector<std::string>& plan) {
        const bool board = fake_.clock == "cycles";
        Json changes{{"clock", fake_.clock},
                     {"models", Json{{"caches", board}, {"tlb", board}}},
                     {"pmu_events", Json::array()}};
        if (fake_.events) {
            changes["pmu_events"] = Json::array({"dtlb-refills", "l2-refills"});
        }
        if (board) {
            changes["ticks_hz"] = 2'000'000'000;
        }
        log_.begin(plan, changes);
        return *this;
    }

    MemoryLog& chase(const FakeChase& chase) {
        Json params{{"stage1", std::string(name_of(chase.cell.stage1))},
                    {"order", chase.order},
                    {"stride", chase.stride},
                    {"bytes", chase.bytes},
                    {"tlb", chase.tlb},
                    {"laps", 16}};
        if (!chase.placement.empty()) {
            params["placement"] = chase.placement;
        }
        const std::string setting = setting_of(chase.cell);
        const auto put = [&](const std::string& layer, double value, const std::string& unit) {
            row("chase", setting, params, layer, value, unit);
        };
        put("load", fake_.times() ? chase.load : 1, fake_.unit() + "/load");
        put("loop", 0.25, fake_.unit() + "/load");
        if (fake_.events) {
            put("dtlb-refills", chase.order == "page-random" ? 1 : 0.016, "events/load");
            put("l2-refills", 0.5, "events/load");
        }
        put("stage1-faults", 0, "faults");
        put("stage2-faults", 3, "faults");
        const Prediction prediction =
            predict(chase.cell, Chain{kChainBase, chase.bytes, chase.stride, kChainTables});
        const auto with_image = [](std::uint64_t bytes) {
            return bytes == 0 ? 0 : static_cast<double>(bytes + 4096);
        };
        put("stage1-tables", with_image(prediction.stage1_table_bytes), "bytes");
        put("stage2-tables", with_image(prediction.stage2_table_bytes), "bytes");
        put("base", static_cast<double>(kChainBase), "address");
        put("tables-at", static_cast<double>(kChainTables), "address");
        put("hyp-instructions", 0, "instructions");
        put("pl-instructions", 5, "instructions");
        return close("chase", params, setting);
    }

    /// A page fault's scenario; `layers` only with stamps.
    MemoryLog& fault(const std::string& faults, const std::string& setting,
                     const std::string& order, int batch, bool stamps, double fault,
                     const std::vector<std::string>& stamped = {}) {
        const Json params{{"faults", faults}, {"order", order}, {"batch", batch},
                          {"pages", 256},     {"rounds", 20},   {"stamps", stamps ? 1 : 0}};
        const auto put = [&](const std::string& layer, double value, const std::string& unit) {
            row("pagefault", setting, params, layer, value, unit);
        };
        const double layers = static_cast<double>(stamped.size()) - 1;
        for (std::size_t i = 0; stamps && i + 1 < stamped.size(); ++i) {
            put(stamped[i] + ".." + stamped[i + 1], fault / layers, fake_.unit());
        }
        put("fault", fault, fake_.unit());
        if (!stamps) {
            put("prepare", 500, fake_.unit());
            put("total", fault + 500, fake_.unit());
            // The access is done again; of the two faults the guest's own is 96.
            put("hyp-instructions",
                faults == "stage1"   ? 0
                : faults == "stage2" ? fault - 1
                                     : fault - 96,
                "instructions");
            put("pl-instructions", 60, "instructions");
            put("stage1-faults", faults == "stage2" ? 0 : 256 * 20, "faults");
            put("stage2-faults", faults == "stage1" ? 0 : 256 * 20, "faults");
        }
        return close("pagefault", params, setting);
    }

    MemoryLog& boot(const std::string& mapping, std::uint64_t touched, double prepare, double run,
                    double faults, double hyp) {
        const Json params{{"mapping", mapping}, {"working_set", touched}, {"memory", 128 * kMega}};
        const std::string setting = mapping == "none" ? kNative : kGuest;
        const auto put = [&](const std::string& layer, double value, const std::string& unit) {
            row("boot", setting, params, layer, value, unit);
        };
        put("prepare", prepare, fake_.unit());
        put("run", run, fake_.unit());
        put("total", prepare + run, fake_.unit());
        put("hyp-instructions", hyp, "instructions");
        put("stage2-faults", faults, "faults");
        put("stage2-tables", mapping == "none" ? 0 : 128 * 1024, "bytes");
        return close("boot", params, setting);
    }

    MemoryLog& parity(const std::string& loop, const std::string& setting, double round,
                      double checksum) {
        const Json params{{"loop", loop},
                          {"stage1", setting.starts_with("stage2") ? "off" : "lpae-4K"},
                          {"rounds", 10}};
        row("parity", setting, params, "round", round, fake_.unit());
        row("parity", setting, params, "checksum", checksum, "value");
        row("parity", setting, params, "hyp-instructions", 0, "instructions");
        row("parity", setting, params, "pl-instructions", 900, "instructions");
        return close("parity", params, setting);
    }

    [[nodiscard]] LogText& log() { return log_; }

  private:
    void row(const std::string& workload, const std::string& setting, const Json& params,
             const std::string& layer, double value, const std::string& unit) {
        log_.row(workload, setting, params, layer,
                 fake_.change(workload, params, setting, layer, value), unit);
    }
    MemoryLog& close(const std::string& workload, const Json& params, const std::string& setting) {
        std::string name = workload;
        for (const auto& [key, value] : params.items()) {
            name += " " + key + "=" + (value.is_string() ? value.get<std::string>() : value.dump());
        }
        log_.scenario(name + " " + setting);
        return *this;
    }

    FakeMemory fake_;
    LogText log_;
};

inline std::vector<measure::Translation> possible_cells() {
    std::vector<measure::Translation> cells;
    std::copy_if(measure::kMatrix.begin(), measure::kMatrix.end(), std::back_inserter(cells),
                 [](const auto& cell) { return cell.impossible().empty(); });
    return cells;
}

/// A load that hits the first TLB.
inline constexpr double kFakeHit = 10;
/// One line per page: 22 if the second TLB holds its blocks, and 30 more for each descriptor read
/// if one of the stages has pages of 4 KB.
inline double fake_page_random(const measure::Translation& cell) {
    const auto reads = static_cast<double>(
        predict(cell, Chain{kChainBase, kMatrixBytes, 4096, kChainTables}).formula);
    const bool pages = std::string_view(name_of(cell.stage1)).ends_with("-4K") ||
                       std::string_view(name_of(cell.stage2)).starts_with("4K");
    return kFakeHit + 12 + (pages ? 30 * reads : 0);
}

inline void write_chases(MemoryLog& log) {
    for (const auto& cell : {measure::kPlainNative, measure::kPlainStage2, measure::kPlainNested}) {
        for (const char* order : {"sequential", "random"}) {
            for (const std::uint64_t bytes : {16 * kKilo, 32 * kKilo, 256 * kKilo, kMega, 2 * kMega,
                                              4 * kMega, 8 * kMega, 32 * kMega}) {
                log.chase({cell, order, 64, bytes, "warm", kFakeHit});
            }
        }
        log.chase({cell, "page-random", 4096, 32 * kMega, "warm", fake_page_random(cell) + 7});
        log.chase({cell, "page-random", 4096, kMatrixBytes, "flushed", fake_page_random(cell)});
        log.chase({cell, "page-dense", 64, kMega / 2, "warm", kFakeHit + 7});
    }
    for (const auto& floor :
         {measure::Translation{measure::Stage1::kLong2M, measure::Stage2::kOff},
          measure::Translation{measure::Stage1::kOff, measure::Stage2::k2M},
          measure::Translation{measure::Stage1::kLong2M, measure::Stage2::k2M}}) {
        log.chase({floor, "page-random", 4096, 32 * kMega, "warm", fake_page_random(floor) + 7});
    }
    for (const auto& cell : possible_cells()) {
        log.chase({cell, "page-random", 4096, kMatrixBytes, "warm", fake_page_random(cell)});
    }
}

inline void write_faults(MemoryLog& log) {
    const std::vector<std::string> guest{"access",        "guest-vector",     "guest-handler",
                                         "guest-written", "guest-maintained", "guest-return",
                                         "retired"};
    const std::vector<std::string> hyp{"access",         "hyp-vector", "hyp-handler", "hyp-written",
                                       "hyp-maintained", "hyp-return", "retired"};
    const std::vector<std::string> both{"access",         "guest-vector",     "guest-handler",
                                        "guest-written",  "guest-maintained", "guest-return",
                                        "hyp-vector",     "hyp-handler",      "hyp-written",
                                        "hyp-maintained", "hyp-return",       "retired"};
    for (const char* order : {"sequential", "random"}) {
        for (const int batch : {256, 16}) {
            const bool main = order == std::string("sequential") && batch == 256;
            for (const bool stamps : main ? std::vector{true, false} : std::vector{false}) {
                const double probe = stamps ? 12 : 0;
                log.fault("stage1", kNative, order, batch, stamps, 96 + probe, guest);
                log.fault("stage1", kGuest, order, batch, stamps, 96 + probe, guest);
                log.fault("stage2", kGuest, order, batch, stamps, 120 + probe, hyp);
                log.fault("stage2", "stage2/injected", order, batch, stamps, 114 + probe, hyp);
                log.fault("both", kGuest, order, batch, stamps, 196 + 2 * probe, both);
            }
        }
    }
}

/// Mapping a page on demand takes 120 and 50 of HYP, before entry 40 for each of the 65,536; so 4
/// KB pages on demand are as dear where 21,845.33 are touched (85.3 MB).
inline void write_boots(MemoryLog& log) {
    for (const std::uint64_t megabytes : {1, 32, 128}) {
        const double pages = static_cast<double>(megabytes) * 256;
        const double work = pages * 100;
        const double before = 65'536 * 40;
        log.boot("none", megabytes * kMega, 0, work, 0, 0);
        log.boot("demand-4K", megabytes * kMega, 10, work + pages * 120, pages, pages * 50);
        log.boot("around-16", megabytes * kMega, 10, work + pages * 30, pages / 16, pages * 25);
        log.boot("demand-2M", megabytes * kMega, 10, work + pages, pages / 512, pages);
        log.boot("premapped-4K", megabytes * kMega, before, work, 0, 0);
    }
}

inline void write_parity(MemoryLog& log) {
    for (const std::string loop : {"integer", "float"}) {
        for (const std::string setting : {"native/native", "stage2/injected", "nested/injected"}) {
            log.parity(loop, setting, loop == "float" ? 4000 : 1500, 77);
        }
    }
}

using MemoryPart = std::function<void(MemoryLog&)>;

inline std::string memory_log(const FakeMemory& fake = {},
                              const std::vector<MemoryPart>& parts = {write_chases, write_faults,
                                                                      write_boots, write_parity}) {
    // The plan comes first and names what follows: so all is written twice.
    MemoryLog draft(fake);
    for (const MemoryPart& part : parts) {
        part(draft);
    }
    MemoryLog log(fake);
    log.begin(draft.log().scenarios());
    for (const MemoryPart& part : parts) {
        part(log);
    }
    return log.log().end().text();
}

}  // namespace hm::host::testing
