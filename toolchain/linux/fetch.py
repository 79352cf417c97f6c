#!/usr/bin/env python3
"""Fetches Debian's kernel for armhf, and makes of Debian's packages what runs in it.

    fetch.py [FOLDER]

FOLDER (build/linux) gets `zImage`, `initrd.gz` and `versions.txt`, and the packages in `packages/`. The packages
come from the mirrors that apt is configured with, through an apt folder of our own: nothing of the system is
changed, and no root is needed. What is there already stays.
"""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # the folder holds sources

from archive import Archive

HERE = pathlib.Path(__file__).resolve().parent
KERNEL = "linux-image-armmp-lpae"  # depends on the package of the newest version
PACKAGES = ("busybox-static", "rt-tests", "libnuma1", "libc6", "libgcc-s1")
PREFIX = "arm-none-eabi-"
# The C library loads it when a thread ends, so it is named in no program.
LOADED_LATER = "libgcc_s.so.1"
LIBRARY_FOLDERS = ("lib/arm-linux-gnueabihf", "usr/lib/arm-linux-gnueabihf", "lib", "usr/lib")


class Refusal(Exception):
    pass


def output(*command, failing=False):
    """What the command prints. With `failing` it may fail, and its errors are part of it."""
    ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT if failing else subprocess.PIPE,
                         stdin=subprocess.DEVNULL, text=True, errors="replace", env={**os.environ, "LC_ALL": "C"})
    if ran.returncode and not failing:
        reasons = ran.stderr.strip().splitlines() or [f"status {ran.returncode}"]
        raise Refusal(f"{pathlib.Path(command[0]).name} failed: {reasons[-1]}")
    return ran.stdout


def require(programs, how):
    missing = [program for program in programs if not shutil.which(program)]
    if missing:
        raise Refusal(f"not found: {', '.join(missing)}; {how}")


def sources():
    """The lines of our sources.list: Debian's own suites of those that the machine has."""
    found = []
    for line in output("apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)",
                       "Created-By: Packages").splitlines():
        uri, release, component = (line.split() + [""] * 3)[:3]
        if component != "main" or not re.search(r"/debian(-security)?/", uri) or \
                re.search("backports|proposed|experimental", release):
            continue
        keys = pathlib.Path("/usr/share/keyrings/debian-archive-keyring.gpg")
        signed = f" signed-by={keys}" if keys.exists() else ""
        entry = f"deb [arch=armhf target=Packages{signed}] {uri} {release} main"
        if entry not in found:
            found.append(entry)
    if not found:
        raise Refusal("apt is configured with no mirror of Debian (/etc/apt/sources.list and sources.list.d/)")
    return found


