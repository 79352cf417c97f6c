#include "host/base/files.hpp"

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <system_error>

#include "host/base/file_writer.hpp"

namespace hm::host {

std::optional<std::string> read_file(const std::filesystem::path& path) {
    if (std::error_code error; !std::filesystem::is_regular_file(path, error)) {
        return std::nullopt;
    }
    std::ifstream file(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    return file.bad() || !file.is_open() ? std::nullopt : std::optional{std::move(bytes)};
}

bool write_file(const std::filesystem::path& path, std::string_view bytes) {
    std::filesystem::path part = path;
    part += ".part";
    FileWriter file(part);
    file.write(bytes);
    file.close();
    if (file.error() != 0) {
        errno = file.error();
        return false;
    }
    return ::rename(part.c_str(), path.c_str()) == 0;
}

}  // namespace hm::host
