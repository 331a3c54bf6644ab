"""Sealed manifests: JSON with a digest of its content, so that any byte changed by accident shows.

The seal is no signature: a forger can seal anew, and is detected when the result is reproduced.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline_sim.records.files.checked_files import read_regular
from pipeline_sim.records.records_error import RecordsError

SEAL = "seal"


def sealed_text(manifest: Mapping[str, Any]) -> str:
    """Text of a manifest with its seal."""
    content = {key: value for key, value in manifest.items() if key != SEAL}
    return _text({**content, SEAL: hashlib.sha256(_text(content).encode()).hexdigest()})


def read_sealed(path: Path) -> dict[str, Any]:
    """Content of a sealed manifest; RecordsError if it cannot be read, has no seal, or is not as written."""
    content = read_regular(path)
    manifest = parse_manifest(path, content)
    if SEAL not in manifest:
        raise RecordsError(f"{path} has no seal: written by an earlier version, or edited")
    if sealed_text(manifest).encode() != content:
        raise RecordsError(f"{path} is not as written: it was edited or damaged, its checksum does not match")
    return manifest


def parse_manifest(path: Path, content: bytes) -> dict[str, Any]:
    """Manifest in the bytes of a file, its seal not checked; RecordsError if it is not the manifest of a result."""
    manifest = parse_json(path, content)
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise RecordsError(f"{path} is not the manifest of a result")
    return manifest


def parse_json(path: Path, content: bytes) -> Any:
    """Value in the bytes of a JSON file; RecordsError if they are not JSON."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise RecordsError(f"{path} is not JSON: damaged or not a manifest") from None


def _text(manifest: Mapping[str, Any]) -> str:
    return json.dumps(manifest, indent=2, sort_keys=True) + "\n"
