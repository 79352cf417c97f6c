#include "host/guest/guest_tree.hpp"

#include <fmt/format.h>
#include <libfdt.h>

#include <initializer_list>
#include <string_view>
#include <vector>

namespace hm::host {
namespace {

// What the nodes refer to each other by.
constexpr std::uint32_t kGicHandle = 1;
constexpr std::uint32_t kClockHandle = 2;

// An interrupt is three cells: its kind, its number within that, and how it is signalled, with the
// CPUs that a PPI is wired to from bit 8 on (Linux,
// Documentation/devicetree/bindings/interrupt-controller/arm,gic.yaml).
constexpr std::uint32_t kSpi = 0;
constexpr std::uint32_t kPpi = 1;
constexpr std::uint32_t kLevelHigh = 4;
constexpr std::uint32_t kFirstSpi = 32;  // ID: IHI 0048B.b, 2.2.1
constexpr std::uint32_t kFirstPpi = 16;

/// Writes a tree from its beginning to its end.
class TreeWriter {
  public:
    explicit TreeWriter(std::size_t most) : blob_(most, '\0') {
        keep(fdt_create(blob_.data(), static_cast<int>(most)));
        keep(fdt_finish_reservemap(blob_.data()));
    }

    void begin(const std::string& name) { keep(fdt_begin_node(blob_.data(), name.c_str())); }
    void end() { keep(fdt_end_node(blob_.data())); }

    void cells(const char* name, const std::vector<std::uint32_t>& values) {
        std::vector<fdt32_t> big;
        big.reserve(values.size());
        for (const std::uint32_t value : values) {
            big.push_back(cpu_to_fdt32(value));
        }
        property(name, big.data(), big.size() * sizeof(fdt32_t));
    }
    /// One after the other, each with a zero at its end.
    void strings(const char* name, std::initializer_list<std::string_view> values) {
        std::string list;
        for (const std::string_view value : values) {
            list.append(value).push_back('\0');
        }
        property(name, list.data(), list.size());
    }
    void flag(const char* name) { property(name, nullptr, 0); }

    /// Empty if the tree did not fit.
    [[nodiscard]] std::string finish() {
        keep(fdt_finish(blob_.data()));
        blob_.resize(fits_ ? fdt_totalsize(blob_.data()) : 0);
        return std::move(blob_);
    }

  private:
    void property(const char* name, const void* value, std::size_t bytes) {
        keep(fdt_property(blob_.data(), name, value, static_cast<int>(bytes)));
    }
    void keep(int error) { fits_ = fits_ && error == 0; }

