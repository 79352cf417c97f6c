#!/usr/bin/env python3
"""Runs hypmeter under gem5 with each setting of settings.py, and makes one file of all results.

    sweep.py list                            the settings, and about how many instructions each takes
    sweep.py run --gem5 PATH --out DIR       runs what DIR has no results of; can be stopped, and started again
    sweep.py collect DIR --out FILE          what was measured, with what the model of `hypmeter predict` says

A setting has one or two runs, since no suite has all rows: DIR/NAME and DIR/NAME+tables. Each has the results.json of
the tool, and `log`, what the tool said. A setting whose machine turns out to be the default one is not run: `collect`
takes the default's results for it.
"""

import argparse
import concurrent.futures
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
import time

from collect import collect, measured, parameters_of, results_in, same_as_default
from settings import LAPS, SETTING, SETTINGS, filter_of, missing_in

TOOL = pathlib.Path(__file__).resolve().parent.parent.parent / "hypmeter"
# gem5 does more instructions in a second than this, even on a slow computer that does something else too.
SLOWEST = 5_000
BOOT_SECONDS = 900


def fail(message):
    print(f"sweep.py: {message}", file=sys.stderr)
    sys.exit(1)


def selection(run):
    return ["--suite", run.suite, "--only", "chase", "--set", "bytes=256M", f"laps={LAPS}", "--filter", filter_of(run.rows)]


def why_not_planned(tool, run):
    """Why the suite's plan does not have the rows of the run; empty if it does."""
    listed = subprocess.run([tool, "list", "--scenarios", *selection(run)], capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        return f"`hypmeter list` failed: {(listed.stderr + listed.stdout).strip().splitlines()[0]}"
    # A table with the name and the seconds, in which a long name goes on in the next line.
    names = []
    for line in listed.stdout.splitlines():
        if line.startswith("chase "):
            names.append(" ".join(line.split()[:-1]))
        elif line.startswith("  ") and names:
            names[-1] += " " + line.strip()
    absent = missing_in(names, run.rows)
    return f"the plan of suite {run.suite} has not exactly one scenario for row {absent[0]}" if absent else ""


def why_failed(run, folder, code):
    """What is wrong with a run that has ended; empty if nothing is."""
    if code != 0:
        said = [line for line in (folder / "log").read_text(errors="replace").splitlines() if line.strip()]
        return f"exit status {code}: {said[-1][:200]}"
    results = results_in(folder)
    if results is None:
        return "it has left no results"
    has = parameters_of(results)
    for name, value in run.setting.parameters.items():
        if str(has.get(name)) != str(value):
            return f"{name} was {has.get(name)}, not {value}"
    rows = measured(results)
    absent = [name for name in run.rows if name not in rows]
    return f"it has no row {absent[0]}" if absent else ""


class Sweep:
    def __init__(self, options, runs):
        self.options = options
        self.runs = runs
        self.out = pathlib.Path(options.out)
        self.lock = threading.Lock()
        self.stopped = threading.Event()
        self.processes = set()
        self.begun = time.monotonic()
        self.told = 0

    def say(self, run, text):
        with self.lock:
            self.told += 1
            print(f"[{self.told}/{len(self.runs)}] {run.name}: {text}", flush=True)

    def do(self, run):
        """Whether the results of the run are there now."""
        if self.stopped.is_set():
            return False
        folder = self.out / run.name
        if results_in(folder) is not None:
            self.say(run, "done before")
            return True
        if same_as_default(self.out, run.setting):
            self.say(run, "is the default machine, not run again")
            return True
        # What a run that was cut off has left is not taken for results.
        part = self.out / f"{run.name}.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        started = time.monotonic()
        code = self.process(run, part)
        if self.stopped.is_set():
            return False
        seconds = time.monotonic() - started
        why = why_failed(run, part, code)
        if why:
            self.say(run, f"FAILED after {seconds:.0f} s: {why}; see {part / 'log'}")
            return False
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
        self.say(run, f"{seconds:.0f} s ({time.monotonic() - self.begun:.0f} s since the start)")
        return True

    def process(self, run, folder):
        values = [f"{name}={value}" for name, value in run.setting.parameters.items()]
        limit = self.options.time_limit or BOOT_SECONDS + run.millions * 1_000_000 // SLOWEST
        words = [self.options.hypmeter, "run", "--board", "vexpress", "--machine", f"gem5:{self.options.gem5}",
                 *(["--gem5", *values] if values else []), *selection(run), "--time-limit", str(limit),
                 "--out", str(folder)]
        with open(folder / "log", "w", encoding="utf-8") as log:
            log.write(" ".join(words) + "\n")
            log.flush()
            with self.lock:
                if self.stopped.is_set():
                    return 1
                # A session of its own: Ctrl-C reaches only this program, which then stops its runs.
                process = subprocess.Popen(words, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
                self.processes.add(process)
            if self.stopped.is_set():  # in the meantime
                self.stop()
            code = process.wait()
            with self.lock:
                self.processes.discard(process)
        return code

    def stop(self, *_):
        # Without the lock, which this thread may hold: a signal comes at any time.
        self.stopped.set()
        for process in list(self.processes):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)

    def all(self):
        """How many runs have no results in the end."""
        signal.signal(signal.SIGINT, self.stop)
        signal.signal(signal.SIGTERM, self.stop)
        good = 0
        with concurrent.futures.ThreadPoolExecutor(self.options.jobs) as pool:
            pending = {pool.submit(self.do, run) for run in self.runs}
            while pending:  # with a limit, so that this thread sees signals
                done, pending = concurrent.futures.wait(pending, timeout=0.5)
                good += sum(future.result() for future in done)
        bad = len(self.runs) - good
        if self.stopped.is_set():
            print(f"stopped: {good} of {len(self.runs)} runs are done; the same command goes on")
        elif bad:
            print(f"{bad} of {len(self.runs)} runs FAILED; the same command tries them again")
        return bad


def chosen(names):
    if not names:
        return SETTINGS
    wanted = names.split(",")
    for name in wanted:
        if name not in SETTING:
            fail(f'no setting "{name}"; `sweep.py list` lists them')
    return [setting for setting in SETTINGS if setting.name in wanted]


def command_list(options):
    settings = chosen(options.only)
    table = [("setting", "rows", "million instructions", "what it asks", "parameters")]
    for setting in settings:
        values = " ".join(f"{name}={value}" for name, value in setting.parameters.items())
        table.append((setting.name, str(len(setting.rows)), str(setting.millions), setting.asks, values))
    widths = [max(len(line[i]) for line in table) for i in range(len(table[0]))]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())
    total = sum(setting.millions for setting in settings)
    print(f"{total} million instructions: at 70,000 to 25,000 a second {total / 0.07 / 3600:.1f} to "
          f"{total / 0.025 / 3600:.1f} hours of a processor")


