// The session of a guest that runs by itself: it finds out where it is, runs each scenario of the
// plan in this same image, and writes the records to the UART that the device tree names. Its
// memory is mapped in no guest, and its caches are off.

#include <algorithm>
#include <array>
#include <cstring>
#include <span>

#include "alone/core/plan.hpp"
#include "alone/core/request.hpp"
#include "alone/core/surroundings.hpp"
#include "alone/hw/clock.hpp"
#include "alone/hw/console.hpp"
#include "alone/hw/guest_image.hpp"
#include "alone/hw/power.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "measure/crc32.hpp"
#include "measure/pieces.hpp"
#include "measure/record.hpp"
#include "measure/workload/workload.hpp"
#include "measure/worst.hpp"
#include "session/core/message.hpp"
#include "session/core/reporter.hpp"
#include "version.hpp"

namespace hm::alone {
namespace {

using measure::Scenario;

/// Too large for the stack, and kept while guests come and go.
[[gnu::section(".sbss.session")]] measure::Plan plan;
[[gnu::section(
    ".sbss.session")]] std::array<std::array<char, measure::kNameBytes>, measure::Plan::kMost>
    names;
[[gnu::section(".sbss.session")]] std::array<std::string_view, measure::Plan::kMost> name_views;
/// Texts of the tree, which the guests overwrite.
[[gnu::section(".sbss.session")]] std::array<char, 2048> bootargs;
[[gnu::section(".sbss.session")]] std::array<char, 64> machine;

[[noreturn]] void give_up(Conduit conduit, std::string_view why, std::string_view what = {}) {
    print("hypmeter: ");
    print(why);
    print(what);
    print("\n");
    print(measure::kGivesUp);
    print("\n");
    power_off(conduit);
}

/// Copies `text`; false if it does not fit.
template <std::size_t kBytes>
bool keep(std::string_view text, std::array<char, kBytes>& to, std::string_view& view) {
    if (text.size() > to.size()) {
        return false;
    }
    text.copy(to.data(), text.size());
    view = {to.data(), text.size()};
    return true;
}

/// What the tree at `tree_at` says. Without a UART it can only stop.
Surroundings look_around(std::uint32_t tree_at) {
    constexpr std::size_t kMostBytes = std::size_t{2} << 20;  // Linux' limit: booting.rst
    const auto opened = fdt::Tree::open({reinterpret_cast<const std::byte*>(tree_at), kMostBytes});
    const auto uart = opened.error == fdt::Error::kNone ? uart_in(opened.tree) : std::nullopt;
    if (!uart) {
        power_off(Conduit::kNone);
    }
    start_console(*uart);
    const Found found = surroundings_in(opened.tree, image_place(), tree_at);
    Surroundings here = found.surroundings;
    if (!found.lack.empty()) {
        give_up(here.conduit, "the device tree does not name ", found.lack);
    }
    if (image_place().begin % kGuestPageBytes != 0) {
        give_up(here.conduit, "this image must lie at a multiple of 4 KB");
    }
    if (!keep(here.bootargs, bootargs, here.bootargs)) {
        give_up(here.conduit, "the device tree's bootargs are too long");
    }
    (void)keep(here.machine.substr(0, machine.size()), machine, here.machine);
    return here;
}

measure::NamedValue named_value(const measure::KeyInfo& info, std::uint32_t value) {
    return info.kind == measure::Kind::kWord
               ? measure::NamedValue{info.name, measure::word_of(info.words, value)}
               : measure::NamedValue{info.name, value};
}

class Session {
  public:
    Session(const Surroundings& here, const AloneRequest& asked, measure::CharSink to)
        : here_(here),
          asked_(asked),
          clock_(start_clock(asked.clock)),
          records_(to),
          reporter_(records_, clock_.meaning, clock_.ratio, measure::WorstEvents::kMost) {}

    [[noreturn]] void run() {
        make_alone_plan(asked_.request, clock_.counter_hz, plan);
        for (std::size_t i = 0; i < plan.scenarios().size(); ++i) {
            name_views[i] = measure::name_of(plan.scenarios()[i], names[i]);
        }
        begin();
        for (std::size_t i = 0; i < plan.scenarios().size(); ++i) {
            run_scenario(plan.scenarios()[i], name_views[i]);
        }
        // With nothing in the plan, nothing was shown to be well.
        records_.end(!plan.scenarios().empty());
        drain_console();
        power_off(here_.conduit);
    }

  private:
    void begin() {
        std::array<measure::NamedValue, measure::kKeys.size() + 3> settings;
        std::size_t count = 0;
        settings[count++] = {"suite", measure::info(asked_.request.suite).name};
        for (const measure::KeyInfo& key : measure::kKeys) {
            if (key.user == measure::User::kTarget) {
                settings[count++] = named_value(key, asked_.request.get(key.key));
            }
        }
        settings[count++] = {"under", asked_.under.data()};
        settings[count++] = {"clock_register", clock_.is_pmu ? "PMCCNTR" : "CNTVCT"};
        records_.begin({.version = session::kVersion,
                        .compiler = __VERSION__,
                        .board = measure::kAlone,
                        .machine = here_.machine,
                        .clock = clock_.meaning,
                        .counter_hz = clock_.counter_hz,
                        .ticks_hz = clock_.ticks_hz,
                        .memory_bytes = here_.heap.bytes(),
                        .settings = std::span(settings).first(count),
                        .plan = std::span(name_views).first(plan.scenarios().size())});
    }

