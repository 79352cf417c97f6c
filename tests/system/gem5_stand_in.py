#!/usr/bin/env python3
"""Stands in for gem5: takes the same command line, and plays a recorded UART log.

GEM5_PLAYS names the log. GEM5_ENDS says how: "well" (the default) at SIGINT after all of it, "badly" at
once, "silently" without a word, "early" in the middle with what a panic of gem5 says, "never"; "unnamed" does not say its parameters.
"""

import argparse
import json
import os
import signal
import sys
import time

PIECES = 7


def end(*_):
    print("user interrupt received at tick 99", flush=True)
    sys.exit(0)


def main():
    # gem5's own options end at the first word that is not an option: the script.
    own = argparse.ArgumentParser(prog="gem5.opt", allow_abbrev=False)
    own.add_argument("-d", "--outdir", default="m5out")
    own.add_argument("--listener-mode", choices=["on", "off", "auto"], default="auto")
    own.add_argument("script")
    own.add_argument("arguments", nargs=argparse.REMAINDER)
    options = own.parse_args()
    if not os.path.isfile(options.script):
        sys.exit(f"Script {options.script} not found")

    script = argparse.ArgumentParser(prog=os.path.basename(options.script), allow_abbrev=False)
    for name in ("--image", "--dtb", "--tree"):
        script.add_argument(name, required=True)
    script.add_argument("--set", nargs="+", default=[])
    asked = script.parse_args(options.arguments)
    for path in (asked.tree, asked.image, asked.dtb):
        if not os.path.exists(path):
            sys.exit(f"fatal: no {path}")

    os.makedirs(options.outdir, exist_ok=True)
    ends = os.environ.get("GEM5_ENDS", "well")
    if ends != "unnamed":
        with open(os.path.join(options.outdir, "parameters.json"), "w") as parameters:
            chosen = dict(setting.split("=") for setting in asked.set)
            json.dump({"mhz": 1700, **chosen}, parameters)
    print("gem5 Simulator System.  https://www.gem5.org\n\ngem5 version 24.0.0.1", flush=True)
    print("warn: listening is off", file=sys.stderr, flush=True)
    if ends == "badly":
        print("\nNameError: name 'IntrControl' is not defined\n\nAt:\n  hypmeter.py(147): add_board", file=sys.stderr)
        sys.exit(1)
    if ends == "silently":
        return

    # The last record may be read, and the signal come, before this knows that it has played all.
    signal.signal(signal.SIGINT, end)
    with open(os.environ["GEM5_PLAYS"], "rb") as log:
        words = log.read()
    size = len(words) // PIECES + 1
    with open(os.path.join(options.outdir, "system.terminal"), "wb", buffering=0) as terminal:
        for piece in range(PIECES):
            if piece == PIECES // 2 and ends == "early":
                print("panic: EOImode 1 is unsupported", file=sys.stderr, flush=True)
                os.abort()
            while piece == PIECES // 2 and ends == "never":
                time.sleep(1)
            terminal.write(words[piece * size : (piece + 1) * size])
            time.sleep(0.06)
        while True:
            time.sleep(1)


main()
