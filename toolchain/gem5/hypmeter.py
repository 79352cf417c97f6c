# A machine of gem5 24.0 that is like a Cortex-A15, for the image of board vexpress.
#
# gem5.opt --outdir=OUT toolchain/gem5/hypmeter.py --image ELF --dtb BLOB --tree TREE --set l2_tlb=1024
# python3 toolchain/gem5/hypmeter.py --list
#
# --set changes parameters of the machine, which parameters.py lists. All of them are written to
# OUT/parameters.json. BLOB is the device tree, whose bootargs are the parameters of the run. The UART's output
# goes to OUT/system.terminal. gem5 does not end by itself: the tool reads that file and sends gem5 SIGINT after the
# last record. The exit status is then 0, even if the run went wrong: the records say how it went.

import argparse
import importlib.util
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import parameters

if "--list" in sys.argv[1:]:
    print(parameters.listed())
    sys.exit(0)

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


def prefetcher(values):
    lines = values["prefetch_lines"]
    if values["prefetcher"] == "stride":
        return StridePrefetcher(degree=lines, latency=1, prefetch_on_access=True)
    if values["prefetcher"] == "tagged":
        return TaggedPrefetcher(degree=lines)
    return NULL


def make_l1(cache, kilobytes, values):
    cycles = values["l1_cycles"]
    return cache(
        size=f"{kilobytes}KiB",
        assoc=values["l1_ways"],
        tag_latency=cycles,
        data_latency=cycles,
        response_latency=cycles,
        # Where L2 keeps what L1 is given, it has no use for a clean line that L1 throws out.
        writeback_clean=values["l2_holds_l1"] == "no",
    )


def make_l2(model, values):
    cycles = values["l2_cycles"]
    return model.L2(
        size=f"{values['l2_kb']}KiB",
        assoc=values["l2_ways"],
        tag_latency=cycles,
        data_latency=cycles,
        response_latency=cycles,
        clusivity="mostly_incl" if values["l2_holds_l1"] == "yes" else "mostly_excl",
        replacement_policy=RandomRP() if values["l2_random"] == "yes" else LRURP(),
        prefetcher=prefetcher(values),
    )


def add_table_caches(cpu, model, values):
    """A cache for the walkers of both stages, behind each L1 TLB."""
    for name, walkers in (
        ("itb", (cpu.mmu.itb_walker, cpu.mmu.stage2_itb_walker)),
        ("dtb", (cpu.mmu.dtb_walker, cpu.mmu.stage2_dtb_walker)),
    ):
        cache = make_l1(model.L1D, values["table_cache_kb"], values)
        bus = L2XBar(width=64)
        for walker in walkers:
            walker.port = bus.cpu_side_ports
        bus.mem_side_ports = cache.cpu_side
        cache.mem_side = cpu.toL2Bus.cpu_side_ports
        setattr(cpu, f"{name}_walker_cache", cache)
        setattr(cpu, f"{name}_walker_bus", bus)


def levels(word, last):
    """The levels whose descriptors of tables a TLB may hold."""
    return {"none": [], "last": [last], "all": ["L1", "L2"]}[word]


def set_tlbs(mmu, values):
    mmu.itb.size = values["l1_tlb"]
    mmu.dtb.size = values["l1_tlb"]
    mmu.l2_shared.size = values["l2_tlb"]
    # With LPAE a descriptor of level 2 points to a table of pages, the last level.
    mmu.l2_shared.partial_levels = levels(values["walk_cache"], "L2")
    for tlb in (mmu.stage2_itb, mmu.stage2_dtb):
        tlb.size = values["stage2_tlb"]


def add_core(system, model, values):
    system.core_voltage = VoltageDomain(voltage="1.0V")
    system.core_clock = SrcClockDomain(
        clock=f"{values['mhz']}MHz", voltage_domain=system.core_voltage
    )
    cpu = model.ex5_big(cpu_id=0, clk_domain=system.core_clock)
    set_tlbs(cpu.mmu, values)
    cpu.createThreads()
    cpu.createInterruptController()
    cpu.addPrivateSplitL1Caches(
        make_l1(model.L1I, values["l1i_kb"], values), make_l1(model.L1D, values["l1d_kb"], values)
    )
    cpu.toL2Bus = L2XBar(width=64)
    if values["table_cache_kb"]:
        add_table_caches(cpu, model, values)
        cpu._cached_ports = ["icache.mem_side", "dcache.mem_side"]
    cpu.connectCachedPorts(cpu.toL2Bus.cpu_side_ports)
    cpu.l2cache = make_l2(model, values)
    cpu.toL2Bus.mem_side_ports = cpu.l2cache.cpu_side
    cpu._cached_ports = ["l2cache.mem_side"]
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


def add_board(system, values):
    """The devices of a Versatile Express, and the memory."""
    system.realview = VExpress_GEM5_V1()
    system.gic_cpu_addr = system.realview.gic.cpu_addr
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
    dram = getattr(m5.objects, values["dram"])
    # 10 ns each way are gem5's own (src/mem/MemCtrl.py).
    controller_ns = 20 + values["dram_ns"]
    back_ns = min(controller_ns, 10)
    system.memory = MemCtrl(
        dram=dram(range=MEMORY, page_policy=values["dram_rows"]),
        static_frontend_latency=f"{controller_ns - back_ns}ns",
        static_backend_latency=f"{back_ns}ns",
    )
    system.memory.port = system.membus.mem_side_ports


def make_system(options, values):
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
    add_board(system, values)
    add_core(system, model, values)
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
    parser.add_argument("--set", nargs="+", default=[], metavar="NAME=VALUE", dest="settings")
    options = parser.parse_args()
    try:
        values = parameters.chosen(options.settings)
    except parameters.BadValue as why:
        sys.exit(str(why))
    with open(os.path.join(m5.options.outdir, "parameters.json"), "w") as file:
        json.dump(values, file, indent=1)

    root = Root(full_system=True)
    root.system = make_system(options, values)
    m5.instantiate()
    event = m5.simulate()
    cause = event.getCause()
    print(f"{cause} at tick {m5.curTick()}")
    # Any other end is a failure, even if gem5 gives it the code 0.
    sys.exit(0 if cause == ENDED_FROM_OUTSIDE else 1)


if __name__ == "__m5_main__":
    main()
