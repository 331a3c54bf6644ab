"""Users' own records as targets: a filled-in template is checked row by row, then becomes a file of targets.

A hidden count (`<5`, or `*` with `hidden_below`) is a range from 0, a rounded one a range around it, and merged years
are compared with the sum of the model's years. A record of what a target beside it measures takes that target's place.
"""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pipeline_sim.records.files.harmless_text import harmless_cell
from pipeline_sim.records.files.result_files import write_text
from pipeline_sim.study.fit.targets import Counts, Target, Targets
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.loading.check_tables import check_names
from pipeline_sim.world.reading.check_rows import check_rows, check_unique
from pipeline_sim.world.reading.csv_row import CsvRow
from pipeline_sim.world.reading.csv_tables import read_rows
from pipeline_sim.world.reading.table_rules import TableRules
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import WorldError, hint

TARGETS, TABLE, ALL, COVID = "targets.toml", "records.csv", "all", 2019
OUTCOMES = ["o1", "o2", "o3", "o4", "o6", "o8", "o10_1", "o10_2"]  # that a share of outcomes is of
FILLED, OFFERED = (
    "accepted_first accepted_second accepted_readvert",
    "accepted_first accepted_second advertised_readvert",
)
MEASURES = {  # topic, unit, measures, and those that they are a share of; besides outcomes of reviews
    "doctors": ("Doctors in training", "doctors", "headcount", ""),
    "ccts": ("CCTs", "doctors", "ccts", ""),
    "extensions": ("ARCP outcomes", "extensions", "extensions", ""),
    "posts": ("Recruitment", "posts", "advertised_first advertised_second", ""),
    "filled": ("Recruitment", "doctors", FILLED, ""),
    "fill_pct": ("Recruitment", "%", FILLED, OFFERED),
}
HIDDEN, LESS = re.compile(r"\*|\[?c\]?"), re.compile(r"<\s?(\d{1,3})")
NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(\s?(?:[*†‡¹²³]|\[\w[\w ]*\]|\(\w[\w ]*\)|[a-z]))?")
PLACES = ("stage", "programmes", "office")


class OwnRecord(NamedTuple):
    """A record: what it measures, and its value with the range that hiding and rounding leave."""

    row: CsvRow
    topic: str
    unit: str
    model: Counts
    value: float
    ends: tuple[float, float] | None

    @property
    def id(self) -> str:
        """Name of the record."""
        words = "-".join(self.row[name] for name in ("measure", "years", *PLACES))
        return re.sub(r"[^a-z0-9]+", "-", f"own-{words}".lower())


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
    years, named, about = years_of(row, world), row["programmes"].split(), dict[str, list[str]]()
    if row["stage"] != ALL:
        about["stages"] = row["stage"].split(" or ")
    if named != [ALL]:
        kinds = [kind for kind, known in (("programmes", programmes), ("groups", groups)) if set(named) <= known]
        if not kinds:
            raise row.wrong("programmes", "should be programmes, or specialty groups, or all; not some of each")
        about[kinds[0]] = named
    topic, unit, measures, of = MEASURES.get(row["measure"]) or outcome(row["measure"], years[-1])
    per = 100.0 if of else float(len(years))  # the model's is a mean a year: merged years are their sum
    offices = [] if row["office"] == ALL else [row["office"]]
    parts = {"kind": "counts", "measures": measures.split(), "of": of.split(), "per": per, "years": years}
    model = Counts.model_validate({**parts, "about": about, "offices": offices})
    return OwnRecord(row, topic, unit, model, *range_of(row, share=bool(of)))


def outcome(measure: str, year: int) -> tuple[str, str, str, str]:
    """Topic, unit, measures and what they are a share of for outcomes of reviews; `calibrate` fits by topic."""
    when = "before COVID" if year < COVID else "of 2019/20" if year == COVID else "after 2019/20"
    codes = measure.removeprefix("outcome_").removesuffix("_pct").split("_or_")
    share = measure.endswith("_pct")
    measures = " ".join(f"o{code}" for code in codes)
    return (
        f"ARCP outcomes {when}",
        "% of outcomes" if share else "reviews",
        measures,
        " ".join(OUTCOMES) if share else "",
    )


