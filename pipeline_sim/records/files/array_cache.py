"""Arrays kept on disk between two runs of a command, so that what is finished is not computed again.

Writes are atomic. A file that is damaged, cut short or foreign reads as None, and its content is computed again.
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

from pipeline_sim.records.files.checked_files import MOST_BYTES, read_regular
from pipeline_sim.records.files.result_files import write_atomically
from pipeline_sim.records.records_error import RecordsError, file_errors

Arrays = dict[str, npt.NDArray[Any]]
CHECKED = "sha256"  # entry with the digest of all others


def save_arrays(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write arrays into one compressed file; RecordsError if it cannot be written."""
    digest = np.frombuffer(bytes.fromhex(arrays_digest(arrays)), np.uint8)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **{CHECKED: digest, **arrays})  # type: ignore[arg-type]
    with file_errors("write", path):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, lambda file: file.write(buffer.getvalue()))


def load_arrays(path: Path) -> Arrays | None:
    """Arrays of a file; None if there is no such file or its checksum does not fit."""
    try:
        content = io.BytesIO(read_regular(path))
        with np.load(content, allow_pickle=False) as file:
            if sum(member.file_size for member in file.zip.infolist()) > MOST_BYTES:
                return None
            arrays = {name: file[name] for name in file.files}
    except (
        OSError,
        MemoryError,
        OverflowError,
        RecordsError,
        ValueError,
        KeyError,
        EOFError,
        AttributeError,
        zipfile.BadZipFile,
        zlib.error,
    ):
        return None
    digest = arrays.pop(CHECKED, None)
    return arrays if digest is not None and digest.tobytes().hex() == arrays_digest(arrays) else None


def arrays_digest(arrays: Mapping[str, npt.NDArray[Any]]) -> str:
    """SHA-256 over names, types, shapes and contents of arrays."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
