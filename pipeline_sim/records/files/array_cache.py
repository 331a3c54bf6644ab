"""Arrays kept on disk between two runs of the same command, so that what is finished is not computed again.

A file is whole or absent. One that is damaged, cut short or foreign reads as nothing: what it held is computed again.
"""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline_sim.records.files.result_files import write_whole
from pipeline_sim.records.records_error import RecordsError

Arrays = dict[str, npt.NDArray[Any]]
CHECKED = "sha256"  # entry that holds the digest of all others


def keep(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write arrays into one compressed file; RecordsError if it cannot be written."""
    digest = np.frombuffer(bytes.fromhex(digest_of(arrays)), np.uint8)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **{CHECKED: digest, **arrays})  # type: ignore[arg-type]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecordsError(f"cannot write {path}: {error.strerror or error}") from None
    write_whole(path, lambda file: file.write(buffer.getvalue()))


def kept(path: Path) -> Arrays | None:
    """The arrays of a file; None if there is no such file or it is not what was written."""
    try:
        content = io.BytesIO(path.read_bytes())
        with np.load(content, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (OSError, ValueError, KeyError, EOFError, AttributeError, zipfile.BadZipFile, zlib.error):
        return None
    found = arrays.pop(CHECKED, None)
    return arrays if found is not None and found.tobytes().hex() == digest_of(arrays) else None


def digest_of(arrays: Mapping[str, npt.NDArray[Any]]) -> str:
    """SHA-256 over names, types, shapes and contents."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
