#!/usr/bin/env python3
"""Fetches Debian's Xen for armhf, and unpacks the hypervisor.

    fetch.py [FOLDER]

FOLDER (build/xen) gets `xen`, the image as QEMU takes it, and `versions.txt`, and the package in `packages/`. It
comes from the mirrors that apt is configured with, through an apt folder of our own: nothing of the system is
changed, and no root is needed. What is there already stays.
"""

import gzip
import pathlib
import sys

sys.dont_write_bytecode = True  # the folder holds sources
HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))

from debian.packages import Refusal, fetch, run

PACKAGE = "xen-hypervisor-4.17-armhf"
NAMES = ("xen-*-armhf", "xen-*-armhf.gz")  # in /boot
GZIP = b"\x1f\x8b"  # RFC 1952, 2.3.1


def image_in(root, packages):
    images = [path for name in NAMES for path in (root / "boot").glob(name)]
    if len(images) != 1:
        raise Refusal(f"{packages} has {len(images)} images of Xen, not one; remove that folder and call again")
    image = images[0].read_bytes()
    return {"xen": gzip.decompress(image) if image.startswith(GZIP) else image}


def main(arguments):
    fetch(arguments, __doc__, HERE.parent.parent / "build" / "xen", "xen", PACKAGE, ("xen",), image_in, "Debian's Xen")


if __name__ == "__main__":
    run("xen", main, sys.argv[1:])
