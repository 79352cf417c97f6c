#include "host/base/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <optional>
#include <string>

#include "host/base/files.hpp"
#include "tests/unit/host/log/log.hpp"

namespace hm::host::testing {
namespace {

namespace fs = std::filesystem;

TEST(HostTemporaryFolder, IsForThisUserAloneAndGoesAwayWithAllThatIsInIt) {
    fs::path path;
    {
        const TemporaryFolder folder;
        ASSERT_EQ(folder.error(), "");
        path = folder.path();
        EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_all);
        fs::create_directories(path / "deep" / "er");
        EXPECT_TRUE(write_file(path / "deep" / "er" / "file", "text"));
    }
    EXPECT_FALSE(fs::exists(path));
}

TEST(HostTemporaryFolder, EachHasItsOwn) {
    const TemporaryFolder one;
    const TemporaryFolder other;
    EXPECT_NE(one.path(), other.path());
}

/// TMPDIR, as long as this lives.
class TemporaryFilesGoTo {
  public:
    explicit TemporaryFilesGoTo(const std::string& folder) {
        if (const char* const before = ::getenv("TMPDIR")) {
            before_ = before;
        }
        ::setenv("TMPDIR", folder.c_str(), 1);
    }
    ~TemporaryFilesGoTo() {
        if (before_) {
            ::setenv("TMPDIR", before_->c_str(), 1);
        } else {
            ::unsetenv("TMPDIR");
        }
    }
    TemporaryFilesGoTo(const TemporaryFilesGoTo&) = delete;
    TemporaryFilesGoTo& operator=(const TemporaryFilesGoTo&) = delete;

  private:
    std::optional<std::string> before_;
};

TEST(HostTemporaryFolder, SaysWhyThereIsNone) {
    const TemporaryFolder place;
    ASSERT_EQ(place.error(), "");
    {
        const TemporaryFilesGoTo missing((place.path() / "none").string());
        const TemporaryFolder folder;
        EXPECT_TRUE(has(folder.error(), "cannot make a folder"));
        EXPECT_TRUE(folder.path().empty());
    }
    // Nobody can make a folder there, not even root.
    const TemporaryFilesGoTo refused("/proc");
    const TemporaryFolder folder;
    EXPECT_TRUE(has(folder.error(), "cannot make a folder \"/proc/hypmeter-"));
    EXPECT_TRUE(folder.path().empty());
}

}  // namespace
}  // namespace hm::host::testing
