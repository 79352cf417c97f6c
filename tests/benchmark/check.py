#!/usr/bin/env python3
"""Runs the benchmark of the tool for a short time: check.py PROGRAM FLOOR. Fails if it reaches less than FLOOR MB/s,
or if the memory that a log takes grows with what is not kept of it."""

import json
import subprocess
import sys

NOISE = 1.1  # allocations of strings and tables grow in steps


def main(program, floor):
    command = [program, "--benchmark_format=json", "--benchmark_min_time=0.05"]
    rows = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["benchmarks"]
    wrong = [row["name"] + ": " + row["error_message"] for row in rows if row.get("error_occurred")]
    good = {row["name"]: row for row in rows if not row.get("error_occurred")}
    for name, row in good.items():
        print(f"{name}: {row['bytes_per_second'] / 1e6:.1f} MB/s")
        if row["bytes_per_second"] / 1e6 < float(floor):
            wrong.append(f"{name}: less than {floor} MB/s")
    if len(rows) < 12:
        wrong.append(f"{len(rows)} benchmarks ran, and there are 12")
    short = good.get("parse/scenarios:200/buckets:10/remarks:4")
    long = good.get("parse/scenarios:200/buckets:10/remarks:300")
    if not short or not long:
        wrong.append("the two logs whose memory is compared were not read")
    else:
        if not long["log_bytes"] > 10 * short["log_bytes"] or long["rows"] != short["rows"]:
            wrong.append("the longer log is not ten times as long, or has other rows")
        if long["heap_bytes"] > NOISE * short["heap_bytes"]:
            wrong.append(f"a longer log of the same rows takes {long['heap_bytes']:.0f} bytes, and the "
                         f"shorter {short['heap_bytes']:.0f}")
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
