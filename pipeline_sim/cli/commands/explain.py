"""The command `explain`: the inputs, assumptions, seeds and program behind a figure or table, in eighty columns."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from pipeline_sim.cli.terminal.console import console
from pipeline_sim.cli.terminal.default_paths import RESULTS
from pipeline_sim.cli.terminal.options import Identifier, Results
from pipeline_sim.records.provenance.identifiers import KINDS, read_identifier

if TYPE_CHECKING:
    from pipeline_sim.records.provenance.lookup import Result
    from pipeline_sim.records.provenance.manifest import AssumptionsEntry, Manifest

WIDTH, HEAD = 80, 15  # columns


class Part(NamedTuple):
    """Heading and the paragraphs beside it."""

    head: str
    texts: Sequence[str]


def explain(
    identifier: Identifier,
    results: Results = RESULTS,
    names: Annotated[bool, typer.Option("--names", help="Name every figure that was drawn or fixed.")] = False,
    number: Annotated[str | None, typer.Option("--number", help="A printed number, such as 310 or '9.2 %'.")] = None,
) -> None:
    """Print what a figure or table, or a number printed from its result, is based on.

    Refused if a file of the result was changed.
    """
    from pipeline_sim.records.provenance.lookup import find_result

    item, result = find_result(identifier, results)
    screen = console()
    found = number_parts(result, number) if number is not None else []
    for line in lines_of([*found, *parts_of(item.text, result, names)]):
        screen.print(line, soft_wrap=True)


def number_parts(result: Result, number: str) -> list[Part]:
    """Rows in which a printed number stands, its formula, and how the model did against published figures."""
    from pipeline_sim.report.sections.method import record_sentence
    from pipeline_sim.report.terminal.printed_number import MOST, number_rows

    rows = number_rows(result.folder, number)
    parts = []
    for row in rows[:MOST]:
        formula = [f"Formula: {row.formula}."] if row.formula else []
        texts = [f"{row.table}.csv, {row.column} = {row.exact:.10g}: {row.names}.", f"{row.meaning}.", *formula]
        parts.append(Part(number, texts))
    more = [Part("", [f"and {len(rows) - MOST} rows more"])] if len(rows) > MOST else []
    return [*parts, *more, Part("Test record", [record_sentence()])]


def parts_of(identifier: str, result: Result, names: bool) -> list[Part]:
    """Parts of the explanation of an item, in order."""
    from pipeline_sim.records.provenance.environment import changed_machine, changed_versions

    manifest = result.manifest
    item = manifest.items[identifier]
    places = list(manifest.places(identifier)) if item.places else [f"{len(manifest.files)} files"]
    contents = [] if item.places else item_lines(manifest)
    state = "No file of it was changed since." if result.has_files else "Its manifest was kept without the files."
    return [
        Part(identifier, [f"{KINDS.get(item.kind, 'item').capitalize()}: {item.title}"]),
        Part("Location", [*places, f"Result {result.place}. {state}"]),
        *([Part("Contents", contents)] if contents else []),
        *question_parts(manifest),
        Part("Replications", [replications_text(manifest)]),
        *(assumption_parts(manifest.assumptions, names) if manifest.assumptions else []),
        Part("Inputs", input_lines(result)),
        Part("Made by", program_lines(manifest)),
        Part("Changed since", [*changed_versions(manifest), *changed_machine(manifest)] or ["nothing"]),
        Part("Run time", [run_time(manifest)]),
        Part("Reproduce", [f"pipeline-sim verify {identifier}"]),
    ]


def lines_of(parts: Iterable[Part]) -> list[str]:
    """Lines of the parts: headings to the left, wrapped text to the right; nothing is cut."""
    lines = []
    for part in parts:
        wrapped = [
            line
            for text in part.texts or ["none"]
            for line in textwrap.wrap(text, WIDTH - HEAD, break_long_words=False, break_on_hyphens=False) or [""]
        ]
        lines += [f"{part.head:<{HEAD}}{wrapped[0]}", *(f"{'':<{HEAD}}{line}" for line in wrapped[1:])]
    return lines


def item_lines(manifest: Manifest) -> list[str]:
    """Items of a result: figures, tables of the report and tables as files, in their order."""
    order = list(KINDS)
    items = sorted(map(read_identifier, manifest.items), key=lambda item: (order.index(item.kind), item.number))
    return [f"{item.text} {manifest.items[item.text].name}" for item in items if manifest.items[item.text].places]


def question_parts(manifest: Manifest) -> list[Part]:
    """Question, command and worlds of a result."""
    study = manifest.study
    labels = {world.name: world.label for world in study.worlds} if study else {}
    names = [name for name in labels if name in manifest.worlds] or list(manifest.worlds)
    worlds = []
    for name in names:
        world = manifest.worlds[name]
        without = f", without {', '.join(world.without)}" if world.without else ""
        base = " (the baseline)" if study and name == study.baseline else ""
        worlds.append(f"{labels.get(name, world.name)}{without}{base}")
    sizes = ", ".join(f"{scale:g}" for scale in sorted({world.scale for world in manifest.worlds.values()}))
    scale = [f"Scale {sizes}; 1 is the world as its files state it."] if sizes else []
    question = [Part("Question", [study.question])] if study and study.question else []
    return [*question, Part("Command", [manifest.command]), *([Part("Worlds", [*worlds, *scale])] if worlds else [])]


def replications_text(manifest: Manifest) -> str:
    """Seed, number of replications, engine, and draws of uncertain parameters."""
    from pipeline_sim.report.text.number_format import counted
    from pipeline_sim.study.replication.repeated_draws import draw_of

    study = manifest.study
    seed = study.seed if study else manifest.seed
    runs = manifest.replications or next((w.replications for w in manifest.worlds.values() if w.replications), None)
    texts = [f"seed {seed}" if seed is not None else "", counted(runs, "replication") if runs else ""]
    text = ", ".join(part for part in (*texts, f"engine {manifest.engine}" if manifest.engine else "") if part)
    if runs and study and study.parameters == "sampled":
        draws = counted(draw_of(runs - 1, study.repeat_every) + 1, "draw")
        text += f"; {draws} of the uncertain parameters"
    return text or "none"


def assumption_parts(entry: AssumptionsEntry, names: bool) -> list[Part]:
    """Assumptions by grade; those drawn and those fixed, by section or one by one."""
    grades = ", ".join(f"{count} of grade {grade}" for grade, count in entry.by_grade.items())
    total = f"{sum(entry.by_grade.values())} figures: {grades}. All but the drawn ones are as the files state them."
    listed = (
        ("  drawn", entry.drawn, f"of grade {entry.drawn_grade}, each within its range"),
        ("  together", entry.together, "in rows of the posterior sample"),
        ("  fixed", entry.held, "that have a range, as stated"),
    )
    shown = list if names else by_section
    return [
        Part("Assumptions", [total]),
        *(
            Part(head, [f"{len(figures)} {text}:", *shown(figures)] if figures else ["none"])
            for head, figures, text in listed
        ),
    ]


def by_section(names: Sequence[str]) -> list[str]:
    """Number of figures by section of the world files, in one line."""
    counts = Counter(name.partition(".")[0].partition("[")[0] for name in names)
    return [", ".join(f"{section} {count}" for section, count in counts.items())]


def input_lines(result: Result) -> list[str]:
    """Input files with the beginning of their digests, and whether each is unchanged."""
    from pipeline_sim.records.provenance.lookup import DIGITS_SHOWN, changed_inputs

    changed = changed_inputs(result)
    return [
        f"{digest[:DIGITS_SHOWN]} {name}{f': {changed[name]}' if name in changed else ''}"
        for name, digest in result.manifest.inputs.items()
    ]


def program_lines(manifest: Manifest) -> list[str]:
    """Program, packages, machine and date."""
    from pipeline_sim.records.provenance.lookup import DIGITS_SHOWN

    revision = f", git revision {manifest.git_revision[:DIGITS_SHOWN]}" if manifest.git_revision else ""
    packages = ", ".join(f"{name} {version}" for name, version in sorted(manifest.packages.items()))
    return [
        f"rules {manifest.rules_digest}, program {manifest.program_digest}{revision}",
        f"Python {manifest.python}, {packages}",
        f"{manifest.processor}, {manifest.cores} cores, {manifest.platform}",
        manifest.created,
    ]


def run_time(manifest: Manifest) -> str:
    """Elapsed time and workers."""
    from pipeline_sim.report.text.number_format import counted

    made = manifest.made_in
    if made is None:
        return "not recorded"
    rest = "; it went on from replications finished before" if made.reused else ""
    return f"{counted(round(made.seconds), 'second')} with {counted(made.workers, 'worker')}{rest}"
