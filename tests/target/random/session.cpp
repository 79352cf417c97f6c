// The session of the image whose guest executes random instructions. The seed is key `spins`, and
// key `count` says how many thousands of steps. A step is a word of random code (one instruction of
// A32, up to two of T32) that the guest went past, whether it was executed, faulted, or was jumped
// over.

#include <algorithm>
#include <array>
#include <charconv>

#include "board.hpp"
#include "board/hw/console.hpp"
#include "board/machine.hpp"
#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/mmu/builder.hpp"
#include "drivers/mmu/hw/table_memory.hpp"
#include "drivers/mmu/short_descriptor.hpp"
#include "hyp/hw/monitor.hpp"
#include "measure/crc32.hpp"
#include "measure/record.hpp"
#include "session/core/message.hpp"
#include "session/core/slots.hpp"
#include "session/hw/guest_memory.hpp"
#include "session/hw/session.hpp"
#include "tests/target/begin_record.hpp"
#include "tests/target/case.hpp"
#include "tests/target/guest_run.hpp"
#include "tests/target/random/program.hpp"
#include "tests/target/snapshot.hpp"

extern "C" {
extern const char random_vm[], random_vm_end[], random_vm_entry[];
extern const std::byte __image_start[], __rodata_end[];
}

namespace hm::session {

namespace {

using target::Program;
using target::Random;
using target::RegisterBlock;

/// Ticks without a new line of code after which a guest is in a loop, and is ended.
constexpr std::uint64_t kPatience = 5000;
/// And in all: several times what a program takes.
constexpr std::uint64_t kBudget = 1'000'000;
constexpr std::uint32_t kMegabyte = 1U << 20;

/// What the guest finds behind sections of its own from kWindows on: memory of the monitor and of
/// the second VM, devices, holes, and the tables that it is translated by.
constexpr std::uint32_t kWindows = 0x9000'0000;
constexpr std::array<std::uint32_t, 8> kTargets{
    0x4020'0000, board::kGicd, board::kUart, 0, 0x4000'0000, 0x4700'0000, RANDOM_BASE, 0xFFF0'0000};
constexpr std::array<std::uint32_t, kTargets.size()> kWindowBases = [] {
    std::array<std::uint32_t, kTargets.size()> bases{};
    for (std::uint32_t i = 0; i < bases.size(); ++i) {
        bases[i] = kWindows + i * kMegabyte;
    }
    return bases;
}();

std::uint32_t address_of(const char* symbol) { return reinterpret_cast<std::uint32_t>(symbol); }

template <class T>
T* at(std::uint32_t address) {
    return reinterpret_cast<T*>(address);
}

constexpr mmu::Stage2Attributes kReadOnly{
    .memory = mmu::MemoryType::kNormalWriteBack, .read = true, .write = false, .executable = true};

hyp::MemoryRegion region(std::uint32_t begin, std::uint32_t end, mmu::Stage2Attributes attributes) {
    return {.range = {{begin}, end - begin},
            .target = {begin},
            .attributes = attributes,
            .forced = std::nullopt};
}

using Map = std::array<hyp::MemoryRegion, 5>;

Map map_of_guest() {
    hyp::MemoryRegion interface =
        region(board::kGicc, board::kGicc + gic::gicc::kSize, hyp::kGuestDevice);
    interface.target = {board::kGicv};
    return {region(address_of(random_vm), address_of(random_vm_end), kReadOnly),
            region(RANDOM_TABLES, RANDOM_CODE, kReadOnly),
            region(RANDOM_CODE, RANDOM_DATA + RANDOM_DATA_BYTES, hyp::kGuestMemory),
            region(RANDOM_POSITION, RANDOM_POSITION + 0x1000, hyp::kGuestMemory), interface};
}

/// The guest's stage 1. False where its tables do not fit.
bool make_stage1() {
    using Memory = mmu::HardwareTables<mmu::Va, mmu::Ipa, mmu::InvalidatePl1, mmu::ShortFamily>;
    constexpr unsigned kFrames = (RANDOM_BLOCKS - RANDOM_TABLES) / mmu::ShortFamily::kTableBytes;
    static std::uint32_t bitmap[mmu::FramePool<>::words_for(kFrames)];
    Memory::Pool frames({RANDOM_TABLES}, kFrames, bitmap);
    Memory memory(frames);
    constexpr unsigned kRoot = mmu::ShortStage1::kGeometry.root_tables();
    const auto root = frames.allocate_run(kRoot);
    if (root != mmu::Ipa{RANDOM_TABLES}) {
        return false;
    }
    for (unsigned i = 0; i < kRoot; ++i) {
        Memory::clear(*root + i * mmu::ShortFamily::kTableBytes);
    }
    mmu::Builder<mmu::ShortStage1, Memory> builder(memory, *root);
    const auto map = [&builder](std::uint32_t va, std::uint32_t ipa, std::uint32_t bytes,
                                const mmu::ShortAttributes& attributes) {
        return builder.map({{va}, bytes}, {ipa}, attributes) == mmu::Status::kOk;
    };
    const auto map_own = [&map](std::uint32_t begin, std::uint32_t end,
                                const mmu::ShortAttributes& attributes) {
        return map(begin, begin, end - begin, attributes);
    };
    bool ok =
        map_own(address_of(random_vm), address_of(random_vm_end), {.executable = true}) &&
        map_own(RANDOM_BLOCKS, RANDOM_CODE, {}) &&
        map_own(RANDOM_CODE, RANDOM_CODE + RANDOM_CODE_BYTES, {.pl0 = true, .executable = true}) &&
        map_own(RANDOM_POSITION, RANDOM_POSITION + 0x1000, {.writable = true}) &&
        map_own(RANDOM_DATA, RANDOM_DATA + RANDOM_DATA_BYTES, {.pl0 = true, .writable = true});
    for (std::size_t i = 0; i < kTargets.size(); ++i) {
        ok = ok && map(kWindowBases[i], kTargets[i], kMegabyte,
                       {.pl0 = true, .writable = true, .executable = true});
    }
    return ok;
}

/// How runs of the guest ended.
struct Endings {
    std::uint32_t runs = 0;
    std::uint32_t finished = 0;
    std::uint32_t loops = 0;
    std::uint32_t traps = 0;
    std::uint64_t retired = 0;  ///< instructions at PL1 and PL0
};

/// Whether a guest may end so. Anything else is the monitor's own fault.
bool is_allowed(const hyp::Stop& stop, Endings& endings) {
    ++endings.runs;
    endings.retired += stop.costs.guest_instructions;
    if (stop.vm != 0 || stop.costs.guest_instructions > stop.costs.all_instructions) {
        return false;
    }
    switch (stop.reason) {
        case hyp::StopReason::kFinished:
            ++endings.finished;
            return true;
        case hyp::StopReason::kWatchdog:
        case hyp::StopReason::kBudget:
            ++endings.loops;
            return true;
        case hyp::StopReason::kPoweredOff:
        case hyp::StopReason::kReset:
            ++endings.finished;
            return true;
        case hyp::StopReason::kTrap:
            break;
    }
    ++endings.traps;
    switch (stop.trap.hsr.get(hyp::Hsr::kEc)) {
        // Those that lower modes can cause (ARM DDI 0406C.d, table B3-25). Where HCR.TGE is 0,
        // SVC and undefined instructions are the guest's own.
        case hyp::ExceptionClass::kUnknown:
        case hyp::ExceptionClass::kWfiWfe:
        case hyp::ExceptionClass::kCp15:
        case hyp::ExceptionClass::kCp15Wide:
        case hyp::ExceptionClass::kCp14:
        case hyp::ExceptionClass::kCp14Memory:
        case hyp::ExceptionClass::kCoprocessor:
        case hyp::ExceptionClass::kCp10Id:
        case hyp::ExceptionClass::kBxj:
        case hyp::ExceptionClass::kCp14Wide:
        case hyp::ExceptionClass::kHvc:
        case hyp::ExceptionClass::kSmc:
        case hyp::ExceptionClass::kPrefetchAbortLower:
        case hyp::ExceptionClass::kDataAbortLower:
            return true;
        default:
            return false;
    }
}

/// All that a guest must leave alone, and a scenario that must be as it would be without one.
class Surroundings {
  public:
    explicit Surroundings(const board::Ram& ram)
        : other_(slots_in(platform(), ram, false).companion),
          clean_(scenarios()),
          text_(checksum_of_text()) {
        // The scenarios have loaded a guest there.
        for (std::uint32_t i = 0; i < kOtherBytes / 4; ++i) {
            at<std::uint32_t>(other_.at(0))[i] = i * 0x9E37'79B9;
        }
        memory_ = checksum_of_other();
        target::take(before);
    }

