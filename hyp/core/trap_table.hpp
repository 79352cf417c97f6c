#pragma once
// Which function serves an exception that a guest took to HYP, by its exception class.

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "hyp/core/syndrome.hpp"
#include "hyp/core/trap_frame.hpp"

namespace hm::hyp {

/// Serves the trap, or does not return.
using TrapHandler = void (*)(Hsr hsr, TrapFrame& frame);

struct TrapRow {
    ExceptionClass exception_class;
    TrapHandler serve;
};

class TrapTable {
  public:
    /// A class without a row goes to `refuse`.
    constexpr TrapTable(TrapHandler refuse, std::initializer_list<TrapRow> rows) {
        handlers_.fill(refuse);
        for (const TrapRow& row : rows) {
            handlers_[static_cast<std::size_t>(row.exception_class)] = row.serve;
        }
    }

    [[nodiscard]] constexpr TrapHandler handler_of(Hsr hsr) const {
        return handlers_[static_cast<std::size_t>(hsr.get(Hsr::kEc))];
    }

  private:
    static constexpr std::size_t kClasses = 64;  ///< HSR.EC has six bits
    std::array<TrapHandler, kClasses> handlers_{};
};

}  // namespace hm::hyp
