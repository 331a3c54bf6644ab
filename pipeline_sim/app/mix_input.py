"""Mixes as the app takes them: shipped, uploaded or from a link, checked by the loader of the terminal; ceilings.

A mix from a browser is read as `[mix]` alone: layers, tables and files that a TOML file may name are refused, and a
source that is not one of the project's becomes an assumption, so that nothing of it reaches a path.
"""

import json
import tempfile
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline_sim.report.text.number_format import format_money, value_text
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.interventions.apply_mix import purchases
from pipeline_sim.world.interventions.spending import PENCE_PER_GBP, LineSpend, Purchases, months_after
from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.reading.pydantic_errors import describe_error, first_error
from pipeline_sim.world.schema.interventions import AnyEntry
from pipeline_sim.world.schema.mix import Line, MixSection
from pipeline_sim.world.schema.sourced_value import ASSUMPTION
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import WorldError, shown_path

MOST_BYTES, MOST_NAME = 100_000, 80
LEAST_GBP, MOST_GBP = 5_000_000, 60_000_000
KNOWN_SOURCES = (ASSUMPTION, "evidence/training_recovery_spend.csv")
PLAIN = {"value", "unit", "spread", "source", "grade", "low", "high"}


def parse_mix(text: str, name: str | None = None) -> MixSection:
    """Mix of a TOML text; StudyError says what is wrong with it."""
    if len(text) > MOST_BYTES:
        raise StudyError(f"the file has {len(text):,} letters, a mix should have at most {MOST_BYTES:,}")
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise StudyError(f"not valid TOML: {' '.join(str(problem).split())}") from None
    if not isinstance(tree.get("mix"), dict):
        raise StudyError("there is no table [mix]: should be the file of a mix, as “Export” writes it")
    if more := sorted(tree.keys() - {"mix"}):
        raise StudyError(f"beside [mix] it has {', '.join(more)}: should have [mix] alone")
    return checked_mix(tree["mix"], name)


def checked_mix(tree: dict[str, Any], name: str | None = None) -> MixSection:
    """Mix of a tree, by the schema of the terminal; StudyError says what is wrong with it."""
    try:
        mix = MixSection.model_validate_json(json.dumps(tree, default=str))
    except ValidationError as error:
        problem = first_error(error)
        raise StudyError(f"{shown_path(('mix', *problem['loc']))}: {describe_error(problem, ())}") from None
    label = " ".join((name or mix.name).split())[:MOST_NAME] or "Mix"
    figure = mix.budget
    if figure.source not in KNOWN_SOURCES:
        figure = figure.model_copy(
            update={"source": ASSUMPTION, "grade": "C", "low": None, "high": None, "spread": 0.0}
        )
    return mix.model_copy(update={"name": label, "budget": figure})


def mix_toml(mix: MixSection) -> str:
    """File of a mix, which the terminal reads as the app does."""
    tree = mix.model_dump(exclude_defaults=True, exclude_none=True)
    lines, head = (
        tree.pop("lines"),
        tree | {"budget": {key: tree["budget"][key] for key in PLAIN & tree["budget"].keys()}},
    )
    rows = ["[mix]", *(f"{key} = {toml_value(value)}" for key, value in head.items())]
    for line in lines:
        rows += ["", "[[mix.lines]]", *(f"{key} = {toml_value(value)}" for key, value in line.items())]
    return "\n".join(rows) + "\n"


