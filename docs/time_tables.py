#!/usr/bin/env python3
"""Writes the tables of docs/time.md from results in reference/gem5/.

    docs/time_tables.py           writes the document
    docs/time_tables.py --check   only says which tables differ; exit status 1 if any does
    docs/time_tables.py --from A --document B   another folder, another document

A table stands between the lines `<!-- table NAME -->` and `<!-- end -->`.
"""

import argparse
import pathlib
import re
import sys

sys.dont_write_bytecode = True  # the folder holds sources
TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.append(str(TOP / "toolchain"))

from results_file import end, fail, read

# What was measured under gem5; what the same image counted under QEMU; the sweep; and without ISBs at stamps.
FILES = {"time": "time.json", "counts": "counts.json", "sweep": "sweep.json", "bare": "time_without_isb.json"}
BLOCK = re.compile(r"<!-- table ([a-z0-9-]+) -->\n(.*?)<!-- end -->\n", re.DOTALL)
MB = 1 << 20


class Run:
    """The results of one run."""

    def __init__(self, results):
        self.results = results

    def find(self, workload, layer, **wanted):
        """The mean of the one row that has these values, in its own unit, with ticks of the counter as cycles."""
        found = [row for row in self.results["results"]
                 if row["workload"] == workload and row["layer"] == layer and all(
                     row.get(name, row["params"].get(name, "")) == value for name, value in wanted.items())]
        if not found:
            return None
        if len(found) > 1:
            fail(f"{len(found)} rows are {workload} {layer} {wanted}")
        scale = self.results["ticks_hz"] / self.results["parameters"]["counter_hz"] if found[0]["unit"] == "counter ticks" else 1
        return found[0]["mean"] * scale

    def layers(self, workload, **wanted):
        """The layers of a row, in their order."""
        return list(dict.fromkeys(
            row["layer"] for row in self.results["results"] if row["workload"] == workload and ".." in row["layer"]
            and all(row.get(name, row["params"].get(name, "")) == value for name, value in wanted.items())))

    def ns(self, cycles):
        return cycles * 1e9 / self.results["ticks_hz"]


def cell(value, digits=0):
    return "" if value is None else f"{value:,.{digits}f}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def sizes(files):
    """Random reads by size of the chase."""
    time = files["time"]
    chases = {"native": {"regime": "native", "stage1": "lpae-4K"}, "stage2": {"regime": "stage2", "stage1": "off"},
              "nested": {"regime": "nested", "stage1": "lpae-4K"}, "large": {"regime": "nested", "stage1": "lpae-2M"}}
    rows = []
    for size in sorted({row["params"]["bytes"] for row in time.results["results"] if row["workload"] == "chase"}):
        ns = {name: time.ns(time.find("chase", "load", order="page-random", bytes=size, **chase))
              for name, chase in chases.items()}
        rows.append([f"{size // MB} MB", *(cell(ns[name], 1) for name in chases),
                     cell(ns["nested"] / ns["native"], 2)])
    return table(["memory", "native (A)", "stage 2 only (C)", "in a VM, 4 KB (B)+(C)", "in a VM, 2 MB in both",
                  "(B)+(C) to (A)"], rows)


def of_default(files, name):
    return next(one for one in files["sweep"]["settings"] if one["name"] == name)


ROW_NAMES = {
    "random-native": "4 KB, native", "random-nested": "4 KB in both stages", "stage2-only": "stage 2 alone, 4 KB",
    "floor-native": "2 MB, native", "floor-nested": "2 MB in both stages", "blocks-in-stage1": "2 MB in stage 1, 4 KB in stage 2",
    "blocks-in-stage2": "4 KB in stage 1, 2 MB in stage 2", "short-native": "short descriptors, 4 KB, native",
    "short-nested": "short descriptors, 4 KB in both", "scattered-native": "4 KB, scattered, native",
    "scattered-nested": "4 KB in both, scattered", "sequential-native": "page by page, 4 KB, native",
    "sequential-nested": "page by page, 4 KB in both", "lines-native": "16 lines of each page, 4 KB, native",
    "lines-nested": "16 lines of each page, 4 KB in both"}


def tables(files):
    """What the tables decide, on the default machine."""
    rows = of_default(files, "default")["rows"]
    made = []
    for name, words in ROW_NAMES.items():
        if name in rows:
            row = rows[name]
            predicted = row.get("predicted", {})
            made.append([words, cell(row["ns"], 1), cell(row.get("ratio"), 2), cell(predicted.get("ns"), 1),
                         apart(row, predicted), cell(predicted.get("reads"), 1)])
    return table(["pages", "ns", "to native", "predicted ns", "apart", "descriptors read, predicted"], made)


