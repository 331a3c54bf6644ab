"""Files of folders that strangers may have made: nothing outside is read or written, and nothing is waited for.

For folders that were received. Whoever may change a folder while a command works in it is not kept out.
"""

import errno
import os
import stat
from pathlib import Path

from pipeline_sim.records.records_error import RecordsError, file_errors

NO_LINK, NO_WAIT = getattr(os, "O_NOFOLLOW", 0), getattr(os, "O_NONBLOCK", 0)
MOST_BYTES = 1 << 30  # of a file that is read into memory


def inside(folder: Path, name: str) -> Path:
    """Path of a file in a folder; RecordsError if its name, or a link on its way, leads out of the folder."""
    path = folder / name
    if "\0" in name or not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
        raise RecordsError(f"{path} leads out of {folder}: it is not touched")
    return path


def open_regular(path: Path, flags: int) -> int:
    """Descriptor of a file; OSError if it is a pipe, a device or, where it may be written, a link or has two names."""
    writes = flags & (os.O_WRONLY | os.O_RDWR)
    number = os.open(path, flags | NO_WAIT | (NO_LINK if writes else 0), 0o666)
    about = os.fstat(number)
    if not stat.S_ISREG(about.st_mode) or (writes and about.st_nlink != 1):
        os.close(number)
        raise OSError(errno.EINVAL, "is no file of its own")
    return number


def read_regular(path: Path) -> bytes:
    """Content of a file; RecordsError if it cannot be read, is a pipe or a device, or is too large."""
    with file_errors("read", path), os.fdopen(open_regular(path, os.O_RDONLY), "rb") as file:
        if os.fstat(file.fileno()).st_size > MOST_BYTES:
            raise RecordsError(f"cannot read {path}: over {MOST_BYTES >> 30} GB")
        return file.read()
