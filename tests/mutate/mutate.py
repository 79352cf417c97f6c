#!/usr/bin/env python3
"""Breaks one line of the sources at a time, and says which test finds it.

    tests/mutate/mutate.py [--only N..M] [--again] [--check]

The faults are rows of faults.toml. Each goes into a copy of the tree (build/mutate/tree). The test that its
row names runs first; if that passes, all that are built from the file follow, from the quickest on. A fault
that passes all of them has survived. What has been found is kept in build/mutate/results.jsonl, so that a run
goes on where the last one ended. Two runs at once take two copies: HYPMETER_MUTATE_TREE=NAME names that of
the second one. --only takes some of the faults, by their numbers; --again forgets what was
found for them; --check only makes sure that each fault still fits its file. Called by ./hypmeter mutate.

Exits with 1 where a fault survives for which the table has no reason, and with 2 where a test fails without
a fault.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
RESULTS = os.path.join(ROOT, "build", "mutate", "results.jsonl")
TREE = os.path.join(ROOT, "build", "mutate", os.environ.get("HYPMETER_MUTATE_TREE", "tree"))
LOG = TREE + ".log"
JOBS = str(os.cpu_count() or 1)
BUILD_LIMIT = 1800  # seconds
TEST_LIMIT = 600
SINGLE_LIMIT = 120
RUN_LIMIT = 150  # several times what a quick run of one workload takes

# The steps that a row may name in `first`, as KIND:WHAT:
#   unit:FOLDER/NAME   only tests/unit/FOLDER/NAME.cpp, compiled and linked by itself
#   logic:FILTER       logic_tests, without the sanitizers
#   host:FILTER        host_tests
#   target:FILTER      system_tests, with the images of board virt built anew
#   run:WORKLOADS      a quick run of these on board virt, with the image built anew: its verdicts and golden values
#   tool:FILTER        system_tests, with the tool built anew
# What follows after it: each step with the folders from which its programs are built.
LADDER = (
    ("logic:*", ("hyp/core/", "drivers/", "session/core/", "foreign/core/", "alone/core/", "measure/", "guest/bench/", "guest/core/")),
    ("host:*", ("host/", "measure/", "drivers/fdt/")),
    ("target:Image.*:Barriers.*:Layering.*:-*Budgets", ("hyp/", "drivers/", "session/", "boot/", "measure/")),
    ("target:TargetCases.*:SecondCore.*:QuickRun.EqualsItsGoldenValuesWhereTheyHold",
     ("hyp/", "drivers/", "session/", "boot/", "measure/")),
    ("target:Entry.*:Misbehaviour.*:Stamps.*:EndOfInterrupt.*:LostInterrupt.*:Serial.*:Skips.*:Isolation*:RandomGuest.*",
     ("hyp/", "drivers/", "session/", "boot/", "measure/")),
    ("tool:BadUsage.*:Endings.*:BootImages.*:Gem5*:Serial.*:Misbehaviour.*:QuickRun.*", ("host/",)),
)
# The budgets of size are left out: they would find any fault that makes the image longer.
# A folder without hw in its name compiles on the host.
ON_TARGET_ONLY = re.compile(r"(^|/)hw/|^boot/")


def say(text):
    print(text, file=sys.stderr, flush=True)


def run(command, limit, folder=TREE):
    """The exit status and the output; the status is None where it took longer than `limit` seconds."""
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", stdin=subprocess.DEVNULL, start_new_session=True) as process:
        try:
            output = process.communicate(timeout=limit)[0]
            status = process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output = process.communicate()[0]
            status = None
    with open(LOG, "a", encoding="utf-8") as log:
        log.write(f"$ {' '.join(command)}\n{output[-20000:]}\n")
    return status, output


def ninja(build, *targets):
    return run(["cmake", "--build", build, "--parallel", JOBS, "--target", *targets], BUILD_LIMIT)


class Built(Exception):
    """A fault that the compiler finds."""


def build(folder, *targets):
    status, output = ninja(folder, *targets)
    if status is None:
        say(f"hypmeter: building {' '.join(targets)} took more than {BUILD_LIMIT} s; this says nothing of the fault")
        sys.exit(2)
    if status != 0:
        raise Built(next((line.strip()[-110:] for line in output.splitlines() if " error: " in line), "no reason"))


def configure():
    """Two build folders: of single tests, quick to rebuild; and as the presets make them."""
    single = ["cmake", "-G", "Ninja", "-S", ".", "-B", "build/single", "-DCMAKE_BUILD_TYPE=Debug",
              "-DHYPMETER_IMAGES=OFF", "-DHYPMETER_FOLDERS_AT_ONCE=OFF"]
    for command in (single, ["cmake", "--preset", "host"]):
        status, output = run(command, BUILD_LIMIT)
        if status != 0:
            sys.exit(output)


def failed_test(output):
    names = re.findall(r"^\[  FAILED  \] ([\w/]+\.[\w/]+)", output, re.MULTILINE)
    return names[0] if names else "the program ends early"


def test(command, limit=TEST_LIMIT):
    """The name of what fails; None where all pass."""
    status, output = run(command, limit)
    if status is None:
        return "a hang, which the time limit ends"
    if status == 0:
        return None if re.search(r"\[  PASSED  \] [1-9]", output) else "no test, since none has this name"
    return failed_test(output)


def single_test(name):
    base = "build/single/tests"
    item = f"{base}/CMakeFiles/logic_tests.dir/unit/{name}.cpp.o"
    build("build/single", os.path.relpath(item, "build/single"), "tests/liblogic.a")
    program = f"{base}/single_test"
    status, output = run(["c++", item, f"{base}/liblogic.a", "-lgtest", "-lgtest_main", "-pthread", "-o", program],
                         BUILD_LIMIT)
    if status != 0:
        raise Built(output.splitlines()[-1])
    return test([program], SINGLE_LIMIT)


def quick_run(workloads):
    """The first verdict of a run that is not ok; None where all are."""
    out = TREE + ".run"
    shutil.rmtree(out, ignore_errors=True)
    status, _ = run(["build/host/host/hypmeter", "run", "--only", workloads, "--out", out, "--time-limit",
                     str(RUN_LIMIT)], 2 * RUN_LIMIT)
    results = os.path.join(out, "results.json")
    verdicts = json.loads(read(results))["verdicts"] if os.path.exists(results) else []
    bad = [verdict["name"] for verdict in verdicts if not verdict["ok"]]
    if status == 0 and any(verdict["name"] == "golden values" for verdict in verdicts):
        return None
    return f"a run of {workloads}: {bad[0] if bad else 'it fails'}"


def images_for(tests):
    """What has to be built anew for these system tests."""
    suites = {one.split(".")[0] for one in tests.split(":-")[0].split(":")}
    if suites <= {"TargetCases"}:
        return ["hypmeter-virt-cases"]
    if suites <= {"QuickRun", "Image", "Barriers", "Layering"}:
        return ["hypmeter-virt"]
    return ["test_images", "boot_images"]


def step(text, clean=False):
    """Carries out one step; returns the name of what fails, or None."""
    kind, what = text.split(":", 1)
    if kind == "unit":
        return single_test(what)
    if kind == "logic":
        build("build/single", "logic_tests")
        return test(["build/single/tests/logic_tests", "--gtest_filter=" + what])
    if kind == "host":
        build("build/host", "host_tests")
        return test(["build/host/tests/host_tests", "--gtest_filter=" + what])
    if kind == "target":
        if clean or not os.path.exists(os.path.join(TREE, "build/host/tests/system_tests")):
            build("build/host", "system_tests", "hypmeter_tool")
            build("build/host", "test_images-virt", "test_images-vexpress", "images")
        # The programs of the host stay as they are without the fault: only the images have it.
        build("build/virt", *images_for(what))
        return test(["build/host/tests/system_tests", "--gtest_filter=" + what])
    if kind == "run":
        if clean:
            build("build/host", "hypmeter_tool", "images-virt")
        build("build/virt", "hypmeter-virt")
        return quick_run(what)
    if kind == "tool":
        build("build/host", "system_tests", "hypmeter_tool", "images-virt")
        return test(["build/host/tests/system_tests", "--gtest_filter=" + what])
    sys.exit(f"faults.toml: unknown kind of step: {text}")


def ladder(fault):
    """The steps for one fault, in order."""
    path = fault["file"]
    steps = [fault["first"]]
    for text, folders in LADDER:
        on_host = text.startswith(("logic:", "host:"))
        if path.startswith(folders) and not (on_host and ON_TARGET_ONLY.search(path)):
            steps.append(text)
    return steps


# --- The copy of the tree -----------------------------------------------------------------------------------

# The tree may be someone else's, of whose files git says nothing otherwise.
GIT = ["git", "-c", "safe.directory=*"]


def sources():
    listed = subprocess.run([*GIT, "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True,
                            capture_output=True).stdout.decode()
    return {name for name in listed.split("\0") if name and os.path.exists(os.path.join(ROOT, name))}


def copy_tree():
    """Makes the copy equal to the tree, and leaves alone what is equal already. Returns a hash of it all."""
    wanted = sources()
    whole = hashlib.sha256()
    for name in sorted(wanted):
        source, target = os.path.join(ROOT, name), os.path.join(TREE, name)
        with open(source, "rb") as file:
            content = file.read()
        whole.update(name.encode() + b"\0" + content)
        if os.path.exists(target):
            with open(target, "rb") as file:
                if file.read() == content:
                    continue
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as file:
            file.write(content)
        shutil.copymode(source, target)
    for folder, folders, names in os.walk(TREE):
        if folder == TREE:
            folders[:] = [one for one in folders if one not in ("build", ".git")]
        for name in names:
            path = os.path.join(folder, name)
            if os.path.relpath(path, TREE) not in wanted:
                os.remove(path)
    return whole.hexdigest()


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


# --- The table ----------------------------------------------------------------------------------------------

def load_faults():
    with open(os.path.join(HERE, "faults.toml"), "rb") as file:
        faults = tomllib.load(file)["fault"]
    for number, fault in enumerate(faults, 1):
        fault["number"] = number
        words = "\0".join((fault["file"], fault["old"], fault["new"]))
        fault["key"] = hashlib.sha256(words.encode()).hexdigest()[:16]
    return faults


def misfits(faults):
    """A line for each fault whose text is not in its file exactly once, or that changes nothing."""
    lines = []
    for fault in faults:
        path = os.path.join(ROOT, fault["file"])
        count = read(path).count(fault["old"]) if os.path.exists(path) else 0
        if count != 1 or fault["old"] == fault["new"]:
            lines.append(f"faults.toml, fault {fault['number']}: its text is {count} times in {fault['file']}, not "
                         "once: write it as the file has it now")
    return lines


def chosen(faults, only):
    if only is None:
        return faults
    match = re.fullmatch(r"([1-9]\d*)(?:\.\.([1-9]\d*))?", only)
    if match is None:
        sys.exit(f"hypmeter: --only {only}: it takes a number or a range, as 7 or 7..12")
    first = int(match[1])
    last = int(match[2] or first)
    found = [fault for fault in faults if first <= fault["number"] <= last]
    if not found:
        sys.exit(f"hypmeter: --only {only}: no fault has such a number; they go from 1 to {len(faults)}")
    return found


def known_results():
    known = {}
    if os.path.exists(RESULTS):
        for line in read(RESULTS).splitlines():
            result = json.loads(line)
            known[result["key"]] = result
    return known


def keep(result):
    with open(RESULTS, "a", encoding="utf-8") as file:
        file.write(json.dumps(result) + "\n")


def try_fault(fault):
    """What found the fault, or None."""
    path = os.path.join(TREE, fault["file"])
    clean = read(path)
    write(path, clean.replace(fault["old"], fault["new"]))
    try:
        for text in ladder(fault):
            try:
                found = step(text)
            except Built as reason:
                return f"the compiler: {reason}", text
            if found is not None:
                return found, text
        return None, None
    finally:
        write(path, clean)


def check_clean(texts, state):
    """Ends the program where a step fails without a fault. What passed is kept for this `state` of the sources."""
    kept = TREE + ".clean"
    passed = read(kept).splitlines() if os.path.exists(kept) else []
    for text in texts:
        if f"{state} {text}" in passed:
            continue
        try:
            found = step(text, clean=True)
        except Built as reason:
            found = f"the compiler: {reason}"
        if found is not None:
            say(f"hypmeter: without any fault, {text} fails: {found} ({LOG})")
            sys.exit(2)
        with open(kept, "a", encoding="utf-8") as file:
            file.write(f"{state} {text}\n")


def one_line(text):
    return re.sub(r"\s+", " ", text).strip() or "(nothing)"


def print_table(faults, known):
    survivors = 0
    for fault in faults:
        result = known.get(fault["key"])
        what = f"{one_line(fault['old'])} -> {one_line(fault['new'])}"
        if result is None:
            verdict = "not tried"
        elif result["by"] is not None:
            verdict = f"{result['by']} ({result['seconds']:.0f} s)"
        elif "reason" in fault:
            verdict = f"nothing can: {fault['reason']} ({result['seconds']:.0f} s)"
        else:
            verdict = f"SURVIVED ({result['seconds']:.0f} s)"
            survivors += 1
        print(f"{fault['number']:3} {fault['file']}: {what}\n      {verdict}")
    tried = [fault for fault in faults if fault["key"] in known]
    caught = sum(known[fault["key"]]["by"] is not None for fault in tried)
    print(f"{len(faults)} faults: {caught} found, {len(tried) - caught - survivors} with a reason, "
          f"{survivors} survived, {len(faults) - len(tried)} not tried")
    return survivors


def main():
    parser = argparse.ArgumentParser(prog="hypmeter mutate", description=__doc__.splitlines()[0])
    parser.add_argument("--only", metavar="N..M", help="only the faults with these numbers")
    parser.add_argument("--again", action="store_true", help="try them again even if they were tried before")
    parser.add_argument("--check", action="store_true", help="only make sure that each fault fits its file")
    arguments = parser.parse_args()

    faults = load_faults()
    bad = misfits(faults)
    if bad or arguments.check:
        print("\n".join(bad or [f"all {len(faults)} faults fit their files"]))
        return 1 if bad else 0
    wanted = chosen(faults, arguments.only)
    known = {} if arguments.again else known_results()
    todo = [fault for fault in wanted if fault["key"] not in known]
    if todo:
        os.makedirs(TREE, exist_ok=True)
        if not os.path.exists(os.path.join(TREE, ".git")):
            # So that what asks git for the sources finds those of the copy.
            subprocess.run([*GIT, "init", "-q", TREE], check=True)
        write(LOG, "")
        state = copy_tree()
        subprocess.run([*GIT, "add", "-A"], cwd=TREE, check=True)
        configure()
        say(f"hypmeter: {len(todo)} faults to try; first their tests without a fault")
        check_clean(dict.fromkeys(fault["first"] for fault in todo), state)
    for fault in todo:
        begin = time.monotonic()
        by, text = try_fault(fault)
        if by is not None and text != fault["first"] and not by.startswith("the compiler"):
            check_clean([text], state)
        result = {"key": fault["key"], "by": by, "step": text, "seconds": time.monotonic() - begin}
        keep(result)
        known[fault["key"]] = result
        say(f"hypmeter: fault {fault['number']} in {fault['file']}: {by or 'survived'} "
            f"({result['seconds']:.0f} s)")
    return 1 if print_table(wanted, known) else 0


if __name__ == "__main__":
    sys.exit(main())
