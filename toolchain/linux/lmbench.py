#!/usr/bin/env python3
"""Makes an archive with LMbench for the guest Linux. Debian does not have LMbench: build it for armhf, statically.

    lmbench.py FOLDER [ARCHIVE]

FOLDER holds lat_pagefault and lat_mem_rd; ARCHIVE (build/linux/lmbench.gz) gets them as /lmbench. Linux unpacks
both archives if one file holds them: cat initrd.gz lmbench.gz >both.gz
"""

import pathlib
import struct
import sys

sys.dont_write_bytecode = True  # the folder holds sources

from archive import Archive

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = ("lat_pagefault", "lat_mem_rd")
MACHINE_ARM = 40
PROGRAM_LOADER = 3  # PT_INTERP: what a program has that needs libraries


def check(name, program):
    if program[:6] != b"\x7fELF\x01\x01" or struct.unpack_from("<H", program, 18)[0] != MACHINE_ARM:
        sys.exit(f"lmbench: {name} is no program for 32-bit ARM")
    (headers,), (size, count) = struct.unpack_from("<I", program, 28), struct.unpack_from("<HH", program, 42)
    for index in range(count):
        if struct.unpack_from("<I", program, headers + index * size)[0] == PROGRAM_LOADER:
            sys.exit(f"lmbench: {name} needs libraries; link it with -static")


def main(arguments):
    if len(arguments) not in (1, 2) or arguments[0].startswith("-"):
        sys.exit(__doc__)
    archive = Archive()
    archive.folder("lmbench")
    for name in PROGRAMS:
        path = pathlib.Path(arguments[0]) / name
        program = path.read_bytes()
        check(path, program)
        archive.program(f"lmbench/{name}", program)
    made = pathlib.Path(arguments[1]) if len(arguments) == 2 else HERE.parent.parent / "build" / "linux" / "lmbench.gz"
    made.parent.mkdir(parents=True, exist_ok=True)
    archive.write(made)
    print(f"lmbench: {made} has {' and '.join(PROGRAMS)}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (OSError, struct.error) as error:
        sys.exit(f"lmbench: {error}")
