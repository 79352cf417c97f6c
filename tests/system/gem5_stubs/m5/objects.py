"""The objects of gem5 that the script and the core model name. They keep whatever is set."""


class SimObject:
    """An attribute that was not set reads as a name, like a port."""

    def __init__(self, *arguments, **values):
        self.__dict__["values"] = dict(values)
        if arguments:
            self.values["arguments"] = arguments

    def __setattr__(self, name, value):
        self.values[name] = value

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name in self.values:
            return self.values[name]
        return f"{type(self).__name__}.{name}"

    def described(self):
        return {
            "type": type(self).__name__,
            **{name: describe(value) for name, value in self.values.items()},
        }


def describe(value):
    if isinstance(value, SimObject):
        return value.described()
    if isinstance(value, (list, tuple)):
        return [describe(one) for one in value]
    return value if value is None or isinstance(value, (bool, int, str)) else repr(value)


class Root(SimObject):
    last = None

    def __init__(self, **values):
        super().__init__(**values)
        Root.last = self


TLBS = ("itb", "dtb", "l2_shared", "stage2_itb", "stage2_dtb")
WALKERS = ("itb_walker", "dtb_walker", "stage2_itb_walker", "stage2_dtb_walker")


class ArmO3CPU(SimObject):
    @classmethod
    def memory_mode(cls):
        return "timing"

    def __init__(self, **values):
        super().__init__(
            mmu=ArmMMU(
                **{name: ArmTLB() for name in TLBS}, **{name: ArmTableWalker() for name in WALKERS}
            ),
            **values,
        )

    def createThreads(self):
        self.isa = [ArmISA()]

    def createInterruptController(self):
        self.interrupts = [ArmInterrupts()]

    def addPrivateSplitL1Caches(self, ic, dc):
        self.icache, self.dcache = ic, dc

    def connectCachedPorts(self, ports):
        self.memory_side = ports


class ArmPMU(SimObject):
    def addArchEvents(self, cpu, itb, dtb, icache, dcache, l2cache):
        self.counts = [type(one).__name__ for one in (cpu, itb, dtb, icache, dcache, l2cache)]


class VExpress_GEM5_V1(SimObject):
    def __init__(self):
        super().__init__(gic=Gic(cpu_addr=0x2C002000))

    def attachOnChipIO(self, bus, bridge):
        self.on_chip = type(bus).__name__
        bridge.ranges = "off-chip"

    def attachIO(self, bus):
        self.off_chip = type(bus).__name__


for _name in (
    "AddrRange ArmFsWorkload ArmISA ArmInterrupts ArmMMU ArmPPI ArmRelease "
    "ArmSystem ArmTLB ArmTableWalker BadAddr Bridge Cache DDR3_1600_8x8 DDR4_2400_8x8 Gic IOXBar L2XBar "
    "LRURP MemCtrl RandomRP SrcClockDomain StridePrefetcher SystemXBar TaggedPrefetcher Terminal "
    "VncServer VoltageDomain"
).split():
    globals()[_name] = type(_name, (SimObject,), {})

NULL = None

__all__ = [name for name in dir() if name[0].isupper()]