def years_of(row: CsvRow, world: World) -> list[int]:
    """Training years of a row, each by the calendar year in which it begins; raises WorldError."""
    spans = row["years"].split("-")
    first, last = int(spans[0][:4]), int(spans[-1][:4])
    for text in spans:
        if (int(text[:4]) + 1) % 100 != int(text[5:]):
            raise row.wrong("years", f"should be such as {text[:4]}/{(int(text[:4]) + 1) % 100:02d}")
    if len(spans) > 1 and (last <= first or row["measure"] == "doctors"):
        raise row.wrong("years", "should be one year for doctors, counted on a day; else the earlier year first")
    known = world.dates.training_years
    if not known[0] <= first <= last <= known[-1]:
        raise row.wrong("years", f"should begin from {known[0]} to {known[-1]}, the years of the model")
    return list(range(first, last + 1))


def range_of(row: CsvRow, share: bool) -> tuple[float, tuple[float, float] | None]:
    """Value of a cell, and the range that hiding or rounding leaves; raises WorldError."""
    less, number = LESS.fullmatch(row["count"]), NUMBER.fullmatch(row["count"])
    if HIDDEN.fullmatch(row["count"]) or less:
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
    folder: Path, records: Sequence[OwnRecord], role: str, study: str, beside: Targets, extends: str | None
) -> list[str]:
    """Write own records as targets, over another file of them if one is named; lines on those that they replace.

    StudyError for a record of what a target with another role measures.
    """
    replaced, rows = list[str](), list[dict[str, str]]()
    lines = ["# Written by `pipeline-sim evidence add`: own records, as figures to compare with or fit to."]
    lines += [f"extends = {toml_text(extends)}"] if extends is not None else []
    lines += [f"study = {toml_text(study)}", f"worlds = {toml_text(beside.worlds)}"]
    for record in records:
        alike = (each for each in beside.targets if (each.model, each.world, each.uk) == (record.model, "covid", False))
        same = next(alike, None) if extends is not None else None
        if same is not None and same.is_record and same.role != role:
            problem = f"measures the same as {same.id} of {extends}, which has the role {same.role}"
            raise StudyError(str(record.row.error(f"{problem}: add it with --role {same.role}, or with --alone")))
        if same is not None:
            replaced.append(f"line {record.row.line} takes the place of {same.id} (grade {same.grade})")
        parts = target_parts(record, role, same)
        lines += [
            "",
            "[[targets]]",
            *(f"{name} = {toml_text(part)}" for name, part in parts.items() if part is not None),
        ]
        read = {name: "" if parts[name] is None else f"{parts[name]:.10g}" for name in ("value", "low", "high")}
        rows.append({"id": record.id, **read, **record.row})
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows({name: harmless_cell(cell) for name, cell in row.items()} for row in rows)
    write_text(folder / TABLE, text.getvalue())
    write_text(folder / TARGETS, "\n".join([*lines, ""]))
    return replaced


def target_parts(record: OwnRecord, role: str, same: Target | None) -> dict[str, Any]:
    """Parts of the target of a record, in the place of another of the same measure if there is one."""
    row, (low, high) = record.row, record.ends or (None, None)
    where = ", ".join(row[name] for name in PLACES if row[name] != ALL) or ALL
    stated = f"{row['tolerance']} as stated with the record" if row["tolerance"] else "no tolerance was stated"
    return {
        "id": record.id if same is None else same.id,
        "topic": record.topic if same is None else same.topic,
        "quantity": row["measure"].replace("_", " ").replace("pct", "%").replace("10 ", "10.")
        if same is None
        else same.quantity,
        **{"population": f"England, {where}", "period": row["years"], "value": record.value, "low": low, "high": high},
        **{"unit": record.unit, "source": {"file": TABLE, "where": {"id": record.id}}, "publisher": row["source"]},
        **{"grade": row["grade"], "tolerance": float(row["tolerance"] or 0)},
        **{"because": "; ".join(filter(None, (stated, row["note"]))), "role": role},
        "before": None if same is None else same.before,
        "model": record.model.model_dump(mode="json", exclude_defaults=True),
    }


def toml_text(value: Any) -> str:
    """Value in TOML, on one line."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {toml_text(part)}' for key, part in value.items())} }}"
    return json.dumps(value, ensure_ascii=False)
