#include "measure/pieces.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hm::measure {
namespace {

std::string cut(std::string_view text) {
    std::string out;
    auto to = [&out](char c) { out += c; };
    PieceWriter pieces{CharSink(to)};
    put_text(CharSink(pieces), text);
    return out;
}

TEST(Pieces, ALineThatFitsIsAsItWas) {
    const std::string line = std::string(99, 'x') + "\n";
    EXPECT_EQ(cut("short\n\n" + line), "short\n\n" + line);
}

TEST(Pieces, ALongLineGoesOnInTheNext) {
    EXPECT_EQ(cut(std::string(100, 'x') + "\n"), std::string(99, 'x') + "\\\n@+x\n");
    EXPECT_EQ(cut(std::string(99 + 97 + 5, 'y') + "\nz\n"),
              std::string(99, 'y') + "\\\n@+" + std::string(97, 'y') + "\\\n@+yyyyy\nz\n");
}

TEST(Pieces, NoLineIsLongerThanAConsoleTakes) {
    const std::string out = cut(std::string(5000, 'x') + "\n");
    for (std::size_t at = 0; at < out.size();) {
        const std::size_t end = out.find('\n', at);
        EXPECT_LE(end - at, 100U);
        at = end + 1;
    }
}

}  // namespace
}  // namespace hm::measure
