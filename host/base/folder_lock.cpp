#include "host/base/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

namespace hm::host {

bool FolderLock::take(const std::filesystem::path& folder) {
    if (fd_.get() >= 0) {
        return true;
    }
    FileDescriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd.get() < 0) {
        return true;
    }
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        return false;
    }
    fd_ = std::move(fd);
    return true;
}

}  // namespace hm::host
