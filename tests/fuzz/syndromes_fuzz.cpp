// Syndromes of traps, and the accesses that are emulated by them, beside the bits as ARM DDI
// 0406C.d, B3.13.6 lists them.

#include <array>
#include <string>

#include "hyp/core/devices.hpp"
#include "hyp/core/syndrome.hpp"
#include "tests/fuzz/check.hpp"

namespace {

using hm::fuzz::Input;
using hm::fuzz::require;
using namespace hm::hyp;
namespace mmu = hm::mmu;

bool bit(std::uint32_t word, unsigned number) { return ((word >> number) & 1) != 0; }

void check_access(std::uint32_t word, std::uint32_t loaded) {
    const auto access = mmio_access(Hsr::from(word));
    const unsigned size = (word >> 22) & 3;
    const bool described =
        word >> 26 == 0x24 && bit(word, 24) && !bit(word, 8) && !bit(word, 7) && size != 3;
    require(access.has_value() == described, "an access is described where ISV and SAS say so");
    if (!access) {
        return;
    }
    require(access->bytes == 1U << size && access->reg == ((word >> 16) & 15) &&
                access->write == bit(word, 6) && access->sign_extend == bit(word, 21),
            "an access has the size, register and direction of its syndrome");
    const std::uint32_t value = access->loaded(loaded);
    const std::uint32_t expected =
        size == 0
            ? (access->sign_extend ? static_cast<std::uint32_t>(static_cast<std::int8_t>(loaded))
                                   : static_cast<std::uint8_t>(loaded))
        : size == 1
            ? (access->sign_extend ? static_cast<std::uint32_t>(static_cast<std::int16_t>(loaded))
                                   : static_cast<std::uint16_t>(loaded))
            : loaded;
    require(value == expected, "a load leaves the value with its zeros or its sign");
}

void check_ipa(std::uint32_t word, std::uint32_t hpfar, std::uint32_t far) {
    const std::uint32_t ec = word >> 26;
    const std::uint32_t status = word & 0x3F;
    const bool on_walk = bit(word, 7);
    const bool known = (ec == 0x24 || ec == 0x20) &&
                       ((status >= 0x04 && status <= 0x07) || (status >= 0x08 && status <= 0x0B) ||
                        (on_walk && status >= 0x0C && status <= 0x0F));
    const auto ipa = fault_ipa(Hsr::from(word), Hpfar::from(hpfar), far);
    require(ipa.has_value() == known, "HPFAR holds an IPA for these faults only");
    require(!ipa || ipa->value == (std::uint64_t{hpfar >> 4} << 12) + (on_walk ? 0 : far & 0xFFF),
            "an IPA has the page of HPFAR and the offset of the VA");
}

/// What does not fit is cut off; what a buffer of kDescriptionBytes holds is whole.
void check_words(std::uint32_t word, std::size_t room) {
    std::array<char, 2 * kDescriptionBytes> buffer{};
    const std::string whole(describe(Hsr::from(word), buffer));
    require(!whole.empty() && whole.size() <= kDescriptionBytes, "a description fits its buffer");
    for (const char c : whole) {
        require(c >= ' ' && c <= '~', "a description is printable");
    }
    std::array<char, kDescriptionBytes + 1> small{};
    small[room] = '#';
    const std::string cut(describe(Hsr::from(word), {small.data(), room}));
    require(cut == whole.substr(0, room) && small[room] == '#',
            "a description is cut off at its end");
}

/// The device of an address is the only one with all bytes of the access.
void check_devices(Input& input) {
    DeviceTable table;
    std::array<mmu::Range<mmu::Ipa>, DeviceTable::kMost> ranges{};
    const std::size_t count = 1 + input.below(DeviceTable::kMost);
    for (std::size_t i = 0; i < count; ++i) {
        ranges[i] = {mmu::Ipa{std::uint64_t{input.word()} + (std::uint64_t{i} << 33)},
                     1 + input.below(65536)};
        require(table.add({.range = ranges[i]}), "a table takes what it has room for");
    }
    while (!input.empty()) {
        const std::uint64_t near = ranges[input.below(count)].begin.value;
        const std::uint64_t address = near + input.below(65536) - (near < 8 ? near : 8);
        const std::uint32_t bytes = 1U << input.below(3);
        const Device* const found = table.find(mmu::Ipa{address}, bytes);
        const Device* const every = table.find(mmu::Ipa{address}, 1);
        require(found == nullptr || found == every, "a wide access goes where its first byte does");
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint64_t begin = ranges[i].begin.value;
            const bool inside = address >= begin && address + bytes <= begin + ranges[i].bytes;
            require(inside == (found != nullptr && found->range.begin.value == begin),
                    "an access goes to the device that has all of it");
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input(data, size);
    const std::uint32_t word = input.word();
    const std::uint32_t hpfar = input.word();
    const std::uint32_t far = input.word();
    check_access(word, far);
    check_ipa(word, hpfar, far);
    check_words(word, input.below(kDescriptionBytes));
    require(instruction_bytes(Hsr::from(word)) == (bit(word, 25) ? 4 : 2),
            "IL says the size of the instruction");
    check_devices(input);
    return 0;
}
