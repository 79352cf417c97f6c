// hypmeter image, with files that are right and files of which one is not.

#include <gtest/gtest.h>

#include <sstream>

#include "host/cli/main_command.hpp"
#include "host/machine/boards.hpp"
#include "tests/unit/host/base/scripts.hpp"
#include "tests/unit/host/machine/board_names.hpp"
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

TEST_F(HostImage, ACardIsAFileOnlyWhereQemuTakesItAsADisk) {
    std::size_t cards = 0;
    for (const Board* const board : boards()) {
        if (board->card().empty() || !board->loader.file.empty()) {
            continue;
        }
        const std::string name(board->name);
        std::filesystem::create_directories(path(name + "/boot"));
        for (const auto& [virt_name, bytes] : boot_files()) {
            std::string file = virt_name;
            if (const std::size_t at = file.find("virt"); at != std::string::npos) {
                file.replace(at, 4, name);
            }
            (void)write(name + "/boot/" + file, bytes);
        }
        EXPECT_EQ(tool({"--board", name}), kAllOk) << err_;
        EXPECT_EQ(has(out_, "of=disk.img"), !board->qemu.disk.empty()) << out_;
        EXPECT_EQ(has(out_, "of=/dev/sdX"), board->qemu.disk.empty()) << out_;
        ++cards;
    }
    EXPECT_GE(cards, 2U);
}

class HostImageWithLoader : public HostImage {
  protected:
    HostImageWithLoader() {
        std::filesystem::create_directories(path("orangepi/boot"));
        std::filesystem::create_directories(path("u-boot-sunxi"));
        for (const auto& [name, bytes] : boot_files()) {
            std::string of_this_board = name;
            if (const std::size_t at = name.find("virt"); at != std::string::npos) {
                of_this_board.replace(at, 4, "orangepi");
            }
            (void)write("orangepi/boot/" + of_this_board, bytes);
        }
    }

    void put_loader(const std::string& bytes) const {
        (void)write("u-boot-sunxi/nanopi_neo.bin", bytes);
    }

    /// As the boot ROM knows it: four bytes, then the magic words.
    static std::string loader(std::size_t size) {
        std::string bytes(size, '\0');
        bytes.replace(0, 12,
                      "\x16__\xea"
                      "eGON.BT0");
        return bytes;
    }
};

TEST_F(HostImageWithLoader, TheCardGetsItBeforeThePartition) {
    put_loader(loader(100'000));
    EXPECT_EQ(tool({"--board", "orangepi"}), kAllOk) << err_;
    EXPECT_TRUE(has(out_, "nanopi_neo.bin") && has(out_, "100,000") && has(out_, "sector 16"));
    EXPECT_TRUE(has(out_, "-drive if=sd,format=raw,file=disk.img")) << out_;
    EXPECT_TRUE(has(out_, "dd if=" + path("u-boot-sunxi/nanopi_neo.bin").string() +
                              " of=disk.img bs=512 seek=16 conv=notrunc"))
        << out_;
    EXPECT_TRUE(has(out_, "sudo dd if=disk.img of=/dev/sdX")) << out_;
    EXPECT_TRUE(has(out_, "QEMU takes hypmeter-orangepi.uimg")) << out_;
}

TEST_F(HostImageWithLoader, ItIsCopiedWithTheOthers) {
    put_loader(loader(600));
    EXPECT_EQ(tool({"--board", "orangepi", "--out", path("out").string()}), kAllOk) << err_;
    EXPECT_EQ(read("out/nanopi_neo.bin"), loader(600));
    EXPECT_TRUE(has(out_, "dd if=" + path("out/nanopi_neo.bin").string())) << out_;
}

TEST_F(HostImageWithLoader, WithoutItNoCardIsPromised) {
    EXPECT_EQ(tool({"--board", "orangepi"}), kAllOk) << err_;
    EXPECT_TRUE(has(out_, "no u-boot-sunxi/nanopi_neo.bin; ./hypmeter u-boot fetches it")) << out_;
    EXPECT_FALSE(has(out_, "dd if=")) << out_;
}

TEST_F(HostImageWithLoader, WhatCannotBeOneIsRefused) {
    // Sectors 16 to 2047 are free.
    put_loader(loader(2032 * 512));
    EXPECT_EQ(tool({"--board", "orangepi"}), kAllOk) << err_;
    put_loader(loader(2032 * 512 + 1));
    EXPECT_EQ(tool({"--board", "orangepi"}), kFailed);
    EXPECT_TRUE(has(err_, "nanopi_neo.bin\" reaches into the partition")) << err_;
    for (const char* const bytes : {"", "eGON.BT0 too early", "1234eGON.BT"}) {
        put_loader(bytes);
        EXPECT_EQ(tool({"--board", "orangepi"}), kFailed) << bytes;
        EXPECT_TRUE(has(err_, "is no boot loader that this board's boot ROM takes")) << err_;
    }
}

TEST_F(HostImage, ABoardThatIsNotThereIsRefused) {
    EXPECT_EQ(tool({"--board", "tegra"}), kBadUsage);
    EXPECT_TRUE(has(err_, "unknown board \"tegra\"") && has(err_, board_names(", "))) << err_;
}

}  // namespace
}  // namespace hm::host::testing
