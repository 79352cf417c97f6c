// hypmeter guest --write: the files, what is printed, and what is refused.

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "host/cli/main_command.hpp"
#include "tests/unit/host/base/scripts.hpp"
#include "tests/unit/host/cli/parsed.hpp"
#include "tests/unit/host/machine/boot_files.hpp"

namespace hm::host::testing {
namespace {

class HostGuestWrite : public ScriptTest {
  protected:
    HostGuestWrite() : kernel_(write("kernel", std::string(64, 'k')).string()) {
        std::filesystem::create_directories(path("virt/boot"));
        for (const char* const name : {"hypmeter-virt-foreign.uimg", "hypmeter-virt.dtb"}) {
            (void)write(std::string("virt/boot/") + name, boot_files().at(name));
        }
    }

    int tool(const std::vector<std::string>& more) {
        std::ostringstream out;
        std::ostringstream err;
        std::vector<std::string> words{"guest",   "--kernel",           kernel_,
                                       "--load",  "0x40010000",         "--memory=16M",
                                       "--write", path("card").string()};
        words.insert(words.end(), more.begin(), more.end());
        const int status =
            main_command(std::move(words), path(""), {out, err, 100, ProgressMode::kQuiet});
        out_ = out.str();
        err_ = err.str();
        return status;
    }

    /// Refused with one line that has `part`, and nothing written.
    void expect_refusal(const std::vector<std::string>& more, const std::string& part) {
        EXPECT_NE(tool(more), kAllOk) << part;
        EXPECT_TRUE(has(err_, part)) << err_;
        EXPECT_EQ(out_, "");
        EXPECT_FALSE(std::filesystem::exists(path("card")));
    }

    std::string kernel_, out_, err_;
};

TEST_F(HostGuestWrite, PutsWhatUBootNeedsIntoTheFolder) {
    ASSERT_EQ(tool({}), kAllOk) << err_;
    EXPECT_EQ(read("card/hypmeter-virt-foreign.uimg"),
              boot_files().at("hypmeter-virt-foreign.uimg"));
    EXPECT_EQ(read("card/hypmeter-virt.dtb"), boot_files().at("hypmeter-virt.dtb"));
    EXPECT_TRUE(read("card/hypmeter-guest.bundle").starts_with("HMGUEST1"));
    const std::string script = read("card/boot.scr");
    const auto image = parse_legacy_image(script);
    ASSERT_TRUE(image.value) << image.error;
    const auto text = script_text(*image.value);
    ASSERT_TRUE(text.value) << text.error;
    EXPECT_TRUE(has(std::string(*text.value), "bootm 0x48000000 - 0x47000000"));
}

TEST_F(HostGuestWrite, PrintsWhatToTypeForCardAndNetwork) {
    ASSERT_EQ(tool({}), kAllOk) << err_;
    for (const char* const part : {"load virtio 0:1 0x81e00000 hypmeter-guest.bundle\n",
                                   "tftpboot 0x48000000 hypmeter-virt-foreign.uimg\n",
                                   "bootm 0x48000000 - 0x47000000\n", "/hypmeter-virt.dtb ::\n"}) {
        EXPECT_TRUE(has(out_, part)) << part << " in " << out_;
    }
}

TEST_F(HostGuestWrite, RefusesWhatCannotBe) {
    expect_refusal({"--board", "vexpress"}, "board vexpress has no U-Boot");
    expect_refusal({"--board", "arndale", "--native"}, "no UART");
    expect_refusal({"--board", "arndale"}, "hypmeter-arndale-foreign.uimg");
    expect_refusal({"--clock", "wall"}, "--clock");
    expect_refusal({"--input", kernel_}, "--input");
    std::filesystem::remove(path("virt/boot/hypmeter-virt.dtb"));
    expect_refusal({}, "hypmeter-virt.dtb");
}

TEST_F(HostGuestWrite, AnImageThatGoesElsewhereIsRefused) {
    (void)write("virt/boot/hypmeter-virt-foreign.uimg",
                legacy_file(2, raw_file(0x9000'0000), 0x9000'0000));
    expect_refusal({}, "the image goes to 0x90000000, and not below its bundle at 0x81e00000");
}

TEST_F(HostGuestWrite, AFolderThatCannotBeMadeIsNamed) {
    (void)write("card", "a file");
    EXPECT_EQ(tool({}), kBadUsage);
    EXPECT_TRUE(has(err_, "cannot ")) << err_;
    EXPECT_TRUE(has(err_, path("card").string())) << err_;
    EXPECT_EQ(std::count(err_.begin(), err_.end(), '\n'), 1) << err_;
}

/// The bundle's field at `offset` (measure/bundle.hpp).
std::uint32_t word_of(const std::string& bundle, std::size_t offset) {
    std::uint32_t word = 0;
    for (std::size_t i = 4; i-- > 0;) {
        word = word << 8 | static_cast<unsigned char>(bundle.at(offset + i));
    }
    return word;
}

TEST_F(HostGuestWrite, LooksForKeysEveryTenMillisecondsOfTheBoardsCounter) {
    std::filesystem::create_directories(path("arndale/boot"));
    (void)write("arndale/boot/hypmeter-arndale-foreign.uimg",
                legacy_file(2, raw_file(kForeignBase), kForeignBase));
    (void)write("arndale/boot/hypmeter-arndale.dtb", tree_file());
    constexpr std::size_t kLookForInput = 60;
    ASSERT_EQ(tool({"--board", "arndale"}), kAllOk) << err_;
    EXPECT_EQ(word_of(read("card/hypmeter-guest.bundle"), kLookForInput), 240'000U);
    ASSERT_EQ(tool({}), kAllOk) << err_;
    EXPECT_EQ(word_of(read("card/hypmeter-guest.bundle"), kLookForInput), 10'000'000U);
    ASSERT_EQ(tool({"--delivery", "shared"}), kAllOk) << err_;
    EXPECT_EQ(word_of(read("card/hypmeter-guest.bundle"), kLookForInput), 0U);
}

}  // namespace
}  // namespace hm::host::testing