def apart(row, predicted):
    """By how much of what was measured the prediction is more."""
    return f"{(predicted['ns'] / row['ns'] - 1) * 100:+.0f} %" if "ns" in predicted else ""


def settings(files):
    made = []
    for one in sorted(files["sweep"]["settings"], key=lambda one: one["rows"]["random-nested"]["ratio"]):
        native, nested = one["rows"]["random-native"], one["rows"]["random-nested"]
        changes = ", ".join(f"{name}={value}" for name, value in one["changes"].items()) or "none"
        predicted = [row.get("predicted", {}) for row in (native, nested)]
        made.append([f"`{one['name']}`", changes, cell(native["ns"], 1), cell(nested["ns"], 1),
                     f"**{nested['ratio']:.2f}**", cell(predicted[1].get("reads"), 1), apart(native, predicted[0]),
                     apart(nested, predicted[1]), cell(predicted[1].get("ratio"), 2)])
    return table(["setting", "what differs from the default", "native ns", "in a VM ns", "ratio",
                  "reads a walk, predicted", "predicted native", "predicted in a VM", "predicted ratio"], made)


def paper(files):
    """The paper's four numbers beside those of the settings that come nearest."""
    sweep = files["sweep"]
    of_paper = sweep["paper"]
    names = [name for name in ("default", "like-the-paper", "nearest-random", "nearest")
             if any(one["name"] == name for one in sweep["settings"])]
    lines = [("random read, native", "random-native", of_paper["random"]["native"]),
             ("random read, in a VM", "random-nested", of_paper["random"]["nested"]),
             ("ratio", None, of_paper["random"]["nested"] / of_paper["random"]["native"]),
             ("sequential read, native", "lines-native", of_paper["sequential"]["native"]),
             ("sequential read, in a VM", "lines-nested", of_paper["sequential"]["nested"]),
             ("ratio", None, of_paper["sequential"]["nested"] / of_paper["sequential"]["native"])]
    made = []
    for i, (words, row, value) in enumerate(lines):
        line = [words, f"{value:.3f}" if row is None else f"{value:.2f} ns"]
        for name in names:
            rows = of_default(files, name)["rows"]
            pair = [rows.get(key, {}).get("ns") for key in (row, lines[i - 2][1], lines[i - 1][1])]
            got = pair[0] if row else pair[2] / pair[1] if pair[1] and pair[2] else None
            line.append("" if got is None else f"{got:.{3 if row is None else 1}f} ({(got / value - 1) * 100:+.0f} %)")
        made.append(line)
    return table(["", "paper, Arndale", *(f"`{name}`" for name in names)], made)


def interrupts(files):
    """Layers of figure 7: instructions, and cycles with warm and with cold caches."""
    counts, time = files["counts"], files["time"]
    layers = list(dict.fromkeys(
        layer for delivery in ("injected-soft", "native") for layer in time.layers("timer", delivery=delivery, stamps=1)))
    layers.sort(key=lambda layer: (layer == "deadline..application", not layer.startswith("deadline")))
    made = []
    for layer in layers:
        line = [f"`{layer}`"]
        for delivery in ("native", "direct", "injected-soft"):
            of = {"delivery": delivery, "stamps": 1, "wait": "wfi"}
            line += [cell(run.find("timer", layer, load=load, **of))
                     for run, load in ((counts, "idle"), (time, "idle"), (time, "evict"))]
        if any(line[1:]):
            made.append(line)
    return table(["layer"] + [f"{delivery}: {what}" for delivery in ("native", "direct", "injected-soft")
                              for what in ("instructions", "cycles, warm", "cold")], made)


FAULTS = {"(A)": {"regime": "native", "faults": "stage1"}, "(B)": {"regime": "nested", "faults": "stage1"},
          "(C)": {"regime": "nested", "faults": "stage2"}, "(B)+(C)": {"regime": "nested", "faults": "both"}}