def command_run(options):
    runs = [run for setting in chosen(options.only) for run in setting.runs]
    if options.jobs < 1:
        fail("--jobs takes 1 or more")
    for path, what in ((options.gem5, "gem5"), (options.hypmeter, "tool")):
        if not os.access(path, os.X_OK) or os.path.isdir(path):
            fail(f'no {what} "{path}"')
    for run in {(run.suite, run.rows): run for run in runs}.values():
        why = why_not_planned(options.hypmeter, run)
        if why:
            fail(f"{run.name}: {why}")
    sys.exit(1 if Sweep(options, runs).all() else 0)


def command_collect(options):
    why = collect(pathlib.Path(options.folder), pathlib.Path(options.out), options.hypmeter)
    if why:
        fail(why)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    settings = argparse.ArgumentParser(add_help=False)
    settings.add_argument("--only", default="", help="settings, with commas between")
    tool = argparse.ArgumentParser(add_help=False)
    tool.add_argument("--hypmeter", default=str(TOOL), help="the tool (default: that of this tree)")

    listing = commands.add_parser("list", parents=[settings])
    listing.set_defaults(use=command_list)

    running = commands.add_parser("run", parents=[settings, tool])
    running.set_defaults(use=command_run)
    running.add_argument("--gem5", required=True, help="as TREE/build/ARM/gem5.opt")
    running.add_argument("--out", required=True, help="the folder of all settings")
    running.add_argument("--jobs", type=int, default=2, help="how many run at a time (default: 2)")
    running.add_argument("--time-limit", type=int, default=0, help="seconds for each run, instead of a guess")

    collecting = commands.add_parser("collect", parents=[tool])
    collecting.set_defaults(use=command_collect)
    collecting.add_argument("folder", help="what `run` had as --out")
    collecting.add_argument("--out", required=True, help="the file to write, as reference/gem5/sweep.json")

    options = parser.parse_args()
    try:
        options.use(options)
    except KeyboardInterrupt:
        fail("stopped")


if __name__ == "__main__":
    main()
