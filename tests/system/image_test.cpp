// The files that were built for boot loaders.

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

namespace fs = std::filesystem;

std::map<std::string, std::string> files_of(const fs::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::directory_iterator(folder)) {
        files[entry.path().filename()] = read_text(entry.path());
    }
    return files;
}

/// `hypmeter image` with these words, on the images that were built.
Finished run_image(const std::string& words) {
    return run(std::string(HYPMETER_TOOL) + " image " + words);
}

TEST(TwoBuilds, AreEqualToTheByte) {
    const ScratchFolder scratch;
    const fs::path other = scratch / "elsewhere";
    // Another folder, another time, another time zone.
    const Finished built =
        run("cd " HYPMETER_SOURCE_DIR " && export TZ=Asia/Tokyo && cmake -G Ninja -S . -B " +
            other.string() +
            " -DCMAKE_TOOLCHAIN_FILE=toolchain/arm-none-eabi.cmake -DCMAKE_BUILD_TYPE=Release "
            "-DHYPMETER_BOARD=virt && cmake --build " +
            other.string() + " --target boot_images");
    ASSERT_EQ(built.status, 0) << built.output;
    const auto first = files_of(std::string(HYPMETER_IMAGES_DIR) + "/boot");
    const auto second = files_of(other / "boot");
    EXPECT_GE(first.size(), 8U);
    ASSERT_EQ(first.size(), second.size());
    for (const auto& [name, bytes] : first) {
        ASSERT_TRUE(second.contains(name)) << name;
        EXPECT_TRUE(bytes == second.at(name)) << name << " differs";
    }
}

TEST(BootImages, AreListedAndCopied) {
    const ScratchFolder scratch;
    const Finished listed = run_image("--out " + (scratch / "out").string());
    EXPECT_EQ(listed.status, 0) << listed.output;
    EXPECT_TRUE(files_of(scratch / "out") == files_of(std::string(HYPMETER_IMAGES_DIR) + "/boot"));
    EXPECT_NE(listed.output.find("uImage, CRCs right"), std::string::npos) << listed.output;
}

TEST(BootImages, UBootsOwnToolsAgree) {
    const std::string boot = std::string(HYPMETER_IMAGES_DIR) + "/boot/hypmeter-virt";
    const Finished legacy = run("mkimage -l " + boot + ".uimg");
    EXPECT_EQ(legacy.status, 0) << legacy.output;
    EXPECT_NE(legacy.output.find("Load Address: 40200000"), std::string::npos) << legacy.output;
    const Finished fit = run("dumpimage -l " + boot + ".itb");
    EXPECT_EQ(fit.status, 0) << fit.output;
    EXPECT_NE(fit.output.find("Entry Point:  0x40200000"), std::string::npos) << fit.output;
    const Finished tree = run("dtc -q -I dtb -O dts " + boot + ".dtb");
    EXPECT_EQ(tree.status, 0) << tree.output;
}

TEST(BootImages, EveryBoardHasADeviceTreeThatIsValid) {
    std::size_t trees = 0;
    for (const auto& entry : fs::directory_iterator(HYPMETER_SOURCE_DIR "/board")) {
        if (!fs::exists(entry.path() / "board.hpp")) {
            continue;
        }
        const std::string name = entry.path().filename();
        // Without -q: a warning of dtc is a fault too.
        const Finished compiled =
            run("dtc -I dts -O dtb -o /dev/null " + (entry.path() / (name + ".dts")).string());
        EXPECT_EQ(compiled.status, 0) << compiled.output;
        EXPECT_EQ(compiled.output, "") << name;
        ++trees;
    }
    EXPECT_GE(trees, 3U);
}

TEST(Card, WritingItLeavesTheSectorsOfBootLoadersAlone) {
    constexpr std::size_t kSector = 512;
    constexpr std::size_t kStart = 2048;
    const ScratchFolder scratch;
    const std::string card = (scratch / "card.img").string();
    const std::string before(kStart * kSector, 'B');
    std::ofstream(card, std::ios::binary) << before;
    const std::string boot = std::string(HYPMETER_IMAGES_DIR) + "/boot/hypmeter-virt";
    const Finished written = run("truncate -s 32M " + card + " && /sbin/sfdisk --wipe never " +
                                 card + " <" + boot + ".sfdisk && dd if=" + boot +
                                 ".fat of=" + card + " bs=512 seek=2048 conv=notrunc,fsync");
    ASSERT_EQ(written.status, 0) << written.output;
    const std::string after = read_text(card);
    EXPECT_EQ(after.substr(kSector, (kStart - 1) * kSector), before.substr(kSector));
    EXPECT_EQ(after.substr(kStart * kSector, 16U << 20), read_text(boot + ".fat"));
    const Finished listed = run("/sbin/sfdisk -d " + card);
    EXPECT_NE(listed.output.find("start=        2048, size=       32768, type=e, bootable"),
              std::string::npos)
        << listed.output;
}

}  // namespace
}  // namespace hm::test
