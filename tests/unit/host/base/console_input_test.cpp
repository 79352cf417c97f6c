#include "host/base/console_input.hpp"

#include <gtest/gtest.h>

#include <array>
#include <fstream>

#include "host/base/temporary_folder.hpp"

namespace hm::host {
namespace {

std::string read_all(int from) {
    std::string text;
    std::array<char, 1000> buffer{};
    for (ssize_t got = 0; (got = ::read(from, buffer.data(), buffer.size())) > 0;) {
        text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return text;
}

TEST(ConsoleInput, AFileArrivesWholeAndEnds) {
    const TemporaryFolder folder;
    const std::string content(10'000, 'x');
    std::ofstream(folder.path() / "typed") << content;
    ConsoleInput input(folder.path() / "typed");
    ASSERT_EQ(input.error(), 0);
    const FileDescriptor child(::dup(input.end_for_child()));
    input.started();
    constexpr int kEnough = 10;  // 4 KB at a time, and the end
    for (int i = 0; i < kEnough; ++i) {
        input.pump();
    }
    EXPECT_EQ(read_all(child.get()), content);
}

TEST(ConsoleInput, AChildThatReadsNothingStopsNobody) {
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "typed") << std::string(1'000'000, 'x');
    ConsoleInput input(folder.path() / "typed");
    ASSERT_EQ(input.error(), 0);
    constexpr int kMoreThanAPipeHolds = 1000;
    for (int i = 0; i < kMoreThanAPipeHolds; ++i) {
        input.pump();
    }
}

TEST(ConsoleInput, AChildThatHasEndedStopsNobody) {
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "typed") << std::string(100'000, 'x');
    ConsoleInput input(folder.path() / "typed");
    ASSERT_EQ(input.error(), 0);
    input.started();  // and nobody has the other end
    input.pump();
    input.pump();
}

TEST(ConsoleInput, AFileThatIsNotThereHasAnError) {
    const TemporaryFolder folder;
    EXPECT_EQ(ConsoleInput(folder.path() / "typed").error(), ENOENT);
}

}  // namespace
}  // namespace hm::host
