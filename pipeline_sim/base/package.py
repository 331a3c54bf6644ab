"""The source files of this package, for digests over them."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def source_files(patterns: Iterable[str], package: Path = PACKAGE) -> list[Path]:
    """Files of the package that patterns name; FileNotFoundError for a pattern that names none."""
    found: list[Path] = []
    for pattern in patterns:
        matching = sorted(path for path in package.glob(pattern) if path.is_file())
        if not matching:
            raise FileNotFoundError(f"no source file of {package} matches {pattern}")
        found += matching
    return found


def sources_digest(patterns: Iterable[str], package: Path = PACKAGE) -> str:
    """Sixteen hex digits over the paths and contents of the files that patterns name."""
    digest = hashlib.sha256()
    for path in source_files(patterns, package):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
