#include "host/machine/qmp.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>

namespace hm::host::testing {
namespace {

namespace fs = std::filesystem;

/// Listens as QEMU would.
FileDescriptor listen_at(const fs::path& path) {
    FileDescriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string& name = path.native();
    std::copy(name.begin(), name.end(), address.sun_path);
    EXPECT_EQ(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
              0);
    EXPECT_EQ(::listen(listener.get(), 1), 0);
    return listener;
}

TEST(HostQmp, AsksQemuToEnd) {
    Qmp monitor;
    ASSERT_EQ(monitor.error(), "");
    const FileDescriptor listener = listen_at(monitor.socket());
    monitor.quit();
    const FileDescriptor connection(::accept(listener.get(), nullptr, nullptr));
    std::array<char, 256> bytes{};
    const auto got = ::recv(connection.get(), bytes.data(), bytes.size(), 0);
    ASSERT_GT(got, 0);
    // Commands are taken only after the capabilities are agreed on (QEMU,
    // docs/interop/qmp-spec.txt, "Capabilities Negotiation").
    EXPECT_EQ(std::string_view(bytes.data(), static_cast<std::size_t>(got)),
              "{\"execute\":\"qmp_capabilities\"}{\"execute\":\"quit\"}\n");
}

TEST(HostQmp, LivesInAFolderThatOnlyThisUserCanEnterAndThatGoesAway) {
    fs::path folder;
    {
        Qmp monitor;
        ASSERT_EQ(monitor.error(), "");
        folder = monitor.socket().parent_path();
        EXPECT_EQ(fs::status(folder).permissions(), fs::perms::owner_all);
        monitor.quit();  // nobody listens: nothing happens
    }
    EXPECT_FALSE(fs::exists(folder));
}

}  // namespace
}  // namespace hm::host::testing
