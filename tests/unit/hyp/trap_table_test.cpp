#include "hyp/core/trap_table.hpp"

#include <gtest/gtest.h>

namespace hm::hyp {
namespace {

enum class Called { kNothing, kHvc, kAbort, kRefused } called;

void on_hvc(Hsr, TrapFrame&) { called = Called::kHvc; }
void on_abort(Hsr, TrapFrame&) { called = Called::kAbort; }
void on_refused(Hsr, TrapFrame&) { called = Called::kRefused; }

constexpr TrapTable kTable(on_refused, {{ExceptionClass::kHvc, on_hvc},
                                        {ExceptionClass::kDataAbortLower, on_abort}});

Called call(Hsr hsr) {
    called = Called::kNothing;
    TrapFrame frame{};
    kTable.handler_of(hsr)(hsr, frame);
    return called;
}

TEST(TrapTable, EachClassWithARowGoesToItsHandler) {
    EXPECT_EQ(call(Hsr{}.with(Hsr::kEc, ExceptionClass::kHvc)), Called::kHvc);
    EXPECT_EQ(call(Hsr{}.with(Hsr::kEc, ExceptionClass::kDataAbortLower)), Called::kAbort);
}

TEST(TrapTable, TheRestOfTheSyndromeDoesNotMatter) {
    EXPECT_EQ(call(Hsr::from(0x4A00'FFFF)), Called::kHvc);
    EXPECT_EQ(call(Hsr::from(0x93FF'FFFF)), Called::kAbort);
}

TEST(TrapTable, EveryClassWithoutARowIsRefused) {
    int refused = 0;
    for (std::uint32_t exception_class = 0; exception_class < 64; ++exception_class) {
        refused += call(Hsr::from(exception_class << 26)) == Called::kRefused ? 1 : 0;
    }
    EXPECT_EQ(refused, 62);
}

}  // namespace
}  // namespace hm::hyp
