# The parameters of gem5's machine: a row for each, with the value of a Cortex-A15 and where that is from.
#
# TRM is the manual of the Cortex-A15 MPCore (ARM DDI 0438). 7-cpu.com measured an Exynos 5250
# (https://7-cpu.com/cpu/Cortex-A15.html). ex5_big is gem5's own model of such a core
# (configs/common/cores/arm/ex5_big.py).

from dataclasses import dataclass


class BadValue(Exception):
    """Says in one line what was wrong, and what is valid."""


@dataclass(frozen=True)
class Number:
    """A whole number. 0 may mean that there is no such thing."""

    low: int
    high: int
    or_zero: bool = False
    power: bool = False  # of two

    def parse(self, text):
        digits = text[1:] if text[:1] == "-" and self.low < 0 else text
        value = int(text) if digits.isascii() and digits.isdigit() else None
        if value == 0 and self.or_zero:
            return 0
        fits = value is not None and self.low <= value <= self.high
        if not fits or (self.power and value & (value - 1)):
            raise BadValue(self.valid())
        return value

    def valid(self):
        kind = "a power of two" if self.power else "a number"
        return f"{'0, or ' if self.or_zero else ''}{kind} from {self.low} to {self.high}"


@dataclass(frozen=True)
class Word:
    words: tuple

    def parse(self, text):
        if text not in self.words:
            raise BadValue(self.valid())
        return text

    def valid(self):
        return "one of " + ", ".join(self.words)


@dataclass(frozen=True)
class Parameter:
    name: str
    default: object
    values: object
    meaning: str
    source: str


YES_NO = Word(("no", "yes"))

PARAMETERS = (
    Parameter("mhz", 1700, Number(100, 4000), "clock of the core, in MHz", "7-cpu.com"),
    Parameter("l1i_kb", 32, Number(4, 512, power=True), "L1 instruction cache, in KB", "TRM 6.1"),
    Parameter("l1d_kb", 32, Number(4, 512, power=True), "L1 data cache, in KB", "TRM 6.1"),
    Parameter("l1_ways", 2, Number(1, 16, power=True), "ways of each L1 cache", "TRM 6.1"),
    Parameter(
        "l1_cycles",
        2,
        Number(1, 20),
        "cycles of a look-up in L1; a load takes two more in the pipeline",
        "ex5_big; with the pipeline's, the 4 of 7-cpu.com",
    ),
    Parameter("l2_kb", 1024, Number(64, 16384, power=True), "L2 cache, in KB", "7-cpu.com"),
    Parameter("l2_ways", 16, Number(1, 32, power=True), "ways of the L2 cache", "TRM 7.1"),
    Parameter(
        "l2_cycles", 15, Number(1, 100), "cycles of a look-up in L2, beyond L1 and bus", "ex5_big"
    ),
    Parameter(
        "l2_holds_l1",
        "yes",
        YES_NO,
        "whether a line that L1 is given stays in L2 too",
        "TRM 7.1: strictly enforced inclusion; gem5 does not enforce it",
    ),
    Parameter(
        "l2_random",
        "yes",
        YES_NO,
        "whether L2 replaces lines at random, or the least recently used",
        "TRM 7.1: random",
    ),
    Parameter(
        "prefetcher",
        "stride",
        Word(("none", "tagged", "stride")),
        "of L2: next lines (tagged), or lines at the stride of an instruction's loads",
        "ex5_big; TRM 7.4 has one and does not say when it begins",
    ),
    Parameter("prefetch_lines", 8, Number(1, 16), "lines that it brings at a time", "TRM 7.4"),
    Parameter(
        "l1_tlb", 32, Number(4, 1024), "entries of each L1 TLB, fully associative", "TRM 5.2"
    ),
    Parameter(
        "l2_tlb",
        512,
        Number(1, 65536),
        "entries of the L2 TLB: gem5's is fully associative, a Cortex-A15's has 4 ways",
        "TRM 5.2.3",
    ),
    Parameter(
        "walk_cache",
        "last",
        Word(("none", "last", "all")),
        "table descriptors that the L2 TLB holds beside pages, with LPAE only: those that point to a "
        "table of the last level, or of all levels; gem5 24.0 makes no use of them in AArch32",
        "gem5's own default; TRM 5.1 names walk caches and no more",
    ),
    Parameter(
        "stage2_tlb",
        32,
        Number(1, 65536),
        "entries of each TLB of stage 2, which walks of stage 1 use too",
        "gem5's own default; the size of a Cortex-A15's IPA cache is not published",
    ),
    Parameter(
        "table_cache_kb",
        0,
        Number(1, 512, or_zero=True, power=True),
        "a cache of each walker in front of L2, in KB; 0: walks read through L2",
        "not published: whether walks look in L1 is not known",
    ),
    Parameter(
        "dram",
        "DDR3_1600_8x8",
        Word(("DDR3_1600_8x8", "DDR3_2133_8x8", "DDR4_2400_8x8", "LPDDR2_S4_1066_1x32",
              "LPDDR3_1600_1x32")),
        "memory, by gem5's name of its timing",
        "an assumption: the timing of an Arndale's memory is not published",
    ),
    Parameter(
        "dram_rows",
        "open_adaptive",
        Word(("open_adaptive", "close")),
        "whether the controller keeps a row of the memory open, by what waits for it, or closes it after each access",
        "gem5's own: an assumption",
    ),
    Parameter(
        "dram_ns",
        0,
        Number(-20, 1000),
        "nanoseconds that the memory's controller takes beyond gem5's 20, both ways together",
        "gem5's own: an assumption",
    ),
)  # fmt: skip

BY_NAME = {parameter.name: parameter for parameter in PARAMETERS}


def defaults():
    return {parameter.name: parameter.default for parameter in PARAMETERS}


def chosen(settings):
    """The value of each parameter: the default, or that of `settings`, words of NAME=VALUE.

    Raises BadValue.
    """
    values = defaults()
    seen = set()
    for setting in settings:
        name, is_one, text = setting.partition("=")
        if not is_one:
            raise BadValue(f'"{setting}" is not NAME=VALUE')
        if name not in BY_NAME:
            raise BadValue(f'gem5\'s machine has no parameter "{name}"; it has {", ".join(BY_NAME)}')
        if name in seen:
            raise BadValue(f"parameter {name} is set twice")
        seen.add(name)
        try:
            values[name] = BY_NAME[name].values.parse(text)
        except BadValue as valid:
            raise BadValue(f'{name}="{text}": {name} is {valid}') from None
    return values


def listed():
    """For people: each parameter with its default, its values, and where the default is from."""
    lines = []
    for parameter in PARAMETERS:
        lines.append(f"{parameter.name}={parameter.default}")
        lines.append(f"    {parameter.meaning}")
        lines.append(f"    {parameter.values.valid()}. Source: {parameter.source}.")
    return "\n".join(lines)
