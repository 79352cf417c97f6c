#include "host/base/files.hpp"

#include <fstream>
#include <iterator>
#include <system_error>

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
    std::ofstream file(part, std::ios::binary | std::ios::trunc);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (!file) {
        return false;
    }
    std::error_code error;
    std::filesystem::rename(part, path, error);
    return !error;
}

}  // namespace hm::host
