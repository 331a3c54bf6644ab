"""Every command that writes, on a disk that fails at a random byte: one line, status 2, what there was is as it was.

`PYTHONPATH=.:tests python -m reliability.failing_writes --tries 40` as root, who may mount small disks; others have the
limit on the size of files alone. Each try runs in a copy of a folder in which every command has been run before.
"""

import argparse
import hashlib
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from reliability.trials import CONFIGS, PROGRAM, Workspace

TINY, OWN = str(CONFIGS / "tiny.toml"), CONFIGS / "own"
COMMANDS: dict[str, tuple[str, ...]] = {
    "run": ("run", TINY, "--scale", "0.1", "--out", "out/run"),
    "compare": ("compare", ".", "--workers", "1", "--out", "out/compare"),
    "batch": ("batch", ".", "--replications", "3", "--workers", "1", "--store", "out/store"),
    "sensitivity": ("sensitivity", ".", "--only", "returning", "--trajectories", "2", "--out", "out/moves"),
    "warmup": ("warmup", TINY, "--years", "8", "--replications", "2", "--scale", "0.1", "--out", "out/warmup"),
    "mixes": ("mixes", "new", "out/mix.toml", "simulation=10m"),
    "evidence": ("evidence", "add", str(OWN / "example_records.csv"), "--role", "test", "--to", "out/records"),
    "elicit": ("elicit", str(OWN / "example_panel.toml"), "--out", "out/layer.toml"),
    "describe": ("describe", TINY, "--format", "stress-des"),
}
NEW = ("mixes", "evidence")  # refuse to write where something is
SECONDS = 240


def prepared() -> Path:
    """Folder in which every command has been run, but those that write only where nothing is."""
    folder = Path(tempfile.mkdtemp(prefix="pipeline_sim.")) / "home"
    workspace = Workspace(2)  # removes its folder when it is forgotten
    shutil.copytree(workspace.folder, folder)
    (folder / "out").mkdir()
    for name in COMMANDS.keys() - set(NEW):
        done = subprocess.run([*PROGRAM, *COMMANDS[name]], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (name, done.stderr)
    return folder


def contents(folder: Path) -> dict[str, str]:
    """Digest of every file below a folder, but for locks and stores, in which half of a run may be kept."""
    files = (path for path in folder.rglob("*") if path.is_file() and "store" not in path.parts)
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@contextmanager
def disk_of(size: int, folder: Path) -> Iterator[None]:
    """Small disk with the contents of a folder in its place, and so many bytes free."""
    used = sum(path.stat().st_size // 4096 + 2 for path in folder.rglob("*")) * 4096
    kept = folder.rename(folder.with_name("kept"))
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={used + size}", "tmpfs", str(folder)], check=True)
    try:
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def one_try(home: Path, name: str, size: int, on_disk: bool) -> str:
    """What was wrong when a command could write so many bytes; `done` if nothing, `refused` if it said so."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "home"
        shutil.copytree(home, folder)
        out = folder / "out"
        if on_disk:
            with disk_of(size, out):
                return verdict(folder, name, None)
        return verdict(folder, name, size)


def verdict(folder: Path, name: str, limit: int | None) -> str:
    """Run a command; verdict on what it said and left."""

    def limited() -> None:
        if limit is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    before = contents(folder)
    with (folder / "out" / "said.txt").open("wb") as said:
        how = {"cwd": folder, "stdout": said, "stderr": subprocess.PIPE, "preexec_fn": limited}
        done = subprocess.run([*PROGRAM, *COMMANDS[name]], check=False, timeout=SECONDS, **how)  # type: ignore[call-overload]
    (folder / "out" / "said.txt").unlink()
    lines = [line for line in done.stderr.decode().splitlines() if not line.startswith(("compiling", "warning"))]
    if done.returncode == 0:
        return "done"
    if done.returncode != 2 or not lines or not lines[-1].startswith("error: ") or "Traceback" in "".join(lines):
        return f"status {done.returncode}: {' / '.join(lines[-3:])}"
    left = contents(folder)
    changed = {path for path in before.keys() | left.keys() if before.get(path) != left.get(path)}
    changed = {path for path in changed if not path.startswith(("results/", ".points"))}  # finished work is kept
    return f"left {sorted(changed)[:3]}" if changed else "refused"


def main(words: Sequence[str]) -> int:
    """Run the tries; status 1 if one was neither done nor refused."""
    parser = argparse.ArgumentParser(prog="python -m reliability.failing_writes", description=__doc__)
    parser.add_argument("--tries", type=int, default=5, help="of each command and kind of failure")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(words)
    chance, home = random.Random(options.seed), prepared()
    wrong = 0
    for name in COMMANDS:
        for on_disk in (False, True):
            sizes = [int(2 ** chance.uniform(0, 21)) for _ in range(options.tries)]
            found = Counter(one_try(home, name, size, on_disk) for size in sizes)
            print(f"{name}, {'disk' if on_disk else 'files'}: {dict(found)}", flush=True)
            wrong += sum(count for what, count in found.items() if what not in ("done", "refused"))
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