    /// What is not as before, or nothing.
    [[nodiscard]] target::Complaint check() const {
        if (checksum_of_text() != text_) {
            return "the monitor's text or its constants have changed";
        }
        if (checksum_of_other() != memory_) {
            return "the memory of the other VM has changed";
        }
        target::take(now);
        return target::first_difference(before, now);
    }
    [[nodiscard]] target::Complaint check_scenarios() const {
        return scenarios() == clean_ ? ""
                                     : "a scenario afterwards differs from that of a clean run";
    }

  private:
    static inline target::Snapshot before, now;  // large, so not on the stack
    static constexpr std::uint32_t kOtherBytes = 0x1'0000;

    /// The counts of some that use most of what a guest has, which icount repeats exactly.
    using Counts = std::array<std::uint32_t, 8>;
    static Counts scenarios() {
        Counts counts{};
        std::size_t i = 0;
        for (const measure::Scenario& one :
             {target::timer_scenario(measure::Delivery::kInjected),
              target::page_fault_scenario(measure::Delivery::kInjected)}) {
            const auto stop = target::run_guest(one, nullptr);
            if (stop) {
                counts[i++] = static_cast<std::uint32_t>(stop->reason);
                counts[i++] = stop->outcome;
                counts[i++] = stop->costs.all_instructions;
                counts[i++] = stop->costs.guest_instructions;
            }
        }
        return counts;
    }
    static std::uint32_t checksum_of_text() {
        return measure::crc32(
            {__image_start, static_cast<std::size_t>(__rodata_end - __image_start)});
    }
    [[nodiscard]] std::uint32_t checksum_of_other() const {
        return measure::crc32({at<const std::byte>(other_.at(0)), kOtherBytes});
    }

