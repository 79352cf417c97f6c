#include "host/base/temporary_folder.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <cerrno>
#include <system_error>

namespace hm::host {

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
    std::error_code error;
    std::string folder = (fs::temp_directory_path(error) / "hypmeter-XXXXXX").string();
    if (!error && ::mkdtemp(folder.data()) == nullptr) {
        error = std::error_code(errno, std::generic_category());
    }
    if (error) {
        error_ = fmt::format("cannot make a folder \"{}\" for temporary files: {}", folder,
                             error.message());
    } else {
        path_ = folder;
    }
}

TemporaryFolder::~TemporaryFolder() {
    if (!path_.empty()) {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
}

}  // namespace hm::host
