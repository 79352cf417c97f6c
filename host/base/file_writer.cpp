#include "host/base/file_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace hm::host {

FileWriter::FileWriter(const std::filesystem::path& path)
    : fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)),
      error_(fd_.get() < 0 ? errno : 0) {}

void FileWriter::write(std::string_view bytes) {
    while (error_ == 0 && !bytes.empty()) {
        const auto written = ::write(fd_.get(), bytes.data(), bytes.size());
        if (written > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            error_ = errno;
        }
    }
}

void FileWriter::close() {
    // Some file systems only notice here that they are full.
    const int fd = fd_.release();
    if (fd >= 0 && ::close(fd) != 0 && error_ == 0) {
        error_ = errno;
    }
}

}  // namespace hm::host
