// A guest on up to four virtual CPUs, with its devices and physical interrupts, beside a plain GIC.

#include "tests/fuzz/check.hpp"
#include "tests/model/gic_pair.hpp"

namespace {

using hm::fuzz::Input;
using hm::model::GicPair;
using hm::model::Operation;
using Kind = Operation::Kind;

constexpr unsigned kMostSteps = 1000;  ///< longer inputs find no more
constexpr unsigned kStepsPerComparison = 16;

hm::hyp::VirtualGicConfig config_of(Input& input) {
    const unsigned how = input.byte();
    hm::hyp::InterruptSet linked(input.word() & 0xFFFF0000, input.word());
    const unsigned quick = 16 + input.byte() % 16;
    linked.insert(quick);
    return {.cpus = 1 + how % 4,
            .link = (how & 4) != 0 ? hm::hyp::Link::kHardware : hm::hyp::Link::kMaintenance,
            .quick = (how & 8) != 0 ? quick : 0,
            .linked = linked};
}

/// Any offset, or that of a word of a register that there is.
std::uint32_t offset_of(Input& input) {
    static constexpr std::uint32_t kWords[] = {0x000, 0x004, 0x080, 0x084, 0x100, 0x104, 0x180,
                                               0x184, 0x200, 0x204, 0x280, 0x284, 0x300, 0x304,
                                               0x380, 0x384, 0xC08, 0xC0C, 0xF00, 0xFE8};
    static constexpr std::uint32_t kBytes[] = {0x400, 0x800, 0xF10, 0xF20};
    const unsigned choice = input.byte();
    if (choice < 120) {
        return kWords[choice % std::size(kWords)];
    }
    const std::uint32_t within = input.byte();
    return choice < 240 ? kBytes[choice % 4] + within % (choice % 4 < 2 ? 64 : 16)
                        : (choice % 16 << 8) + within;
}

Operation operation_of(Input& input, unsigned cpus) {
    const unsigned choice = input.byte();
    Operation made{.kind = static_cast<Kind>(choice % 8), .cpu = choice / 8 % cpus};
    switch (made.kind) {
        case Kind::kRead:
        case Kind::kWrite:
            made.offset = offset_of(input);
            made.bytes = 1U << input.byte() % 4 % 3;
            if (made.offset < 0x400 || input.byte() % 8 != 0) {
                made.bytes = (made.offset & 3) == 0 ? 4 : made.bytes;
            }
            made.value = made.kind == Kind::kWrite ? input.word() : 0;
            break;
        case Kind::kLine:
        case Kind::kTake:
            made.id = input.byte() % hm::model::kInterrupts;
            made.value = input.byte() % 2;
            break;
        case Kind::kMask:
        case Kind::kGroups:
            made.value = input.byte();
            break;
        case Kind::kAcknowledge:
        case Kind::kEnd:
            break;
    }
    return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input(data, size);
    const hm::hyp::VirtualGicConfig config = config_of(input);
    GicPair pair(config, 1 + input.byte() % 16);
    for (unsigned step = 0; step < kMostSteps && !input.empty(); ++step) {
        pair.apply(operation_of(input, config.cpus));
        pair.compare_state();
        if (step % kStepsPerComparison == 0) {
            pair.compare_registers();
        }
        hm::fuzz::require(pair.difference().empty(), pair.difference().c_str());
    }
    return 0;
}