def make_apt(folder):
    """The configuration of an apt that has its state below `folder` and reads nothing of the system's but how
    the network is reached."""
    for part in ("lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True)
    (folder / "status").touch()
    (folder / "sources.list").write_text("\n".join(sources()) + "\n")
    configuration = folder / "apt.conf"
    configuration.write_text(f"""\
#clear APT::Architectures;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
APT::Architecture "armhf";
APT::Architectures {{ "armhf"; }};
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
Dir::State "{folder}";
Dir::State::status "{folder}/status";
Dir::State::lists "{folder}/lists";
Dir::Cache "{folder}/cache";
Dir::Etc::sourcelist "{folder}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
""")
    return str(configuration)


def first_error(text):
    """The first complaint of apt, without its letter."""
    for line in text.splitlines():
        if line.startswith(("E: ", "W: ")):
            return line[3:].strip()
    return ""


def fetch(work, packages):
    """Puts the packages into the folder `packages`."""
    apt = make_apt(work / "apt")
    print("linux: fetching Debian's list of packages for armhf", flush=True)
    # An index that cannot be fetched is no reason to stop: the packages may be in another.
    complaint = first_error(output("apt-get", "-c", apt, "-q", "update", failing=True))
    shown = output("apt-cache", "-c", apt, "show", "--no-all-versions", KERNEL, failing=True)
    kernel = re.search(r"^Depends:.*?\b(linux-image-[^\s,]*-armmp-lpae)", shown, re.MULTILINE)
    if not kernel:
        if complaint:
            raise Refusal(f"the list of packages cannot be fetched (is there a network?): {complaint}")
        raise Refusal(f"package not found: {KERNEL}")
    if complaint:
        print(f"linux: going on without one list, so versions may be older: {complaint}", flush=True)
    packages.mkdir()
    for package in (kernel[1], *PACKAGES):
        print(f"linux: fetching {package}", flush=True)
        got = subprocess.run(("apt-get", "-c", apt, "-q", "download", package), cwd=packages, text=True,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             errors="replace", env={**os.environ, "LC_ALL": "C"})
        if got.returncode:
            missing = "Unable to locate" in got.stdout or "No candidate" in got.stdout
            raise Refusal(f"package not found: {package}" if missing else
                          f"{package} cannot be fetched (is there a network?): {first_error(got.stdout)}")


def found_in(root, folders, name):
    for folder in folders:
        path = root / folder / name
        if path.is_file():
            return path
    raise Refusal(f"the packages have no {name}")


def libraries(root, program):
    """The libraries of a program and the program that loads them, by name, without repetition."""
    found = {}
    waiting = [program, found_in(root, LIBRARY_FOLDERS, LOADED_LATER)]
    while waiting:
        path = waiting.pop()
        if path is not program:
            found[path.name] = path
        for name in re.findall(r"\(NEEDED\).*\[(.*)\]", output(PREFIX + "readelf", "-dW", path)):
            if name not in found:
                waiting.append(found_in(root, LIBRARY_FOLDERS, name))
    return found


def make_initrd(root, work, path):
    counter = work / "counter"
    output(PREFIX + "gcc", "-nostdlib", "-static", "-s", "-o", counter, HERE / "counter.S")
    cyclictest = found_in(root, ("usr/bin", "usr/sbin"), "cyclictest")
    archive = Archive()
    for folder in ("bin", "dev", "lib", "proc", "sys"):
        archive.folder(folder)
    archive.character_device("dev/console", 5, 1)  # before /init has mounted what has it
    archive.program("init", (HERE / "init").read_bytes())
    archive.program("bin/busybox", found_in(root, ("bin", "usr/bin"), "busybox").read_bytes())
    archive.link("bin/sh", "busybox")
    archive.program("bin/counter", counter.read_bytes())
    archive.program("bin/cyclictest", cyclictest.read_bytes())
    for name, library in sorted(libraries(root, cyclictest).items()):
        archive.program(f"lib/{name}", library.read_bytes())
    archive.write(path)


def recipe():
    """Names what initrd.gz is made by, so that one made by an older form of these files is made anew."""
    digest = hashlib.sha256()
    for name in ("archive.py", "counter.S", "fetch.py", "init"):
        digest.update((HERE / name).read_bytes())
    return f"recipe {digest.hexdigest()[:16]}\n"


def ready(folder):
    try:
        return recipe() in (folder / "versions.txt").read_text() and \
            all((folder / name).is_file() for name in ("zImage", "initrd.gz"))
    except FileNotFoundError:
        return False


def make(folder):
    require(("apt-get", "apt-cache", "dpkg-deb"), "this is not Debian, and the packages are Debian's")
    require((PREFIX + "gcc", PREFIX + "readelf"), "./hypmeter linux installs what is missing")
    folder.mkdir(parents=True, exist_ok=True)
    # On the same file system, so that what is complete can be moved in one step.
    with tempfile.TemporaryDirectory(prefix="unfinished-", dir=folder) as name:
        work = pathlib.Path(name)
        packages = folder / "packages"
        if not packages.is_dir():
            fetch(work, work / "packages")
            os.rename(work / "packages", packages)
        root = work / "root"
        debs = sorted(packages.glob("*.deb"))
        for deb in debs:
            output("dpkg-deb", "-x", deb, root)
        kernels = sorted((root / "boot").glob("vmlinuz-*"))
        if len(kernels) != 1:
            raise Refusal(f"{packages} has {len(kernels)} kernels, not one; remove that folder and call again")
        make_initrd(root, work, work / "initrd.gz")
        shutil.copy(kernels[0], work / "zImage")
        (work / "versions.txt").write_text("".join(
            output("dpkg-deb", "-W", "--showformat=${Package} ${Version}\n", deb) for deb in debs) + recipe())
        # What is half new must not look complete: versions.txt goes first and comes last.
        (folder / "versions.txt").unlink(missing_ok=True)
        for made in ("zImage", "initrd.gz", "versions.txt"):
            os.replace(work / made, folder / made)


def main(arguments):
    if len(arguments) > 1 or arguments[:1] in (["-h"], ["--help"]):
        sys.exit(__doc__)
    folder = pathlib.Path(arguments[0] if arguments else HERE.parent.parent / "build" / "linux").absolute()
    there = ready(folder)
    if not there:
        make(folder)
    kernel = (folder / "versions.txt").read_text().split("linux-image-", 1)[1].splitlines()[0]
    print(f"linux: {folder} {'has' if there else 'now has'} zImage and initrd.gz: Debian's kernel {kernel}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Refusal as refusal:
        sys.exit(f"linux: {refusal}")
    except OSError as error:
        sys.exit(f"linux: {error}")
    except KeyboardInterrupt:
        sys.exit("linux: interrupted; nothing was made")
