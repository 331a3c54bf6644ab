"""A manifest with a seal: the digest of all it says. One byte more, less or other, and the seal does not fit.

It keeps from accidents. Who means to deceive can seal anew, and is found out when the result is made again.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline_sim.records.records_error import RecordsError

SEAL = "seal"


def sealed_text(manifest: Mapping[str, Any]) -> str:
    """The text of a manifest, with its seal."""
    said = {key: value for key, value in manifest.items() if key != SEAL}
    return _text({**said, SEAL: hashlib.sha256(_text(said).encode()).hexdigest()})


def unsealed(path: Path) -> dict[str, Any]:
    """What a manifest says; RecordsError if it cannot be read, has no seal, or is not as written."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RecordsError(f"cannot read {path}: {error.strerror or error}") from None
    try:
        manifest = json.loads(content)
    except (ValueError, RecursionError):
        raise RecordsError(f"{path} is not JSON: damaged or not a manifest") from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise RecordsError(f"{path} is not the manifest of a result")
    if SEAL not in manifest:
        raise RecordsError(f"{path} has no seal: written by an earlier version, or edited")
    if sealed_text(manifest).encode() != content:
        raise RecordsError(f"{path} is not as written: it was edited or damaged, its seal does not fit")
    return manifest


def _text(manifest: Mapping[str, Any]) -> str:
    return json.dumps(manifest, indent=2, sort_keys=True) + "\n"
