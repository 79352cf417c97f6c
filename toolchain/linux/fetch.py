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
import sys
import tempfile

sys.dont_write_bytecode = True  # the folder holds sources
HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))

from archive import Archive
from debian.packages import Apt, Refusal, output, require, run, versions

KERNEL = "linux-image-armmp-lpae"  # depends on the package of the newest version
PACKAGES = ("busybox-static", "rt-tests", "libnuma1", "libc6", "libgcc-s1")
PREFIX = "arm-none-eabi-"
# The C library loads it when a thread ends, so it is named in no program.
LOADED_LATER = "libgcc_s.so.1"
LIBRARY_FOLDERS = ("lib/arm-linux-gnueabihf", "usr/lib/arm-linux-gnueabihf", "lib", "usr/lib")


def fetch(work, packages):
    """Puts the packages into the folder `packages`."""
    apt = Apt(work / "apt", "linux")
    kernel = re.search(r"\b(linux-image-[^\s,]*-armmp-lpae)", apt.depends(KERNEL))
    if not kernel:
        raise Refusal(f"package not found: {KERNEL}")
    packages.mkdir()
    for package in (kernel[1], *PACKAGES):
        apt.download(package, packages)


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
        (work / "versions.txt").write_text(versions(debs) + recipe())
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
    run("linux", main, sys.argv[1:])
