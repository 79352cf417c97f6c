"""The sweep over what decides how much slower memory is in a VM: the rows that it measures, and the machines.

A setting is a machine under gem5 that differs from the default of hypmeter.py in the parameters that it names. Most
differ in one. The last ones are combinations that should give the largest and the smallest ratio.
"""

import dataclasses
import re

BYTES = 256 << 20
# Two timed laps of the default machine differed by 0.7 % at most, most by less than 0.1 %.
LAPS = 1
# What the paper measured on an Arndale board, at 256 MB (LMbench's lat_mem_rd, table 5).
PAPER = {"random": {"native": 122.30, "nested": 273.75}, "sequential": {"native": 95.60, "nested": 96.20}}


@dataclasses.dataclass(frozen=True)
class Row:
    """A chase: one load per page of 256 MB, unless it says something else."""

    name: str
    order: str  # as the key `order` has it
    stage1: str
    stage2: str  # "off" natively
    placement: str = "contiguous"
    # The row that it is divided by: the same chase natively, in the same tables of stage 1.
    native: str = ""
    # About how many million instructions it takes with its preparation, of which gem5 does 25 to 70 thousand a second.
    millions: int = 7
    suite: str = "time"  # whose plan has it
    stride: int = 4096
    bytes: int = BYTES

    @property
    def regime(self):
        return "native" if self.stage2 == "off" else "stage2" if self.stage1 == "off" else "nested"

    @property
    def pattern(self):
        """What finds its scenario, and no other, in the names that `hypmeter list --scenarios` prints."""
        placed = "" if self.placement == "contiguous" else f" placement={self.placement}"
        regime = self.regime if self.stage2 in ("off", "4K") else f"{self.regime}:{self.stage2}"
        return (
            f"^chase stage1={self.stage1} order={self.order} stride={self.stride} bytes={self.bytes} tlb=warm laps=[0-9]+{placed} "
            f"{regime}/[a-z-]+$"
        )

    def is_of(self, result):
        """Whether a result of results.json is its latency."""
        params = result["params"]
        return (
            result["workload"] == "chase"
            and result["layer"] == "load"
            and result["regime"] == self.regime
            and (self.stage2 == "off" or result.get("stage2", "4K") == self.stage2)
            and params["stage1"] == self.stage1
            and params["order"] == self.order
            and params["bytes"] == self.bytes
            and params.get("stride") == self.stride
            and params["tlb"] == "warm"
            and params.get("placement", "contiguous") == self.placement
        )


ROWS = [
    Row("random-native", "page-random", "lpae-4K", "off"),
    Row("random-nested", "page-random", "lpae-4K", "4K", native="random-native"),
    Row("sequential-native", "sequential", "lpae-4K", "off", millions=5),
    Row("sequential-nested", "sequential", "lpae-4K", "4K", native="sequential-native", millions=5),
    # As LMbench reads in order: lines that no cache holds, and one walk for sixteen of them.
    Row("lines-native", "sequential", "lpae-4K", "off", millions=5, suite="tables", stride=256, bytes=16 << 20),
    Row("lines-nested", "sequential", "lpae-4K", "4K", native="lines-native", millions=5, suite="tables", stride=256,
        bytes=16 << 20),
    # No walks: what caches and RAM alone take. The prediction takes the latency of RAM from it.
    Row("floor-native", "page-random", "lpae-2M", "off", millions=4, suite="tables"),
    Row("floor-nested", "page-random", "lpae-2M", "2M", native="floor-native", millions=4),
    Row("stage2-only", "page-random", "off", "4K", native="random-native", millions=4),
    Row("blocks-in-stage1", "page-random", "lpae-2M", "4K", native="floor-native", millions=4, suite="tables"),
    Row("blocks-in-stage2", "page-random", "lpae-4K", "2M", native="random-native", suite="tables"),
    Row("short-native", "page-random", "short-4K", "off", suite="tables"),
    Row("short-nested", "page-random", "short-4K", "4K", native="short-native", suite="tables"),
    Row("scattered-native", "page-random", "lpae-4K", "off", "scattered", millions=14, suite="tables"),
    Row("scattered-nested", "page-random", "lpae-4K", "4K", "scattered", "scattered-native", 14, "tables"),
]
ROW = {row.name: row for row in ROWS}

TWO = ("random-native", "random-nested")
# With the floor, where caches or RAM differ from the default's: the prediction needs it.
THREE = TWO + ("floor-native",)
# With reads in order too, as LMbench's; and with those page by page.
FIVE = THREE + ("lines-native", "lines-nested")
SEVEN = FIVE + ("sequential-native", "sequential-nested")
ALL = tuple(ROW)


@dataclasses.dataclass(frozen=True)
class Setting:
    name: str
    asks: str  # the question that it answers
    parameters: dict = dataclasses.field(default_factory=dict)
    rows: tuple = TWO

    @property
    def millions(self):
        return sum(run.millions for run in self.runs)

    @property
    def runs(self):
        """Its runs: each is of the rows of one suite."""
        suites = dict.fromkeys(ROW[name].suite for name in self.rows)
        return [Run(self, suite, tuple(name for name in self.rows if ROW[name].suite == suite)) for suite in suites]


@dataclasses.dataclass(frozen=True)
class Run:
    setting: Setting
    suite: str
    rows: tuple

    @property
    def name(self):
        """Its folder."""
        return self.setting.name if self.suite == "time" else f"{self.setting.name}+{self.suite}"

    @property
    def millions(self):
        return sum(ROW[name].millions for name in self.rows)


