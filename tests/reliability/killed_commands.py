"""Every command that writes, killed (`kill -9`) at a random moment, with all that it started.

`PYTHONPATH=.:tests python -m reliability.killed_commands --kills 500`. What there was is then as it was or as the
command leaves it, never half of it; and the same command, run again, leaves what it leaves undisturbed.
"""

import argparse
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from fuzz.forked_command import KILLED, forked

from reliability.commands_that_write import COMMANDS, NEW, contents, new_home, used_home

SECONDS = 240
OF_THE_RUN = ("manifest.json", "ro-crate-metadata.json", ".lock.json")  # with times and durations


class Undisturbed(NamedTuple):
    """What a command leaves in an empty folder, and how long it takes, seconds."""

    left: dict[str, str]
    seconds: float


def undisturbed(name: str) -> Undisturbed:
    """Run of a command that is not killed."""
    home = new_home()
    said = forked(home, *COMMANDS[name], seconds=SECONDS)
    assert said.returncode == 0, (name, said.stderr)
    found = Undisturbed(results(home), said.clock)
    shutil.rmtree(home.parent)
    return found


def results(home: Path) -> dict[str, str]:
    """Digests of the files that a command leaves for its user, but those that say when it ran."""
    found = {path: digest for path, digest in contents(home).items() if path.startswith("out/")}
    return {path: digest for path, digest in found.items() if Path(path).name not in OF_THE_RUN}


def one_kill(home: Path, name: str, whole: Undisturbed, chance: random.Random) -> str:
    """What was wrong when a command was killed; `late` if it had ended, else `in order`."""
    with tempfile.TemporaryDirectory(prefix="pipeline_sim.") as place:
        folder = Path(place) / "home"
        shutil.copytree(home, folder)
        before = results(folder)
        said = forked(folder, *COMMANDS[name], seconds=chance.uniform(0, 1.1 * whole.seconds))
        if said.returncode != KILLED:
            return "late" if said.returncode == 0 else f"status {said.returncode}: {said.stderr[-200:]}"
        shown = {path: digest for path, digest in results(folder).items() if not is_hidden(path)}
        whole_shown = {path for path in before | whole.left if not is_hidden(path)}
        torn = sorted(path for path, digest in shown.items() if digest not in (before.get(path), whole.left.get(path)))
        lost = sorted(before.keys() - results(folder).keys())
        half = sorted(whole_shown - shown.keys()) if shown.keys() > before.keys() else []
        if torn or lost or half:
            return f"torn {torn[:3]}, lost {lost[:3]}, half {half[:3]}"
        again = forked(folder, *COMMANDS[name], seconds=SECONDS)
        if name in NEW and again.returncode == 2 and whole.left.items() <= results(folder).items():
            return "in order"  # it had written all, and refuses to write over it
        if again.returncode:
            return f"again: status {again.returncode}: {again.stderr[-200:]}"
        differ = sorted(path for path, digest in whole.left.items() if results(folder).get(path) != digest)
        return f"again: other {differ[:3]}" if differ else "in order"


def is_hidden(path: str) -> bool:
    """Whether a file lies in a store, of which half may be kept, or has a hidden name, as what is not ready has."""
    return any(part.startswith(".") or part.endswith(".store") for part in Path(path).parts)


def main(words: Sequence[str]) -> int:
    """Kill; status 1 if something was not in order."""
    parser = argparse.ArgumentParser(prog="python -m reliability.killed_commands", description=__doc__)
    parser.add_argument("--kills", type=int, default=18, help="over all commands, in a used and in an empty folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=COMMANDS, action="append", help="command; all by default")
    options = parser.parse_args(words)
    chance, used, empty = random.Random(options.seed), used_home(), new_home()
    names, wrong = options.only or [name for name in COMMANDS if name != "describe"], 0
    wholes = {name: undisturbed(name) for name in names}
    found = {name: Counter[str]() for name in names}
    done = number = 0
    while done < options.kills:
        name = names[number % len(names)]
        home = empty if name in NEW or number // len(names) % 2 else used
        said = one_kill(home, name, wholes[name], chance)
        number += 1
        done += said != "late"
        found[name][said] += 1
        if said not in ("late", "in order"):
            wrong += 1
            print(f"{name}, {'empty' if home is empty else 'used'} folder: {said}", flush=True)
    print(f"{done} kills, {wrong} not in order: { {name: dict(each) for name, each in found.items()} }")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