def toml_value(value: Any) -> str:
    """Value as TOML on one line."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{json.dumps(key)} = {toml_value(value[key])}' for key in sorted(value))} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, str | bool | int | float):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value)  # a date


def in_pounds(mix: MixSection) -> MixSection:
    """Mix whose lines are sums in whole pounds, the largest taking what rounding leaves."""
    if mix.lines[0].gbp is not None:
        return mix
    total = round(mix.budget.value)
    sums = [round((line.share or 0.0) * total) for line in mix.lines]
    sums[sums.index(max(sums))] += total - sum(sums)
    lines = [
        line.model_copy(update={"share": None, "gbp": float(gbp)}) for line, gbp in zip(mix.lines, sums, strict=True)
    ]
    return mix.model_copy(update={"lines": tuple(lines)})


def with_lines(mix: MixSection, lines: tuple[Line, ...], gbp: float | None = None) -> MixSection:
    """Mix with other lines and perhaps another budget, an own decision."""
    own = {"value": float(gbp or mix.budget.value), "unit": "GBP", "spread": 0.0, "source": ASSUMPTION, "grade": "C"}
    figure = mix.budget if gbp in (None, mix.budget.value) else type(mix.budget).model_validate(own)
    return mix.model_copy(update={"lines": lines, "budget": figure})


def scaled_to(mix: MixSection, gbp: float) -> MixSection:
    """Mix whose lines share another budget as they did, in whole pounds."""
    given = sum(line.gbp or 0.0 for line in mix.lines)
    shares = [(line.gbp or 0.0) / given if given else 1 / len(mix.lines) for line in mix.lines]
    lines = tuple(
        line.model_copy(update={"gbp": None, "share": share}) for line, share in zip(mix.lines, shares, strict=True)
    )
    return in_pounds(with_lines(mix, lines, gbp))


def short_of(mix: MixSection) -> float:
    """Pounds of the budget that no line has yet; below zero where lines have more than there is."""
    return float(mix.budget.value - sum(line.gbp or 0.0 for line in mix.lines))


def delayed(mix: MixSection, months: int) -> MixSection:
    """Mix that starts so many months later."""
    if not months:
        return mix
    lines = tuple(line.model_copy(update={"start": months_after(line.start, months)}) for line in mix.lines)
    last = None if mix.last is None else months_after(mix.last.replace(day=1), months + 1)
    return mix.model_copy(update={"lines": lines, "first": mix.first and months_after(mix.first, months), "last": last})


@lru_cache(maxsize=64)
def bought_by(layers: tuple[str, ...], text: str) -> tuple[World, Purchases]:
    """World with a mix, and what it buys; WorldError where it cannot be."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "mix.toml"
        file.write_text(text, encoding="utf-8")
        try:
            world = load_world(*layers, mix=file)
        except WorldError as problem:
            raise WorldError(str(problem).replace(f"{file}: ", "")) from None
    bought = purchases(world)
    assert bought is not None
    return world, bought


def unspent_sentences(world: World, bought: Purchases) -> list[str]:
    """Money that cannot be spent, a sentence a line, and the reason."""
    free = None
    said = []
    for place, spend in enumerate(bought.lines):
        left = int((spend.budget - spend.spent).sum()) / PENCE_PER_GBP
        if left < 1:
            continue
        if free is None:
            free = without_educators(world)
        entry = bought.catalogue.entries[spend.line.intervention]
        said.append(
            f"{format_money(left)} of “{short_label(entry)}” cannot be spent, because {reason(entry, free[place])}."
        )
    return said


def without_educators(world: World) -> tuple[LineSpend, ...]:
    """Spending of the lines if educators had all the time that is asked for."""
    assert world.interventions is not None
    plenty = world.interventions.model_copy(update={"educators": None})
    bought = purchases(world.model_copy(update={"interventions": plenty}))
    return bought.lines if bought is not None else ()


def reason(entry: AnyEntry, plenty: LineSpend) -> str:
    """Why a line leaves money, from its spending if educators were not scarce."""
    if (plenty.budget - plenty.spent).sum() < PENCE_PER_GBP:
        return "educators have no more sessions that money can buy in these months"
    if entry.ceiling is None:
        return "there is nobody to spend it on"
    each = f"{value_text(entry.ceiling.value)} {entry.ceiling.unit}"
    return f"its ceiling is {each}, and the months and doctors of the line allow no more"


def short_label(entry: AnyEntry) -> str:
    """Label of an intervention up to its colon."""
    return entry.label.split(":")[0]
