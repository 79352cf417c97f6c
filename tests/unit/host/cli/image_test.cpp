// hypmeter image, with files that are right and files of which one is not.

#include <gtest/gtest.h>

#include <sstream>

#include "host/cli/main_command.hpp"
#include "host/machine/boards.hpp"
#include "tests/unit/host/base/scripts.hpp"
#include "tests/unit/host/machine/boot_files.hpp"

namespace hm::host::testing {
namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

class HostImage : public ScriptTest {
  protected:
    HostImage() {
        std::filesystem::create_directories(path("virt/boot"));
        for (const auto& [name, bytes] : boot_files()) {
            replace(name, bytes);
        }
    }

    void replace(const std::string& name, const std::string& bytes) const {
        (void)write("virt/boot/" + name, bytes);
    }

    int tool(std::vector<std::string> words) {
        std::ostringstream out;
        std::ostringstream err;
        words.insert(words.begin(), "image");
        const int status =
            main_command(std::move(words), path(""), {out, err, 100, ProgressMode::kQuiet});
        out_ = out.str();
        err_ = err.str();
        return status;
    }

    /// The one line that is said where `name` holds `bytes` instead.
    std::string complaint_of(const std::string& name, const std::string& bytes) {
        replace(name, bytes);
        EXPECT_EQ(tool({}), kFailed) << name;
        EXPECT_EQ(out_, "");
        EXPECT_EQ(std::count(err_.begin(), err_.end(), '\n'), 1) << err_;
        EXPECT_TRUE(has(err_, name)) << err_;
        replace(name, boot_files().at(name));
        return err_;
    }

    std::string out_, err_;
};

TEST_F(HostImage, ListsEveryFileWithWhatItSaysOfItself) {
    EXPECT_EQ(tool({}), kAllOk) << err_;
    for (const auto& [name, bytes] : boot_files()) {
        EXPECT_TRUE(has(out_, "\n" + name + " ")) << name << " in " << out_;
    }
    EXPECT_TRUE(has(out_, "0x40200000  0x40200000"));
    EXPECT_TRUE(has(out_, "0x80000000  0x80000000"));
    EXPECT_TRUE(has(out_, "a board"));
}

TEST_F(HostImage, NamesTheCommandsThatBootEach) {
    EXPECT_EQ(tool({}), kAllOk) << err_;
    for (const char* const command :
         {"virtio scan\n    load virtio 0:1 0x42200000 hypmeter-virt.uimg\n    load virtio 0:1 "
          "0x41200000 "
          "hypmeter-virt.dtb\n    bootm 0x42200000 - 0x41200000\n",
          "load virtio 0:1 0x42200000 hypmeter-virt.itb\n    bootm 0x42200000\n",
          "load virtio 0:1 0x40200000 hypmeter-virt.bin\n", "    bootz 0x40200000 - 0x41200000\n",
          "    loady 0x42200000\n", "seek=2048"}) {
        EXPECT_TRUE(has(out_, command)) << command << " in " << out_;
    }
}

TEST_F(HostImage, CopiesTheFilesWhereAsked) {
    EXPECT_EQ(tool({"--out", path("deep/er").string()}), kAllOk) << err_;
    for (const auto& [name, bytes] : boot_files()) {
        EXPECT_EQ(read("deep/er/" + name), bytes) << name;
    }
    EXPECT_TRUE(has(out_, path("deep/er/hypmeter-virt.fat").string())) << out_;
}

TEST_F(HostImage, AFolderThatCannotBeMadeIsRefused) {
    EXPECT_EQ(tool({"--out", write("file", "").string() + "/below"}), kBadUsage);
    EXPECT_TRUE(has(err_, "cannot make the folder")) << err_;
    EXPECT_EQ(out_, "");
}

TEST_F(HostImage, AMissingFileIsNamedWithTheCommandThatBuildsIt) {
    for (const auto& [name, bytes] : boot_files()) {
        std::filesystem::remove(path("virt/boot/" + name));
        EXPECT_EQ(tool({}), kFailed);
        EXPECT_TRUE(has(err_, name) && has(err_, "./hypmeter image --board virt")) << err_;
        replace(name, bytes);
    }
}

TEST_F(HostImage, EveryFileThatIsSpoiledIsNamed) {
    for (const auto& [name, bytes] : boot_files()) {
        (void)complaint_of(name, "");
    }
    std::string legacy = boot_files().at("hypmeter-virt.uimg");
    legacy.back() = static_cast<char>(legacy.back() ^ 1);
    EXPECT_TRUE(has(complaint_of("hypmeter-virt.uimg", legacy), "wrong CRC"));
}

TEST_F(HostImage, FilesThatDoNotBelongTogetherAreFound) {
    const std::string raw = raw_file();
    const std::string tree = tree_file();
    std::string other = raw;
    other.back() = 'y';
    EXPECT_TRUE(
        has(complaint_of("hypmeter-virt.uimg", legacy_file(2, other, kBase)), "other bytes"));
    EXPECT_TRUE(
        has(complaint_of("hypmeter-virt.uimg", legacy_file(2, raw, kBase + 4096)), "elsewhere"));
    EXPECT_TRUE(has(complaint_of("hypmeter-virt.uimg", legacy_file(6, raw, kBase)), "no kernel"));
    EXPECT_TRUE(has(complaint_of("hypmeter-virt-foreign.uimg", legacy_file(2, raw, kForeignBase)),
                    "other bytes"));
    EXPECT_TRUE(has(
        complaint_of("hypmeter-virt-foreign.uimg", legacy_file(2, raw_file(kForeignBase), kBase)),
        "elsewhere"));
    EXPECT_TRUE(has(complaint_of("hypmeter-virt.itb", fit_file(other, tree)), "other bytes"));
    EXPECT_TRUE(has(complaint_of("hypmeter-virt.itb", fit_file(raw, "tree")), "device tree"));
    EXPECT_TRUE(has(complaint_of("hypmeter-virt.itb", fit_file(raw, tree, {.algorithm = "md5"})),
                    "SHA-256"));
    EXPECT_TRUE(has(complaint_of("boot.scr", script_file("bootm 42200000 - 43000000\n")),
                    "device tree elsewhere"));
    EXPECT_TRUE(has(complaint_of("hypmeter-virt.sfdisk", partition_file(63, 2)), "another"));
    EXPECT_TRUE(has(complaint_of("hypmeter-virt.fat", fat_file(2048, std::string(3 * 512, 'x'))),
                    "hypmeter-virt.fat"));
}

TEST_F(HostImage, ABoardThatIsNotThereIsRefused) {
    EXPECT_EQ(tool({"--board", "tegra"}), kBadUsage);
    EXPECT_TRUE(has(err_, "unknown board \"tegra\"") &&
                has(err_, "arndale, orangepi, vexpress, virt"));
}

}  // namespace
}  // namespace hm::host::testing