    GuestSlot other_;
    Counts clean_{};
    std::uint32_t text_ = 0;
    std::uint32_t memory_ = 0;
};

Program program;

void load_program(Random& random) {
    make_program(random, program);
    std::copy(program.code.begin(), program.code.end(), at<std::uint32_t>(RANDOM_CODE));
    *at<std::uint32_t>(RANDOM_IS_THUMB) = program.is_thumb ? 1 : 0;
}

/// Runs the program to its end, with new registers, and again from where it was stopped.
target::Complaint run_program(Random& random, const Map& map, Endings& endings) {
    constexpr std::uint32_t kEnd = RANDOM_CODE + RANDOM_CODE_BYTES;
    for (std::uint32_t i = 0; i < RANDOM_BLOCK_COUNT; ++i) {
        at<RegisterBlock>(RANDOM_BLOCKS)[i] = make_block(random, program.is_thumb, kWindowBases);
    }
    for (std::uint32_t i = 0; i < RANDOM_DATA_BYTES / 4; i += 16) {
        at<std::uint32_t>(RANDOM_DATA)[i] = random.word();
    }
    auto* const position = at<volatile std::uint32_t>(RANDOM_POSITION);
    for (std::uint32_t from = RANDOM_CODE; from < kEnd;) {
        *position = from;
        if (machine().models_caches) {
            cpu::clean_invalidate_all_data();
        }
        cpu::invalidate_instructions();
        const auto stop = hyp::run({.stages = hyp::Stages::kBoth,
                                    .routing = hyp::InterruptRouting::kLinked,
                                    .entry = address_of(random_vm_entry),
                                    .map = map,
                                    .distributor = {board::kGicd},
                                    .patience = kPatience,
                                    .budget = kBudget,
                                    .has_counters = false},
                                   nullptr);
        if (!stop) {
            return "the guest could not be entered";
        }
        if (!is_allowed(*stop, endings)) {
            return "a guest ended as none may";
        }
        // The guest may have written anything there; it goes on behind what stopped it.
        const std::uint32_t said = *position;
        const std::uint32_t stopped = stop->trap.pc - said < RANDOM_REACH ? stop->trap.pc : said;
        from = std::max(from, stopped < kEnd ? stopped & ~3U : 0) + 4;
        if (stop->reason == hyp::StopReason::kFinished && said == kEnd) {
            return {};
        }
    }
    return {};
}

void put_number(Message& message, const char* words, std::uint64_t number) {
    std::array<char, 20> digits;
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    message.text(words).text(std::string_view(digits.data(), end));
}

}  // namespace

void run_session(const measure::Request& request, const Services& services) {
    const std::uint32_t seed = request.get(measure::Key::kSpins);
    const std::uint64_t wanted = std::uint64_t{request.get(measure::Key::kCount)} * 1000;
    measure::RecordWriter records(board::console());
    target::begin(records, services);
    target::set_ram(services.ram);
    const Surroundings surroundings(services.ram);

    Random random(seed);
    Endings endings;
    std::uint64_t steps = 0;
    const Map map = map_of_guest();
    target::Complaint complaint = make_stage1() ? "" : "the guest's tables do not fit";
    while (complaint.empty() && steps < wanted) {
        // An emulator takes much longer to translate an instruction than to execute it, so that
        // each program runs several times.
        constexpr std::uint32_t kRounds = 64;
        load_program(random);
        for (std::uint32_t round = 0; round < kRounds && complaint.empty(); ++round) {
            complaint = run_program(random, map, endings);
            steps += Program::kSteps;
        }
        if (complaint.empty()) {
            complaint = surroundings.check();
        }
        board::print("random instructions: one more program\n");  // a host takes silence for a hang
    }
    Message detail;
    put_number(detail, "seed ", seed);
    put_number(detail, ", steps ", steps);
    put_number(detail, ", instructions at PL1 and PL0 ", endings.retired);
    put_number(detail, ", entries ", endings.runs);
    put_number(detail, "; ended by HYP after a trap ", endings.traps);
    put_number(detail, ", by the watchdog ", endings.loops);
    put_number(detail, ", by itself ", endings.finished);
    if (!complaint.empty()) {
        detail.text(": ").text(complaint);
    }
    records.verdict({.name = "random instructions: every outcome is one of the allowed",
                     .ok = complaint.empty(),
                     .detail = detail.view()});
    const target::Complaint dirty = surroundings.check_scenarios();
    records.verdict({.name = "random instructions: the next scenario is clean",
                     .ok = dirty.empty(),
                     .detail = dirty});
    records.end(true);
}

}  // namespace hm::session
