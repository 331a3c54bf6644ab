"""Every command that writes, on a disk that fails at a random byte: one line, status 2, what there was is as it was.

`PYTHONPATH=.:tests python -m reliability.failing_writes --tries 40` as root, who may mount small disks; others have the
limit on the size of files alone. Each try runs in a copy of a folder in which every command has been run before.
"""

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from fuzz.forked_command import forked, limited_files

from reliability.commands_that_write import COMMANDS, contents, used_home

SECONDS = 240


@contextmanager
def disk_of(size: int, folder: Path) -> Iterator[None]:
    """Small disk with the contents of a folder in its place, and so many bytes free."""
    used = sum(-(-path.stat().st_size // 4096) for path in folder.rglob("*") if path.is_file()) * 4096
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
    before, printed = contents(folder), folder / "out" / "said.txt"
    done = forked(
        folder,
        *COMMANDS[name],
        seconds=SECONDS,
        before=limited_files(limit) if limit is not None else lambda: None,
        out=printed,
    )
    printed.unlink()
    lines = [line for line in done.stderr.splitlines() if not line.startswith(("compiling", "warning"))]
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
    chance, home = random.Random(options.seed), used_home()
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
