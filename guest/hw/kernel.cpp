#include "guest/hw/kernel.hpp"

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/cpu/hw/nops.hpp"
#include "drivers/cpu/registers.hpp"
#include "drivers/mmu/control.hpp"
#include "drivers/pmu/registers.hpp"
#include "guest/core/system_call.hpp"
#include "guest/hw/machine.hpp"

extern "C" {
extern char __guest_base[], __image_start[], __text_end[], __image_end[];
extern char __application_stack_bottom[], __application_stack_top[];
extern const char guest_vectors[], guest_vectors_stamped[];
[[noreturn]] void resume(hm::guest::Frame* frame);
/// Where irq_stamped puts its stamps.
hm::guest::GuestStamps* guest_stamps;
}

namespace hm::guest {

namespace {

constexpr std::uint32_t kGuestStampOffset = 0x800;  // in the page of HYP's stamps
constexpr std::uint32_t kTableFrames = 224;
constexpr std::uint32_t kTimerPriority = 0xA0;
constexpr std::uint32_t kLowestPriority = 0xF8;

/// The idle context's stack, with the frame that it starts from at its top.
struct {
    std::byte room[1024];
    Frame first;
} idle_stack;

std::uint32_t frame_bitmap[mmu::FramePool<>::words_for(kTableFrames)];

template <class T>
T& at_guest_offset(std::uint32_t offset) {
    return *reinterpret_cast<T*>(__guest_base + offset);
}

std::uint32_t address_of(const char* symbol) { return reinterpret_cast<std::uint32_t>(symbol); }

constexpr mmu::Stage1Attributes kCode{.pl0 = true, .execute = mmu::Execute::kAll};
constexpr mmu::Stage1Attributes kKernelData{.writable = true};
constexpr mmu::Stage1Attributes kApplicationData{.pl0 = true, .writable = true};
constexpr mmu::Stage1Attributes kDevice{.memory = mmu::MemoryType::kDevice, .writable = true};

constexpr cpu::Sctlr kSctlr = cpu::kResetSctlr.with(cpu::Sctlr::kM, true)
                                  .with(cpu::Sctlr::kC, true)
                                  .with(cpu::Sctlr::kZ, true)
                                  .with(cpu::Sctlr::kI, true);

/// Numbers of the waits at which an interrupt is lost, and comes twice, in images that prove that
/// this is found (toolchain/image.cmake); never elsewhere.
constexpr std::uint32_t kLosesAt = FAULT_GUEST_LOSES;
constexpr std::uint32_t kRepeatsAt = FAULT_GUEST_REPEATS;
std::uint32_t waits_so_far;

[[noreturn]] void idle_in_wfi(std::uint32_t settle) {
    for (;;) {
        for (std::uint32_t turn = 0; turn < settle; ++turn) {
            asm volatile("");
        }
        // QEMU's clock counts what was run so far when it is read: it can slip by no more than what
        // comes after (SlipFinder).
        (void)cpu::read<cpu::Cntvct>();
        cpu::wait_for_interrupt();
    }
}

[[noreturn]] void idle_spinning(std::uint32_t) { loop_forever(); }

constexpr cpu::Psr kIdleState = cpu::Psr{}
                                    .with(cpu::Psr::kA, true)
                                    .with(cpu::Psr::kF, true)
                                    .with(cpu::Psr::kMode, cpu::Mode::kSvc);
constexpr cpu::Psr kApplicationState = kIdleState.with(cpu::Psr::kMode, cpu::Mode::kUsr);

}  // namespace

const measure::ParameterBlock& parameters() {
    return at_guest_offset<measure::ParameterBlock>(measure::kParameterPage);
}
const measure::HypStamps& hyp_stamps() {
    return at_guest_offset<measure::HypStamps>(measure::kHypStampPage);
}
measure::GuestReport& report() {
    return at_guest_offset<measure::GuestReport>(measure::kReportPage);
}
GuestStamps& stamps() {
    return at_guest_offset<GuestStamps>(measure::kHypStampPage + kGuestStampOffset);
}

Kernel::Kernel(const measure::ParameterBlock& parameters)
    : parameters_(parameters),
      distributor_(bus_, parameters.distributor),
      cpu_interface_(bus_, parameters.cpu_interface),
      frames_({address_of(__image_end)}, kTableFrames, frame_bitmap),
      memory_(frames_),
      tables_(memory_, {address_of(__image_end)}),
      heap_(address_of(__image_end) + kTableFrames * mmu::kFrameBytes) {
    guest_stamps = &stamps();
}

void Kernel::map(mmu::Va begin, std::uint32_t bytes, const mmu::Stage1Attributes& attributes) {
    const mmu::Status status =
        tables_.map({begin, bytes}, {begin.value}, attributes, mmu::Size::k4K);
    if (status != mmu::Status::kOk) {
        finish(measure::Outcome::kOutOfMemory);
    }
    cpu::isb();  // the kernel itself may use the pages next (ARM DDI 0406C.d, B3.10.1)
}

void Kernel::start_mmu() {
    const auto root = memory_.allocate();  // the lowest frame, which the builder was told
    if (!root || heap_ > parameters_.memory_end) {
        finish(measure::Outcome::kOutOfMemory);
    }
    const std::uint32_t base = address_of(__guest_base);
    const std::uint32_t code = address_of(__image_start);
    const std::uint32_t data = address_of(__text_end);
    const std::uint32_t stack = address_of(__application_stack_bottom);
    const std::uint32_t end = address_of(__application_stack_top);
    map({base}, measure::kReportPage + mmu::kFrameBytes, kApplicationData);
    map({code}, data - code, kCode);
    map({data}, stack - data, kKernelData);
    map({stack}, end - stack, kApplicationData);
    map({end}, heap_ - end, kKernelData);
    map({parameters_.distributor}, gic::gicd::kSize, kDevice);
    map({parameters_.cpu_interface}, gic::gicc::kSize, kDevice);

    // What was written with the caches off went past lines that the monitor's own, cached mapping
    // may have left behind (ARM DDI 0406C.d, B2.2.6 and A3.5.7 on mismatched attributes).
    cpu::clean_invalidate_data(base, heap_);
    cpu::write(cpu::Mair0::from(mmu::kMair0.raw));
    cpu::write(cpu::Mair1{});
    cpu::write(mmu::ttbcr(mmu::Stage1::kGeometry));
    cpu::write(cpu::Ttbr0{}.with(cpu::Ttbr0::kBaddr, root->value));
    cpu::write(cpu::Ttbr1{});
    cpu::write(cpu::Contextidr{});
    cpu::isb();
    cpu::operate<cpu::kTlbiall>();
    cpu::invalidate_instructions();
    cpu::write(kSctlr);
    cpu::isb();

    cpu::write(cpu::Vbar::from(
        address_of(parameters_.stamps != 0 ? guest_vectors_stamped : guest_vectors)));
    cpu::write(pmu::Pmuserenr{}.with(pmu::Pmuserenr::kEn, true));
    cpu::write(cpu::Cntkctl{}.with(cpu::Cntkctl::kPl0vcten, true));
    cpu::isb();
}

void Kernel::start_interrupts() {
    // Read, modify, write: what the monitor has set besides is not the guest's to clear.
    distributor_.set_priority(parameters_.timer_interrupt, kTimerPriority);
    distributor_.enable(parameters_.timer_interrupt);
    distributor_.set_control(distributor_.control().with(gic::GicdCtlr::kEnableGroup1, true));
    cpu_interface_.set_priority_mask(kLowestPriority);
    cpu_interface_.set_control(cpu_interface_.control().with(gic::GiccCtlr::kEnableGroup1, true));
}

std::byte* Kernel::allocate(std::uint32_t bytes) {
    const std::uint32_t whole = (bytes + mmu::kFrameBytes - 1) & ~(mmu::kFrameBytes - 1);
    if (whole < bytes || whole > parameters_.memory_end - heap_) {
        return nullptr;
    }
    const std::uint32_t begin = heap_;
    heap_ += whole;
    map({begin}, whole, kApplicationData);
    return reinterpret_cast<std::byte*>(begin);
}

void Kernel::map_demand_range() {
    map({parameters_.demand_base}, parameters_.demand_bytes, kApplicationData);
}

void Kernel::start_application(void (*entry)(Job*), Job* job, const IdlePlan& idle) {
    idle_stack.first.r[0] = idle.settle;
    idle_stack.first.pc =
        reinterpret_cast<std::uint32_t>(idle.spin ? &idle_spinning : &idle_in_wfi);
    idle_stack.first.cpsr = kIdleState.raw;
    idle_ = &idle_stack.first;

    Frame first{};
    first.r[0] = reinterpret_cast<std::uint32_t>(job);
    first.user_sp = address_of(__application_stack_top);
    first.pc = reinterpret_cast<std::uint32_t>(entry);
    first.cpsr = kApplicationState.raw;
    resume(&first);
}

Frame* Kernel::system_call(Frame* frame, std::uint32_t number) {
    switch (static_cast<SystemCall>(number)) {
        case SystemCall::kWaitUntil:
            application_ = frame;
            cpu::write(cpu::CntvCval::from((std::uint64_t{frame->r[1]} << 32) | frame->r[0]));
            if constexpr (kLosesAt != 0 || kRepeatsAt != 0) {
                ++waits_so_far;
            }
            cpu::write(cpu::CntvCtl{}.with(cpu::CntvCtl::kEnable,
                                           kLosesAt == 0 || waits_so_far != kLosesAt));
            cpu::isb();
            return idle_;
        case SystemCall::kUnmapPage:
            if (!fault_range_.contains({frame->r[0]}) ||
                tables_.unmap({{frame->r[0]}, mmu::kFrameBytes}) != mmu::Status::kOk) {
                unexpected(*frame, 2);
            }
            return frame;
        case SystemCall::kCheckpoint:
            hypercall<measure::Hypercall::kCheckpoint>(frame->r[0], frame->r[1]);
            return frame;
        case SystemCall::kFinish:
            finish(static_cast<measure::Outcome>(frame->r[0]));
    }
    unexpected(*frame, 2);
}

Frame* Kernel::data_abort(Frame* frame) {
    constexpr std::uint32_t kTranslationFault = 0b000100;  // ARM DDI 0406C.d, table B3-25
    constexpr std::uint32_t kKindOfFault = 0b111100;
    const auto status = cpu::read<cpu::Dfsr>().get(cpu::Dfsr::kStatus);
    const mmu::Va page = align_down(mmu::Va{cpu::read<cpu::Dfar>().raw}, mmu::Size::k4K);
    if ((status & kKindOfFault) != kTranslationFault || !fault_range_.contains(page) ||
        tables_.map_page(page, {page.value}, kApplicationData) != mmu::Status::kOk) {
        unexpected(*frame, 4);
    }
    ++report().faults;
    return frame;
}

template <bool kStamped>
Frame* Kernel::interrupt(Frame* frame) {
    const gic::GiccIar interrupt = cpu_interface_.acknowledge();
    if constexpr (kStamped) {
        stamps().acknowledged = cpu::read<pmu::Pmccntr>().raw;
        cpu::nops<NOPS_GUEST_HANDLER>();
    }
    const gic::IntId id = interrupt.get(gic::GiccIar::kIntId);
    if (id >= gic::kFirstSpecial) {
        return frame;
    }
    if (id != parameters_.timer_interrupt || application_ == nullptr) {
        unexpected(*frame, 6);
    }
    if (parameters_.task == measure::Task::kHangInHandler) [[unlikely]] {
        loop_forever();
    }
    // The timer's level falls before the interrupt ends, or it would come again.
    cpu::write(cpu::CntvCtl{});
    cpu::isb();
    cpu_interface_.end(interrupt);
    if constexpr (kStamped) {
        cpu::nops<NOPS_GUEST_ENDED>();
    }
    if constexpr (kRepeatsAt != 0) {
        cpu::write(cpu::CntvCtl{}.with(cpu::CntvCtl::kEnable, waits_so_far == kRepeatsAt));
        cpu::isb();
    }
    idle_ = frame;
    Frame* const woken = application_;
    application_ = nullptr;
    if constexpr (kStamped) {
        stamps().handler_done = cpu::read<pmu::Pmccntr>().raw;
    }
    return woken;
}

void Kernel::take_timer_interrupt_now() {
    cpu::write(cpu::CntvCval::from(cpu::read<cpu::Cntvct>().raw));
    cpu::write(cpu::CntvCtl{}.with(cpu::CntvCtl::kEnable, true));
    cpu::isb();
    gic::GiccIar interrupt{};
    do {
        interrupt = cpu_interface_.acknowledge();
    } while (interrupt.get(gic::GiccIar::kIntId) != parameters_.timer_interrupt);
    cpu::write(cpu::CntvCtl{});
    cpu::isb();
    cpu_interface_.end(interrupt);
}

void Kernel::finish(measure::Outcome outcome) {
    // The monitor reads the results through a cached mapping of the same attributes: no
    // maintenance.
    for (;;) {
        hypercall<measure::Hypercall::kFinish>(static_cast<std::uint32_t>(outcome));
    }
}

void Kernel::unexpected(const Frame& frame, std::uint32_t vector) {
    const bool prefetch = vector == 3;
    report().exception = {
        .vector = vector,
        .pc = frame.pc,
        .cpsr = frame.cpsr,
        .status = prefetch ? cpu::read<cpu::Ifsr>().raw : cpu::read<cpu::Dfsr>().raw,
        .address = prefetch ? cpu::read<cpu::Ifar>().raw : cpu::read<cpu::Dfar>().raw,
    };
    finish(measure::Outcome::kUnexpectedException);
}

template Frame* Kernel::interrupt<false>(Frame*);
template Frame* Kernel::interrupt<true>(Frame*);

}  // namespace hm::guest
