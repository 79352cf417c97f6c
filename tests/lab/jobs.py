#!/usr/bin/python3
"""Checks jobs for LAVA: their form by LAVA's own schema, and that their monitors find each scenario of a log.

    tests/lab/jobs.py LOG JOB ..
"""

import json
import re
import sys

import yaml
from lava_common.schemas import validate


def scenarios(log):
    """What the log's records say of the scenarios, without the CRC behind each."""
    records = (line[line.index("{"):line.rindex(" crc=")] for line in log.splitlines() if line.startswith("@hypmeter"))
    return [(r["name"], r["ok"]) for r in map(json.loads, records) if r["record"] == "scenario"]


def results(monitor, log):
    """What LAVA's monitor takes from the log: it matches between the lines of its start and of its end."""
    begin = re.search(monitor["start"], log).end()
    end = re.search(monitor["end"], log[begin:]).start() + begin
    found = re.finditer(monitor["pattern"], log[begin:end])
    return [(m["test_case_id"], monitor["fixupdict"][m["result"]] == "pass") for m in found]


def main():
    log = open(sys.argv[1], encoding="utf-8").read()
    wanted = scenarios(log)
    if not wanted or len(sys.argv) < 3:
        sys.exit("no scenarios in the log, or no jobs")
    for name in sys.argv[2:]:
        with open(name, encoding="utf-8") as file:
            job = yaml.safe_load(file)
        validate(job)
        monitors = [m for action in job["actions"] if "test" in action for m in action["test"]["monitors"]]
        if [results(m, log) for m in monitors] != [wanted]:
            sys.exit(f"{name}: its monitor does not find the {len(wanted)} scenarios of the log")
    print(f"{len(sys.argv) - 2} jobs find {len(wanted)} scenarios")


main()
