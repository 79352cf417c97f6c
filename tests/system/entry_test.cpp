// Every state in which a loader may leave a core, and what the image does with it.

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "tests/system/dialogue.hpp"
#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

using nlohmann::json;

constexpr const char* kCounted = " -icount shift=0,sleep=off -smp 1";
constexpr const char* kShort = "only=hypercall,timer count=20 spins=20 shares=3";

/// What a machine printed, and QEMU's complaints.
struct Boot {
    Finished finished;
    std::string complaints;
};

std::string qemu_line(const std::string& complaints, const std::string& arguments) {
    return "qemu-system-arm -cpu cortex-a15,cntfrq=1000000000 -m 1G -nic none -nographic -monitor "
           "none -serial stdio -d guest_errors,unimp -D " +
           complaints + " " + arguments;
}

/// Until the target turns the machine off.
Boot boot(const std::string& arguments) {
    const ScratchFolder scratch;
    const std::string complaints = scratch / "qemu.log";
    return {run("timeout -k 5 120 " + qemu_line(complaints, arguments) + " </dev/null"),
            read_text(complaints)};
}

/// The same for a machine that nothing can turn off from the inside: it is ended after its last
/// record, or where it says that none will come.
Boot boot_until_the_end(const std::string& arguments) {
    const ScratchFolder scratch;
    const std::string complaints = scratch / "qemu.log";
    Dialogue qemu({"sh", "-c", "exec " + qemu_line(complaints, arguments)});
    bool ended = false;
    for (int seconds = 0; seconds < 120 && !ended; ++seconds) {
        ended = qemu.expect(R"("record":"end")", std::chrono::seconds(1)) ||
                qemu.rest().find("hypmeter: nothing more will come") != std::string_view::npos;
    }
    return {{ended ? 0 : 1, qemu.transcript()}, read_text(complaints)};
}

std::string built(const std::string& name, const std::string& ending = ".elf") {
    return std::string(HYPMETER_BUILDS) + "/vexpress/" + name + ending;
}

Boot boot_vexpress(const std::string& options, const std::string& image, const std::string& words) {
    return boot("-M vexpress-a15" + options + " -audiodev none,id=none -kernel " + built(image) +
                " -dtb " + built("boot/hypmeter-vexpress", ".dtb") + " -append \"" + words + "\"");
}

/// As after a boot loader, which runs first and enters the image.
Boot boot_through(const std::string& loader, const std::string& words) {
    return boot_vexpress(
        std::string(kCounted) + " -device loader,file=" + built("hypmeter-vexpress"),
        "loader-" + loader, words);
}

Boot boot_virt(const std::string& options, const std::string& words) {
    const std::string arguments =
        "-M virt,gic-version=2" + options + " -kernel " + image() + " -append \"" + words + "\"";
    // QEMU has no PSCI for what enters in Secure state (hw/arm/boot.c, arm_load_kernel).
    return options.find("secure=on") == std::string::npos ? boot(arguments)
                                                          : boot_until_the_end(arguments);
}

void expect_complete(const Boot& boot) {
    EXPECT_EQ(boot.finished.status, 0) << boot.finished.output;
    EXPECT_NE(boot.finished.output.find(R"("record":"end")"), std::string::npos)
        << boot.finished.output;
    EXPECT_EQ(boot.complaints, "");
}

/// Records of what was measured, without the guest's checksum, which differs from board to board.
std::vector<std::string> results_of(const Boot& boot) {
    std::vector<std::string> found;
    std::istringstream lines(boot.finished.output);
    for (std::string line; std::getline(lines, line);) {
        if (line.find(R"("record":"result")") != std::string::npos) {
            found.push_back(line.substr(0, line.rfind(" crc=")));
        }
    }
    return found;
}

TEST(Entry, HypIsTaken) {
    const Boot hyp = boot_virt(std::string(",virtualization=on") + kCounted, kShort);
    expect_complete(hyp);
    EXPECT_GT(results_of(hyp).size(), 100U);
}

