"""Puts the measured influence of assumptions into docs/assumptions.md, between its marks.

    python -m tools.render_influence_page [RESULT]

Numbers are from `influence.csv` in the folder of the register; the figure is from a result of the command sensitivity.
"""

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline_sim.records.files.result_files import write_text
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.report.text.number_format import listed, rounded
from pipeline_sim.world.register.assumption_register import Register, load_register
from pipeline_sim.world.register.recorded_influence import (
    CHANCE,
    ENTRY,
    RECORD_MANIFEST,
    FactorInfluence,
    InfluenceTable,
    load_influence,
)
from pipeline_sim.world.world_error import WorldError
from tools.render_readme import between_marks

MARK, MOST = "influence", 10
PICTURE = Path("results") / "shown" / "influence.png"
HEADS = {
    "gained": "extensions that “{first}” avoids",
    "lead": "its lead over “{second}”",
    "taken": "extensions that COVID adds",
    "net_gbp_m": "its net cost to the training budget, £m",
}


def influence_block(folder: Path) -> str:
    """Block on the entries with the largest effect on the first outcome; `folder` is that of the register."""
    register, recorded = load_register(folder), load_influence(folder)
    if recorded is None:
        raise WorldError(f"{folder}: no influence has been measured: run pipeline-sim sensitivity with --record")
    manifest = json.loads((folder / RECORD_MANIFEST).read_text(encoding="utf-8"))
    ranked = sorted(_entries(recorded, recorded.outcomes[0]).items(), key=lambda pair: pair[1].rank)
    heads = _heads(recorded, manifest)
    head = ("", "assumptions", *heads.values(), "owner")
    lines = [head, tuple("---:" if name in heads.values() else "---" for name in head)]
    lines += [_row(register, recorded, name, place + 1) for place, (name, _) in enumerate(ranked[:MOST])]
    luck = (recorded.influences[ENTRY, CHANCE, outcome] for outcome in recorded.outcomes)
    most = (f"{rounded(each.size)}, at most {rounded(each.size + each.interval)}" for each in luck)
    lines.append(("", "*chance variation alone*", *most, ""))
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return "\n\n".join([_how(manifest), table, *_words(register, recorded, heads)])


def _entries(recorded: InfluenceTable, outcome: str) -> dict[str, FactorInfluence]:
    """Influence of every entry on an outcome."""
    return {
        factor: found
        for (level, factor, kind), found in recorded.influences.items()
        if level == ENTRY and kind == outcome and factor != CHANCE
    }


def _heads(recorded: InfluenceTable, manifest: Mapping[str, Any]) -> dict[str, str]:
    labels = {world["name"]: world["label"] for world in manifest["study"]["worlds"]}
    names = [labels[name] for name in manifest["leading"]]
    mixes = {"first": names[0] if names else "", "second": names[1] if len(names) > 1 else ""}
    return {outcome: HEADS.get(outcome, outcome).format(**mixes) for outcome in recorded.outcomes}


def _row(register: Register, recorded: InfluenceTable, name: str, place: int) -> tuple[str, ...]:
    found = [recorded.influences[ENTRY, name, outcome] for outcome in recorded.outcomes]
    entry = register.entries[name]
    return (str(place), f"{entry.title} (`{name}`)", *map(_size, found), entry.owner)


def _size(found: FactorInfluence) -> str:
    """Text of a change and its interval; in bold where it exceeds chance variation."""
    if found.size == 0:
        return "none"
    low, high = max(found.size - found.interval, 0.0), found.size + found.interval
    size = f"**{rounded(found.size)}**" if found.beyond_luck else rounded(found.size)
    return f"{size} ({rounded(low)} to {rounded(high)})"


def _how(manifest: Mapping[str, Any]) -> str:
    moves, study = manifest["moves"], manifest["study"]
    return (
        f"Measured on {manifest['created'][:10]} with `{manifest['command']}`: {moves['trajectories']} paths through"
        f" the ranges at scale {study['scale']:g}, every point with the same random numbers."
    )


def _words(register: Register, recorded: InfluenceTable, heads: Mapping[str, str]) -> list[str]:
    """Lists of the groups that affect each outcome by more than chance variation, and of those without any effect."""
    lines = []
    for outcome, head in heads.items():
        ranked = sorted(_entries(recorded, outcome).items(), key=lambda pair: pair[1].rank)
        sure = [_title(register, name) for name, found in ranked if found.beyond_luck]
        lines.append(f"- {head}: {listed(sure) if sure else 'none clearly exceeds chance variation'}")
    first = _entries(recorded, recorded.outcomes[0])
    idle = sorted(_title(register, name) for name, found in first.items() if found.size == 0)
    without = f"Of {len(first)} groups these have no effect on the first column: {listed(idle)}." if idle else ""
    return [
        "Groups whose effect exceeds chance variation, the strongest first:",
        "\n".join(lines),
        *([without] if without else []),
    ]


def _title(register: Register, name: str) -> str:
    return f"“{register.entries[name].title}”"


def main(arguments: Sequence[str], page: Path = Path("docs/assumptions.md")) -> None:
    """Fill the page, and keep the figure of a result if one is named."""
    text = between_marks(page.read_text(encoding="utf-8"), MARK, influence_block(Path("configs/register")))
    if arguments:
        picture = Path(arguments[0]) / "influence.png"
        if not picture.is_file():
            raise RecordsError(f"{picture} does not exist: name a result of the command sensitivity")
        shutil.copyfile(picture, PICTURE)
    write_text(page, text)


if __name__ == "__main__":
    main(sys.argv[1:])
