"""Builds `twin.cpp` once, where a C++ compiler is to be found, and calls it."""

import ctypes
import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

from pipeline_sim.base.compiler.jit import cache_folder, host_processor

SOURCE = Path(__file__).with_name("cpp_twin.cpp")
FLAGS = ("-std=c++17", "-O3", "-march=native", "-shared", "-fPIC")
COMPILERS = ("g++", "clang++", "c++")


class TwinError(Exception):
    """The twin cannot be built here; says why."""


@cache
def compiler() -> str | None:
    """Path of the compiler: $CXX, or the first of the usual names; None if there is none."""
    names = (os.environ.get("CXX"), *COMPILERS)
    return next((found for name in names if name and (found := shutil.which(name))), None)


@cache
def twin() -> Callable[[int], int]:
    """`play` of the twin: one run on the desk at an address, number of events. Raises TwinError."""
    play = ctypes.CDLL(str(built())).play
    play.argtypes, play.restype = [ctypes.c_void_p], ctypes.c_int64
    return play  # type: ignore[no-any-return]


def built() -> Path:
    """The shared library, compiled unless it is kept from before. Raises TwinError."""
    with_what = compiler()
    if with_what is None:
        raise TwinError("no C++ compiler found; install g++ or clang++, or name one in CXX")
    library = cache_folder() / f"twin-{recipe(with_what)}.so"
    if not library.exists():
        library.parent.mkdir(parents=True, exist_ok=True)
        fresh = library.with_suffix(f".{os.getpid()}")
        told = subprocess.run(
            [with_what, *FLAGS, "-o", str(fresh), str(SOURCE)], capture_output=True, text=True, check=False
        )
        if told.returncode != 0:
            why = next((line for line in told.stderr.splitlines() if "error" in line), "no reason given")
            raise TwinError(f"{with_what} could not compile {SOURCE.name}: {why}")
        fresh.replace(library)
    return library


def recipe(with_what: str) -> str:
    """Sixteen hex digits over the source, the compiler, its flags and the processor that it compiles for."""
    version = subprocess.run([with_what, "--version"], capture_output=True, text=True, check=False).stdout
    parts = (SOURCE.read_text(encoding="utf-8"), with_what, version, *FLAGS, host_processor())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
