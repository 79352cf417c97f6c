#pragma once
// Small shell scripts that stand in for QEMU, in a folder that goes away with the test.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "host/base/temporary_folder.hpp"

namespace hm::host::testing {

class ScriptTest : public ::testing::Test {
  protected:
    ScriptTest() {
        if (!folder_.error().empty()) {
            throw std::runtime_error(folder_.error());
        }
    }

    [[nodiscard]] std::filesystem::path path(const std::string& name) const {
        return folder_.path() / name;
    }

    [[nodiscard]] std::filesystem::path write(const std::string& name,
                                              const std::string& text) const {
        std::ofstream(path(name), std::ios::binary) << text;
        return path(name);
    }

    /// An executable of these lines of shell; `$D` is the test's folder.
    [[nodiscard]] std::string script(const std::string& name, const std::string& body) const {
        const auto file =
            write(name, "#!/bin/sh\nD='" + folder_.path().string() + "'\n" + body + "\n");
        std::filesystem::permissions(file, std::filesystem::perms::owner_all);
        return file.string();
    }

    [[nodiscard]] std::string read(const std::string& name) const {
        std::ifstream file(path(name), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    /// Whether the process whose number is in a file has ended, soon at the latest.
    [[nodiscard]] bool ended(const std::string& pid_file) const {
        const std::string pid = std::to_string(std::atoi(read(pid_file).c_str()));
        for (int tries = 0; tries < 100; ++tries) {
            std::ifstream stat("/proc/" + pid + "/stat");
            std::string number;
            std::string name;
            std::string state;
            // Nobody may be there to bury what has died, so a zombie counts as ended.
            if (pid == "0" || !(stat >> number >> name >> state) || state == "Z") {
                return pid != "0";
            }
            ::usleep(20'000);
        }
        return false;
    }

  private:
    TemporaryFolder folder_;
};

}  // namespace hm::host::testing
