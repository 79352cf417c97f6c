#pragma once
// The commands from their words to their exit status, with scripts in the place of QEMU.

#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "host/cli/main_command.hpp"
#include "tests/unit/host/base/scripts.hpp"
#include "tests/unit/host/log/log.hpp"

namespace hm::host::testing {

class HostRun : public ScriptTest {
  protected:
    HostRun() : log_file_(write("log", good_log())) {
        std::filesystem::create_directories(path("builds/virt"));
        (void)write("builds/virt/hypmeter-virt.elf", "\177ELF");
    }

    /// A stand-in that answers --version, keeps its arguments, and then does as told.
    std::string qemu(const std::string& body) {
        return script("qemu",
                      "if [ \"$1\" = --version ]; then echo QEMU fake 1.0; exit 0; fi\n"
                      "if [ \"$1\" = -sandbox ]; then exit " +
                          std::string(has_sandbox_ ? "0" : "1") +
                          "; fi\n"
                          "echo \"$@\" >$D/arguments\n" +
                          body);
    }

    int tool(std::vector<std::string> words) {
        std::ostringstream out;
        std::ostringstream err;
        const int status = main_command(std::move(words), path("builds"),
                                        {out, err, 80, mode_, nullptr, live_, colour_});
        out_ = out.str();
        err_ = err.str();
        return status;
    }

    int run(const std::string& body, std::vector<std::string> more = {}) {
        std::vector<std::string> words{"run", "--qemu", qemu(body), "--out", path("out").string()};
        words.insert(words.end(), more.begin(), more.end());
        return tool(words);
    }

    [[nodiscard]] Results recorded() const {
        const ReadResults results = read_results(read("out/results.json"));
        EXPECT_EQ(results.error, "");
        return results.results.value_or(Results{});
    }

    [[nodiscard]] std::string failures() const {
        std::string text;
        for (const Verdict& verdict : recorded().verdicts) {
            text += verdict.ok ? "" : verdict.name + ": " + verdict.detail + "\n";
        }
        return text;
    }

    bool has_sandbox_ = true;
    ProgressMode mode_ = ProgressMode::kLines;
    bool live_ = false;
    bool colour_ = false;
    std::filesystem::path log_file_;
    std::string out_, err_;
};

}  // namespace hm::host::testing