# In the order of what they tell: a sweep that is stopped early has the most important ones.
SETTINGS = [
    Setting("default", "the machine that is like a Cortex-A15", {}, ALL),
    Setting("like-the-paper", "what should come nearest to the paper's two lines",
            {"stage2_tlb": 2, "l2_cycles": 12, "dram": "DDR4_2400_8x8", "prefetcher": "none"}, SEVEN),
    # Found with the model: RAM that is as quick as the paper's sequential reads say, and 15 quick reads a walk.
    Setting("nearest-random", "the paper's random reads, within 10 %",
            {"stage2_tlb": 2, "l2_kb": 4096, "dram": "DDR4_2400_8x8", "dram_ns": -10, "prefetcher": "none"}, SEVEN),
    # Closed rows, so that reads in order are no quicker than the paper's.
    Setting("nearest", "all four numbers of the paper, within 10 %",
            {"stage2_tlb": 2, "l2_kb": 4096, "dram": "DDR4_2400_8x8", "dram_rows": "close", "dram_ns": 1,
             "prefetcher": "none"}, FIVE),
    # A TLB of 2 entries loses even the root of stage 1 between two loads: four walks of stage 2 instead of two.
    Setting("stage2-tlb-2", "stage-2 TLB too small for the upper tables of stage 1: 15 reads a walk",
            {"stage2_tlb": 2}),
    Setting("stage2-tlb-512", "stage-2 TLB that holds all tables of stage 1, and few pages: 6 reads a walk",
            {"stage2_tlb": 512}),
    Setting("largest", "many reads, each slow", {"stage2_tlb": 2, "l2_cycles": 40, "prefetcher": "none"}, THREE),
    Setting("smallest", "few reads, each quick, beside slow RAM",
            {"stage2_tlb": 2048, "table_cache_kb": 64, "l2_kb": 4096, "l2_cycles": 10, "dram": "LPDDR2_S4_1066_1x32"},
            THREE),
    Setting("l2-4M", "L2 cache in which the tables of both stages fit", {"l2_kb": 4096}, THREE),
    Setting("l2-256K", "L2 cache that holds half the tables of one stage", {"l2_kb": 256}, THREE),
    Setting("l2-cycles-30", "a slow L2 cache", {"l2_cycles": 30}, THREE),
    Setting("dram-slow", "slow RAM", {"dram": "LPDDR2_S4_1066_1x32"}, THREE),
    Setting("dram-quick", "quick RAM", {"dram": "DDR4_2400_8x8"}, THREE),
    Setting("prefetcher-none", "no prefetcher", {"prefetcher": "none"}, THREE),
    Setting("prefetcher-tagged", "a prefetcher of the next 8 lines", {"prefetcher": "tagged"}, SEVEN),
    # Walks in AArch32 do not use these entries (table_walker.cc, processWalkLPAE): they only take room.
    Setting("walk-cache-none", "no descriptors of tables in the L2 TLB", {"walk_cache": "none"}),
    Setting("l2-tlb-4096", "large L2 TLB: a sixteenth of the pages", {"l2_tlb": 4096}),
    Setting("table-cache-8K", "a cache of 8 KB for each walker", {"table_cache_kb": 8}),
    Setting("largest-quick-dram", "many reads from L2, beside quick RAM",
            {"stage2_tlb": 2, "l2_cycles": 30, "l2_kb": 4096, "dram": "DDR4_2400_8x8"}, THREE),
    Setting("largest-small-l2", "many reads, of tables that do not fit into L2",
            {"stage2_tlb": 2, "l2_kb": 256, "dram": "LPDDR2_S4_1066_1x32"}, THREE),
    Setting("stage2-tlb-8", "stage-2 TLB that just holds the upper tables of stage 1", {"stage2_tlb": 8}),
    Setting("l2-cycles-10", "a quick L2 cache", {"l2_cycles": 10}, THREE),
    Setting("l2-2M", "L2 cache of 2 MB", {"l2_kb": 2048}, THREE),
    Setting("l2-512K", "L2 cache as large as the tables of one stage", {"l2_kb": 512}, THREE),
    Setting("l2-tlb-64", "small L2 TLB", {"l2_tlb": 64}),
    Setting("walk-cache-all", "descriptors of tables of all levels in the L2 TLB", {"walk_cache": "all"}),
    Setting("table-cache-64K", "a cache of 64 KB for each walker", {"table_cache_kb": 64}),
    Setting("l2-exclusive", "L2 cache that gives up what L1 takes", {"l2_holds_l1": "no"}, THREE),
    Setting("l2-lru", "L2 cache that replaces the least recently used line", {"l2_random": "no"}, THREE),
    Setting("prefetcher-tagged-1", "a prefetcher of the next line",
            {"prefetcher": "tagged", "prefetch_lines": 1}, SEVEN),
    Setting("stage2-tlb-2048", "stage-2 TLB of 2,048 entries", {"stage2_tlb": 2048}),
    Setting("table-cache-1K", "gem5's own cache for walkers, of 1 KB", {"table_cache_kb": 1}),
]
SETTING = {setting.name: setting for setting in SETTINGS}
assert len(SETTING) == len(SETTINGS) and len(ROW) == len(ROWS)


def filter_of(rows):
    """The regular expression that leaves these rows of a plan."""
    return "|".join(ROW[name].pattern for name in rows)


def missing_in(names, rows):
    """The rows that no scenario of a plan is, or more than one."""
    return [row for row in rows if sum(1 for name in names if re.search(ROW[row].pattern, name)) != 1]
