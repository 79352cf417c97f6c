"""What scripts that read a file of results share: an error ends the program in one line."""

import json
import pathlib
import sys


def fail(message):
    print(f"{pathlib.Path(sys.argv[0]).name}: {message}", file=sys.stderr)
    sys.exit(1)


def read(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        fail(f'no file "{path}"')
    except OSError as error:
        fail(f'cannot read "{path}": {error.strerror}')
    except ValueError:
        fail(f'"{path}" is not JSON')


def end(different, count, what, done):
    """Says which of `count` are different; `done` is what was done with them, empty if they were only compared."""
    for name in different:
        print(f"{done or 'differs'}: {name}")
    print(f"{count} {what}, {len(different)} different")
    sys.exit(1 if different and not done else 0)
