#include "host/machine/qmp.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <string_view>

namespace hm::host {

std::string Qmp::error() const {
    constexpr std::size_t kLongest = sizeof(sockaddr_un::sun_path) - 1;
    if (!folder_.error().empty() || socket().native().size() <= kLongest) {
        return folder_.error();
    }
    return fmt::format(
        "the folder for temporary files, \"{}\", has too long a name for a socket; set TMPDIR to "
        "a shorter one",
        folder_.path().parent_path().string());
}

void Qmp::quit() {
    connection_ = FileDescriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = socket().string();
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
