"""The command explain: what a figure or table rests on, in plain English, eighty columns wide."""

import math
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline_sim.cli.terminal.console import console
from pipeline_sim.records.provenance.environment import machine_since, versions_since
from pipeline_sim.records.provenance.identifiers import KINDS, read_identifier
from pipeline_sim.records.provenance.lookup import SHOWN, Result, edited, issuer
from pipeline_sim.records.provenance.manifest import Assumed, Manifest
from pipeline_sim.report.figures.frame import counted

WIDTH, HEAD = 80, 15  # columns


class Part(NamedTuple):
    """A heading and the paragraphs beside it."""

    head: str
    says: Sequence[str]


def explain_item(text: str, root: Path, names: bool) -> None:
    """Print what an item rests on; refused if its result is not as written."""
    wanted, result = issuer(text, root)
    screen = console()
    for line in lines_of(parts_of(wanted.text, result, names)):
        screen.print(line, soft_wrap=True)


def parts_of(text: str, result: Result, names: bool) -> list[Part]:
    """All that is said."""
    manifest = result.manifest
    item = manifest.items[text]
    places = list(manifest.places(text)) if item.places else [f"{len(manifest.files)} files"]
    held = [] if item.places else holds(manifest)
    whole = "No file of it was changed since." if result.has_files else "Its manifest was kept without the files."
    return [
        Part(text, [f"{KINDS.get(item.kind, 'item').capitalize()}: {item.title}"]),
        Part("Stands in", [*places, f"Result {result.place}. {whole}"]),
        *([Part("Holds", held)] if held else []),
        *question(manifest),
        Part("Luck", [luck(manifest)]),
        *(assumed(manifest.assumptions, names) if manifest.assumptions else []),
        Part("Read", inputs(result)),
        Part("Made by", made_by(manifest)),
        Part("Other now", [*versions_since(manifest), *machine_since(manifest)] or ["nothing"]),
        Part("Run time", [run_time(manifest)]),
        Part("Again", [f"pipeline-sim verify {text}"]),
    ]


def lines_of(parts: Iterable[Part]) -> list[str]:
    """Headings to the left, text to the right of them, wrapped; nothing is cut."""
    lines = []
    for part in parts:
        blank = " " * HEAD
        wrapped = [
            line
            for text in part.says
            for line in textwrap.wrap(text, WIDTH - HEAD, break_long_words=False, break_on_hyphens=False) or [""]
        ]
        lines += [f"{part.head:<{HEAD}}{wrapped[0]}", *(blank + line for line in wrapped[1:])]
    return lines


def holds(manifest: Manifest) -> list[str]:
    """Figures, tables of the report and tables as files, each in their order."""
    order = list(KINDS)
    read = sorted(map(read_identifier, manifest.items), key=lambda each: (order.index(each.kind), each.place))
    return [f"{each.text} {manifest.items[each.text].name}" for each in read if manifest.items[each.text].places]


def question(manifest: Manifest) -> list[Part]:
    """What was asked, of which worlds, how often."""
    study = manifest.study
    labels = {world.name: world.label for world in study.worlds} if study else {}
    names = [name for name in labels if name in manifest.worlds] or list(manifest.worlds)
    worlds = []
    for name in names:
        world = manifest.worlds[name]
        without = f", without {listed(world.without)}" if world.without else ""
        base = " (the others are held against it)" if study and name == study.baseline else ""
        worlds.append(f"{labels.get(name, world.name)}{without}{base}")
    sizes = sorted({world.scale for world in manifest.worlds.values()})
    size = [f"Scale {listed(f'{scale:g}' for scale in sizes)}; 1 is the world as its files have it."] if sizes else []
    asked = [Part("Question", [study.question])] if study else []
    return [*asked, Part("Command", [manifest.command]), *([Part("Worlds", [*worlds, *size])] if worlds else [])]


def luck(manifest: Manifest) -> str:
    """Seed, replications and draws."""
    study = manifest.study
    seed = study.seed if study else manifest.seed
    runs = manifest.replications or next((w.replications for w in manifest.worlds.values() if w.replications), None)
    says = [f"seed {seed}" if seed is not None else "", counted(runs, "replication") if runs else ""]
    text = listed(each for each in (*says, f"engine {manifest.engine}" if manifest.engine else "") if each)
    if runs and study and study.parameters == "sampled":
        draws = counted(math.ceil(runs / study.lucks), "draw")
        text += f"; {draws} of the figures in doubt, {counted(study.lucks, 'replication')} a draw"
    return text or "none"


def assumed(said: Assumed, names: bool) -> list[Part]:
    """Figures by grade; which were drawn and which held, by section or one by one."""
    grades = ", ".join(f"{count} of grade {grade}" for grade, count in said.by_grade.items())
    total = sum(said.by_grade.values())
    lines = [f"{total} figures: {grades}. All but the drawn ones are as the files state them."]
    drawn = f"{len(said.drawn)} of grade {said.drawn_grade}, each within its range" if said.drawn else "none"
    together = f"{len(said.together)} in rows of the plausible set" if said.together else "none"
    held = f"{len(said.held)} that have a range, as stated" if said.held else "none"
    shown = list if names else by_section
    return [
        Part("Assumed", lines),
        Part("  drawn", [f"{drawn}{':' if said.drawn else ''}", *shown(said.drawn)]),
        Part("  together", [f"{together}{':' if said.together else ''}", *shown(said.together)]),
        Part("  held", [f"{held}{':' if said.held else ''}", *shown(said.held)]),
    ]


def by_section(names: Sequence[str]) -> list[str]:
    """How many stand in each section of the world files."""
    counts = Counter(name.partition(".")[0].partition("[")[0] for name in names)
    return [", ".join(f"{section} {count}" for section, count in counts.items())] if names else []


def inputs(result: Result) -> list[str]:
    """Every file that was read, with the beginning of its sum, and whether it is still the same."""
    wrong = edited(result)
    return [
        f"{digest[:SHOWN]} {name}{f': {wrong[name]}' if name in wrong else ''}"
        for name, digest in result.manifest.inputs.items()
    ]


def made_by(manifest: Manifest) -> list[str]:
    """Program, packages, machine."""
    revision = f", git revision {manifest.git_revision[:SHOWN]}" if manifest.git_revision else ""
    packages = ", ".join(f"{name} {version}" for name, version in sorted(manifest.packages.items()))
    return [
        f"rules {manifest.rules_digest}, program {manifest.program_digest}{revision}",
        f"Python {manifest.python}, {packages}",
        f"{manifest.processor}, {manifest.cores} cores, {manifest.platform}",
        manifest.created,
    ]


def run_time(manifest: Manifest) -> str:
    """How long computing took."""
    made = manifest.made_in
    if made is None:
        return "not recorded"
    rest = "; it went on from replications finished before" if made.reused else ""
    return f"{made.seconds:,.0f} seconds with {made.workers} workers{rest}"


def listed(names: Iterable[str]) -> str:
    """`a, b`."""
    return ", ".join(names)
