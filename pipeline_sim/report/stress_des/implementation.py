"""Sections 4 to 6: run, software, random numbers, order of events, speed and access."""

import json
import re
import tomllib
from typing import Any

from pipeline_sim.base.philox import ROUNDS
from pipeline_sim.records.code_meanings import PURPOSES
from pipeline_sim.records.files.shipped_files import SHIPPED
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.report.stress_des.read_source import drawn_in
from pipeline_sim.report.stress_des.subject import Subject
from pipeline_sim.report.stress_des.table import Table, shown_file
from pipeline_sim.rules.codes import Purpose
from pipeline_sim.study.comparison.study_file import draws_of
from pipeline_sim.world.schema.names import year_label

LOCK, PYPROJECT, BENCH = SHIPPED / "requirements.lock", SHIPPED / "pyproject.toml", SHIPPED / "results/shown/bench.json"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)$", re.MULTILINE)
CLOCKS = ("processor time", "wall")
MEGABYTE = 10**6


def facts(subject: Subject) -> dict[str, Any]:
    """Facts for the templates of sections 4 to 6."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    measured = bench()
    return {
        **period(subject),
        "project": project,
        "packages": packages(project["dependencies"]),
        "philox_rounds": ROUNDS,
        "purposes": purposes(),
        "machine": measured["machine_info"],
        "measured_on": measured["datetime"][:10],
        "times": times(measured["benchmarks"]),
        "bench_file": shown_file(BENCH),
    }


def period(subject: Subject) -> dict[str, Any]:
    """Numbers of years, days, replications and draws."""
    world, study = subject.world, subject.study
    dates = world.dates
    results = {
        "first_year": year_label(world.period.first_year),
        "last_year": year_label(world.period.last_year),
        "reported_years": world.period.last_year - world.period.first_year + 1,
        "warm_up_years": world.period.warm_up_years,
        "warm_up_from": year_label(world.period.first_year - world.period.warm_up_years),
        "first_day": dates.date(0),
        "days": dates.days,
        "draws": len(draws_of(study, study.replications).weights) if study else 0,
        "full_draws": len(draws_of(study, study.full.replications).weights) if study and study.full else 0,
    }
    return results


def packages(dependencies: list[str]) -> Table:
    """Table of the packages of a run, as required and as pinned."""
    pinned = dict(PINNED.findall(LOCK.read_text(encoding="utf-8").lower()))
    rows = []
    for each in dependencies:
        name = re.split(r"[<>=!~ ]", each, maxsplit=1)[0]
        rows.append((name, each.removeprefix(name), pinned[name.lower()]))
    return Table(("package", "required", "pinned"), rows)


def purposes() -> Table:
    """Table of the purposes of random numbers, and the modules that draw them."""
    rows = []
    for each in Purpose:
        what, index = PURPOSES[each]
        where = ", ".join(f"`{name}`" for name in drawn_in(each)) or "nowhere"
        rows.append((str(int(each)), each.name.lower(), what, index, where))
    return Table(("purpose", "name", "what is drawn", "index", "drawn in"), rows)


def bench() -> dict[str, Any]:
    """Results of `pipeline-sim bench --out`; raises RecordsError for another file."""
    try:
        results: dict[str, Any] = json.loads(BENCH.read_text(encoding="utf-8"))
        return {key: results[key] for key in ("machine_info", "datetime", "benchmarks")}
    except (ValueError, KeyError, TypeError):
        raise RecordsError(f"{shown_file(BENCH)}: is not what `pipeline-sim bench --out` writes") from None


def times(benchmarks: list[dict[str, Any]]) -> Table:
    """Table of median times of a replication by case, processor and elapsed."""
    cases: dict[str, dict[str, dict[str, Any]]] = {}
    for each in benchmarks:
        name, _, clock = each["name"].rpartition(", ")
        if each["group"].startswith("replication") and clock in CLOCKS:
            cases.setdefault(name, {})[clock] = each
    rows = []
    for name, by in cases.items():
        extra = by[CLOCKS[0]]["extra_info"]
        seconds = (f"{by[clock]['stats']['median']:.3g}" for clock in CLOCKS)
        others = f"{extra['processors_used_by_others']:.2g}"
        rows.append((name, *seconds, f"{extra['rows']:,}", f"{extra['peak_bytes'] / MEGABYTE:.0f}", others))
    head = (
        "a replication of",
        "s, processor",
        "s, elapsed",
        "rows of the log",
        "memory, MB",
        "processors used by others",
    )
    return Table(head, rows)
