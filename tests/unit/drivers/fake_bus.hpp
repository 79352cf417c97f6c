#pragma once
// A bus that answers reads with given values, and records all accesses in order.

#include <cstddef>
#include <cstdint>
#include <map>
#include <ostream>
#include <vector>

#include "drivers/reg/bus.hpp"

namespace hm::test {

struct Access {
    enum class Kind { kRead, kWrite, kWriteHalfword };
    Kind kind;
    std::uint32_t address;
    std::uint32_t value;

    friend bool operator==(const Access&, const Access&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Access& access) {
        constexpr const char* kNames[]{"read(0x", "write(0x", "write_halfword(0x"};
        return out << kNames[static_cast<int>(access.kind)] << std::hex << access.address << ", 0x"
                   << access.value << ")" << std::dec;
    }
};

[[nodiscard]] inline Access read(std::uint32_t address, std::uint32_t value) {
    return {Access::Kind::kRead, address, value};
}
[[nodiscard]] inline Access write(std::uint32_t address, std::uint32_t value) {
    return {Access::Kind::kWrite, address, value};
}
[[nodiscard]] inline Access write_halfword(std::uint32_t address, std::uint16_t value) {
    return {Access::Kind::kWriteHalfword, address, value};
}

class FakeBus {
  public:
    /// Reads of `address` return `values` in turn, and from then on the last one. Other addresses
    /// read zero.
    void answer(std::uint32_t address, std::vector<std::uint32_t> values) {
        answers_[address] = {std::move(values), 0};
    }

    std::uint32_t read(std::uint32_t address) {
        Answer& answer = answers_[address];
        std::uint32_t value = 0;
        if (!answer.values.empty()) {
            value = answer.values[answer.next];
            answer.next += answer.next + 1 < answer.values.size() ? 1U : 0U;
        }
        history.push_back(test::read(address, value));
        return value;
    }
    void write(std::uint32_t address, std::uint32_t value) {
        history.push_back(test::write(address, value));
    }
    void write_halfword(std::uint32_t address, std::uint16_t value) {
        history.push_back(test::write_halfword(address, value));
    }

    std::vector<Access> history;

  private:
    struct Answer {
        std::vector<std::uint32_t> values;
        std::size_t next = 0;
    };
    std::map<std::uint32_t, Answer> answers_;
};
static_assert(reg::HalfwordBus<FakeBus>);

using History = std::vector<Access>;

}  // namespace hm::test
