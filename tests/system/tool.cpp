#include "tests/system/tool.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace hm::test {

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
    const bool limited = arguments.find("--time-limit") != std::string::npos;
    return run(std::string(HYPMETER_TOOL) + " run --out " + out.string() +
               (limited ? " " : " --time-limit 900 ") + arguments);
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