    std::string blob_;
    bool fits_ = true;
};

std::string uart_name(const VirtualMachine& machine) {
    return fmt::format("serial@{:x}", machine.uart);
}

/// Devicetree Specification 0.4, 3.6; Linux, Documentation/arch/arm/booting.rst and
/// Documentation/devicetree/bindings/chosen.txt, for the initrd.
void write_chosen(TreeWriter& tree, const VirtualMachine& machine,
                  const std::optional<Stretch>& initrd) {
    tree.begin("chosen");
    tree.strings("stdout-path", {"/" + uart_name(machine)});
    if (!machine.bootargs.empty()) {
        tree.strings("bootargs", {machine.bootargs});
    }
    if (initrd) {
        tree.cells("linux,initrd-start", {static_cast<std::uint32_t>(initrd->begin)});
        tree.cells("linux,initrd-end", {static_cast<std::uint32_t>(initrd->end)});
    }
    tree.end();
}

/// Devicetree Specification 0.4, 3.4.
void write_memory(TreeWriter& tree, const VirtualMachine& machine) {
    tree.begin(fmt::format("memory@{:x}", machine.memory_base));
    tree.strings("device_type", {"memory"});
    tree.cells("reg", {machine.memory_base, machine.memory_bytes});
    tree.end();
}

/// Linux, Documentation/devicetree/bindings/arm/cpus.yaml and psci.yaml.
void write_cpus(TreeWriter& tree, const VirtualMachine& machine) {
    tree.begin("cpus");
    tree.cells("#address-cells", {1});
    tree.cells("#size-cells", {0});
    for (std::uint32_t cpu = 0; cpu < machine.cpus; ++cpu) {
        tree.begin(fmt::format("cpu@{:x}", cpu));
        tree.strings("device_type", {"cpu"});
        tree.strings("compatible", {"arm," + machine.core});
        tree.cells("reg", {cpu});
        if (machine.has_psci) {
            tree.strings("enable-method", {"psci"});
        }
        tree.end();
    }
    tree.end();
    if (machine.has_psci) {
        tree.begin("psci");
        tree.strings("compatible", {"arm,psci-1.0", "arm,psci-0.2"});
        tree.strings("method", {"hvc"});
        tree.end();
    }
}

/// Linux, Documentation/devicetree/bindings/timer/arm,arch_timer.yaml: the Secure timer, the
/// Non-secure one, the virtual one and that of HYP, which are PPIs 29, 30, 27 and 26 (Cortex-A15
/// TRM, "Interrupt sources").
void write_timer(TreeWriter& tree, const VirtualMachine& machine) {
    const std::uint32_t signalled = ((1U << machine.cpus) - 1) << 8 | kLevelHigh;
    std::vector<std::uint32_t> interrupts;
    for (const std::uint32_t id : {29U, 30U, 27U, 26U}) {
        interrupts.insert(interrupts.end(), {kPpi, id - kFirstPpi, signalled});
    }
    tree.begin("timer");
    tree.strings("compatible", {"arm,armv7-timer"});
    tree.cells("interrupts", interrupts);
    tree.flag("always-on");
    tree.end();
}

/// A GICv2: its distributor, and its CPU interface.
void write_gic(TreeWriter& tree, const VirtualMachine& machine) {
    tree.begin(fmt::format("interrupt-controller@{:x}", machine.distributor));
    tree.strings("compatible", {"arm,cortex-a15-gic"});
    tree.flag("interrupt-controller");
    tree.cells("#interrupt-cells", {3});
    tree.cells("#address-cells", {0});
    tree.cells("reg", {machine.distributor, 0x1000, machine.cpu_interface, 0x2000});
    tree.cells("phandle", {kGicHandle});
    tree.end();
}

/// Linux, Documentation/devicetree/bindings/serial/pl011.yaml. Its driver wants both clocks.
void write_uart(TreeWriter& tree, const VirtualMachine& machine) {
    tree.begin("uart-clock");
    tree.strings("compatible", {"fixed-clock"});
    tree.cells("#clock-cells", {0});
    tree.cells("clock-frequency", {machine.uart_hz});
    tree.cells("phandle", {kClockHandle});
    tree.end();
    tree.begin(uart_name(machine));
    tree.strings("compatible", {"arm,pl011", "arm,primecell"});
    tree.cells("reg", {machine.uart, 0x1000});
    tree.cells("interrupts", {kSpi, machine.uart_interrupt - kFirstSpi, kLevelHigh});
    tree.cells("clocks", {kClockHandle, kClockHandle});
    tree.strings("clock-names", {"uartclk", "apb_pclk"});
    tree.end();
}

}  // namespace

std::string guest_tree(const VirtualMachine& machine, const std::optional<Stretch>& initrd) {
    // Several times what all nodes take but the command line.
    constexpr std::size_t kNodes = 8192;
    TreeWriter tree(kNodes + machine.bootargs.size());
    tree.begin("");
    tree.strings("compatible", {"linux,dummy-virt"});  // Linux, arch/arm/mach-virt
    tree.strings("model", {"hypmeter virtual machine"});
    tree.cells("#address-cells", {1});
    tree.cells("#size-cells", {1});
    tree.cells("interrupt-parent", {kGicHandle});
    write_chosen(tree, machine, initrd);
    write_memory(tree, machine);
    write_cpus(tree, machine);
    write_timer(tree, machine);
    write_gic(tree, machine);
    write_uart(tree, machine);
    tree.end();
    return tree.finish();
}

}  // namespace hm::host
