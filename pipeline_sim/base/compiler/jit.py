"""The only door to the compiler.

`@rule` compiles a pure integer function once and keeps the result on disk. The cache is keyed by a digest of
every source file that can be compiled, because Numba alone looks at one file and would keep running an old callee.
"""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from llvmlite.binding import get_host_cpu_name
from numba.core import config, types
from numba.core.caching import FunctionCache
from numba.core.runtime.nrt import rtsys

from pipeline_sim.base.compiler.linking import CalleeCompiler, EntryCompiler
from pipeline_sim.base.package import PACKAGE, sources_digest

F = TypeVar("F", bound=Callable[..., Any])
COMPILED = ("base/**/*.py", "rules/**/*.py", "engines/batch/**/*.py")  # of the model: they decide results
COMPILED_BESIDES = ("bench/reduced/*.py",)


@cache
def rules_digest() -> str:
    """Sixteen hex digits over the sources of the model's compiled code."""
    return sources_digest(COMPILED, PACKAGE)


@cache
def cache_folder() -> Path:
    """Where compiled rules are kept: $PIPELINE_SIM_CACHE, or the user's cache folder."""
    root = os.environ.get("PIPELINE_SIM_CACHE") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return (
        Path(root) / "pipeline_sim" / f"{sources_digest(COMPILED + COMPILED_BESIDES, PACKAGE)}-numba{numba.__version__}"
    )


def rule(function: F) -> F:
    """Compile a rule on first call; nogil, kept on disk. It may read and write arrays that it is handed.

    No reference is counted, so it may neither allocate nor return arrays: counting cost a tenth of a run.
    """
    return _compiled(function, _nrt=False)


def inlined_rule(function: F) -> F:
    """A rule that is written into each compiled function that calls it."""
    return _compiled(function, _nrt=False, forceinline=True)


def allocating(function: F) -> F:
    """A rule that makes arrays."""
    return _compiled(function)


def kernel(function: F) -> F:
    """A part of the batch kernel; Python cannot call it."""
    return cast(F, _part(function, _nrt=False))


def inlined_kernel(function: F) -> F:
    """A part that is written into each of its callers: constants among its arguments decide most of it there."""
    return cast(F, _part(function, _nrt=False, forceinline=True))


entry = rule  # a part of the kernel that Python calls


def compile_for(function: Callable[..., Any], *arguments: Any) -> None:
    """Have a function ready for arguments of such types, without calling it."""
    cast(Any, function).compile(tuple(_typeof(argument) for argument in arguments))


def is_ready(function: Callable[..., Any]) -> bool:
    """True if a function is compiled here or on the disk, for whatever arguments."""
    whole = cast(Any, function)
    return bool(whole.overloads or whole._cache._cache_file._load_index())


def address_of(function: Callable[..., Any], *arguments: Any) -> int:
    """Where the machine code of an entry for arguments of such types lies, for `call_at`; no entry has two kinds."""
    compile_for(function, *arguments)
    (compiled,) = cast(Any, function).overloads.values()
    return int(compiled.library.get_pointer_to_function(compiled.fndesc.llvm_func_name))


def host_processor() -> str:
    """Name of this machine's processor as LLVM knows it."""
    return str(get_host_cpu_name())


def _part(function: F, **options: bool) -> Any:
    part = _njit(no_cpython_wrapper=True, pipeline_class=CalleeCompiler, **_COMMON, **options)(function)
    resolve = part.get_call_template
    part.get_call_template = lambda args, kws: resolve(tuple(map(_plain, args)), kws)
    return part


def _plain(kind: types.Type) -> types.Type:
    """One width for all integers: a member of an enum or an int32 would compile the same rule once more."""
    return types.int64 if isinstance(kind, types.Integer | types.IntEnumMember | types.Boolean) else kind


def _compiled(function: F, **options: bool) -> F:
    before = _config.CACHE_DIR
    _config.CACHE_DIR = str(cache_folder())
    try:
        whole = _njit(pipeline_class=EntryCompiler, **_COMMON, **options)(function)
        whole._cache = _Kept(function)
    finally:
        _config.CACHE_DIR = before
    part = _part(function, **options)
    whole.get_call_template, whole.get_overload = part.get_call_template, part.get_overload
    return cast(F, whole)


class _Kept(FunctionCache):  # type: ignore[misc]
    """Compiled functions on the disk. Who fetches one needs no compiler: to make that ready takes half a second."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """As Numba's own, but of all that it readies only what allocates memory in a running function."""
        rtsys.initialize(target_context)
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)


_COMMON: dict[str, Any] = {"nogil": True, "no_cfunc_wrapper": True, "error_model": "numpy"}
_typeof: Any = numba.typeof
_njit: Any = numba.njit  # some of its options are not in its type
_config: Any = config
