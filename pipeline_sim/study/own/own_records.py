"""Users' own records as targets: a filled-in template is checked row by row, then becomes a file of targets.

A hidden count (`<5`, or `*` with `hidden_below`) is a range from 0, a rounded one a range around it, and merged years
are compared with the sum of the model's years. A record of what a target beside it measures takes that target's place.
"""

import csv
import io
import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pipeline_sim.records.files.result_files import write_text
from pipeline_sim.study.fit.targets import Role, Target, Targets
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.loading.check_tables import check_names
from pipeline_sim.world.reading.check_rows import check_rows, check_unique
from pipeline_sim.world.reading.csv_row import CsvRow
from pipeline_sim.world.reading.csv_tables import read_rows
from pipeline_sim.world.reading.table_rules import TableRules
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import WorldError, hint

OUTCOMES = ["o1", "o2", "o3", "o4", "o6", "o8", "o10_1", "o10_2"]  # outcomes that a share of outcomes is of
HIDDEN, LESS = re.compile(r"\*|\[?c\]?"), re.compile(r"<\s?(\d{1,3})")
NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(\s?(?:[*†‡¹²³]|\[\w[\w ]*\]|\(\w[\w ]*\)|[a-z]))?")
ALL, STOCK, REVIEWS, COVID = "all", "doctors", "ARCP outcomes", 2019
TARGETS, TABLE = "targets.toml", "records.csv"


class Kind(NamedTuple):
    """What a word in the column `measure` stands for."""

    topic: str
    quantity: str
    unit: str
    measures: list[str]
    of: Sequence[str] = ()


class OwnRecord(NamedTuple):
    """A record: what it measures, and its value with the range that hiding and rounding leave."""

    row: CsvRow
    id: str
    model: dict[str, Any]
    value: float
    ends: tuple[float, float] | None


def kind_of(measure: str) -> Kind:
    """Kind of a measure of the template."""
    if measure.startswith("outcome_"):
        outcomes = [f"o{each}" for each in measure.removeprefix("outcome_").removesuffix("_pct").split("_or_")]
        label = "ARCP outcome " + " or ".join(each[1:].replace("_", ".") for each in outcomes)
        share = measure.endswith("_pct")
        return Kind(REVIEWS, label, "% of outcomes" if share else "reviews", outcomes, OUTCOMES if share else ())
    first, again = ["accepted_first", "accepted_second"], "readvert"
    return {
        "doctors": Kind("Doctors in training", "Doctors in training", "doctors", ["headcount"]),
        "ccts": Kind("CCTs", "CCTs", "doctors", ["ccts"]),
        "extensions": Kind(REVIEWS, "Extensions decided", "extensions", ["extensions"]),
        "posts": Kind("Recruitment", "Posts offered for August", "posts", ["advertised_first", "advertised_second"]),
        "filled": Kind("Recruitment", "Posts filled for August", "doctors", [*first, f"accepted_{again}"]),
        "fill_pct": Kind("Recruitment", "Fill", "%", [*first, f"accepted_{again}"], [*first, f"advertised_{again}"]),
    }[measure]


def read_records(file: Path, world: World, rules: TableRules) -> tuple[list[OwnRecord], list[str]]:
    """Records of a file, and a line on each row that is refused; raises WorldError if the file is no such table."""
    rows, records, refused = read_rows(file), list[OwnRecord](), list[str]()
    if not rows:
        raise WorldError(f"{file}: has no rows, should have one for each figure")
    for name in rules.columns:
        if name not in rows[0]:
            raise WorldError(f"{file}: no column '{name}'{hint(name, rows[0])}")
    for row in rows:
        try:
            check_rows((row,), file, rules)
            records.append(record_of(row, world, rules))
        except WorldError as problem:
            refused.append(str(problem))
    if not refused:
        check_unique(rows, rules.key)
    return records, refused


def record_of(row: CsvRow, world: World, rules: TableRules) -> OwnRecord:
    """Record of a row; raises WorldError."""
    programmes, groups = {each.id for each in world.programmes}, {group.id for group in world.groups}
    check_names((row,), "programmes", {*programmes, *groups, *rules.columns["programmes"].also})
    check_names((row,), "office", {*(office.id for office in world.offices), *rules.columns["office"].also})
    kind, years, named = kind_of(row["measure"]), years_of(row, world), row["programmes"].split()
    about: dict[str, list[str]] = {} if row["stage"] == ALL else {"stages": row["stage"].split(" or ")}
    if named != [ALL]:
        key = "programmes" if set(named) <= programmes else "groups"
        if key == "groups" and not set(named) <= groups:
            raise row.wrong("programmes", "should be programmes, or specialty groups, or all; not some of each")
        about[key] = named
    per = 100.0 if kind.of else float(len(years))  # the model's is a mean a year: merged years are their sum
    model: dict[str, Any] = {"kind": "counts", "measures": kind.measures, "of": list(kind.of), "per": per}
    model |= {"years": years, "about": about, "offices": [] if row["office"] == ALL else [row["office"]]}
    words = "-".join(row[name] for name in rules.key)
    value, ends = range_of(row, share=bool(kind.of))
    return OwnRecord(row, re.sub(r"[^a-z0-9]+", "-", f"own-{words}".lower()), model, value, ends)


