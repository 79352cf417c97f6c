#pragma once
// Runs programs as a person would, and looks at what they leave behind.

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "host/base/temporary_folder.hpp"

namespace hm::test {

struct Finished {
    int status;          ///< as the shell sees it: 128 + signal where one ended it
    std::string output;  ///< standard output and error
};

/// Runs `command` with the shell.
[[nodiscard]] Finished run(const std::string& command);

/// A folder that is removed with it. Throws if there can be none.
class ScratchFolder {
  public:
    ScratchFolder();

    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
        return folder_.path() / name;
    }

  private:
    host::TemporaryFolder folder_;
};

/// For a shell.
[[nodiscard]] inline std::string quoted(const std::filesystem::path& path) {
    return "'" + path.string() + "'";
}

[[nodiscard]] std::string image(const std::string& suffix = "");

/// "hypmeter run --out FOLDER ARGUMENTS" with the tool that was built.
[[nodiscard]] Finished run_tool(const std::filesystem::path& out, const std::string& arguments);

[[nodiscard]] nlohmann::json results(const std::filesystem::path& out);
[[nodiscard]] std::string read_text(const std::filesystem::path& file);

/// The row with that subject; fails the test and gives null where there is none.
[[nodiscard]] nlohmann::json row(const nlohmann::json& results, const std::string& workload,
                                 const std::string& delivery, const std::string& layer,
                                 const nlohmann::json& params = nlohmann::json::object());

/// The verdict whose name begins so; null where there is none.
[[nodiscard]] nlohmann::json verdict(const nlohmann::json& results, const std::string& name);

}  // namespace hm::test
