#pragma once
// Named values, as the parameters of a row: in the order in which they came.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace hm::host {

/// A whole number, another number, a truth or a word.
using Value = std::variant<std::uint64_t, double, bool, std::string>;

/// As JSON has it, but words without quotes.
[[nodiscard]] std::string text_of(const Value& value);

class Params {
  public:
    using Entry = std::pair<std::string, Value>;

    Params() = default;
    Params(std::initializer_list<Entry> entries) : entries_(entries) {}

    /// Replaces the value of `key`, or appends it.
    void set(std::string_view key, Value value);
    void erase(std::string_view key);

    /// The value as text, empty if there is none.
    [[nodiscard]] std::string text(std::string_view key) const;
    /// The value, if it is a number.
    [[nodiscard]] std::optional<double> number(std::string_view key) const;
    /// The value, if it is a whole number.
    [[nodiscard]] std::optional<std::uint64_t> whole(std::string_view key) const;

    [[nodiscard]] bool empty() const { return entries_.empty(); }
    [[nodiscard]] auto begin() const { return entries_.begin(); }
    [[nodiscard]] auto end() const { return entries_.end(); }

    friend bool operator==(const Params&, const Params&) = default;

  private:
    [[nodiscard]] const Value* find(std::string_view key) const;

    std::vector<Entry> entries_;
};

}  // namespace hm::host
