#pragma once
// The tables of a run that goes on, each as soon as it is complete.

#include <cstddef>
#include <set>

#include "host/base/console.hpp"
#include "host/log/log_parser.hpp"

namespace hm::host {

class LiveTables {
  public:
    /// Shows nothing where `console` does not want it.
    explicit LiveTables(const Console& console) : console_(console) {}

    /// Whether update() would show a table now.
    [[nodiscard]] bool has_news(const RunLog& log);
    /// Prints those that have become complete since the last call.
    void update(const RunLog& log);

    /// Their places in the table of tables.
    [[nodiscard]] const std::set<std::size_t>& shown() const { return shown_; }

  private:
    const Console& console_;
    std::set<std::size_t> shown_;
    std::size_t closed_ = 0;  ///< scenarios at the last call
};

}  // namespace hm::host
