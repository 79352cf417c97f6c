# A machine of gem5 24.0 that is like a Cortex-A15, for the image of board vexpress.
#
# WE HAVE NEVER RUN THIS SCRIPT UNDER A REAL GEM5. It was written from gem5's sources, and a test runs
# it with a module that stands in for gem5's (tests/system/gem5_stubs). If gem5 refuses a line of it,
# gem5.log in the folder of the results says which.
#
# gem5.opt --outdir=OUT toolchain/gem5/hypmeter.py --image ELF --dtb BLOB --tree TREE
#
# BLOB is the device tree, whose bootargs are the parameters of the run. The UART's output goes to
# OUT/system.terminal. gem5 does not end by itself: the tool reads that file and sends gem5 SIGINT after the
# last record. The exit status is then 0, even if the run went wrong: the records say how it went.

import argparse
import importlib.util
import os
import sys

import m5
from m5.objects import *

CORE_MODEL = "configs/common/cores/arm/ex5_big.py"
MEMORY_START = 0x80000000
MEMORY = AddrRange(start=MEMORY_START, size="1GiB")
# What gem5 says when SIGINT has ended a simulation (src/sim/simulate.cc).
ENDED_FROM_OUTSIDE = "user interrupt received"


def core_model(tree):
    """The module that describes the core and its caches, from the user's own tree of gem5."""
    path = os.path.join(tree, CORE_MODEL)
    if not os.path.isfile(path):
        sys.exit(f'no core model "{path}"')
    spec = importlib.util.spec_from_file_location("ex5_big", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["ex5_big"] = module
    spec.loader.exec_module(module)
    return module


def add_core(system, model):
    system.core_voltage = VoltageDomain(voltage="1.0V")
    system.core_clock = SrcClockDomain(clock="1.7GHz", voltage_domain=system.core_voltage)
    cpu = model.ex5_big(cpu_id=0, clk_domain=system.core_clock)
    cpu.createThreads()
    cpu.createInterruptController()
    # The sizes of an Exynos 5250, not the model's: that is a later one with a larger L2.
    cpu.addTwoLevelCacheHierarchy(
        model.L1I(size="32KiB"),
        model.L1D(size="32KiB"),
        model.L2(size="1MiB"),
        xbar=L2XBar(width=64),
    )
    cpu.connectCachedPorts(system.membus.cpu_side_ports)
    # Without an interrupt PMCCNTR stands still. A PPI that nothing else uses, and nothing waits for.
    for isa in cpu.isa:
        isa.pmu = ArmPMU(interrupt=ArmPPI(num=23), eventCounters=6)
        isa.pmu.addArchEvents(
            cpu=cpu,
            itb=cpu.mmu.itb,
            dtb=cpu.mmu.dtb,
            icache=cpu.icache,
            dcache=cpu.dcache,
            l2cache=cpu.l2cache,
        )
    system.cpu = cpu


def add_board(system):
    """The devices of a Versatile Express, and the memory."""
    system.realview = VExpress_GEM5_V1()
    system.gic_cpu_addr = system.realview.gic.cpu_addr
    system.intrctrl = IntrControl()
    # The keyboard asks for the latter.
    system.terminal = Terminal(outfile="file")
    system.vncserver = VncServer()

    # An access to an unused address is an abort, not the end of the simulation.
    system.membus = SystemXBar()
    system.membus.badaddr_responder = BadAddr(warn_access="warn")
    system.membus.default = system.membus.badaddr_responder.pio
    system.system_port = system.membus.cpu_side_ports

    system.iobus = IOXBar()
    system.iobridge = Bridge(delay="50ns")
    system.iobridge.cpu_side_port = system.membus.mem_side_ports
    system.iobridge.mem_side_port = system.iobus.cpu_side_ports
    system.realview.attachOnChipIO(system.membus, system.iobridge)
    system.realview.attachIO(system.iobus)

    system.mem_ranges = [MEMORY]
    system.memory = MemCtrl(dram=DDR3_1600_8x8(range=MEMORY))
    system.memory.port = system.membus.mem_side_ports


def make_system(options):
    model = core_model(options.tree)
    system = ArmSystem(
        mem_mode=model.ex5_big.memory_mode(),
        multi_proc=True,
        # The core resets in Secure SVC, AArch32, at the image's entry.
        highest_el_is_64=False,
        auto_reset_addr=True,
        release=ArmRelease(extensions=["LPAE", "VIRTUALIZATION", "SECURITY"]),
    )
    system.voltage_domain = VoltageDomain(voltage="1.0V")
    system.clk_domain = SrcClockDomain(clock="1GHz", voltage_domain=system.voltage_domain)
    add_board(system)
    add_core(system, model)
    # No boot loader: the image finds the tree at the start of memory. Only a Linux workload loads a
    # `dtb_filename`; any workload loads each of its `extras` to the address that it is given.
    system.workload = ArmFsWorkload(
        object_file=options.image,
        dtb_addr=0,
        extras=[options.dtb],
        extras_addrs=[MEMORY_START],
    )
    return system


def main():
    parser = argparse.ArgumentParser(description="An ex5_big core that runs hypmeter's image")
    parser.add_argument("--image", required=True, help="ELF of board vexpress")
    parser.add_argument("--dtb", required=True, help="device tree with the parameters of the run")
    parser.add_argument("--tree", required=True, help="the source tree in which gem5 was built")
    options = parser.parse_args()

    root = Root(full_system=True)
    root.system = make_system(options)
    m5.instantiate()
    event = m5.simulate()
    cause = event.getCause()
    print(f"{cause} at tick {m5.curTick()}")
    # Any other end is a failure, even if gem5 gives it the code 0.
    sys.exit(0 if cause == ENDED_FROM_OUTSIDE else 1)


if __name__ == "__m5_main__":
    main()
