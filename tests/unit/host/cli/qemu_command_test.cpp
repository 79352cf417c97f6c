// How a run starts QEMU.

#include <gtest/gtest.h>

#include "host/machine/boards.hpp"
#include "host/machine/qemu_command.hpp"
#include "tests/unit/host/cli/parsed.hpp"

namespace hm::host {
namespace {

Command qemu_command_of(std::vector<std::string> words) {
    return qemu_command(run_of(std::move(words)),
                        {.program = "/bin/qemu", .complaints = "complaints", .monitor = "m/qmp"});
}

/// The value of QEMU's option of that name, or "(none)".
std::string qemu_option(const Command& command, const std::string& name) {
    for (std::size_t i = 1; i < command.arguments.size(); ++i) {
        if (command.arguments[i - 1] == name && command.arguments[i][0] != '-') {
            return command.arguments[i];
        }
    }
    return "(none)";
}

TEST(HostQemu, VexpressHasItsParametersInADeviceTree) {
    const Command command = qemu_command_of(
        {"run", "--board", "vexpress", "--only", "chase,timer", "--set", "count=5", "memory=2G"});
    EXPECT_EQ(qemu_option(command, "-M"), "vexpress-a15");
    EXPECT_EQ(qemu_option(command, "-m"), "2048M");
    EXPECT_EQ(qemu_option(command, "-kernel"), "builds/vexpress/hypmeter-vexpress.elf");
    EXPECT_EQ(qemu_option(command, "-dtb"), "builds/vexpress/boot/hypmeter-vexpress.dtb");
    EXPECT_EQ(qemu_option(command, "-append"), "suite=quick only=chase,timer count=5");
    EXPECT_EQ(qemu_option(qemu_command_of({"run"}), "-dtb"), "(none)") << "virt has its own";
}

TEST(HostQemu, AnH3IsEnteredInHypByAUImageAndItsMachineIsAlwaysTheSame) {
    const Command hyp = qemu_command_of({"run", "--board", "orangepi", "--only", "timer"});
    EXPECT_EQ(qemu_option(hyp, "-M"), "orangepi-pc");
    EXPECT_EQ(qemu_option(hyp, "-cpu"), "cortex-a7,cntfrq=1000000000");
    EXPECT_EQ(qemu_option(hyp, "-m"), "1024M");
    EXPECT_EQ(qemu_option(hyp, "-smp"), "(none)") << "QEMU refuses any number but 4";
    EXPECT_EQ(qemu_option(hyp, "-icount"), "shift=0,sleep=off") << "it cannot record four cores";
    EXPECT_EQ(qemu_option(hyp, "-kernel"), "builds/orangepi/boot/hypmeter-orangepi.uimg");
    EXPECT_EQ(qemu_option(hyp, "-dtb"), "builds/orangepi/boot/hypmeter-orangepi.dtb");
    EXPECT_EQ(qemu_option(hyp, "-append"), "suite=quick only=timer");
    const Command secure = qemu_command_of({"run", "--board", "orangepi", "--entry", "secure"});
    EXPECT_EQ(qemu_option(secure, "-M"), "orangepi-pc");
    EXPECT_EQ(qemu_option(secure, "-kernel"), "builds/orangepi/hypmeter-orangepi.elf");
}

TEST(HostQemu, WhatAMachineAlwaysHasCannotBeSet) {
    EXPECT_EQ(run_of({"run", "--board", "orangepi", "--set", "memory=1G"}).cores(), 4U);
    EXPECT_EQ(run_of({"run", "--set", "smp=2"}).cores(), 2U);
    const UsageError memory = refusal_of({"run", "--board", "orangepi", "--set", "memory=512M"});
    EXPECT_EQ(memory.line, "QEMU's orangepi-pc always has 1G of memory");
    EXPECT_EQ(memory.valid, "--set memory=1G, or nothing\n");
    EXPECT_EQ(refusal_of({"run", "--board", "orangepi", "--set", "smp=2", "--clock", "wall"}).line,
              "QEMU's orangepi-pc always has 4 cores: smp cannot be set");
}

TEST(HostQemu, NoGuestCanCallTheHost) {
    // Whatever the machine: code at PL1 could call this interface of QEMU, and HYP cannot trap it.
    std::size_t machines = 0;
    for (const Board* const board : boards()) {
        if (!board->has_qemu()) {
            continue;
        }
        ++machines;
        for (const char* const entry : {"hyp", "secure"}) {
            for (const char* const clock : {"instructions", "wall"}) {
                for (const std::string& argument :
                     qemu_command_of({"run", "--board", std::string(board->name), "--entry", entry,
                                      "--clock", clock})
                         .arguments) {
                    EXPECT_FALSE(has(argument, "semihost")) << argument;
                }
            }
        }
    }
    EXPECT_GE(machines, 3U);
}

TEST(HostQemu, IsEndedOverASocketAndConfinedIfItCanBe) {
    const RunOptions run = run_of({"run"});
    const QemuPlace open{.program = "qemu", .complaints = "log", .monitor = "a,b/qmp"};
    EXPECT_EQ(qemu_option(qemu_command(run, open), "-qmp"), "unix:a,,b/qmp,server=on,wait=off");
    EXPECT_EQ(qemu_option(qemu_command(run, open), "-sandbox"), "(none)");
    QemuPlace confined = open;
    confined.sandbox = true;
    EXPECT_EQ(qemu_option(qemu_command(run, confined), "-sandbox"),
              "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny");
}

TEST(HostQemu, WallTimeIsTheSameMachineWithoutIcount) {
    const auto line = [](std::vector<std::string> words) {
        std::string joined;
        for (const std::string& argument : qemu_command_of(std::move(words)).arguments) {
            joined += argument + " ";
        }
        return joined;
    };
    std::string counted = line({"run"});
    const std::string wall = line({"run", "--clock", "wall"});
    EXPECT_FALSE(has(wall, "icount"));
    const std::string icount = "-icount shift=0,sleep=off,rr=record,rrfile=/dev/fd/3 ";
    ASSERT_TRUE(has(counted, icount));
    EXPECT_EQ(counted.erase(counted.find(icount), icount.size()), wall);
}

TEST(HostQemu, TheMachineIsTheOneThatTheDesignNames) {
    const Command command = qemu_command_of({"run", "--set", "memory=512M", "smp=2"});
    EXPECT_EQ(command.program, "/bin/qemu");
    std::string line;
    for (const std::string& argument : command.arguments) {
        line += argument + " ";
    }
    for (const char* part :
         {"-M virt,virtualization=on,gic-version=2 ", "-cpu cortex-a15,cntfrq=1000000000 ",
          // It cannot record two cores.
          "-icount shift=0,sleep=off ", "-smp 2 ", "-m 512M ", "-nographic ",
          "-d guest_errors,unimp -D complaints ", "-kernel builds/virt/hypmeter-virt.elf ",
          "-append suite=quick "}) {
        EXPECT_TRUE(has(line, part)) << part << "in " << line;
    }
}

}  // namespace
}  // namespace hm::host
