// The suite of hostile guests: its topics. Each row of each is an act (isolation/act.hpp says what
// a row has), and `./hypmeter test isolation` does them all.

#include "tests/target/isolation/act.hpp"

namespace hm::isolation {

std::span<const Act> memory_acts();

namespace {

constexpr std::array kTopics{Topic{memory_acts}};

}  // namespace

std::span<const Topic> topics() { return kTopics; }

}  // namespace hm::isolation
