#!/usr/bin/env python3
"""Runs hypmeter in pairs while every processor is kept busy, and compares the results to the byte.

    tests/repeat.py PAIRS TOOL [ARGUMENT ..]

TOOL is the hypmeter tool; the arguments go to its `run`. Exit status 0: all pairs are equal."""

import json
import os
import subprocess
import sys
import tempfile


def result_of(tool, folder, arguments):
    """Everything of one run that must repeat, as JSON values by field."""
    run = subprocess.run([tool, "run", "--out", folder, *arguments], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"a run failed:\n{run.stdout}{run.stderr}")
    with open(os.path.join(folder, "results.json"), encoding="utf-8") as file:
        results = json.load(file)
    if not results.pop("host"):
        sys.exit("a run says nothing of its host")
    if not results["results"]:
        sys.exit("a run has no rows")
    return results


def differences(first, second):
    for field, value in first.items():
        other = second[field]
        if not isinstance(value, list):
            if value != other:
                yield f"{field}: {value} and {other}"
        elif len(value) != len(other):
            yield f"{field}: {len(value)} and {len(other)} elements"
        else:
            yield from (f"{field}: {a} and {b}" for a, b in zip(value, other) if a != b)


def main():
    if len(sys.argv) < 3 or not sys.argv[1].isdigit() or int(sys.argv[1]) == 0:
        sys.exit(__doc__)
    pairs = int(sys.argv[1])
    tool, arguments = sys.argv[2], sys.argv[3:]
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count())]
    equal = 0
    try:
        with tempfile.TemporaryDirectory() as folder:
            for pair in range(1, pairs + 1):
                first, second = (result_of(tool, os.path.join(folder, name), arguments) for name in "ab")
                found = list(differences(first, second))
                equal += not found
                print(f"pair {pair} of {pairs}: {len(first['results'])} rows,",
                      "equal" if not found else f"{len(found)} differences, the first: {found[0][:500]}", flush=True)
    finally:
        for process in busy:
            process.kill()
    print(f"{equal} of {pairs} pairs are equal")
    return 0 if equal == pairs else 1


if __name__ == "__main__":
    sys.exit(main())
