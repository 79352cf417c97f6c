#!/usr/bin/env python3
"""Fetches Debian's U-Boot for boards with Allwinner's H3, each with the SPL before it, as it lies on a card.

    fetch.py [FOLDER]

FOLDER (build/u-boot-sunxi) gets `BOARD.bin` for each board, and `versions.txt`, and the package in `packages/`. It
comes from the mirrors that apt is configured with, through an apt folder of our own: nothing of the system is
changed, and no root is needed. What is there already stays.
"""

import pathlib
import sys

sys.dont_write_bytecode = True  # the folder holds sources
HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))

from debian.packages import Refusal, fetch, run

PACKAGE = "u-boot-sunxi"
FILE = "u-boot-sunxi-with-spl.bin"
BOARDS = ("nanopi_neo", "nanopi_neo_air", "orangepi_plus", "orangepi_zero")  # those with an H3, or an H2+
# The boot ROM looks for it four bytes into the SPL (U-Boot, include/sunxi_image.h, struct boot_file_head).
MAGIC = b"eGON.BT0"


def loaders_in(root, packages):
    loaders = {}
    for board in BOARDS:
        path = root / "usr/lib/u-boot" / board / FILE
        data = path.read_bytes() if path.is_file() else b""
        if data[4:12] != MAGIC:
            raise Refusal(f"{packages} has no U-Boot for {board}; remove that folder and call again")
        loaders[f"{board}.bin"] = data
    return loaders


def main(arguments):
    fetch(arguments, __doc__, HERE.parent.parent / "build" / "u-boot-sunxi", "u-boot", PACKAGE,
          [f"{board}.bin" for board in BOARDS], loaders_in, "Debian's U-Boot for H3 boards,")


if __name__ == "__main__":
    run("u-boot", main, sys.argv[1:])
