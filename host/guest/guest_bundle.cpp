#include "host/guest/guest_bundle.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "host/base/files.hpp"

namespace hm::host {

MadeBundle bundle_of_files(const VirtualMachine& machine, const GuestRun& run,
                           const BundleFiles& files) {
    const auto unreadable = [](const std::filesystem::path& path) {
        return MadeBundle{
            {}, fmt::format("cannot read \"{}\": {}", path.string(), std::strerror(errno))};
    };
    if (std::string fault = machine_fault(machine); !fault.empty()) {
        return {{}, std::move(fault)};
    }
    errno = 0;
    const auto kernel = read_file(files.kernel);
    if (!kernel) {
        return unreadable(files.kernel);
    }
    const auto initrd = files.initrd.empty() ? std::string() : read_file(files.initrd);
    if (!initrd) {
        return unreadable(files.initrd);
    }
    const Parsed<Kernel> parsed = parse_kernel(*kernel, {.memory_base = machine.memory_base,
                                                         .memory_bytes = machine.memory_bytes,
                                                         .load = files.load,
                                                         .entry = files.entry});
    if (!parsed.value) {
        return {{}, fmt::format("\"{}\" {}", files.kernel.string(), parsed.error)};
    }
    return make_bundle(machine, run, *parsed.value, *initrd);
}

}  // namespace hm::host
