#include "tests/system/tool.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace hm::test {
namespace {

/// A processor that no other test has taken, if there is one. Of a QEMU that counts instructions
/// only one thread runs at a time, and each wake-up of the guest goes from one to the other and
/// back: on one processor that takes a tenth less time.
class OwnProcessor {
  public:
    OwnProcessor() {
        cpu_set_t all{};
        if (::sched_getaffinity(0, sizeof all, &all) != 0) {
            return;
        }
        for (int number = 0; number < CPU_SETSIZE && !taken(); ++number) {
            if (CPU_ISSET(number, &all)) {
                take(number);
            }
        }
    }
    ~OwnProcessor() { release(); }
    OwnProcessor(const OwnProcessor&) = delete;
    OwnProcessor& operator=(const OwnProcessor&) = delete;

    /// Goes before a command that shall run there.
    [[nodiscard]] std::string words() const {
        return taken() ? "taskset -c " + std::to_string(number_) + " " : "";
    }

  private:
    [[nodiscard]] bool taken() const { return lock_ >= 0; }

    /// Only one socket can have a name, and the name goes with it (unix(7), "abstract").
    void take(int number) {
        const std::string name = "hypmeter-test-on-" + std::to_string(number);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::copy(name.begin(), name.end(), address.sun_path + 1);
        const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
        lock_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        number_ = number;
        if (taken() && ::bind(lock_, reinterpret_cast<const sockaddr*>(&address), size) != 0) {
            release();
        }
    }

    void release() {
        if (taken()) {
            ::close(lock_);
            lock_ = -1;
        }
    }

    int lock_ = -1;
    int number_ = 0;
};

bool asks_for(const std::string& arguments, const char* word) {
    return arguments.find(word) != std::string::npos;
}

/// Whether one QEMU counts instructions in a run with these arguments, on one core.
bool takes_turns(const std::string& arguments) {
    return !asks_for(arguments, "--clock") && !asks_for(arguments, "smp=") &&
           !asks_for(arguments, "--machine ") && !asks_for(arguments, "--machines 2");
}

}  // namespace

Finished run(const std::string& command) {
    Finished finished{};
    FILE* const pipe = popen(("{ " + command + "\n} 2>&1").c_str(), "r");
    if (pipe == nullptr) {
        return {127, "no shell"};
    }
    std::array<char, 4096> chunk{};
    while (const std::size_t bytes = fread(chunk.data(), 1, chunk.size(), pipe)) {
        finished.output.append(chunk.data(), bytes);
    }
    const int status = pclose(pipe);
    finished.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return finished;
}

ScratchFolder::ScratchFolder() {
    if (!folder_.error().empty()) {
        throw std::runtime_error(folder_.error());
    }
}

std::string image(const std::string& suffix) {
    return std::string(HYPMETER_IMAGES_DIR) + "/hypmeter-virt" + suffix + ".elf";
}

Finished run_tool(const std::filesystem::path& out, const std::string& arguments) {
    // Other work may make a computer slow: a limit is only a test's if it names one.
    const std::string limit = asks_for(arguments, "--time-limit") ? "" : " --time-limit 900";
    const auto processor = takes_turns(arguments) ? std::make_unique<OwnProcessor>() : nullptr;
    return run((processor ? processor->words() : "") + HYPMETER_TOOL + " run --out " +
               out.string() + limit + " " + arguments);
}

std::string read_text(const std::filesystem::path& file) {
    std::ifstream stream(file);
    std::stringstream text;
    text << stream.rdbuf();
    return text.str();
}

nlohmann::json results(const std::filesystem::path& out) {
    return nlohmann::json::parse(read_text(out / "results.json"), nullptr, false);
}

nlohmann::json row(const nlohmann::json& results, const std::string& workload,
                   const std::string& delivery, const std::string& layer,
                   const nlohmann::json& params) {
    for (const auto& one : results.at("results")) {
        if (one.at("workload") == workload && one.at("delivery") == delivery &&
            one.at("layer") == layer) {
            bool all = true;
            for (const auto& [key, value] : params.items()) {
                all = all && one.at("params").value(key, nlohmann::json()) == value;
            }
            if (all) {
                return one;
            }
        }
    }
    ADD_FAILURE() << "no row " << workload << " " << delivery << " " << layer << " " << params;
    return nullptr;
}

nlohmann::json verdict(const nlohmann::json& results, const std::string& name) {
    for (const auto& one : results.at("verdicts")) {
        if (one.at("name").get<std::string>().starts_with(name)) {
            return one;
        }
    }
    return nullptr;
}

}  // namespace hm::test
