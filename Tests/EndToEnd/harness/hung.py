"""A file system that never answers, like the mount of an NFS server that is gone. Needs root."""

import ctypes
import os
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)
_MNT_DETACH = 2


class HungMount:
    """A FUSE mount whose requests nobody reads. Whoever touches it waits until `end`, then gets an error."""

    def __init__(self, path: Path):
        self.path = path
        self._device = os.open("/dev/fuse", os.O_RDWR | os.O_CLOEXEC)
        options = f"fd={self._device},rootmode=40000,user_id=0,group_id=0,allow_other"
        if _libc.mount(b"fuse", os.fsencode(path), b"fuse", 0, options.encode()) != 0:
            os.close(self._device)
            raise OSError(ctypes.get_errno(), "a FUSE file system cannot be mounted", str(path))

    def end(self) -> None:
        if self._device < 0:
            return
        _libc.umount2(os.fsencode(self.path), _MNT_DETACH)
        os.close(self._device)
        self._device = -1
