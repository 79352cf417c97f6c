#include "host/report/machine_name.hpp"

#include <fmt/format.h>

namespace hm::host {

bool is_gem5(const Results& results) {
    return results.machine.starts_with("gem5") || !host_text(results, "/gem5/path").empty();
}

std::string machine_name(const Results& results) {
    const std::string version = host_text(results, "/gem5/version");
    const std::string configuration = host_text(results, "/gem5/configuration");
    if (!is_gem5(results) || (version.empty() && configuration.empty())) {
        return results.machine.empty() ? "this machine" : results.machine;
    }
    // It begins with the name of gem5's core model.
    const std::string core = configuration.substr(0, configuration.find_first_of(" ,"));
    return fmt::format("gem5{}{}{}", version.empty() ? "" : " ", version,
                       core.empty() ? "" : ", " + core + "-like");
}

std::string machine_and_board(const Results& results) {
    const std::string name = machine_name(results);
    return is_gem5(results) ? fmt::format("{}, with the image of {}", name, results.board)
           : name.find(results.board) != std::string::npos
               ? name
               : fmt::format("{}, board {}", name, results.board);
}

}  // namespace hm::host
