#!/usr/bin/env python3
"""size.py ELF [--check]: what the monitor's image consists of, in bytes of text and constants.

The trusted core is what runs in HYP while a guest runs: hyp/ and the drivers that it uses. A byte belongs to
the folder of the source that its symbol comes from (debug information); code that is inlined belongs to the
function around it. With --check the exit status is 1 if a budget is exceeded.
"""

import collections
import pathlib
import re
import subprocess
import sys

# What is there, and a fifth more. Raise one only with the reason in the commit.
BUDGETS = {"trusted core": 40_000, "image": 98_000}
TOP = str(pathlib.Path(__file__).resolve().parent.parent) + "/"
CORE_DRIVERS = ("cpu", "gic", "mmu", "pmu", "reg")
SECTIONS = (".text", ".rodata")


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def section_ranges(elf):
    found = {}
    for line in output("arm-none-eabi-size", "-A", elf).splitlines():
        words = line.split()
        if len(words) == 3 and words[1].isdigit():
            found[words[0]] = (int(words[2]), int(words[1]))
    return found


def folder_of(path):
    if not path.startswith(TOP):
        return "libraries"
    folders = path[len(TOP):].split("/")
    return "/".join(folders[:2]) if folders[0] == "drivers" else folders[0]


def sizes_by_folder(elf, ranges):
    symbols = {}
    for line in output("arm-none-eabi-nm", "-n", "-l", elf).splitlines():
        match = re.match(r"([0-9a-f]+) [TtRrWVuv] (\S+)\t?(.*)$", line)
        if match and not match[2].startswith(("$", "__")):
            symbols.setdefault(int(match[1], 16) & ~1, match[3])
    sizes = collections.Counter()
    for name in SECTIONS:
        begin, size = ranges[name]
        inside = sorted(address for address in symbols if begin <= address < begin + size)
        for address, following in zip(inside, inside[1:] + [begin + size]):
            sizes[folder_of(symbols[address])] += following - address
    return sizes


def main():
    elf = sys.argv[1]
    ranges = section_ranges(elf)
    sizes = sizes_by_folder(elf, ranges)
    for folder, size in sorted(sizes.items(), key=lambda one: -one[1]):
        print(f"{size:8}  {folder}")
    totals = {
        "trusted core": sum(size for folder, size in sizes.items() if folder == "hyp"
                            or folder in [f"drivers/{one}" for one in CORE_DRIVERS]),
        "image": sum(ranges[name][1] for name in SECTIONS),
    }
    exceeded = False
    for name, size in totals.items():
        print(f"{name}: {size} bytes of {BUDGETS[name]}")
        exceeded = exceeded or size > BUDGETS[name]
    print(f"guest inside it: {ranges['.guest'][1]} bytes more")
    return 1 if exceeded and "--check" in sys.argv else 0


sys.exit(main())
