#!/usr/bin/env python3
"""Renews the tables in README.md and docs/ from the output of `./hypmeter run`.

    ./hypmeter run | docs/renew.py            writes the documents
    ./hypmeter run | docs/renew.py --check    only says which tables differ; exit status 1 if any do

A table is a ```text block whose first line is also the first line of a printed section. Sections are
separated by empty lines.
"""

import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"```text\n(.*?)\n```", re.DOTALL)
# Tables that `./hypmeter compare` prints, piped here too. Without them in the output they stay.
OTHER_COMMAND = {"compare.md", "measure-your-hypervisor.md"}
# Blocks that show a serial port, a foreign guest, or what `./hypmeter predict` prints: not in this output.
OTHER_OUTPUT = {"arndale.md", "boards.md", "guests.md", "model.md"}


def sections(output):
    """The printed sections by their first lines."""
    # The lines of the progress stand before the first, where both outputs are one.
    output = re.sub(r"(?m)^\[\d+/\d+\] .*\n", "", output)
    found = {}
    for section in re.split(r"\n{2,}", output.strip("\n")):
        found.setdefault(section.split("\n", 1)[0], section)
    return found


def main():
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit(__doc__)
    printed = sections(sys.stdin.read())
    tables = 0
    different = []
    for path in [TOP / "README.md", *sorted((TOP / "docs").glob("*.md"))]:
        if path.name in OTHER_OUTPUT:
            continue

        def renewed(block):
            nonlocal tables
            title = block[1].split("\n", 1)[0]
            if path.name in OTHER_COMMAND and title not in printed:
                return block[0]
            tables += 1
            if block[1] == printed.get(title):
                return block[0]
            different.append(f"{path.relative_to(TOP)}: {title}")
            return f"```text\n{printed[title]}\n```" if title in printed else block[0]

        text = path.read_text(encoding="utf-8")
        new = BLOCK.sub(renewed, text)
        if not check and new != text:
            path.write_text(new, encoding="utf-8")
    for table in different:
        print(("differs: " if check else "renewed, or not printed: ") + table)
    print(f"{tables} tables, {len(different)} different")
    sys.exit(1 if check and different or not tables else 0)


main()
