"""Source files of this package, and digests over them."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def source_files(patterns: Iterable[str], package: Path = PACKAGE) -> list[Path]:
    """Source files that glob patterns match; FileNotFoundError for a pattern that matches none."""
    files: list[Path] = []
    for pattern in patterns:
        matching = sorted(path for path in package.glob(pattern) if path.is_file())
        if not matching:
            raise FileNotFoundError(f"no source file of {package} matches {pattern}")
        files += matching
    return files


def sources_digest(patterns: Iterable[str], package: Path = PACKAGE) -> str:
    """Digest of the source files that glob patterns match, over paths and contents: sixteen hex digits."""
    digest = hashlib.sha256()
    for path in source_files(patterns, package):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