def years_of(row: CsvRow, world: World) -> list[int]:
    """Training years of a row, each by the calendar year in which it begins; raises WorldError."""
    spans = row["years"].split("-")
    first, last = int(spans[0][:4]), int(spans[-1][:4])
    for text in spans:
        if (int(text[:4]) + 1) % 100 != int(text[5:]):
            raise row.wrong("years", f"should be such as {text[:4]}/{(int(text[:4]) + 1) % 100:02d}")
    if len(spans) > 1 and (last <= first or row["measure"] == STOCK):
        raise row.wrong("years", "should be one year for doctors, counted on a day; else the earlier year first")
    known = world.dates.training_years
    if not known[0] <= first <= last <= known[-1]:
        raise row.wrong("years", f"should begin from {known[0]} to {known[-1]}, the years of the model")
    return list(range(first, last + 1))


def range_of(row: CsvRow, share: bool) -> tuple[float, tuple[float, float] | None]:
    """Value of a cell, and the range that hiding or rounding leaves; raises WorldError."""
    cell = row["count"]
    less, number = LESS.fullmatch(cell), NUMBER.fullmatch(cell)
    if HIDDEN.fullmatch(cell) or less:
        below = less[1] if less else row["hidden_below"]
        if share or not below:
            raise row.wrong("count", "should have hidden_below, the least count shown; leave a hidden share out")
        return (int(below) - 1) / 2, (0.0, float(int(below) - 1))
    if number is None:
        raise row.wrong("count", "should be a number such as 1234, or hidden: <5, or * with hidden_below")
    if number[3] and not row["note"]:
        raise row.wrong("count", f"should have in note what the mark {number[3].strip()} means")
    value = float((number[1] + (number[2] or "")).replace(",", ""))
    if share and value > 100:
        raise row.wrong("count", "should be at most 100, a percentage")
    half = row.number("rounded_to") / 2 if row["rounded_to"] else 0.0
    return value, (max(value - half, 0.0), value + half) if half else None


def write_targets(
    folder: Path, records: Sequence[OwnRecord], role: Role, study: str, beside: Targets, extends: str | None
) -> list[str]:
    """Write own records as targets, over another file of them if one is named; lines on those that they replace.

    StudyError for a record of what a target with another role measures.
    """
    replaced = list[str]()
    lines = ["# Written by `pipeline-sim evidence add`: own records, as figures to compare with or fit to."]
    lines += [f"extends = {json.dumps(extends)}"] if extends is not None else []
    lines += [f"study = {json.dumps(study)}", f"worlds = {inline(beside.worlds)}"]
    for record in records:
        target = target_of(record, role)
        same = None if extends is None else measured_alike(target, beside)
        if same is not None and same.is_record and same.role != role:
            problem = f"measures the same as {same.id} of {extends}, which has the role {same.role}"
            raise StudyError(str(record.row.error(f"{problem}: add it with --role {same.role}, or with --alone")))
        if same is not None:
            kept = {"id": same.id, "topic": same.topic, "before": same.before}
            target = target.model_copy(update=kept | {"forecast": target.forecast and same.forecast})
            replaced.append(f"line {record.row.line} takes the place of {same.id} (grade {same.grade})")
        parts = target.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        lines += ["", "[[targets]]", *(f"{name} = {inline(part)}" for name, part in parts.items())]
    write_text(folder / TARGETS, "\n".join([*lines, ""]))
    write_text(folder / TABLE, table_text(records))
    return replaced


def target_of(record: OwnRecord, role: Role) -> Target:
    """Target of a record."""
    row, kind = record.row, kind_of(record.row["measure"])
    where = ", ".join(row[name] for name in ("stage", "programmes", "office") if row[name] != ALL) or ALL
    tolerance = float(row["tolerance"] or 0)
    stated = f"{row['tolerance']} as stated with the record" if row["tolerance"] else "no tolerance was stated"
    low, high = record.ends or (None, None)
    years = record.model["years"]
    when = "before COVID" if years[-1] < COVID else "of 2019/20" if years[-1] == COVID else "after 2019/20"
    topic = f"{REVIEWS} {when}" if kind.topic == REVIEWS else kind.topic  # calibrate fits by topic
    return Target.model_validate(
        {
            **{"id": record.id, "topic": topic, "quantity": kind.quantity, "population": f"England, {where}"},
            **{"period": row["years"], "value": record.value, "low": low, "high": high, "unit": kind.unit},
            "source": {"file": TABLE, "where": {"id": record.id}},
            **{"publisher": row["source"], "grade": row["grade"], "tolerance": tolerance, "role": role},
            **{"because": "; ".join(filter(None, (stated, row["note"]))), "model": record.model},
            "forecast": role == "test" and years[0] > COVID,
        }
    )


def measured_alike(target: Target, beside: Targets) -> Target | None:
    """Target that measures the same, if there is one."""
    alike = (each for each in beside.targets if (each.model, each.world) == (target.model, target.world))
    return next((each for each in alike if not each.uk), None)


def table_text(records: Sequence[OwnRecord]) -> str:
    """The rows as they were given, with their ids and what was read from them (CSV)."""
    text = io.StringIO()
    rows = [
        {"id": record.id, "value": f"{record.value:.10g}", "low": "", "high": ""}
        | ({"low": f"{record.ends[0]:.10g}", "high": f"{record.ends[1]:.10g}"} if record.ends else {})
        | record.row
        for record in records
    ]
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def inline(value: Any) -> str:
    """Value in TOML, on one line."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {inline(part)}' for key, part in value.items())} }}"
    return json.dumps(value, ensure_ascii=False)


def relative(file: Path, folder: Path) -> str:
    """Path of a file from a folder."""
    return os.path.relpath(file, folder)
