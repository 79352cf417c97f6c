#include "hyp/core/syndrome.hpp"

#include <array>

namespace hm::hyp {
namespace {

/// Text appended to a buffer of fixed size; what does not fit is dropped. Its functions are not
/// inlined: descriptions are rare, and inlining doubled the size of this file.
class Line {
  public:
    explicit Line(std::span<char> buffer) : buffer_(buffer) {}

    [[gnu::noinline]] Line& operator<<(const char* text) {
        for (; *text != 0; ++text) {
            put(*text);
        }
        return *this;
    }

    [[gnu::noinline]] Line& operator<<(std::uint32_t number) { return digits(number, 10, 1); }

    [[gnu::noinline]] Line& hex(std::uint32_t number, std::size_t at_least) {
        *this << "0x";
        return digits(number, 16, at_least);
    }

    [[gnu::noinline]] Line& reg(std::uint32_t number) {
        constexpr char kNames[][3]{"sp", "lr", "pc"};
        return number < 13 ? *this << "r" << number : *this << kNames[(number - 13) % 3];
    }

    [[nodiscard]] std::string_view text() const { return {buffer_.data(), used_}; }

  private:
    void put(char c) {
        if (used_ < buffer_.size()) {
            buffer_[used_++] = c;
        }
    }

    [[gnu::noinline]] Line& digits(std::uint32_t number, std::uint32_t base, std::size_t at_least) {
        std::array<char, 10> reversed{};
        std::size_t count = 0;
        while (number != 0 || count < at_least) {
            reversed[count++] = "0123456789abcdef"[number % base];
            number /= base;
        }
        while (count > 0) {
            put(reversed[--count]);
        }
        return *this;
    }

