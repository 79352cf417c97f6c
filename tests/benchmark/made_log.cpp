#include "tests/benchmark/made_log.hpp"

#include <fmt/format.h>

#include <array>
#include <span>
#include <string_view>

#include "measure/crc32.hpp"
#include "measure/record.hpp"

namespace hm::benchmark {
namespace {

constexpr std::array<std::string_view, 8> kLayers{"deadline..hyp-vector",
                                                  "hyp-vector..hyp-acknowledged",
                                                  "hyp-acknowledged..list-register",
                                                  "list-register..guest-return",
                                                  "guest-return..guest-vector",
                                                  "guest-vector..guest-acknowledged",
                                                  "guest-acknowledged..handler-done",
                                                  "handler-done..application"};
constexpr std::array<std::string_view, 3> kSettings{"native/native", "nested/injected",
                                                    "nested/direct"};

class Log {
  public:
    void record(std::string_view kind, std::string_view fields) {
        body_.clear();
        fmt::format_to(std::back_inserter(body_), R"({{"seq":{},"record":"{}",{}}})", seq_++, kind,
                       fields);
        const auto crc = measure::crc32(std::as_bytes(std::span(body_)));
        fmt::format_to(std::back_inserter(text_), "{}{}{}{:08x}\r\n", measure::kRecordMarker, body_,
                       measure::kCrcMarker, crc);
    }
    void words(std::string_view line) { (text_ += line) += "\r\n"; }
    [[nodiscard]] std::size_t records() const { return seq_; }
    [[nodiscard]] std::string take() { return std::move(text_); }

  private:
    std::string text_, body_;
    std::size_t seq_ = 0;
};

std::string_view setting_of(std::size_t scenario) { return kSettings[scenario % kSettings.size()]; }

/// Which one it is among those of its setting, told by its period.
std::size_t period_of(std::size_t scenario) { return 1000 + scenario / kSettings.size(); }

std::string name_of(std::size_t scenario) {
    return fmt::format(
        "timer wait=wfi load=idle period_us={} dither_us=0 count=120000 warm_up=16 stamps=1 {}",
        period_of(scenario), setting_of(scenario));
}

/// What the rows and events of a scenario begin with.
std::string subject_of(std::size_t scenario) {
    const std::string_view setting = setting_of(scenario);
    const std::size_t cut = setting.find('/');
    return fmt::format(
        R"("workload":"timer","regime":"{}","delivery":"{}","params":{{"wait":"wfi","load":"idle",)"
        R"("period_us":{},"dither_us":0,"count":120000,"warm_up":16,"stamps":1}},)",
        setting.substr(0, cut), setting.substr(cut + 1), period_of(scenario));
}

/// A row whose buckets hold ten samples each.
std::string row_of(std::string_view layer, std::size_t buckets, std::size_t least) {
    constexpr std::size_t kEach = 10;
    constexpr std::size_t kApart = 3;
    const std::size_t count = kEach * buckets;
    const auto at = [&](std::size_t per_mille) {
        const std::size_t rank = (count * per_mille + 999) / 1000;
        return least + kApart * ((rank - 1) / kEach);
    };
    const std::size_t last = least + kApart * (buckets - 1);
    std::string text = fmt::format(
        R"("layer":"{}","unit":"instructions","count":{},"min":{},"mean":{},"p50":{},"p95":{},)"
        R"("p99":{},"p999":{},"max":{},"histogram":[)",
        layer, count, least, static_cast<double>(least + last) / 2, at(500), at(950), at(990),
        at(999), last);
    for (std::size_t i = 0; i < buckets; ++i) {
        fmt::format_to(std::back_inserter(text), "{}[{},{}]", i == 0 ? "" : ",", least + kApart * i,
                       kEach);
    }
    return text + "]";
}

void add_scenario(Log& log, std::size_t scenario, const Shape& shape) {
    const std::string name = name_of(scenario);
    const std::string subject = subject_of(scenario);
    for (std::size_t i = 0; i < shape.remarks; ++i) {
        log.words("a line for people, of which nothing is kept but the last few");
        log.record("progress",
                   fmt::format(R"("scenario":"{}","done":{},"of":{})", name, i + 1, shape.remarks));
    }
    for (std::size_t i = 0; i < shape.layers; ++i) {
        const std::string layer = i < kLayers.size()
                                      ? std::string(kLayers[i])
                                      : fmt::format("{} {}", kLayers[i % kLayers.size()], i);
        log.record("result", subject + row_of(layer, shape.buckets, 20 + i + scenario % 7));
    }
    for (std::size_t rank = 1; rank <= 3; ++rank) {
        log.record("worst",
                   fmt::format(R"({}"unit":"instructions","rank":{},"event":{},"delay":{},)"
                               R"("layers":[["deadline..hyp-vector",3],["hyp-vector..guest",{}]])",
                               subject, rank, rank * 100, 400 - rank, 397 - rank));
    }
    log.record("scenario", fmt::format(R"("name":"{}","ok":true,"detail":"","results":{},)"
                                       R"("guest_crc32":390430080,"parameters_crc32":348833609)",
                                       name, shape.layers));
}

}  // namespace

std::string made_log(const Shape& shape) {
    Log log;
    std::string plan;
    for (std::size_t i = 0; i < shape.scenarios; ++i) {
        fmt::format_to(std::back_inserter(plan), R"({}"{}")", i == 0 ? "" : ",", name_of(i));
    }
    log.record("begin",
               fmt::format(R"("schema":1,"version":"0.1.0","board":"virt","machine":"QEMU virt",)"
                           R"("clock":"instructions","counter_hz":1000000000,)"
                           R"("models":{{"caches":false,"tlb":false}},"memory_bytes":1073741824,)"
                           R"("parameters":{{"suite":"quick","count":1000}},"plan":[{}])",
                           plan));
    for (std::size_t i = 0; i < shape.scenarios; ++i) {
        add_scenario(log, i, shape);
    }
    log.record("end", fmt::format(R"("records":{},"ok":true)", log.records()));
    return log.take();
}

}  // namespace hm::benchmark
