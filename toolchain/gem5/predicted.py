"""What the model of `hypmeter predict` says of a machine under gem5, from the same parameters.

How gem5 24.0 translates, from its sources (src/arch/arm), and what the model's parameters are for it:

- Both TLBs of stage 1 are fully associative, and replace the entry that was used least recently (tlb.cc).
- They hold what stage 1 says: VA to IPA. After each hit the stage-2 TLB is asked too (mmu.cc, getResultTe;
  stage2_lookup.cc does not put its result into a TLB). The model's name for that is tlb_holds_ipa, and its IPA cache
  is the stage-2 TLB, which also holds the pages of stage-1 tables.
- A walk in AArch32 begins at the root, whatever entries of tables the L2 TLB holds (table_walker.cc: walkEntry is only
  read in walkAddresses, for AArch64). So neither stage has a walk cache. Such an entry still takes the place of a page.
- A look-up in a TLB takes no time.
- Walkers read through the bus to L2, or through a cache of their own before it. They do not look in L1.
- The prefetcher `stride` goes by the PC of a load. A walker has none, and a page-random chase no stride; by pages it
  would leave its page, and does not (prefetch/queued.cc). So it brings nothing. `tagged` sees walks too,
  and brings as many lines after a descriptor.

The latency of RAM is measured, not assumed: from row floor-native, which has no walks. All others are the parameters
of the caches, with the bus (XBar.py: a cycle to L2, a cycle and a beat back) and the pipeline added.
"""

import json
import pathlib
import subprocess
import tempfile

from settings import ROW

# What the latency of a load without walks depends on.
OF_THE_FLOOR = ("mhz", "l1d_kb", "l1_ways", "l1_cycles", "l2_kb", "l2_ways", "l2_cycles", "l2_holds_l1", "l2_random",
                "prefetcher", "prefetch_lines", "dram", "dram_rows", "dram_ns")
PIPELINE = 2  # of a load, beyond its look-up in L1
BUS = 3
REPLAY = 2  # until the pipeline tries a load again whose walk has ended; a guess
# Entries of tables that each walk adds to the L2 TLB beside that of its page.
SHARE_OF_PAGES = {"none": 1, "last": 2, "all": 4}  # 4 for 3: the model wants powers of two


def power_of_two(value):
    """The largest one that is not above."""
    return 1 << (value.bit_length() - 1)


def model_of(parameters, floor):
    """The file for `predict --model`, from the parameters and from what a load without walks takes."""
    number = {name: int(value) for name, value in parameters.items() if str(value).isdigit()}
    l1 = number["l1_cycles"]
    own_cache = number["table_cache_kb"] != 0
    from_l2 = PIPELINE + l1 + BUS + number["l2_cycles"] + l1
    tlb = power_of_two(max(number["l2_tlb"] // SHARE_OF_PAGES[parameters["walk_cache"]], 1))
    tagged = parameters["prefetcher"] == "tagged"
    ram_ns = (floor - from_l2) * 1000 / number["mhz"]
    return {
        "clock_mhz": number["mhz"],
        "l1_bytes": number["l1d_kb"] << 10,
        "l1_ways": number["l1_ways"],
        "l1_random": False,
        "l2_bytes": number["l2_kb"] << 10,
        "l2_ways": number["l2_ways"],
        "l2_random": parameters["l2_random"] == "yes",
        "l2_holds_l1": parameters["l2_holds_l1"] == "yes",
        "prefetch_lines": number["prefetch_lines"] if tagged else 0,
        "prefetch_after": 0,
        "walk_prefetch_lines": number["prefetch_lines"] if tagged else 0,
        "l1_tlb_entries": number["l1_tlb"],
        "l2_tlb_entries": tlb,
        "l2_tlb_ways": tlb,
        "l2_tlb_random": False,
        "tlb_holds_ipa": True,
        "stage1_walk_entries": 0,
        "stage1_walk_holds_pa": False,
        "stage2_walk_entries": 0,
        "ipa_entries": number["stage2_tlb"],
        "ipa_holds_pages": True,
        "walk_looks_in_l1": False,
        "walker_cache_bytes": number["table_cache_kb"] << 10,
        "walker_cache_ways": number["l1_ways"],
        "l1_cycles": PIPELINE + l1,
        "l2_cycles": from_l2,
        "ram_ns": ram_ns,
        "l1_tlb_miss_cycles": 0,
        "walk_cycles": REPLAY,
        "stage2_walk_cycles": 0,
        "walk_l1_cycles": BUS + l1,
        "walk_l2_cycles": BUS + number["l2_cycles"] + (BUS + 2 * l1 if own_cache else 0),
        "walk_ram_ns": ram_ns,
    }


def is_predicted(row, parameters):
    """The model knows pages that are next to each other, and no prefetcher that has to be in time."""
    return row.placement == "contiguous" and (row.name.split("-")[0] != "lines" or parameters["prefetcher"] == "none")


def predict(tool, model, rows):
    """What the model says of the rows; or why not, as text."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "model.json"
        file.write_text(json.dumps(model), encoding="utf-8")
        for order, bytes_, stride in sorted({(row.order, row.bytes, row.stride) for row in rows}):
            words = [tool, "predict", "--model", str(file), "--json", "--order", order, "--bytes", str(bytes_),
                     "--stride", str(stride), *(["--all"] if order == "page-random" else [])]
            said = subprocess.run(words, capture_output=True, text=True, check=False)
            if said.returncode != 0:
                return f"`hypmeter predict` failed: {said.stderr.strip().splitlines()[-1]}"
            for cell in json.loads(said.stdout)["rows"]:
                for row in rows:
                    if (row.order, row.stride, row.stage1, row.stage2) == (
                            order, stride, cell["stage1"], cell["stage2"]) and row.bytes == bytes_:
                        found[row.name] = {
                            "cycles": round(cell["cycles"][0], 1), "ns": round(cell["ns"][0], 1),
                            "reads": round(cell["descriptors"][0], 2),
                            "reads_from_ram": round(cell["descriptors_from_ram"][0], 2)}
    for row in rows:
        if row.name in found and row.native in found:
            found[row.name]["ratio"] = round(found[row.name]["cycles"] / found[row.native]["cycles"], 3)
    return found


def floor_of(setting, default):
    """What a load without walks takes on the machine: measured there, or on one that has the same caches and RAM."""
    if "floor-native" in setting["rows"]:
        return setting["rows"]["floor-native"]["cycles"]
    # A parameter that is younger than some results had its default there.
    alike = default and all(
        str(setting["parameters"][name]) == str(default["parameters"][name])
        for name in OF_THE_FLOOR if name in setting["parameters"] and name in default["parameters"])
    return default["rows"].get("floor-native", {}).get("cycles") if alike else None


def add_predictions(settings, tool):
    """Puts `predicted` beside what was measured; says why, if it cannot."""
    default = next((setting for setting in settings if setting["name"] == "default"), None)
    for setting in settings:
        floor = floor_of(setting, default)
        rows = [ROW[name] for name in setting["rows"] if is_predicted(ROW[name], setting["parameters"])]
        if floor is None or not rows:
            print(f"{setting['name']}: not predicted, since no row has measured a load without walks")
            continue
        found = predict(tool, model_of(setting["parameters"], floor), rows)
        if isinstance(found, str):
            return f"{setting['name']}: {found}"
        for name, predicted in found.items():
            setting["rows"][name]["predicted"] = predicted
    return ""
