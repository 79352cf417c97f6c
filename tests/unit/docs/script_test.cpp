// The command ./hypmeter, with stand-ins for Debian's programs, the compiler and the tool.

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "host/base/process.hpp"
#include "tests/unit/host/base/scripts.hpp"
#include "tests/unit/host/log/log.hpp"

namespace hm::host::testing {
namespace {

namespace fs = std::filesystem;

class Script : public ScriptTest {
  protected:
    Script() {
        for (const char* const folder : {"clone/toolchain", "clone/build/host/host", "bin"}) {
            fs::create_directories(path(folder));
        }
        const fs::path top = HYPMETER_SOURCE_DIR;
        fs::copy_file(top / "hypmeter", path("clone/hypmeter"));
        fs::copy_file(top / "toolchain/packages.txt", path("clone/toolchain/packages.txt"));
        open_to_all(script("clone/build/host/host/hypmeter", "echo the tool: $*"));
        // A package is missing if its name is in $MISSING.
        open_to_all(
            script("bin/dpkg-query",
                   "for last; do :; done\n"
                   "case \" $MISSING \" in *\" $last \"*) echo no;; *) echo installed;; esac"));
        open_to_all(script("bin/apt-get", "echo apt-get \"$@\""));
        open_to_all(script("bin/cmake", "exit 0"));
        for (const char* const name : {"bash", "cat", "dirname", "env", "flock", "grep", "mkdir",
                                       "nproc", "readlink", "rmdir", "sleep", "stat", "tail"}) {
            fs::create_symlink(find_program(name), path("bin") / name);
        }
        for (const char* const folder : {".", "clone", "clone/build", "clone/build/host",
                                         "clone/build/host/host", "clone/toolchain", "bin"}) {
            fs::permissions(path(folder), fs::perms::all);
        }
    }

    static void open_to_all(const std::string& file) { fs::permissions(file, fs::perms(0755)); }

    /// Runs a command line of a user who is not root and has no sudo; what it said, and its status.
    std::string user(const std::string& line, const std::string& missing = "") const {
        const std::string body = "cd $D; export PATH=$D/bin MISSING='" + missing + "'; " + line +
                                 " 2>&1; echo status $?";
        std::string said;
        const auto take = [&said](std::string_view more) { said += more; };
        Command command{"/bin/sh", {"-c", "D='" + path("").string() + "'; " + body}};
        if (::geteuid() == 0) {
            command.arguments.insert(command.arguments.begin(),
                                     {"--reuid=65534", "--regid=65534", "--clear-groups", "sh"});
            command.program = find_program("setpriv");
        }
        const ProcessEnd end = run_process(command, ProcessLimits{}, take, take);
        EXPECT_EQ(end.ending, Ending::kExited);
        return said;
    }
};

TEST_F(Script, ALinkServesAsWell) {
    fs::create_symlink("../clone/hypmeter", path("bin/measure"));
    EXPECT_EQ(user("measure list"), "the tool: list\nstatus 0\n");
}

TEST_F(Script, ACommandNeedsOnlyItsOwnPackages) {
    const std::string missing = "gcc-arm-none-eabi qemu-system-arm gcovr gnuplot-nox libgtest-dev";
    EXPECT_EQ(user("clone/hypmeter list", missing), "the tool: list\nstatus 0\n");
    EXPECT_EQ(user("clone/hypmeter report x", missing), "the tool: report x\nstatus 0\n");
    const std::string run = user("clone/hypmeter run", missing);
    EXPECT_TRUE(has(run, "apt-get install gcc-arm-none-eabi qemu-system-arm\n"));
    EXPECT_TRUE(has(run, "status 1"));
    EXPECT_EQ(user("clone/hypmeter run", "gcovr u-boot-tools"), "the tool: run\nstatus 0\n");
    EXPECT_TRUE(has(user("clone/hypmeter image", "u-boot-tools"), "install u-boot-tools\n"));
    EXPECT_TRUE(has(user("clone/hypmeter test", missing), "install gcc-arm-none-eabi gcovr"));
}

TEST_F(Script, TwoCallsDoNotBuildAtOnce) {
    // It fails while another one runs.
    open_to_all(script("bin/cmake", "mkdir $D/busy || exit 1; sleep 0.3; rmdir $D/busy"));
    const std::string said =
        user("export D; clone/hypmeter list one & clone/hypmeter list other; wait");
    EXPECT_TRUE(has(said, "the tool: list one\n")) << said;
    EXPECT_TRUE(has(said, "the tool: list other\n")) << said;
    EXPECT_TRUE(has(said, "waiting for another call, which builds here\n")) << said;
    EXPECT_FALSE(has(said, "the build failed")) << said;
}

TEST_F(Script, LinuxIsFetchedWithoutABuild) {
    fs::create_directories(path("clone/toolchain/linux"));
    fs::permissions(path("clone/toolchain/linux"), fs::perms::all);
    open_to_all(script("clone/toolchain/linux/fetch.py", "echo fetched, $# words"));
    EXPECT_EQ(user("clone/hypmeter linux", "gcovr libcli11-dev"), "fetched, 0 words\nstatus 0\n");
    EXPECT_TRUE(has(user("clone/hypmeter linux", "gcc-arm-none-eabi python3"),
                    "apt-get install gcc-arm-none-eabi python3\n"));
    EXPECT_TRUE(has(user("clone/hypmeter linux now"), "linux takes no more words"));
}

TEST_F(Script, TheImageOfABoardWithItsLoaderOnTheCardFetchesThatOnce) {
    fs::create_directories(path("clone/toolchain/u-boot-sunxi"));
    fs::permissions(path("clone/toolchain/u-boot-sunxi"), fs::perms::all);
    open_to_all(script("clone/toolchain/u-boot-sunxi/fetch.py", "echo fetched, $# words"));
    EXPECT_EQ(user("clone/hypmeter u-boot", "libcli11-dev"), "fetched, 0 words\nstatus 0\n");
    EXPECT_TRUE(has(user("clone/hypmeter u-boot now"), "u-boot takes no more words"));
    EXPECT_EQ(user("clone/hypmeter image"), "the tool: image\nstatus 0\n") << "virt has none";
    fs::create_directories(path("clone/board/h3"));
    fs::permissions(path("clone/board/h3"), fs::perms::all);
    open_to_all(write("clone/board/h3/host.hpp", ".loader = kLoader,\n"));
    EXPECT_EQ(user("clone/hypmeter image --board h3"),
              "fetched, 0 words\nthe tool: image --board h3\nstatus 0\n");
    EXPECT_TRUE(has(user("clone/hypmeter image --board h3", "python3"), "install python3"));
}

TEST_F(Script, AnotherUsersCloneServesIfItIsBuilt) {
    fs::permissions(path("clone/build"), fs::perms(0555));
    if (::geteuid() == 0) {
        const std::string said = user("clone/hypmeter list");
        EXPECT_TRUE(has(said, "using what is built"));
        EXPECT_TRUE(has(said, "the tool: list\nstatus 0\n"));
        fs::remove(path("clone/build/host/host/hypmeter"));
        const std::string none = user("clone/hypmeter list");
        EXPECT_TRUE(has(none, "cannot build: you may not write to"));
        EXPECT_TRUE(has(none, "status 1"));
    }
    fs::permissions(path("clone/build"), fs::perms::all);
}

}  // namespace
}  // namespace hm::host::testing
