#include "guest/hw/kernel.hpp"

#include "drivers/cpu/hw/cp15.hpp"
#include "drivers/cpu/hw/maintenance.hpp"
#include "drivers/cpu/hw/nops.hpp"
#include "drivers/cpu/hw/vfp.hpp"
#include "drivers/cpu/registers.hpp"
#include "guest/core/system_call.hpp"
#include "guest/hw/machine.hpp"

extern "C" {
extern char __guest_base[], __image_start[], __text_end[], __image_end[];
extern char __application_stack_bottom[], __application_stack_top[];
extern const char guest_vectors[], guest_vectors_stamped[];
[[noreturn]] void resume(hm::guest::Frame* frame);
/// Where irq_stamped and data_abort_stamped put their stamps.
hm::guest::GuestStamps* guest_stamps;
hm::measure::FaultStamps* guest_fault_stamps;
/// Numbers of the waits at which an interrupt is lost, and comes twice. Only the image with faults
/// has them, and a test writes them into its file.
std::uint32_t fault_guest_loses = UINT32_MAX;
std::uint32_t fault_guest_repeats = UINT32_MAX;
}

namespace hm::guest {

namespace {

// In the page of HYP's stamps.
constexpr std::uint32_t kGuestStamps = measure::kHypStampPage + 0x800;
constexpr std::uint32_t kGuestFaultStamps = measure::kHypStampPage + 0xC00;
constexpr std::uint32_t kTimerPriority = 0xA0;
constexpr std::uint32_t kLowestPriority = 0xF8;

/// The idle context's stack, with the frame that it starts from at its top.
struct {
    std::byte room[1024];
    Frame first;
} idle_stack;

template <class T>
T& at_guest_offset(std::uint32_t offset) {
    return *reinterpret_cast<T*>(__guest_base + offset);
}

std::uint32_t address_of(const char* symbol) { return reinterpret_cast<std::uint32_t>(symbol); }

constexpr mmu::Stage1Attributes kCode{.pl0 = true, .execute = mmu::Execute::kAll};
constexpr mmu::Stage1Attributes kKernelData{.writable = true};
constexpr mmu::Stage1Attributes kApplicationData{.pl0 = true, .writable = true};
constexpr mmu::Stage1Attributes kDevice{.memory = mmu::MemoryType::kDevice, .writable = true};

/// Whether this is the image in which an interrupt can be lost or come twice, to prove that this is
/// found (toolchain/image.cmake).
constexpr bool kHasFaults = HYPMETER_FAULTS != 0;
std::uint32_t waits_so_far;

[[noreturn]] void idle_in_wfi() {
    for (;;) {
        cpu::wait_for_interrupt();
    }
}

[[noreturn]] void idle_spinning() { loop_forever(); }

[[noreturn]] void idle_calling() {
    for (;;) {
        hypercall<measure::Hypercall::kNullCommon>();
    }
}

/// What the idle context does.
std::uint32_t entry_of(measure::timer::Idle idle) {
    switch (idle) {
        case measure::timer::Idle::kSpin:
            return reinterpret_cast<std::uint32_t>(&idle_spinning);
        case measure::timer::Idle::kCalls:
            return reinterpret_cast<std::uint32_t>(&idle_calling);
        case measure::timer::Idle::kWfi:
            break;
    }
    return reinterpret_cast<std::uint32_t>(&idle_in_wfi);
}

/// An interrupt that nobody waits for. The timer's level falls a while after it was turned off, so
/// that the same interrupt may come once more. Anything else is an error. Apart from its caller,
/// whose instructions are counted.
[[gnu::noinline, gnu::cold]] Frame* not_awaited(gic::IntId id, Frame* frame) {
    if (id != parameters().timer_interrupt || cpu::asserts(cpu::read<cpu::CntvCtl>())) {
        Kernel::unexpected(*frame, 6);
    }
    reg::Mmio bus;
    gic::CpuInterface<reg::Mmio>(bus, parameters().cpu_interface)
        .end(gic::GiccIar{}.with(gic::GiccIar::kIntId, id));
    stamps().stale = stamps().stale + 1;
    return frame;
}

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
GuestStamps& stamps() { return at_guest_offset<GuestStamps>(kGuestStamps); }
measure::FaultStamps& fault_stamps() {
    return at_guest_offset<measure::FaultStamps>(kGuestFaultStamps);
}
const measure::FaultStamps& hyp_fault_stamps() {
    return at_guest_offset<measure::FaultStamps>(measure::kHypFaultStamps);
}

Kernel::Kernel(const measure::ParameterBlock& parameters)
    : parameters_(parameters),
      distributor_(bus_, parameters.distributor),
      cpu_interface_(bus_, parameters.cpu_interface),
      space_(static_cast<measure::Stage1>(parameters.stage1),
             {board::heap_after(address_of(__image_end))}),
      heap_(space_.end()) {
    guest_stamps = &stamps();
    guest_fault_stamps = &fault_stamps();
}

void Kernel::map(mmu::Va begin, std::uint32_t bytes, const mmu::Stage1Attributes& attributes,
                 Layout layout) {
    if (!space_.map(begin, bytes, attributes, layout)) {
        finish(measure::Outcome::kOutOfMemory);
    }
}

void Kernel::start_mmu() {
    if (heap_ > parameters_.memory_end || !space_.prepare()) {
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
    const std::uint32_t tables = board::heap_after(end);
    map({tables}, heap_ - tables, kKernelData);
    map({parameters_.distributor}, gic::gicd::kSize, kDevice);
    map({parameters_.cpu_interface}, gic::gicc::kSize, kDevice);

    // What was written with the caches off went past lines that the monitor's own, cached mapping
    // may have left behind (ARM DDI 0406C.d, B2.2.6 and A3.5.7 on mismatched attributes).
    board::drop_cached(base, heap_);
    space_.turn_on();

    cpu::write(cpu::Vbar::from(
        address_of(parameters_.stamps != 0 ? guest_vectors_stamped : guest_vectors)));
    board::share_clock();
    cpu::write(cpu::Cntkctl{}.with(cpu::Cntkctl::kPl0vcten, true));
    cpu::isb();
}

void Kernel::start_interrupts() {
    // Read, modify, write: natively, what the monitor has set besides is not the guest's to clear.
    board::put_into_own_group(distributor_, parameters_.timer_interrupt);
    distributor_.set_priority(parameters_.timer_interrupt, kTimerPriority);
    distributor_.enable(parameters_.timer_interrupt);
    distributor_.set_control(board::turned_on(distributor_.control()));
    start_cpu_interface();
}

void Kernel::start_cpu_interface() {
    cpu_interface_.set_priority_mask(kLowestPriority);
    const bool has_security = distributor_.type().get(gic::GicdTyper::kSecurityExtn);
    const gic::GiccCtlr control = cpu_interface_.control();
    cpu_interface_.set_control(board::turned_on(control, has_security));
}

void Kernel::start_vfp() {
    board::let_vfp();
    cpu::write_fpexc(cpu::Fpexc{}.with(cpu::Fpexc::kEn, true));
}

std::byte* Kernel::allocate(std::uint32_t bytes, Layout layout) {
    const std::uint32_t unit = layout == Layout::kBlocks
                                   ? space_.block_bytes()
                                   : static_cast<std::uint32_t>(mmu::kFrameBytes);
    const auto up = [unit](std::uint32_t value) { return (value + unit - 1) & ~(unit - 1); };
    const std::uint32_t begin = up(heap_);
    const std::uint32_t whole = up(bytes);
    if (whole < bytes || begin > parameters_.memory_end || whole > parameters_.memory_end - begin) {
        return nullptr;
    }
    heap_ = begin + whole;
    map({begin}, whole, kApplicationData, layout);
    return reinterpret_cast<std::byte*>(begin);
}

void Kernel::map_demand_range() {
    map({parameters_.demand_base}, parameters_.demand_bytes, kApplicationData);
}

void Kernel::make_code(mmu::Range<mmu::Va> range) {
    // The instructions are in memory before any is fetched (ARM DDI 0406C.d, B2.2.9).
    cpu::clean_invalidate_data(static_cast<std::uint32_t>(range.begin.value),
                               static_cast<std::uint32_t>(range.end().value));
    cpu::invalidate_instructions();
    for (mmu::Va page = range.begin; page < range.end(); page = page + mmu::kFrameBytes) {
        if (space_.tables().unmap_leaf(page) != mmu::Status::kOk) {
            finish(measure::Outcome::kOutOfMemory);
        }
    }
    map(range.begin, static_cast<std::uint32_t>(range.bytes), kCode);
}

void Kernel::map_devices_of_exits() {
    for (const std::uint32_t device : board::devices_of_exits(parameters_)) {
        map({device}, mmu::kFrameBytes, kDevice);
    }
}

void Kernel::start_application(void (*entry)(Job*), Job* job, measure::timer::Idle idle) {
    idle_stack.first.pc = entry_of(idle);
    idle_stack.first.cpsr = kIdleState.raw;
    idle_ = &idle_stack.first;
    space_.begin_timed_part();

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
            if constexpr (kHasFaults) {
                ++waits_so_far;
            }
            cpu::write(cpu::CntvCtl{}.with(cpu::CntvCtl::kEnable,
                                           !kHasFaults || waits_so_far != fault_guest_loses));
            cpu::isb();  // the timer runs before the core waits for it (B3.15.5)
            return idle_;
        case SystemCall::kUnmapPage:
            // Its table stays: the page is mapped again at its next touch.
            if (!fault_range_.contains({frame->r[0]}) ||
                space_.tables().unmap_page({frame->r[0]}) != mmu::Status::kOk) {
                unexpected(*frame, 2);
            }
            return frame;
        case SystemCall::kReleasePage:
            hypercall<measure::Hypercall::kReleasePage>(frame->r[0]);
            return frame;
        case SystemCall::kFlushTlb:
            // The guest's own TLBIALL would leave what the TLBs keep of stage 2 (B4.2.2).
            hypercall<measure::Hypercall::kFlushTlb>();
            return frame;
        case SystemCall::kCheckpoint:
            hypercall<measure::Hypercall::kCheckpoint>(frame->r[0], frame->r[1]);
            return frame;
        case SystemCall::kFinish:
            space_.end_timed_part();
            finish(static_cast<measure::Outcome>(frame->r[0]));
    }
    unexpected(*frame, 2);
}

template <bool kStamped>
Frame* Kernel::data_abort(Frame* frame) {
    constexpr std::uint32_t kTranslationFault = 0b000100;  // ARM DDI 0406C.d, table B3-25
    constexpr std::uint32_t kKindOfFault = 0b111100;
    std::uint32_t handler = 0;
    std::uint32_t written = 0;
    if constexpr (kStamped) {
        handler = board::stamp();
        cpu::nops<NOPS_GUEST_FAULT_HANDLER>();
    }
    const auto status = cpu::read<cpu::Dfsr>().get(cpu::Dfsr::kStatus);
    const mmu::Va page = align_down(mmu::Va{cpu::read<cpu::Dfar>().raw}, mmu::Size::k4K);
    const auto stamp_written = [&written] {
        if constexpr (kStamped) {
            written = board::stamp();
            cpu::nops<NOPS_GUEST_FAULT_WRITTEN>();
        }
    };
    if ((status & kKindOfFault) != kTranslationFault || !fault_range_.contains(page) ||
        space_.tables().map_page(page, {page.value}, kApplicationData, stamp_written) !=
            mmu::Status::kOk) {
        unexpected(*frame, 4);
    }
    if constexpr (kStamped) {
        measure::FaultStamps& to = *guest_fault_stamps;
        to.maintained = board::stamp();
        cpu::nops<NOPS_GUEST_FAULT_MAINTAINED>();
        to.vector = cpu::read<cpu::Tpidruro>().raw;  // where guest/hw/vectors.S has put it
        to.handler = handler;
        to.written = written;
        to.count = to.count + 1;
    }
    ++report().faults;
    return frame;
}

template <bool kStamped>
Frame* Kernel::interrupt(Frame* frame) {
    const gic::GiccIar interrupt = cpu_interface_.acknowledge();
    if constexpr (kStamped) {
        stamps().acknowledged = board::stamp();
        cpu::nops<NOPS_GUEST_HANDLER>();
    }
    const gic::IntId id = interrupt.get(gic::GiccIar::kIntId);
    if (id >= gic::kFirstSpecial) {
        return frame;
    }
    if (id != parameters_.timer_interrupt || application_ == nullptr) [[unlikely]] {
        return not_awaited(id, frame);
    }
    if (parameters_.task == measure::timer::kHangInHandler) [[unlikely]] {
        loop_forever();
    }
    // The timer's level falls before the interrupt ends, or it would come again (B3.15.5; ARM IHI
    // 0048B, 3.2.4).
    cpu::write(cpu::CntvCtl{});
    cpu::isb();
    cpu_interface_.end(interrupt);
    if constexpr (kStamped) {
        cpu::nops<NOPS_GUEST_ENDED>();
    }
    if constexpr (kHasFaults) {
        const bool repeats = waits_so_far == fault_guest_repeats;
        cpu::write(cpu::CntvCtl{}.with(cpu::CntvCtl::kEnable, repeats));
        cpu::isb();
    }
    idle_ = frame;
    Frame* const woken = application_;
    application_ = nullptr;
    if constexpr (kStamped) {
        stamps().handler_done = board::stamp();
    }
    return woken;
}

void Kernel::arm_timer(std::uint64_t deadline) {
    cpu::write(cpu::CntvCval::from(deadline));
    cpu::write(cpu::CntvCtl{}.with(cpu::CntvCtl::kEnable, true));
    cpu::isb();  // it runs from here on (B3.15.5)
}

void Kernel::take_timer_interrupt() {
    gic::GiccIar interrupt{};
    do {
        interrupt = cpu_interface_.acknowledge();
    } while (interrupt.get(gic::GiccIar::kIntId) != parameters_.timer_interrupt);
    cpu::write(cpu::CntvCtl{});
    cpu::isb();  // at rest before it ends (B3.15.5)
    cpu_interface_.end(interrupt);
}

void Kernel::start_own_interrupt(gic::IntId sgi) {
    board::put_into_own_group(distributor_, sgi);
    distributor_.set_priority(sgi, kTimerPriority);
    distributor_.enable(sgi);
}

void Kernel::start_spare_timer() {
    const measure::SpareTimer& timer = parameters_.spare_timer;
    map({timer.base}, mmu::kFrameBytes, kDevice);
    distributor_.set_target_to_this_core(timer.interrupt);
    start_own_interrupt(timer.interrupt);
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

template Frame* Kernel::data_abort<false>(Frame*);
template Frame* Kernel::data_abort<true>(Frame*);
template Frame* Kernel::interrupt<false>(Frame*);
template Frame* Kernel::interrupt<true>(Frame*);

}  // namespace hm::guest