    void run_scenario(const Scenario& scenario, std::string_view name) {
        measure::ScenarioRecord record{.name = name};
        session::Message message;
        const auto block = parameters_for(here_, scenario);
        message.text(reason_to_skip(scenario, here_.conduit));
        if (!block) {
            message.text("the machine has too little memory for it");
        }
        if (!message.view().empty()) {
            record.ok = true;
            record.skipped = true;
        } else {
            record.guest_crc32 = image_crc32();
            record.parameters_crc32 = measure::crc32(std::as_bytes(std::span(&*block, 1)));
            record.ok = measure(scenario, *block, message);
        }
        record.detail = message.view();
        records_.scenario(record);
    }

    bool measure(const Scenario& scenario, const measure::ParameterBlock& block,
                 session::Message& message) {
        prepare_guest(block, here_, clock_.is_pmu);
        ask_for_stamps(scenario.stamps);
        const auto outcome = run_guest_image();
        const measure::GuestReport& report = report_of_guest();
        if (outcome != measure::Outcome::kDone) {
            describe(outcome, report, message);
            return false;
        }
        const auto events = events_of_guest(block);
        Scenario seen = scenario;
        seen.delivery = delivery_of(scenario, events);
        const measure::Facts facts{.scenario = seen, .report = report, .clock = clock_.meaning};
        const std::string_view complaint = reporter_.report(facts, events);
        message.text(complaint);
        return complaint.empty();
    }

    void ask_for_stamps(bool wanted) {
        if (wanted) {
            leaves_stamps_ = offer_stamps(clock_.is_pmu);
        } else if (leaves_stamps_) {
            refuse_stamps();
            leaves_stamps_ = false;
        }
    }

    /// Whose layers the stamps have: a native guest's, or where the hypervisor leaves some, those
    /// of an injected interrupt, with an exit at its end or without.
    [[nodiscard]] measure::Delivery delivery_of(
        const Scenario& scenario, std::optional<std::span<const std::byte>> events) const {
        if (!leaves_stamps_ || scenario.workload->events != measure::EventKind::kWakeUp ||
            !scenario.stamps || !events || events->size() < sizeof(measure::WakeUp)) {
            return measure::Delivery::kNative;
        }
        const void* const first = events->data();
        return static_cast<const measure::WakeUp*>(first)->hyp.maintenance_vector != 0
                   ? measure::Delivery::kInjectedSoft
                   : measure::Delivery::kInjected;
    }

    static void describe(measure::Outcome outcome, const measure::GuestReport& report,
                         session::Message& message) {
        switch (outcome) {
            case measure::Outcome::kOutOfMemory:
                message.text("the workload does not fit into the memory");
                return;
            case measure::Outcome::kBadParameters:
                message.text("the guest does not know its task");
                return;
            default:
                break;
        }
        const auto& exception = report.exception;
        constexpr std::array<std::string_view, 8> kVectors{
            "reset",      "undefined instruction", "system call", "prefetch abort",
            "data abort", "reserved vector",       "interrupt",   "FIQ"};
        message.text("the guest took an unexpected exception: ")
            .text(kVectors[exception.vector % kVectors.size()])
            .text(" at ")
            .hex(exception.pc - image_place().begin)
            .text(" of the image, fault status ")
            .hex(exception.status)
            .text(", address ")
            .hex(exception.address);
    }

    const Surroundings& here_;
    const AloneRequest& asked_;
    ClockFound clock_;
    measure::RecordWriter records_;
    session::Reporter reporter_;
    bool leaves_stamps_ = false;  ///< the hypervisor does, for the scenario that runs
};

}  // namespace

extern "C" [[noreturn]] void alone_exception(std::uint32_t pc, std::uint32_t vector) {
    session::Message message;
    message.text(vector == 1 ? "undefined instruction" : "abort")
        .text(" at ")
        .hex(pc - image_place().begin)
        .text(" of the image");
    give_up(Conduit::kNone, message.view());
}

extern "C" [[noreturn]] void alone_main(std::uint32_t tree_at) {
    keep_data();
    const Surroundings here = look_around(tree_at);
    const AloneRequest asked = parse_alone_request(here.bootargs);
    if (!asked.culprit.empty()) {
        give_up(here.conduit, "cannot understand this word of bootargs: ", asked.culprit);
    }
    auto to_console = [](char c) { put(c); };
    measure::PieceWriter pieces{measure::CharSink(to_console)};
    Session(here, asked, measure::CharSink(pieces)).run();
}

}  // namespace hm::alone
