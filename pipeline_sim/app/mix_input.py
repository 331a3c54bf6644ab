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
OWN = {"unit": "GBP", "spread": 0.0, "source": ASSUMPTION, "grade": "C", "low": None, "high": None}


def parse_mix(content: str | bytes, name: str | None = None) -> MixSection:
    """Mix of a TOML file; StudyError says what is wrong with it."""
    if len(content) > MOST_BYTES:
        raise StudyError(f"the file has {len(content):,} letters, a mix should have at most {MOST_BYTES:,}")
    try:
        tree = tomllib.loads(content if isinstance(content, str) else content.decode())
    except UnicodeDecodeError:
        raise StudyError("not a UTF-8 text file") from None
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
    figure = mix.budget if mix.budget.source in KNOWN_SOURCES else mix.budget.model_copy(update=OWN)
    return mix.model_copy(update={"name": label, "budget": figure})


def mix_toml(mix: MixSection) -> str:
    """File of a mix, which the terminal reads as the app does."""
    head = mix.model_dump(exclude_defaults=True, exclude_none=True)
    lines = head.pop("lines")
    head["budget"] = {key: head["budget"][key] for key in sorted(PLAIN & head["budget"].keys())}
    return toml_tables("[mix]", head, "[[mix.lines]]", lines)


def toml_tables(first: str, head: Mapping[str, Any], each: str, tables: list[dict[str, Any]]) -> str:
    """Text of a file: a head, and a table for each of a list."""
    rows = [first, *(f"{key} = {toml_value(value)}" for key, value in head.items())]
    for table in tables:
        rows += ["", each, *(f"{key} = {toml_value(value)}" for key, value in table.items())]
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
    given = zip(mix.lines, sums, strict=True)
    return with_lines(mix, tuple(line.model_copy(update={"share": None, "gbp": float(gbp)}) for line, gbp in given))


def with_lines(mix: MixSection, lines: tuple[Line, ...], gbp: float | None = None) -> MixSection:
    """Mix with other lines and perhaps another budget, an own decision."""
    figure = mix.budget
    if gbp not in (None, figure.value):
        figure = type(figure).model_validate(OWN | {"value": float(gbp or 0.0)})
    return mix.model_copy(update={"lines": lines, "budget": figure})


def scaled_to(mix: MixSection, gbp: float) -> MixSection:
    """Mix whose lines share another budget as they did, in whole pounds."""
    given = sum(line.gbp or 0.0 for line in mix.lines)
    shares = [(line.gbp or 0.0) / given if given else 1 / len(mix.lines) for line in mix.lines]
    parts = zip(mix.lines, shares, strict=True)
    lines = tuple(line.model_copy(update={"gbp": None, "share": share}) for line, share in parts)
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
    assert world.interventions is not None
    short = {at: gbp for at, line in enumerate(bought.lines) if (gbp := left_by(line)) >= 1}
    if not short:
        return []
    no_limit = world.interventions.model_copy(update={"educators": None})
    plenty = purchases(world.model_copy(update={"interventions": no_limit}))  # were educators not scarce
    assert plenty is not None
    entries = [bought.catalogue.entries[line.line.intervention] for line in bought.lines]
    return [
        f"{format_money(gbp)} of “{short_label(entries[at])}” cannot be spent, because "
        f"{reason(entries[at], left_by(plenty.lines[at]))}."
        for at, gbp in short.items()
    ]


def left_by(line: LineSpend) -> float:
    """Pounds that a line leaves."""
    return int((line.budget - line.spent).sum()) / PENCE_PER_GBP


def reason(entry: AnyEntry, left: float) -> str:
    """Why a line leaves money, from what it would leave if educators were not scarce."""
    if left < 1:
        return "educators have no more sessions that money can buy in these months"
    if entry.ceiling is None:
        return "there is nobody to spend it on"
    each = f"{value_text(entry.ceiling.value)} {entry.ceiling.unit}"
    return f"its ceiling is {each}, and the months and doctors of the line allow no more"


def short_label(entry: AnyEntry) -> str:
    """Label of an intervention up to its colon."""
    return entry.label.split(":")[0]
