"""The only door to the compiler.

`@rule` compiles a pure integer function once and keeps the result on disk. The cache is keyed by a digest of
every source file that can be compiled, because Numba alone looks at one file and would keep running an old callee.
"""

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core import config

F = TypeVar("F", bound=Callable[..., Any])
PACKAGE = Path(__file__).resolve().parent.parent
COMPILED_ROOMS = ("base", "rules", "engines/batch")


@cache
def rules_digest() -> str:
    """Sixteen hex digits over the sources of all compiled code."""
    digest = hashlib.sha256()
    for room in COMPILED_ROOMS:
        for path in sorted((PACKAGE / room).glob("*.py")):
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def cache_folder() -> Path:
    """Where compiled rules are kept: $PIPELINE_SIM_CACHE, or the user's cache folder."""
    root = os.environ.get("PIPELINE_SIM_CACHE") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "pipeline_sim" / f"{rules_digest()}-numba{numba.__version__}"


def rule(function: F) -> F:
    """Compile a scalar or array rule on first call; nogil, cached on disk."""
    return _compiled(function)


def kernel(function: F) -> F:
    """Compile a part of the batch kernel: no reference counting, so it may neither allocate nor return arrays."""
    return _compiled(function, _nrt=False, no_cpython_wrapper=True)


def entry(function: F) -> F:
    """A part of the kernel that Python calls."""
    return _compiled(function, _nrt=False)


def chapter(function: F) -> F:
    """A part of the kernel with one caller: written into it before compilation, so it is compiled once only."""
    return cast(F, _njit(inline="always", _nrt=False)(function))


def _compiled(function: F, **options: bool) -> F:
    before = _config.CACHE_DIR
    _config.CACHE_DIR = str(cache_folder())
    try:
        return cast(F, _njit(cache=True, nogil=True, **options)(function))
    finally:
        _config.CACHE_DIR = before


_njit: Any = numba.njit  # some of its options are not in its type
_config: Any = config