TEST(Entry, SecureSvcOfVirtBecomesHypAndCountsTheSame) {
    // The HYP timer is then an FIQ that cannot be acknowledged, so a tick takes another path. Rows
    // of a core that two VMs share may differ, all others may not.
    const Boot hyp = boot_virt(std::string(",virtualization=on") + kCounted, "only=hypercall");
    const Boot secure =
        boot_virt(std::string(",virtualization=on,secure=on") + kCounted, "only=hypercall");
    expect_complete(secure);
    EXPECT_EQ(results_of(secure), results_of(hyp));
    expect_complete(boot_virt(std::string(",virtualization=on,secure=on") + kCounted, kShort));
}

TEST(EntryOfVexpress, SecureSvcBecomesHyp) {
    expect_complete(boot_vexpress(kCounted, "hypmeter-vexpress", kShort));
}

TEST(EntryOfVexpress, HypIsTaken) {
    expect_complete(
        boot_vexpress(std::string(",secure=off") + kCounted, "hypmeter-vexpress", kShort));
}

TEST(Entry, SecureSvcWithMmuAndCachesOnBecomesHypAsAfterGo) {
    expect_complete(boot_through("GO", kShort));
}

TEST(Entry, HypIsTakenWithEveryInterruptInGroup1AsAfterBootm) {
    expect_complete(boot_through("BOOTM", kShort));
}

TEST(Entry, NonSecureSvcIsRefusedWithTheCommandToUse) {
    const Boot refused = boot_through("NON_SECURE_SVC", kShort);
    EXPECT_EQ(refused.finished.status, 0);
    EXPECT_NE(refused.finished.output.find("bootm or bootz, not go"), std::string::npos)
        << refused.finished.output;
    EXPECT_EQ(refused.finished.output.find("@hypmeter"), std::string::npos);
    EXPECT_EQ(refused.complaints, "");
}

/// The image said `why` and ended, before any record.
void expect_refused(const Boot& boot, const std::string& why) {
    EXPECT_EQ(boot.finished.status, 0);
    EXPECT_NE(boot.finished.output.find(why), std::string::npos) << boot.finished.output;
    EXPECT_EQ(boot.finished.output.find("@hypmeter"), std::string::npos);
    EXPECT_EQ(boot.complaints, "");
}

TEST(Entry, ACoreThatTakesNoPartInCoherencyIsRefusedWhereThatShows) {
    for (const char* const options : {"", ",secure=off"}) {
        expect_refused(boot_vexpress(std::string(options) + kCounted,
                                     "hypmeter-vexpress-like-arndale", kShort),
                       "ACTLR.SMP reads 0");
    }
}

TEST(Entry, AMachineWhoseCounterHasNoFrequencyIsRefused) {
    expect_refused(boot_through("NO_FREQUENCY", kShort), "CNTFRQ reads 0");
}

/// With a second core that never leaves its loader, which ends the machine when somebody writes to
/// its memory.
Boot boot_beside_a_held_core(const std::string& words) {
    return boot_vexpress(" -smp 2 -device loader,file=" + built("hypmeter-vexpress"), "loader-HELD",
                         words);
}

TEST(Entry, MemoryOfASecondCoreThatDidNotComeIsLeftAlone) {
    const Boot booted = boot_beside_a_held_core("only=timer count=20 spins=20 shares=3 linger=1");
    expect_complete(booted);
    const std::string& output = booted.finished.output;
    EXPECT_NE(output.find("the second core did not come"), std::string::npos) << output;
    EXPECT_EQ(output.find("overwritten"), std::string::npos) << output;
    // 1 GB less 16 MB.
    EXPECT_NE(output.find(R"("memory_bytes":1056964608)"), std::string::npos) << output;
}

