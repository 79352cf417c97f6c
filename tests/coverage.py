#!/usr/bin/env python3
"""Runs the unit tests of a build folder that counts lines, and prints what they covered.

    tests/coverage.py BUILD [--lines]

Prints lines and branches for each folder, and exits with 1 where a test fails or a folder with a floor is
below it. --lines lists the lines of those folders that no test ran. Branches that only an exception takes
are left out. Called by ./hypmeter coverage.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import defaultdict

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FLOOR = 95.0  # percent of lines
WITH_FLOOR = ("hyp/core", "drivers/mmu", "measure")
OTHERS = ("alone", "drivers", "session", "foreign", "guest", "host")
PROGRAMS = ("host_tests", "logic_tests")


def run_tests(build):
    """The names of the programs that failed."""
    for folder, _, names in os.walk(build):
        for name in names:
            if name.endswith(".gcda"):
                os.remove(os.path.join(folder, name))
    running = []
    for program in PROGRAMS:
        log = open(os.path.join(build, program + ".log"), "w", encoding="utf-8")
        path = os.path.join(build, "tests", program)
        running.append((program, subprocess.Popen([path, "--gtest_brief=1"], cwd=build, stdout=log, stderr=log)))
    return [program for program, process in running if process.wait() != 0]


def counted(build):
    """What gcovr says of each file: {path: its lines}."""
    report = os.path.join(build, "coverage.json")
    command = ["gcovr", "--root", ROOT, "--json", report, "-j", str(os.cpu_count() or 1),
               "--exclude-throw-branches", "--exclude-unreachable-branches"]
    for folder in (*WITH_FLOOR, *OTHERS):
        command += ["--filter", os.path.join(ROOT, folder) + "/"]
    subprocess.run([*command, build], check=True)
    with open(report, encoding="utf-8") as file:
        return {one["file"]: [line for line in one["lines"] if not line.get("gcovr/noncode")]
                for one in json.load(file)["files"]}


def folder_of(path):
    """The folder of the table that a file belongs to."""
    names = os.path.dirname(path).split("/")
    return names[0] if names[0] in ("measure", "host") else "/".join(names[:2])


def main():
    parser = argparse.ArgumentParser(prog="hypmeter coverage", description=__doc__.splitlines()[0])
    parser.add_argument("build", help="a build folder of the preset coverage")
    parser.add_argument("--lines", action="store_true", help="list the lines that no test ran")
    arguments = parser.parse_args()

    failed = run_tests(arguments.build)
    files = counted(arguments.build)
    sums = defaultdict(lambda: [0, 0, 0, 0])
    for path, lines in files.items():
        folders = {folder_of(path)}
        if path.startswith("host/"):
            folders.add(os.path.dirname("/".join(path.split("/")[:3])))
        for folder in folders:
            total = sums[folder]
            for line in lines:
                total[0] += 1
                total[1] += line["count"] > 0
                total[2] += len(line["branches"])
                total[3] += sum(branch["count"] > 0 for branch in line["branches"])

    def percent(part, whole):
        return 100.0 * part / whole if whole else 100.0

    print(f"{'folder':16} {'lines':>7} {'covered':>8} {'%':>6} {'branches':>9} {'covered':>8} {'%':>6}")
    low = []
    for folder in (*WITH_FLOOR, *sorted(set(sums) - set(WITH_FLOOR))):
        lines, ran, branches, taken = sums[folder]
        print(f"{folder:16} {lines:7} {ran:8} {percent(ran, lines):6.1f} "
              f"{branches:9} {taken:8} {percent(taken, branches):6.1f}")
        if folder in WITH_FLOOR and (lines == 0 or percent(ran, lines) < FLOOR):
            low.append(folder)

    if arguments.lines or low:
        for path, lines in sorted(files.items()):
            missed = [str(line["line_number"]) for line in lines if line["count"] == 0]
            if missed and folder_of(path) in WITH_FLOOR:
                print(f"no test runs {path}:{','.join(missed)}")
    for folder in low:
        print(f"{folder}: less than {FLOOR:.0f} % of its lines", file=sys.stderr)
    for program in failed:
        print(f"{program} failed: see {arguments.build}/{program}.log", file=sys.stderr)
    return 1 if low or failed else 0


if __name__ == "__main__":
    sys.exit(main())
