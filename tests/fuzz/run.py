#!/usr/bin/env python3
"""Runs the fuzz targets and prints what each has done.

    run.py BUILD SECONDS [TARGET ..]

BUILD is the folder with the targets, SECONDS how long each runs after it has replayed its corpus:
tests/fuzz/corpus/TARGET, and what earlier runs left in BUILD/corpus/TARGET. As many run at a time as there
are processors. An input that ends a target is kept in BUILD, and named; the exit status is then 1.
"""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
LONGEST_INPUT = 1 << 16
SECONDS_PER_INPUT = 20
MEGABYTES = 2048
SKIPPED = 77  # as tests/CMakeLists.txt tells ctest


def seeds_of(target, build):
    """The folder of the seeds: the corpus, with its device trees compiled."""
    folder = HERE / "corpus" / target
    sources = sorted(folder.glob("*.dts"))
    if not sources:
        return folder
    compiled = build / "seeds" / target
    compiled.mkdir(parents=True, exist_ok=True)
    for source in sources:
        subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb", "-o", compiled / source.stem, source], check=True)
    return compiled


def run(target, build, seconds):
    """(whether it found nothing, a line that says what it did)"""
    found = build / "corpus" / target
    found.mkdir(parents=True, exist_ok=True)
    crash = build / f"crash-{target}"
    crash.unlink(missing_ok=True)
    command = [build / f"{target}_fuzz", f"-max_total_time={seconds}", "-print_final_stats=1",
               f"-exact_artifact_path={crash}", f"-timeout={SECONDS_PER_INPUT}", f"-rss_limit_mb={MEGABYTES}",
               f"-max_len={LONGEST_INPUT}", "-use_value_profile=1", found, seeds_of(target, build)]
    with open(build / f"{target}.log", "wb") as log:
        status = subprocess.run(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL).returncode
    text = (build / f"{target}.log").read_text(errors="replace")
    found_runs = re.search(r"stat::number_of_executed_units: (\d+)", text)
    runs = int(found_runs.group(1)) if found_runs else 0
    counters = re.findall(r"cov: (\d+) ft: (\d+) corp: (\d+)", text)
    line = f"{target:12} {runs:10,} runs"
    if counters:
        line += ", {:>6} edges, {:>6} features, {:>5} inputs kept".format(*counters[-1])
    if status == 0 and runs > 0:
        return True, line + ", no crash"
    why = re.search(r"not so: .*|ERROR: .*|runtime error: .*", text)
    line += f", CRASH: {why.group(0)[:120] if why else f'exit status {status}'}"
    line += f"\n  its input: {crash}" if crash.exists() else f"\n  its log: {build / f'{target}.log'}"
    return False, line


def main(arguments):
    build = pathlib.Path(arguments[0]).resolve()
    seconds = int(arguments[1])
    missing = build / "missing"
    if missing.exists():
        print(f"not fuzzed: {missing.read_text().strip()}")
        return 1 if os.environ.get("CI") == "true" else SKIPPED
    targets = arguments[2:] or sorted(source.name.removesuffix("_fuzz.cpp") for source in HERE.glob("*_fuzz.cpp"))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        good = True
        for fine, line in pool.map(lambda target: run(target, build, seconds), targets):
            print(line, flush=True)
            good = good and fine
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
