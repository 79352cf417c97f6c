#!/usr/bin/env python3
"""Keeps a run as reference results.

    reference.py RESULTS REFERENCE

RESULTS is the results.json of a run of which every verdict passed. REFERENCE gets the same, but of `host` only
the emulator's version, and gem5's parameters: the rest is of the computer and the day.
"""

import json
import pathlib
import sys

sys.dont_write_bytecode = True  # the folder holds sources
sys.path.append(str(pathlib.Path(__file__).resolve().parent))

from results_file import fail, read


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    results = read(pathlib.Path(arguments[0]))
    if not isinstance(results, dict) or not {"verdicts", "results", "host"} <= results.keys():
        fail(f"{arguments[0]} is no file of results")
    failed = [verdict["name"] for verdict in results["verdicts"] if not verdict["ok"]]
    if failed or not results["verdicts"] or not results["results"]:
        fail(f"{arguments[0]} is no reference: " + (f"{failed[0]} failed" if failed else "it has no rows or verdicts"))
    host = results["host"]
    kept_of = {"qemu": ("version", "cores"), "gem5": ("version", "configuration", "parameters")}
    results["host"] = {
        emulator: {name: host[emulator][name] for name in names} for emulator, names in kept_of.items() if emulator in host
    }
    kept = pathlib.Path(arguments[1])
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(results, separators=(",", ":"), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