    std::span<char> buffer_;
    std::size_t used_ = 0;
};

/// The kinds of DFSC and IFSC that have the level of a walk in their last two bits (B3.13.3); null
/// for any other.
const char* fault_with_level(std::uint32_t kind) {
    switch (kind) {
        case 0b0001:
            return "translation fault";
        case 0b0010:
            return "access flag fault";
        case 0b0011:
            return "permission fault";
        case 0b0101:
            return "synchronous external abort on a table walk";
        case 0b0111:
            return "synchronous parity error on a table walk";
        case 0b1111:
            return "domain fault";
        default:
            return nullptr;
    }
}

const char* fault_without_level(std::uint32_t status) {
    switch (status) {
        case 0b010000:
            return "synchronous external abort";
        case 0b011000:
            return "synchronous parity error on a memory access";
        case 0b010001:
            return "asynchronous external abort";
        case 0b011001:
            return "asynchronous parity error on a memory access";
        case 0b100001:
            return "alignment fault";
        case 0b100010:
            return "debug event";
        case 0b110000:
            return "TLB conflict abort";
        case 0b110100:
            return "lockdown abort";
        case 0b111010:
            return "coprocessor abort";
        default:
            return nullptr;
    }
}

void describe_fault(Line& line, AbortSyndrome abort) {
    const std::uint32_t status = abort.get(AbortSyndrome::kStatus);
    const char* const with_level = fault_with_level(abort.get(AbortSyndrome::kStatusKind));
    const char* const without_level = fault_without_level(status);
    if (with_level != nullptr) {
        line << with_level << ", level " << abort.get(AbortSyndrome::kLevel);
    } else if (without_level != nullptr) {
        line << without_level;
    } else {
        (line << "reserved fault status ").hex(status, 2);
    }
    if (abort.get(AbortSyndrome::kS1Ptw)) {
        line << ", on a stage-1 table walk";
    }
    if (abort.get(AbortSyndrome::kEa)) {
        line << ", EA set";
    }
}

void describe_access(Line& line, AbortSyndrome abort) {
    const bool write = abort.get(AbortSyndrome::kWnR);
    if (abort.get(AbortSyndrome::kCm)) {
        line << ", cache maintenance by address";
        return;
    }
    if (!abort.get(AbortSyndrome::kIsv)) {
        line << (write ? ", write" : ", read") << " by an instruction that the syndrome leaves out";
        return;
    }
    constexpr char kSizes[][16]{"1 byte", "2 bytes", "4 bytes", "a reserved size"};
    const bool extended = !write && abort.get(AbortSyndrome::kSse);
    line << (write      ? ", write"
             : extended ? ", sign-extended read"
                        : ", read")
         << " of " << kSizes[abort.get(AbortSyndrome::kSas)] << (write ? " from " : " into ");
    line.reg(abort.get(AbortSyndrome::kSrt));
}

void describe_abort(Line& line, Hsr hsr, bool of_data, bool in_hyp) {
    const auto abort = AbortSyndrome::from(hsr.raw);
    line << (of_data ? "data abort " : "prefetch abort ")
         << (in_hyp ? "in HYP mode: " : "from a lower mode: ");
    describe_fault(line, abort);
    if (of_data) {
        describe_access(line, abort);
    }
}

void describe_register(Line& line, Hsr hsr, std::uint32_t coprocessor) {
    const auto trap = RegisterTrap::from(hsr.raw);
    line << (trap.get(RegisterTrap::kRead) ? "trapped MRC p" : "trapped MCR p") << coprocessor
         << ", " << trap.get(RegisterTrap::kOpc1) << ", ";
    line.reg(trap.get(RegisterTrap::kRt))
        << ", c" << trap.get(RegisterTrap::kCrn) << ", c" << trap.get(RegisterTrap::kCrm) << ", "
        << trap.get(RegisterTrap::kOpc2);
}

void describe_wide_register(Line& line, Hsr hsr, std::uint32_t coprocessor) {
    const auto trap = WideRegisterTrap::from(hsr.raw);
    line << (trap.get(WideRegisterTrap::kRead) ? "trapped MRRC p" : "trapped MCRR p") << coprocessor
         << ", " << trap.get(WideRegisterTrap::kOpc1) << ", ";
    line.reg(trap.get(WideRegisterTrap::kRt)) << ", ";
    line.reg(trap.get(WideRegisterTrap::kRt2)) << ", c" << trap.get(WideRegisterTrap::kCrm);
}

void describe_memory(Line& line, Hsr hsr) {
    const auto trap = MemoryTrap::from(hsr.raw);
    line << (trap.get(MemoryTrap::kLoad) ? "trapped LDC" : "trapped STC") << " p14 with base ";
    line.reg(trap.get(MemoryTrap::kRn));
}

void describe_coprocessor(Line& line, Hsr hsr) {
    const auto trap = SmallTrap::from(hsr.raw);
    if (trap.get(SmallTrap::kAdvancedSimd)) {
        line << "trapped Advanced SIMD instruction";
    } else {
        line << "trapped access to coprocessor p" << trap.get(SmallTrap::kCoprocessor);
    }
}

}  // namespace

std::string_view describe(Hsr hsr, std::span<char> buffer) {
    Line line(buffer);
    const auto small = SmallTrap::from(hsr.raw);
    switch (hsr.get(Hsr::kEc)) {
        case ExceptionClass::kUnknown:
            line << "unknown reason, as of an undefined instruction";
            break;
        case ExceptionClass::kWfiWfe:
            line << (small.get(SmallTrap::kWfe) ? "trapped WFE" : "trapped WFI");
            break;
        case ExceptionClass::kCp15:
            describe_register(line, hsr, 15);
            break;
        case ExceptionClass::kCp15Wide:
            describe_wide_register(line, hsr, 15);
            break;
        case ExceptionClass::kCp14:
            describe_register(line, hsr, 14);
            break;
        case ExceptionClass::kCp14Memory:
            describe_memory(line, hsr);
            break;
        case ExceptionClass::kCoprocessor:
            describe_coprocessor(line, hsr);
            break;
        case ExceptionClass::kCp10Id:
            describe_register(line, hsr, 10);
            break;
        case ExceptionClass::kBxj:
            (line << "trapped BXJ ").reg(small.get(SmallTrap::kRm));
            break;
        case ExceptionClass::kCp14Wide:
            describe_wide_register(line, hsr, 14);
            break;
        case ExceptionClass::kSvc:
            line << "SVC #" << small.get(SmallTrap::kImmediate) << " taken to HYP";
            break;
        case ExceptionClass::kHvc:
            line << "HVC #" << small.get(SmallTrap::kImmediate);
            break;
        case ExceptionClass::kSmc:
            line << "trapped SMC";
            break;
        case ExceptionClass::kPrefetchAbortLower:
            describe_abort(line, hsr, false, false);
            break;
        case ExceptionClass::kPrefetchAbortHyp:
            describe_abort(line, hsr, false, true);
            break;
        case ExceptionClass::kDataAbortLower:
            describe_abort(line, hsr, true, false);
            break;
        case ExceptionClass::kDataAbortHyp:
            describe_abort(line, hsr, true, true);
            break;
        default:
            (line << "reserved exception class ")
                .hex(static_cast<std::uint32_t>(hsr.get(Hsr::kEc)), 2);
            (line << ", syndrome ").hex(hsr.get(Hsr::kIss), 7);
            break;
    }
    return line.text();
}

}  // namespace hm::hyp
