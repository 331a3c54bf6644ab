"""Which hurried edits of the TOML files that ship are accepted in silence and change the world?

`PYTHONPATH=.:tests python -m fuzz.hurried_walk --edits 400` prints CSV: file, key, edit, before, after, what would have
caught it. Edits are those of a person in a hurry: another power of ten, a sign, a typing error, a line twice or lost,
two ends of a range exchanged, a date in another order.
"""

import argparse
import csv
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from reliability.hurried_edits import typing_error
from support import CONFIGS

from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.reading.sources import world_digest
from pipeline_sim.world.world_error import WorldError

LAYERS = ("england.toml", "covid.toml", "interventions.toml", "costs.toml")
FILES = (
    *LAYERS,
    *(
        f"england/{name}.toml"
        for name in ("calibration", "life", "people", "places", "recruitment", "reviews", "training")
    ),
)
NUMBER, DATE = r"(?<![\w.\"-])-?\d+(?:\.\d+)?(?![\w.\"-])", r"(\d{4})-(\d\d)-(\d\d)"
ENDS = re.compile(rf"(low|high) = ({NUMBER})")


class Edit(NamedTuple):
    """An edit of a line, and the rule of a schema that would refuse it."""

    name: str
    change: Callable[[str, Random], str]
    rule: str


def of_number(change: Callable[[str], str]) -> Callable[[str, Random], str]:
    """Edit of one number of a line, outside its note and source."""

    def edit(line: str, chance: Random) -> str:
        places = list(re.finditer(NUMBER, line.split("source =", maxsplit=1)[0].split("#", maxsplit=1)[0]))
        if not places:
            return line
        found = chance.choice(places)
        return line[: found.start()] + change(found[0]) + line[found.end() :]

    return edit


def ends_exchanged(line: str, _: Random) -> str:
    """Low and high exchanged."""
    return re.sub(r"\b(low|high) =", lambda end: "high =" if end[1] == "low" else "low =", line)


def digits_exchanged(text: str) -> str:
    """Two digits side by side exchanged."""
    return re.sub(r"(\d)(\d)", r"\2\1", text, count=1)


def a_year_on(date: re.Match[str]) -> str:
    """Date a year later."""
    return f"{int(date[1]) + 1}-{date[2]}-{date[3]}"


def key_mistyped(line: str, _: Random) -> str:
    """Two letters of the key exchanged."""
    key, mark, rest = line.partition("=")
    return f"{typing_error(key)}{mark}{rest}"


def other_word(found: re.Match[str]) -> str:
    """True for false, and the other way round."""
    return "false" if found[0] == "true" else "true"


EDITS = (
    Edit(
        "ten times", of_number(lambda text: f"{float(text) * 10:.10g}"), "bounds by quantity: at most what is plausible"
    ),
    Edit(
        "a tenth", of_number(lambda text: f"{float(text) / 10:.10g}"), "bounds by quantity: at least what is plausible"
    ),
    Edit("per cent for a share", of_number(lambda text: f"{float(text) * 100:.10g}"), "shares at most 1, by unit"),
    Edit("negative", of_number(lambda text: f"-{text}"), "sign by unit"),
    Edit("zero", of_number(lambda _: "0"), "above zero, where none has no meaning"),
    Edit("digits exchanged", of_number(digits_exchanged), "value beside the row of evidence that it cites"),
    Edit("thousands separator", of_number(lambda text: f"1,{text}"), "TOML"),
    Edit("low and high exchanged", ends_exchanged, "low at most value at most high"),
    Edit("day and month", lambda line, _: re.sub(DATE, r"\1-\3-\2", line, count=1), "date within the period, weekday"),
    Edit("a year on", lambda line, _: re.sub(DATE, a_year_on, line, count=1), "dates in order"),
    Edit("typing error in the key", key_mistyped, "known keys"),
    Edit("line lost", lambda line, _: "", "keys that have to be there; none optional in files that ship"),
    Edit("line twice", lambda line, _: f"{line}\n{line}", "TOML: a key once"),
    Edit(
        "another grade",
        lambda line, _: re.sub(r'grade = "[ABC]"', 'grade = "A"', line),
        "grade beside the grade of its evidence",
    ),
    Edit("true and false", lambda line, _: re.sub("true|false", other_word, line), "none can"),
)


def edited(chance: Random, number: int) -> Iterator[tuple[str, int, Edit, str, str]]:
    """Files, lines and edits that change something, drawn evenly over files and kinds of edit."""
    lines = {name: (CONFIGS / name).read_text().split("\n") for name in FILES}
    while number:
        name, edit = chance.choice(FILES), chance.choice(EDITS)
        at = chance.randrange(len(lines[name]))
        before = lines[name][at]
        if "=" not in before or before.startswith(("#", "title", "url", "published")):
            continue
        after = edit.change(before, chance)
        if after != before:
            number -= 1
            yield name, at, edit, before, after


def main() -> int:
    """Walk, and print what was accepted."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.hurried_walk", description=__doc__)
    parser.add_argument("--edits", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    counts, out = Counter[tuple[str, str]](), csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(("file", "line", "edit", "before", "after", "what would catch it"))
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / "configs"
        shutil.copytree(CONFIGS, home)
        usual = world_digest(load_world(*(home / layer for layer in LAYERS)))
        for name, at, edit, before, after in edited(Random(options.seed), options.edits):
            file, text = home / name, (home / name).read_text()
            file.write_text("\n".join([*text.split("\n")[:at], after, *text.split("\n")[at + 1 :]]))
            try:
                changed = world_digest(load_world(*(home / layer for layer in LAYERS))) != usual
                verdict = "accepted" if changed else "no change"
            except WorldError:
                verdict = "refused"
            counts[edit.name, verdict] += 1
            if verdict == "accepted":
                out.writerow((name, at + 1, edit.name, before.strip()[:90], after.strip()[:90], edit.rule))
                sys.stdout.flush()
            file.write_text(text)
    for edit in EDITS:
        found = {verdict: counts[edit.name, verdict] for verdict in ("refused", "no change", "accepted")}
        print(f"{edit.name}: {found}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
