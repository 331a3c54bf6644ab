"""Decorators that compile functions: `rule`, `kernel` and `entry`; nothing else in the package calls Numba's.

A rule is compiled on its first call and the result is stored on disk. The cache is keyed by a digest of every source
file that can be compiled, because Numba alone looks at one file and would keep running an old callee.
With PIPELINE_SIM_PLAIN_NUMBA=1 everything is compiled by Numba's own compiler and linked in its own way, into a
cache of its own: slower to compile, the same results. It is the way out if a new Numba changes what `linking` uses.
"""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from llvmlite.binding import get_host_cpu_name
from numba.core import config, types

from pipeline_sim.base.package import PACKAGE, sources_digest

F = TypeVar("F", bound=Callable[..., Any])
COMPILED = ("base/**/*.py", "rules/**/*.py", "engines/batch/**/*.py", "world/shocks/compiled_loops.py")
COMPILED_BESIDES = ("bench/reduced/*.py",)
PLAIN_NUMBA = os.environ.get("PIPELINE_SIM_PLAIN_NUMBA") == "1"


@cache
def rules_digest() -> str:
    """Digest of the sources of the model's compiled code: sixteen hex digits."""
    return sources_digest(COMPILED, PACKAGE)


@cache
def cache_folder() -> Path:
    """Folder of the compiled code: in $PIPELINE_SIM_CACHE, or in the user's cache folder."""
    root = os.environ.get("PIPELINE_SIM_CACHE") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    digest = sources_digest(COMPILED + COMPILED_BESIDES, PACKAGE)
    return Path(root) / "pipeline_sim" / f"{digest}-numba{numba.__version__}{'-plain' * PLAIN_NUMBA}"


def rule(function: F) -> F:
    """Decorator of a rule: compiled on first call, without the GIL, stored on disk.

    It may read and write arrays that are passed to it. No reference is counted, so it may neither allocate nor return
    arrays: counting cost a tenth of a run.
    """
    return _compiled(function, _nrt=False)


def inlined_rule(function: F) -> F:
    """Decorator of a rule that is inlined into each compiled function that calls it."""
    return _compiled(function, _nrt=False, forceinline=True)


def allocating(function: F) -> F:
    """Decorator of a rule that allocates arrays."""
    return _compiled(function)


def kernel(function: F) -> F:
    """Decorator of a function of the batch kernel; Python cannot call it."""
    return cast(F, _callee(function, _nrt=False))


def inlined_kernel(function: F) -> F:
    """Decorator of a kernel function that is inlined into its callers: constant arguments decide most of it there."""
    return cast(F, _callee(function, _nrt=False, forceinline=True))


entry = rule  # decorator of a kernel function that Python calls


def compile_for(function: Callable[..., Any], *arguments: Any) -> None:
    """Compile a function for arguments of such types, or fetch it from disk, without calling it."""
    cast(Any, function).compile(tuple(_typeof(argument) for argument in arguments))


def is_ready(function: Callable[..., Any]) -> bool:
    """True if a function is compiled in this process or on disk, for any arguments."""
    dispatcher = cast(Any, function)
    return bool(dispatcher.overloads or dispatcher._cache._cache_file._load_index())


def address_of(function: Callable[..., Any], *arguments: Any) -> int:
    """Address of the machine code of an entry, which has one signature, for `call_at`."""
    compile_for(function, *arguments)
    (compiled,) = cast(Any, function).overloads.values()
    return int(compiled.library.get_pointer_to_function(compiled.fndesc.llvm_func_name))


def host_processor() -> str:
    """Processor of this machine as LLVM names it."""
    return str(get_host_cpu_name())


def _callee(function: F, **options: bool) -> Any:
    if PLAIN_NUMBA:
        return _njit(no_cpython_wrapper=True, **_COMMON, **options)(function)
    from pipeline_sim.base.compiler.linking import CalleeCompiler

    callee = _njit(no_cpython_wrapper=True, pipeline_class=CalleeCompiler, **_COMMON, **options)(function)
    resolve = callee.get_call_template
    callee.get_call_template = lambda args, kws: resolve(tuple(map(_int64_for_all, args)), kws)
    return callee


def _int64_for_all(kind: types.Type) -> types.Type:
    """One width for all integers: a member of an enum or an int32 would compile the same rule once more."""
    return types.int64 if isinstance(kind, types.Integer | types.IntEnumMember | types.Boolean) else kind


def _compiled(function: F, **options: bool) -> F:
    before = _config.CACHE_DIR
    _config.CACHE_DIR = str(cache_folder())
    try:
        if PLAIN_NUMBA:
            return cast(F, _njit(cache=True, **_COMMON, **options)(function))
        from pipeline_sim.base.compiler.linking import DiskCache, EntryCompiler

        dispatcher = _njit(pipeline_class=EntryCompiler, **_COMMON, **options)(function)
        dispatcher._cache = DiskCache(function)
    finally:
        _config.CACHE_DIR = before
    callee = _callee(function, **options)
    dispatcher.get_call_template, dispatcher.get_overload = callee.get_call_template, callee.get_overload
    return cast(F, dispatcher)


_COMMON: dict[str, Any] = {"nogil": True, "no_cfunc_wrapper": True, "error_model": "numpy"}
_typeof: Any = numba.typeof
_njit: Any = numba.njit  # some of its options are not in its type
_config: Any = config
