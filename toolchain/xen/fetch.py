#!/usr/bin/env python3
"""Fetches Debian's Xen for armhf, and unpacks the hypervisor.

    fetch.py [FOLDER]

FOLDER (build/xen) gets `xen`, the image as QEMU takes it, and `versions.txt`, and the package in `packages/`. It
comes from the mirrors that apt is configured with, through an apt folder of our own: nothing of the system is
changed, and no root is needed. What is there already stays.
"""

import gzip
import os
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True  # the folder holds sources
HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))

from debian.packages import Apt, Refusal, output, require, run, versions

PACKAGE = "xen-hypervisor-4.17-armhf"
NAMES = ("xen-*-armhf", "xen-*-armhf.gz")  # in /boot
GZIP = b"\x1f\x8b"  # RFC 1952, 2.3.1


def image_in(folder, packages):
    images = [path for name in NAMES for path in (folder / "boot").glob(name)]
    if len(images) != 1:
        raise Refusal(f"{packages} has {len(images)} images of Xen, not one; remove that folder and call again")
    image = images[0].read_bytes()
    return gzip.decompress(image) if image.startswith(GZIP) else image


def make(folder):
    require(("apt-get", "apt-cache", "dpkg-deb"), "this is not Debian, and the package is Debian's")
    folder.mkdir(parents=True, exist_ok=True)
    # On the same file system, so that what is complete can be moved in one step.
    with tempfile.TemporaryDirectory(prefix="unfinished-", dir=folder) as name:
        work = pathlib.Path(name)
        packages = folder / "packages"
        if not packages.is_dir():
            apt = Apt(work / "apt", "xen")
            apt.depends(PACKAGE)
            (work / "packages").mkdir()
            apt.download(PACKAGE, work / "packages")
            os.rename(work / "packages", packages)
        debs = sorted(packages.glob("*.deb"))
        for deb in debs:
            output("dpkg-deb", "-x", deb, work / "root")
        (work / "xen").write_bytes(image_in(work / "root", packages))
        (work / "versions.txt").write_text(versions(debs))
        # What is half new must not look complete: versions.txt goes first and comes last.
        (folder / "versions.txt").unlink(missing_ok=True)
        for made in ("xen", "versions.txt"):
            os.replace(work / made, folder / made)


def main(arguments):
    if len(arguments) > 1 or arguments[:1] in (["-h"], ["--help"]):
        sys.exit(__doc__)
    folder = pathlib.Path(arguments[0] if arguments else HERE.parent.parent / "build" / "xen").absolute()
    there = all((folder / name).is_file() for name in ("xen", "versions.txt"))
    if not there:
        make(folder)
    version = (folder / "versions.txt").read_text().split()[1]
    print(f"xen: {folder} {'has' if there else 'now has'} Debian's Xen {version}")


if __name__ == "__main__":
    run("xen", main, sys.argv[1:])
