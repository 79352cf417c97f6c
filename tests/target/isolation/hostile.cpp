// A guest that does one hostile act, or measures like the guest whose kernel it has: where its task
// is not ours, the measuring guest's main goes on (linked with --wrap=guest_main).

#include "tests/target/isolation/hostile.hpp"

#include <new>

#include "guest/hw/kernel.hpp"

extern "C" {
[[noreturn]] void __real_guest_main();  // NOLINT(bugprone-reserved-identifier): the linker's name
extern const char hostile_vectors[], hostile_back[];
void hostile_as_user(hm::isolation::Hostile& me, hm::isolation::ActFunction act,
                     std::uint32_t user_stack);
}

namespace hm::isolation {

namespace {

constexpr std::uint32_t kStackBytes = 4096;
struct alignas(8) Stack {
    std::byte bytes[kStackBytes];
    [[nodiscard]] std::uint32_t top() const {
        return reinterpret_cast<std::uint32_t>(this) + kStackBytes;
    }
};
Stack abort_stack, undefined_stack, irq_stack, fiq_stack, user_stack;

alignas(Hostile) std::byte storage[sizeof(Hostile)];
Hostile* self;

constexpr std::uint32_t kBackFromUser = 0x00fade;

template <std::uint32_t kMode>
void set_stack(const Stack& stack) {
    asm volatile(
        "cps %0\n\t"
        "mov sp, %1\n\t"
        "cps #0x13"
        :
        : "i"(kMode), "r"(stack.top())
        : "memory");
}

bool was_thumb(const ExceptionFrame& frame) { return cpu::Psr::from(frame.spsr).get(cpu::Psr::kT); }

/// Of the instruction, from the link register of the exception (ARM DDI 0406C.d, B1.8.3).
std::uint32_t pc_of(const ExceptionFrame& frame) {
    switch (frame.vector) {
        case 1:
        case 2:
            return frame.pc - (was_thumb(frame) ? 2 : 4);
        case 4:
            return frame.pc - 8;
        default:
            return frame.pc - 4;
    }
}

/// Where the guest goes on without the instruction.
std::uint32_t pc_after(const ExceptionFrame& frame) {
    switch (frame.vector) {
        case 1:
        case 2:
            return frame.pc;
        case 3: {
            std::uint32_t caller;
            asm volatile("mrs %0, lr_svc" : "=r"(caller));
            return caller;
        }
        default:
            return frame.pc - 4;
    }
}

[[noreturn]] void report_and_finish(const Hostile& me, const Exception& what, std::uint32_t psr) {
    auto& report = guest::report();
    report.exception = {.vector = what.vector,
                        .pc = what.pc,
                        .cpsr = psr,
                        .status = what.status,
                        .address = what.address};
    me.finish(static_cast<std::uint32_t>(measure::Outcome::kUnexpectedException));
}

}  // namespace

void Hostile::finish(std::uint32_t outcome) const {
    // A second VM that is done must not end the first one's run.
    while (at.is_second != 0 && outcome == 0) {
        asm volatile("wfi");
    }
    for (;;) {
        guest::hypercall<measure::Hypercall::kFinish>(outcome);
    }
}

LongTable* Hostile::long_tables() {
    static LongTable tables[kLongTables];
    // Once: an act changes them before it turns them on.
    for (std::uint64_t gigabyte = 4; tables[0].entry[0] == 0;) {
        --gigabyte;
        tables[0].entry[gigabyte] = gigabyte << 30 | kBlock;
    }
    return tables;
}

ShortTable& Hostile::short_table() {
    static ShortTable table;
    for (std::uint32_t section = 0; section < 4096; ++section) {
        table.entry[section] = section << 20 | kSection;
    }
    return table;
}

void Hostile::translate(std::uint32_t ttbcr, std::uint64_t ttbr0, std::uint32_t sctlr) {
    // In this order, as guest/hw/address_space.cpp does (ARM DDI 0406C.d, B3.10.1).
    asm volatile("dsb" ::: "memory");
    cpu::write(cpu::Mair0::from(0x0044'04FF));  // write-back, device, not cached
    cpu::write(cpu::Dacr::from(1));
    mcr<15, 0, 2, 0, 2>(ttbcr);
    cpu::write(cpu::Ttbr0::from(ttbr0));
    cpu::write(cpu::Ttbr1::from(ttbr0));
    cpu::isb();
    mcr<15, 0, 8, 7, 0>(0);  // TLBIALL
    asm volatile("dsb" ::: "memory");
    cpu::write(cpu::Sctlr::from(sctlr));
    cpu::isb();
}

void Hostile::assert_timer() const {
    gicd_write(0, 3);
    gicd_write(0x100, 1U << board::kVirtualTimerInterrupt);
    gicc_write(0, 7);
    gicc_write(4, 0xFF);
    cpu::write(cpu::CntvCval::from(0));
    cpu::write(cpu::CntvCtl{}.with(cpu::CntvCtl::kEnable, true));
    cpu::isb();
    // The GIC may signal it a little later.
    for (int wait = 0; wait < 100; ++wait) {
        asm volatile("nop");
    }
}

void Hostile::as_user(ActFunction act) { hostile_as_user(*this, act, user_stack.top()); }

void Hostile::take(ExceptionFrame& frame) {
    constexpr std::uint32_t kPrefetchAbort = 3;
    constexpr std::uint32_t kDataAbort = 4;
    constexpr std::uint32_t kSvc = 2;
    if (frame.vector == kSvc && !was_thumb(frame) &&
        (load(frame.pc - 4) & 0x00FF'FFFF) == kBackFromUser) {
        frame.pc = reinterpret_cast<std::uint32_t>(hostile_back);
        frame.spsr = 0x1d3;  // SVC mode, masked
        return;
    }
    last_ = {.vector = frame.vector,
             .pc = pc_of(frame),
             .status = frame.vector == kPrefetchAbort ? cpu::read<cpu::Ifsr>().raw
                       : frame.vector == kDataAbort   ? cpu::read<cpu::Dfsr>().raw
                                                      : 0,
             .address = frame.vector == kPrefetchAbort ? cpu::read<cpu::Ifar>().raw
                        : frame.vector == kDataAbort   ? cpu::read<cpu::Dfar>().raw
                                                       : 0};
    taken_ = taken_ + 1;
    if (answer_ != nullptr) {
        answer_(*this, frame);
    } else if (survives_) {
        frame.pc = pc_after(frame);
    } else {
        report_and_finish(*this, last_, frame.spsr);
    }
}

extern "C" void hostile_exception(ExceptionFrame* frame) { self->take(*frame); }

namespace {

[[noreturn]] void misbehave(const measure::ParameterBlock& block) {
    guest::report() = measure::GuestReport{};
    set_stack<0x17>(abort_stack);
    set_stack<0x1b>(undefined_stack);
    set_stack<0x12>(irq_stack);
    set_stack<0x11>(fiq_stack);
    cpu::write(cpu::Vbar::from(reinterpret_cast<std::uint32_t>(hostile_vectors)));
    cpu::isb();  // before an exception is taken (ARM DDI 0406C.d, B3.15.5)
    const auto target = block.arguments.as<Target>();
    self = new (storage) Hostile(block, target);
    const Act* const act = act_of(target.act);
    if (act == nullptr) {
        self->finish(static_cast<std::uint32_t>(measure::Outcome::kBadParameters));
    }
    act->act(*self);
    self->finish(0);
}

}  // namespace

extern "C" [[noreturn]] void __wrap_guest_main() {  // NOLINT(bugprone-reserved-identifier)
    const measure::ParameterBlock& block = guest::parameters();
    if (block.task == kTask) {
        misbehave(block);
    }
    __real_guest_main();
}

}  // namespace hm::isolation
