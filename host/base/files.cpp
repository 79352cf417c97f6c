#include "host/base/files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <system_error>

#include "host/base/file_writer.hpp"

namespace hm::host {

std::optional<std::string> read_file(const std::filesystem::path& path) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) {
        return std::nullopt;
    }
    std::ifstream file(path, std::ios::binary);
    // Its size is only a hint: the file may grow or shrink meanwhile.
    const auto hint = std::filesystem::file_size(path, error);
    std::string bytes;
    do {
        constexpr std::size_t kLeast = 4096;
        const std::size_t before = bytes.size();
        bytes.resize(
            std::max({before * 2, kLeast, error ? 0 : static_cast<std::size_t>(hint) + 1}));
        file.read(bytes.data() + before, static_cast<std::streamsize>(bytes.size() - before));
        bytes.resize(before + static_cast<std::size_t>(file.gcount()));
    } while (file);
    return file.bad() || !file.is_open() ? std::nullopt : std::optional{std::move(bytes)};
}

bool write_file(const std::filesystem::path& path, std::string_view bytes) {
    std::filesystem::path part = path;
    part += kDraftSuffix;
    FileWriter file(part);
    file.write(bytes);
    file.close();
    if (file.error() != 0) {
        errno = file.error();
        return false;
    }
    return ::rename(part.c_str(), path.c_str()) == 0;
}

std::string make_folder(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    return error ? fmt::format("cannot make the folder \"{}\": {}", path.string(), error.message())
                 : std::string();
}

}  // namespace hm::host
