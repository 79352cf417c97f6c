// Shapes of a picture.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "host/report/page/svg.hpp"

namespace hm::host::page {
namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST(PageSvg, WhatMarkupWouldBeIsEscapedWhereverTextGoes) {
    EXPECT_EQ(escaped("a<b>&\"'c"), "a&lt;b&gt;&amp;&quot;&#39;c");
    Svg svg(100, 50, "<title>");
    svg.text({1, 2}, "<script>", "no\"te");
    svg.dot({3, 4}, "dot", "</title>");
    const std::string element = svg.element();
    EXPECT_FALSE(contains(element, "<script>"));
    EXPECT_TRUE(contains(element, ">&lt;script&gt;</text>"));
    EXPECT_TRUE(contains(element, "class=\"no&quot;te\""));
    EXPECT_TRUE(contains(element, "<title>&lt;/title&gt;</title>"));
    EXPECT_TRUE(contains(element, "aria-label=\"&lt;title&gt;\""));
}

TEST(PageSvg, APictureHasTheSizeOfItsBox) {
    const std::string element = Svg(320, 45.5, "empty").element();
    EXPECT_TRUE(contains(element, "viewBox=\"0 0 320 45.5\" width=\"320\" height=\"45.5\""));
}

TEST(PageSvg, ANumberThatIsNoneDoesNotSpoilThePicture) {
    Svg svg(10, 10, "numbers");
    svg.line({std::nan(""), 1}, {std::numeric_limits<double>::infinity(), -0.04}, "axis");
    svg.box({1, 1}, -5, 2, "place");
    const std::string element = svg.element();
    EXPECT_TRUE(contains(element, "x1=\"0\" y1=\"1\" x2=\"0\" y2=\"0\"")) << element;
    EXPECT_TRUE(contains(element, "width=\"0\" height=\"2\"")) << element;
}

TEST(PageSvg, AnArrowEndsWithTheTipOfItsHead) {
    Svg svg(100, 100, "arrow");
    svg.arrow({10, 20}, {10, 60}, "flow");
    const std::string element = svg.element();
    EXPECT_TRUE(contains(element, "x1=\"10\" y1=\"20\" x2=\"10\" y2=\"53\"")) << element;
    EXPECT_TRUE(contains(element, "<polygon class=\"flow head\" points=\"10,60 6.5,53 13.5,53\"/>"))
        << element;
}

TEST(PageSvg, ACurveNeedsTwoPointsAndAnAreaThree) {
    Svg svg(10, 10, "few");
    svg.curve({{1, 1}}, "curve");
    svg.area({{1, 1}, {2, 2}}, "band");
    EXPECT_FALSE(contains(svg.element(), "points="));
}

}  // namespace
}  // namespace hm::host::page
