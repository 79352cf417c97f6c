#include "tests/system/uboot_machine.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "tests/system/tool.hpp"

namespace hm::test {

std::vector<std::string> uboot_machine(const std::string& machine, const std::string& uart,
                                       const UBootSources& sources, const std::string& memory) {
    std::vector<std::string> command{"qemu-system-arm",
                                     "-M",
                                     machine,
                                     "-cpu",
                                     "cortex-a15,cntfrq=1000000000",
                                     "-m",
                                     memory,
                                     "-bios",
                                     "/usr/lib/u-boot/qemu_arm/u-boot.bin",
                                     "-display",
                                     "none",
                                     "-monitor",
                                     "none",
                                     "-chardev",
                                     uart + ",id=uart",
                                     "-serial",
                                     "chardev:uart",
                                     "-global",
                                     "virtio-mmio.force-legacy=false"};
    if (!sources.disk.empty()) {
        command.insert(command.end(),
                       {"-drive", "if=none,id=d,format=raw,file=" + sources.disk.string(),
                        "-device", "virtio-blk-device,drive=d"});
    }
    if (sources.tftp.empty()) {
        command.insert(command.end(), {"-nic", "none"});
    } else {
        command.insert(command.end(),
                       {"-netdev", "user,id=n,restrict=on,tftp=" + sources.tftp.string(), "-device",
                        "virtio-net-device,netdev=n"});
    }
    return command;
}

std::vector<std::string> h3_machine(const std::string& uart, const UBootSources& sources) {
    const std::string tftp = sources.tftp.empty() ? "" : ",tftp=" + sources.tftp.string();
    return {"qemu-system-arm",
            "-M",
            "orangepi-pc",
            "-cpu",
            "cortex-a7,cntfrq=24000000",
            "-m",
            "1G",
            "-display",
            "none",
            "-monitor",
            "none",
            "-chardev",
            uart + ",id=uart",
            "-serial",
            "chardev:uart",
            "-nic",
            "user,restrict=on" + tftp,
            "-drive",
            "if=sd,format=raw,file=" + sources.disk.string()};
}

const std::string& why_no_uboot_for_h3() {
    static const std::string why = [] {
        const Finished fetched =
            run(quoted(HYPMETER_SOURCE_DIR "/toolchain/u-boot-sunxi/fetch.py") + " " +
                quoted(HYPMETER_BUILDS "/u-boot-sunxi"));
        return fetched.status == 0 ? std::string() : fetched.output;
    }();
    return why;
}

std::vector<std::string> commands_below(const std::string& heading, const std::string& text) {
    std::istringstream lines(text);
    std::vector<std::string> commands;
    bool below = false;
    for (std::string line; std::getline(lines, line);) {
        if (below && line.starts_with("    ")) {
            commands.push_back(line.substr(4));
        } else {
            below = line.find(heading) != std::string::npos;
        }
    }
    EXPECT_FALSE(commands.empty()) << heading << " in " << text;
    return commands;
}

std::vector<std::string> printed_commands(const std::string& heading, const std::string& board) {
    const Finished listed = run(std::string(HYPMETER_TOOL) + " image --board " + board);
    EXPECT_EQ(listed.status, 0) << listed.output;
    return commands_below(heading, listed.output);
}

void make_disk(const std::filesystem::path& folder, const std::string& board) {
    std::string script = "set -e\ncd " + folder.string() + "\n";
    for (const std::string& command : printed_commands("The disk, as a file ", board)) {
        script += command + "\n";
    }
    const Finished made = run("sh -c '" + script + "'");
    ASSERT_EQ(made.status, 0) << made.output;
}

}  // namespace hm::test