TEST(Entry, RowsThatNeedASecondCoreThatDidNotComeAreSkippedWithTheReason) {
    const Boot booted = boot_beside_a_held_core("only=timer count=20 spins=20 load=core");
    expect_complete(booted);
    EXPECT_TRUE(
        std::regex_search(booted.finished.output,
                          std::regex(R"("timer [^"]*load=core[^"]*","ok":true,"skipped":true,)"
                                     R"("detail":"the second core did not come)")))
        << booted.finished.output;
}

TEST(Entry, SecureSvcWithoutHypIsRefused) {
    const Boot refused = boot_virt(std::string(",secure=on") + kCounted, kShort);
    EXPECT_EQ(refused.finished.status, 0);
    EXPECT_NE(refused.finished.output.find("without the Virtualization Extensions"),
              std::string::npos)
        << refused.finished.output;
}

TEST(Entry, TwoCoresThatEnterTogetherAreToldApart) {
    // Each core is then a thread of the host. The second one works as a load, or waits.
    constexpr const char* kLoaded = "only=timer count=50 spins=50 load=core";
    for (const char* const machine : {" -smp 2", ",secure=off -smp 2"}) {
        expect_complete(boot_vexpress(machine, "hypmeter-vexpress", kLoaded));
    }
    expect_complete(boot_virt(",virtualization=on,secure=on -smp 2", kLoaded));
}

TEST(Entry, ADeviceTreeTellsVexpressItsParametersAndAllItsMemory) {
    const Boot booted = boot(std::string("-M vexpress-a15 -audiodev none,id=none -m 2G -kernel ") +
                             built("hypmeter-vexpress") + kCounted + " -dtb " +
                             built("boot/hypmeter-vexpress", ".dtb") + " -append " +
                             "'only=chase stage1=lpae-2M stage2=1G bytes=1M'");
    expect_complete(booted);
    const std::string& output = booted.finished.output;
    EXPECT_NE(output.find(R"("memory_bytes":2147483648)"), std::string::npos) << output;
    EXPECT_TRUE(std::regex_search(
        output,
        std::regex(R"("chase stage1=lpae-2M [^"]* nested:1G/injected","ok":true,"detail":"")")))
        << output;
}

TEST(Entry, MemoryThatADeviceTreeReservesIsLeftAlone) {
    // Both ways to say it; the lower one counts, and the tree's own place does not.
    const ScratchFolder scratch;
    std::string tree = read_text(HYPMETER_SOURCE_DIR "/board/vexpress/vexpress.dts");
    tree.insert(tree.find("/ {"),
                "/memreserve/ 0x80000000 0x10000;\n/memreserve/ 0xb8000000 0x1000;\n");
    tree.insert(tree.rfind("};"),
                "reserved-memory { #address-cells = <1>; #size-cells = <1>; ranges;\n"
                "secure@b0000000 { reg = <0xb0000000 0x100000>; }; };\n");
    std::ofstream(scratch / "tree.dts") << tree;
    const std::string blob = scratch / "tree.dtb";
    const Finished compiled =
        run("dtc -q -I dts -O dtb -o " + blob + " " + (scratch / "tree.dts").string());
    ASSERT_EQ(compiled.status, 0) << compiled.output;
    const Boot booted =
        boot(std::string("-M vexpress-a15 -audiodev none,id=none -kernel ") +
             built("hypmeter-vexpress") + kCounted + " -dtb " + blob + " -append 'only=hypercall'");
    expect_complete(booted);
    // From 0x80000000 up to 0xb0000000.
    EXPECT_NE(booted.finished.output.find(R"("memory_bytes":805306368)"), std::string::npos)
        << booted.finished.output;
}

TEST(Entry, AGuestThatHangsIsEndedAfterASecureEntry) {
    const Boot boot =
        boot_vexpress(kCounted, "hypmeter-vexpress", "hang=1 only=hypercall watchdog=50000000");
    const std::regex ended(R"("hang (native|nested)[^}]*"the watchdog ended it)");
    const std::string& output = boot.finished.output;
    EXPECT_EQ(std::distance(std::sregex_iterator(output.begin(), output.end(), ended),
                            std::sregex_iterator()),
              2);
}

TEST(Entry, AfterANonSecureOneAHangIsEndedWhereHypHasTheInterrupts) {
    const std::string output =
        boot_through("BOOTM", "hang=1 only=hypercall watchdog=50000000").finished.output;
    EXPECT_TRUE(
        std::regex_search(output, std::regex(R"("hang native/native","ok":true,"skipped":true)")))
        << output;
    EXPECT_TRUE(std::regex_search(
        output, std::regex(R"("hang nested/injected","ok":false[^}]*"the watchdog ended it)")))
        << output;
}

TEST(Gem5, AnImageGetsAlongWithoutWhatItLacks) {
    // Checks everything that is written to the CPU interface and to list registers.
    const Boot boot = boot_vexpress(
        std::string(kCounted) + " --trace gic_cpu_write --trace gic_hyp_write",
        "hypmeter-vexpress-like-gem5", "count=50 spins=50 rounds=3 bytes=64K working_set=1M");
    EXPECT_EQ(boot.finished.status, 0) << boot.finished.output;
    const std::regex write(R"(gic_(cpu|hyp)_write .*at (0x[0-9a-f]+):? (0x[0-9a-f]+))");
    constexpr unsigned long kEoiModes = 0x600;
    std::size_t list_registers = 0;
    std::istringstream lines(boot.complaints);
    for (std::string line; std::getline(lines, line);) {
        std::smatch match;
        ASSERT_TRUE(std::regex_search(line, match, write)) << line;
        const unsigned long at = std::stoul(match[2], nullptr, 16);
        const unsigned long value = std::stoul(match[3], nullptr, 16);
        if (match[1] == "cpu") {
            EXPECT_NE(at, 0x1000U) << "GICC_DIR";
            EXPECT_TRUE(at != 0 || (value & kEoiModes) == 0) << line;
        } else if (at >= 0x100) {
            EXPECT_EQ(value >> 31, 0U) << "a linked list register: " << line;
            list_registers += value != 0 ? 1 : 0;
        }
    }
    EXPECT_GT(list_registers, 100U);
    const std::string& output = boot.finished.output;
    for (const char* const skipped :
         {R"("parity loop=float [^"]*","ok":true,"skipped":true,"detail":"this machine has no VFP)",
          R"("timer wait=wfi load=idle [^"]*nested/injected","ok":true,"skipped":true,)"
          R"("detail":"this machine fails on a list register)",
          R"("boot mapping=none [^"]*","ok":true,"skipped":true,)"
          R"("detail":"this machine's VMs have cached memory)"}) {
        EXPECT_TRUE(std::regex_search(output, std::regex(skipped))) << skipped;
    }
    for (const char* const measured :
         {R"("timer wait=wfi load=idle [^"]*nested/injected-soft","ok":true,"detail":"")",
          R"("timer wait=wfi load=idle [^"]*nested/direct","ok":true,"detail":"")",
          R"("hypercall path=vector-only [^"]*","ok":true,"detail":"")"}) {
        EXPECT_TRUE(std::regex_search(output, std::regex(measured))) << measured;
    }
}

TEST(Entry, AMachineWithoutHypModeIsRefusedInOneLine) {
    // Nothing can turn the machine off there, so the last line is for a host that does.
    Dialogue qemu(
        {"qemu-system-arm", "-M", "virt", "-cpu", "cortex-a15", "-nographic", "-kernel", image()});
    EXPECT_TRUE(qemu.expect("hypmeter: nothing more will come", std::chrono::seconds(20)))
        << qemu.transcript();
    EXPECT_NE(qemu.transcript().find("virtualization=on"), std::string::npos) << qemu.transcript();
}

}  // namespace
}  // namespace hm::test
