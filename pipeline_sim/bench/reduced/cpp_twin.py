"""C++ twin of the Numba program: builds `cpp_twin.cpp` once, where there is a C++ compiler, and calls it."""

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
    """Error of a twin that cannot be built here, with the reason."""


@cache
def compiler() -> str | None:
    """Path of the C++ compiler: $CXX, or the first of the usual names; None if there is none."""
    names = (os.environ.get("CXX"), *COMPILERS)
    return next((path for name in names if name and (path := shutil.which(name))), None)


@cache
def twin() -> Callable[[int], int]:
    """Function `play` of the twin: one run on the desk at an address, number of events. Raises TwinError."""
    play = ctypes.CDLL(str(build_library())).play
    play.argtypes, play.restype = [ctypes.c_void_p], ctypes.c_int64
    return play  # type: ignore[no-any-return]


def build_library() -> Path:
    """Shared library of the twin, compiled unless it is in the cache. Raises TwinError."""
    with_what = compiler()
    if with_what is None:
        raise TwinError("no C++ compiler found; install g++ or clang++, or name one in CXX")
    library = cache_folder() / f"twin-{build_digest(with_what)}.so"
    if not library.exists():
        library.parent.mkdir(parents=True, exist_ok=True)
        fresh = library.with_suffix(f".{os.getpid()}")
        command = [with_what, *FLAGS, "-o", str(fresh), str(SOURCE)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            why = next((line for line in run.stderr.splitlines() if "error" in line), "no reason given")
            raise TwinError(f"{with_what} could not compile {SOURCE.name}: {why}")
        fresh.replace(library)
    return library


def build_digest(with_what: str) -> str:
    """Digest of the source, the compiler, its flags and the processor: sixteen hex digits."""
    version = subprocess.run([with_what, "--version"], capture_output=True, text=True, check=False).stdout
    parts = (SOURCE.read_text(encoding="utf-8"), with_what, version, *FLAGS, host_processor())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
