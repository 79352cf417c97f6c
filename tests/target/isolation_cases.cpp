// The suite of hostile guests: its topics. Each row of each is an act (isolation/act.hpp says what
// a row has), and `./hypmeter test isolation` does them all.

#include "tests/target/isolation/act.hpp"

namespace hm::isolation {

std::span<const Act> memory_acts();
std::span<const Act> tables_acts();
std::span<const Act> modes_acts();
std::span<const Act> mmio_acts();
std::span<const Act> gic_acts();
std::span<const Act> registers_acts();
std::span<const Act> calls_acts();
std::span<const Act> loops_acts();
std::span<const Act> reports_acts();
std::span<const Act> pairs_acts();

namespace {

constexpr std::array kTopics{Topic{memory_acts}, Topic{tables_acts}, Topic{modes_acts},
                             Topic{mmio_acts},   Topic{gic_acts},    Topic{registers_acts},
                             Topic{calls_acts},  Topic{loops_acts},  Topic{reports_acts},
                             Topic{pairs_acts}};

}  // namespace

std::span<const Topic> topics() { return kTopics; }

}  // namespace hm::isolation
