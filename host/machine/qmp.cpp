#include "host/machine/qmp.hpp"

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>

namespace hm::host {

namespace fs = std::filesystem;

Qmp::~Qmp() {
    if (!socket_.empty()) {
        std::error_code ignored;
        fs::remove_all(socket_.parent_path(), ignored);
    }
}

std::string Qmp::open() {
    std::error_code none;
    const fs::path temporary = fs::temp_directory_path(none);
    std::string folder = (temporary / "hypmeter-XXXXXX").string();
    if (none || ::mkdtemp(folder.data()) == nullptr) {
        return fmt::format("cannot make a folder \"{}\" for QEMU's monitor: {}", folder,
                           none ? none.message() : std::strerror(errno));
    }
    socket_ = fs::path(folder) / "qmp";
    constexpr std::size_t kLongest = sizeof(sockaddr_un::sun_path) - 1;
    return socket_.native().size() <= kLongest
               ? std::string()
               : fmt::format(
                     "the folder for temporary files, \"{}\", has too long a name for a "
                     "socket; set TMPDIR to a shorter one",
                     temporary.string());
}

void Qmp::quit() {
    connection_ = FileDescriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string& path = socket_.native();
    std::copy(path.begin(), path.end(), address.sun_path);
    if (::connect(connection_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
        0) {
        return;
    }
    // QEMU reads both in turn, after its own greeting. The connection stays open until then.
    constexpr std::string_view kWords = R"({"execute":"qmp_capabilities"}{"execute":"quit"})"
                                        "\n";
    (void)::send(connection_.get(), kWords.data(), kWords.size(), MSG_NOSIGNAL);
}

}  // namespace hm::host
