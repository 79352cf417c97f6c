#pragma once
// JSON on one line, as it is made: rows are too many to build a tree of each before it is printed.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "host/log/params.hpp"

namespace hm::host {

/// Appends to a text what dump() would write.
class JsonLine {
  public:
    /// `to` outlives this.
    explicit JsonLine(std::string& to) : to_(to) {}

    /// '{' or '['.
    void open(char bracket);
    void close(char bracket);

    /// The name of what comes next.
    void name(std::string_view key);

    void text(std::string_view value);
    void flag(bool value);
    void whole(std::uint64_t value);
    /// Whole numbers are written as such, so that 12 and 12.0 make the same file.
    void number(double value);
    void params(const Params& params);

    // With their name.
    void text(std::string_view its_name, std::string_view value);
    void whole(std::string_view its_name, std::uint64_t value);
    void number(std::string_view its_name, double value);
    /// Nothing if it is none.
    void number(std::string_view its_name, const std::optional<double>& value);

  private:
    /// Before a value or a name: what divides it from the one before.
    void divide();
    void quote(std::string_view text);

    std::string& to_;
    bool first_ = true;  ///< nothing stands before that it must be divided from
};

}  // namespace hm::host