def faults(files):
    counts, time = files["counts"], files["time"]
    layers = list(dict.fromkeys(layer for of in (FAULTS["(B)+(C)"], FAULTS["(A)"], FAULTS["(C)"])
                                for layer in time.layers("pagefault", stamps=1, **of)))
    made = []
    for layer in [*layers, "fault"]:
        line = []
        each = []
        for of in FAULTS.values():
            stamps = 0 if layer == "fault" else 1
            instructions = counts.find("pagefault", layer, stamps=stamps, **of)
            cycles = time.find("pagefault", layer, stamps=stamps, **of)
            line += [cell(instructions), cell(cycles)]
            if instructions and cycles:
                each.append(cycles / instructions)
        made.append(["all, without stamps" if layer == "fault" else f"`{layer}`", *line,
                     f"{min(each):.1f} to {max(each):.1f}"])
    return table(["layer"] + [f"{name}: {what}" for name in FAULTS for what in ("instructions", "cycles")]
                 + ["cycles an instruction"], made)


def exits(files):
    counts, time = files["counts"], files["time"]
    made = []
    for workload, key, layer in (("hypercall", "path", "call"), ("exits", "exit", "exit")):
        names = list(dict.fromkeys(row["params"][key] for row in time.results["results"]
                                   if row["workload"] == workload and row["regime"] == "nested" and row["layer"] == layer))
        for name in names:
            cycles = time.find(workload, layer, regime="nested", **{key: name})
            instructions = counts.find(workload, "hyp-instructions", regime="nested", delivery="injected", **{key: name})
            unit = next(row["unit"] for row in time.results["results"] if row["workload"] == workload
                        and row["layer"] == layer and row["params"].get(key) == name and row["regime"] == "nested")
            if unit == "cycles" and instructions:
                made.append([f"`{name}`", cell(instructions), cell(cycles), cell(time.ns(cycles))])
    return table(["exit", "instructions in HYP", "cycles", "ns"], made)


def isbs(files):
    """Layers with the ISBs of stamps, and without."""
    time, bare = files["time"], files["bare"]
    made = []
    for words, workload, of in (
            ("timer, native", "timer", {"delivery": "native", "load": "idle", "wait": "wfi", "stamps": 1}),
            ("timer, injected-soft", "timer", {"delivery": "injected-soft", "load": "idle", "wait": "wfi", "stamps": 1}),
            ("page fault (A)", "pagefault", {"stamps": 1, **FAULTS["(A)"]}),
            ("page fault (B)+(C)", "pagefault", {"stamps": 1, **FAULTS["(B)+(C)"]})):
        rows = [(f"`{layer}`", layer, of) for layer in time.layers(workload, **of) if "deadline" not in layer]
        if workload == "pagefault":
            rows += [("all, with stamps", "fault", of), ("all, without stamps", "fault", {**of, "stamps": 0})]
        for name, layer, wanted in rows:
            pair = [run.find(workload, layer, **wanted) for run in (time, bare)]
            if None not in pair:
                made.append([words, name, *(cell(value) for value in pair), f"{pair[1] - pair[0]:+.0f}"])
    return table(["row", "layer", "cycles, with ISBs", "without", "difference"], made)


TABLES = {"sizes": sizes, "tables": tables, "settings": settings, "paper": paper, "interrupts": interrupts,
          "faults": faults, "exits": exits, "isbs": isbs}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--from", dest="source", default=str(TOP / "reference/gem5"))
    parser.add_argument("--document", default=[str(TOP / "docs/time.md"), str(TOP / "docs/clocks.md")], nargs="+")
    options = parser.parse_args()
    files = {}
    for name, file in FILES.items():
        results = read(pathlib.Path(options.source) / file)
        files[name] = results if name == "sweep" else Run(results)
    count = 0
    different = []
    for document in options.document:
        path = pathlib.Path(document)
        text = path.read_text(encoding="utf-8")

        def renewed(match):
            nonlocal count
            name = match[1]
            if name not in TABLES:
                fail(f'"{path}" has a table "{name}"; there are {", ".join(TABLES)}')
            try:
                made = TABLES[name](files)
            except (KeyError, TypeError, StopIteration, ZeroDivisionError) as missing:
                fail(f'a file in "{options.source}" has not what table {name} needs: {missing}')
            count += 1
            if made != match[2]:
                different.append(name)
            return f"<!-- table {name} -->\n{made}<!-- end -->\n"

        new = BLOCK.sub(renewed, text)
        if new != text and not options.check:
            path.write_text(new, encoding="utf-8")
    if count == 0:
        fail("no table in " + " ".join(options.document))
    end(different, count, "tables", "" if options.check else "written")


if __name__ == "__main__":
    main()
