#pragma once
// One axis of a figure: where a value lies, and where the marks are.

#include <string>
#include <vector>

namespace hm::host::page {

enum class ScaleKind { kLinear, kLog10, kLog2 };

class Axis {
  public:
    /// `low` lies at `from`, `high` at `to`. A logarithmic axis of what is not above zero begins at
    /// a millionth of its end.
    Axis(ScaleKind kind, double low, double high, double from, double to);

    /// Values beyond the ends lie at the ends.
    [[nodiscard]] double at(double value) const;

    /// At most about `most` round values between the ends; 1, 2 and 5 of each decade if there are
    /// few decades.
    [[nodiscard]] std::vector<double> marks(int most) const;

    [[nodiscard]] double from() const { return from_; }
    [[nodiscard]] double to() const { return to_; }
    [[nodiscard]] double high() const { return high_; }

  private:
    [[nodiscard]] double measure(double value) const;

    ScaleKind kind_;
    double low_;
    double high_;
    double from_;
    double to_;
};

/// "100", "10k", "2M": a mark's short name.
[[nodiscard]] std::string mark_text(double value);

}  // namespace hm::host::page
