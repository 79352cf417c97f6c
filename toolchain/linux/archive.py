"""Writes the archive that Linux unpacks into its first file system, the initramfs: cpio's format `newc`, in
gzip. Written here because cpio needs root to make a device, and may not be installed. The form is described in
Linux' Documentation/driver-api/early-userspace/buffer-format.rst.

Equal contents give equal bytes: there are no dates, and everything belongs to root. The kernel's counts of
instructions depend on the bytes.
"""

import gzip
import os
import stat


class Archive:
    def __init__(self):
        self.bytes = bytearray()
        self.entries = 0

    def _entry(self, name, mode, contents=b"", device=(0, 0)):
        self.entries += 1
        path = name.encode() + b"\0"
        # Number, mode, owner, group, links, date, size, device of the file, device that it is, name, checksum.
        fields = (self.entries, mode, 0, 0, 1, 0, len(contents), 0, 0, *device, len(path), 0)
        for part in (b"070701" + b"".join(b"%08x" % field for field in fields) + path, contents):
            self.bytes += part
            self.bytes += bytes(-len(self.bytes) % 4)

    def folder(self, name):
        self._entry(name, stat.S_IFDIR | 0o755)

    def program(self, name, contents):
        self._entry(name, stat.S_IFREG | 0o755, contents)

    def link(self, name, to):
        self._entry(name, stat.S_IFLNK | 0o777, to.encode())

    def character_device(self, name, major, minor):
        self._entry(name, stat.S_IFCHR | 0o600, device=(major, minor))

    def write(self, path):
        """Writes the file at once or not at all; the archive takes no more entries then."""
        self._entry("TRAILER!!!", 0)
        unfinished = path.with_name(path.name + ".part")
        try:
            unfinished.write_bytes(gzip.compress(bytes(self.bytes), 9, mtime=0))
            os.replace(unfinished, path)
        finally:
            unfinished.unlink(missing_ok=True)
