#pragma once
// What is known of QEMU's versions.

#include <compare>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hm::host {

struct QemuVersion {
    unsigned major = 0;
    unsigned minor = 0;

    friend auto operator<=>(const QemuVersion&, const QemuVersion&) = default;
};

/// Of "QEMU emulator version 7.2.15 (Debian ..)"; nothing if the line says none.
[[nodiscard]] std::optional<QemuVersion> parse_qemu_version(std::string_view line);

/// A version that somebody ran this with, the oldest first.
struct KnownQemu {
    QemuVersion version;
    bool tested = false;    ///< by every test; else only the named was observed
    std::string_view fact;  ///< what is special about it, or what was observed
};

[[nodiscard]] std::span<const KnownQemu> known_qemus();

/// One sentence for the user of a version below or above all that are known; else empty.
[[nodiscard]] std::string qemu_warning(std::string_view line);

}  // namespace hm::host
