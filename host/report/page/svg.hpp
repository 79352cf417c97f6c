#pragma once
// A picture in SVG, made of a few kinds of shapes. Colours and widths are the style sheet's: a
// shape only names its class. All text is escaped here.

#include <string>
#include <string_view>
#include <vector>

namespace hm::host::page {

/// `text` with entities for what HTML and SVG would take for markup.
[[nodiscard]] std::string escaped(std::string_view text);

struct Point {
    double x = 0;
    double y = 0;
};

/// Which end of a text its place is.
enum class Anchor { kStart, kMiddle, kEnd };

class Svg {
  public:
    /// `title` is what a screen reader says of the picture.
    Svg(double width, double height, std::string_view title);

    void line(Point from, Point to, std::string_view css);
    /// The same with a head at `to`.
    void arrow(Point from, Point to, std::string_view css);
    void box(Point corner, double width, double height, std::string_view css);
    /// Through all points; nothing if there are less than two.
    void curve(const std::vector<Point>& points, std::string_view css);
    /// The area that the points go around.
    void area(const std::vector<Point>& points, std::string_view css);
    /// A mark that says `tip` where a pointer rests on it.
    void dot(Point at, std::string_view css, std::string_view tip);
    void text(Point at, std::string_view text, std::string_view css,
              Anchor anchor = Anchor::kStart);

    [[nodiscard]] double width() const { return width_; }
    /// The whole element.
    [[nodiscard]] std::string element() const;

  private:
    double width_;
    double height_;
    std::string title_;
    std::string shapes_;
};

}  // namespace hm::host::page
