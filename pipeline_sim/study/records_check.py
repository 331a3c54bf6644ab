"""The model beside the record: what published figures say, with their range and grade, and what a run gives."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pipeline_sim.rules.codes import Stage
from pipeline_sim.study.indicators import ASSESSED, FILLED, POSTS
from pipeline_sim.world.names import Names
from pipeline_sim.world.schema import World
from pipeline_sim.world.sheets import Cells, read_rows

if TYPE_CHECKING:
    import pandas as pd

SPECIALTY = (Stage.HIGHER, Stage.RUN_THROUGH)


class Line(NamedTuple):
    """One figure; low and high are empty where the record has no range."""

    what: str
    year: int  # training year by the calendar year in which it begins
    unit: str
    model: float
    record: float
    low: float
    high: float
    grade: str

    @property
    def difference(self) -> float:
        """Model less record."""
        return self.model - self.record

    @property
    def is_inside(self) -> bool:
        """True if the model lies in the range of the record."""
        return self.low <= self.model <= self.high


class Who(NamedTuple):
    """Which programmes a line of the record is about."""

    stages: tuple[Stage, ...] = ()  # empty means all
    groups: tuple[str, ...] = ()  # ids; empty means all
    programmes: tuple[str, ...] = ()  # ids; empty means all


EVERYONE = Who()
HEADCOUNTS = {
    "ALL doctors in training": EVERYONE,
    "Foundation": Who((Stage.FOUNDATION,)),
    "General Practice": Who((Stage.GP,)),
    "Internal Medicine/ACCS-IM": Who((Stage.CORE,), ("medicine",)),
    "Higher medical specialties": Who((Stage.HIGHER,), ("medicine",)),
    "Core Surgical Training": Who((Stage.CORE,), ("surgery",)),
    "Higher surgery (all incl. T&O)": Who(SPECIALTY, ("surgery",)),
    "Anaesthetics (core+higher)": Who(groups=("anaesthetics",)),
    "Emergency Medicine (ACCS+run-through+higher)": Who(groups=("emergency-medicine",)),
    "Psychiatry (core+higher)": Who(groups=("psychiatry",)),
    "Paediatrics": Who(groups=("paediatrics",)),
    "Obstetrics & Gynaecology": Who(groups=("obstetrics-gynaecology",)),
    "Clinical Radiology": Who(programmes=("clinical-radiology",)),
    "Ophthalmology": Who(groups=("ophthalmology",)),
    "Public Health": Who(groups=("public-health",)),
}
REVIEWED = {
    "foundation F1/F2": Who((Stage.FOUNDATION,)),
    "foundation": Who((Stage.FOUNDATION,)),
    "core (CST,IMT/CMT,ACCS,CPT)": Who((Stage.CORE,)),
    "core": Who((Stage.CORE,)),
    "higher and run-through": Who(SPECIALTY),
    "higher/run-through all": Who(SPECIALTY),
    "surgery higher": Who(SPECIALTY, ("surgery",)),
    "GP": Who((Stage.GP,)),
    "all": EVERYONE,
}
OUTCOMES = {
    "1_or_6": ("o1", "o6"), "2": ("o2",), "3": ("o3",), "4": ("o4",), "8": ("o8",),
    "10.1": ("o10_1",), "10.2": ("o10_2",),
}  # fmt: skip
PRE_COVID_YEAR = 2018


class Counts:
    """Mean counts over replications, put up to the whole world."""

    def __init__(self, measures: "pd.DataFrame", names: Names, scale: float) -> None:
        sums = measures.groupby(["measure", "year", "stage", "programme"], as_index=False)["value"].sum()
        groups = [names.groups[group] for group in names.programme_groups]
        sums["group"] = [groups[programme] if programme >= 0 else "" for programme in sums["programme"]]
        sums["id"] = [names.programmes[programme] if programme >= 0 else "" for programme in sums["programme"]]
        self.table = sums
        self.factor = scale * measures["replication"].nunique()
        self.years = set(measures["year"].unique().tolist())

    def of(self, measure: str, year: int, who: Who = EVERYONE) -> float:
        """One measure in one training year."""
        table = self.table
        chosen = (table["measure"] == measure) & (table["year"] == year)
        if who.stages:
            chosen &= table["stage"].isin([int(stage) for stage in who.stages])
        if who.groups:
            chosen &= table["group"].isin(who.groups)
        if who.programmes:
            chosen &= table["id"].isin(who.programmes)
        return float(table.loc[chosen, "value"].sum()) / self.factor


def records_check(world: World, names: Names, measures: "pd.DataFrame", scale: float) -> list[Line]:
    """Headcounts, ARCP outcomes, fill, steps after F2 and CCTs of the reported years that the record has.

    A record of spring or August belongs to the training year that begins in August for starts and CCTs, and to the
    one that ends in August for headcounts and recruitment.
    """
    counts = Counts(measures, names, scale)
    parts = (headcounts, reviews, fills, after_f2, ccts)
    lines = [line for part in parts for line in part(world, counts)]
    return [line for line in lines if line.year in counts.years]


def headcounts(world: World, counts: Counts) -> Iterator[Line]:
    """Doctors in programmes."""
    for row in _rows(world, "trainees_by_specialty"):
        who = HEADCOUNTS.get(row["programme"])
        if who is not None and "in GP placements" not in row["grade"]:
            year = row.whole("year") - 1
            found = counts.of("headcount", year, who)
            yield _line(f"Doctors: {row['programme']}", year, "doctors", found, row, row["grade_conf"])
    for row in _rows(world, "applicants_pipeline_by_year"):
        if row["measure"] == "Foundation trainees F1+F2":
            year = row.whole("year") - 1
            found = counts.of("headcount", year, Who((Stage.FOUNDATION,)))
            yield _exact("Doctors: Foundation F1 and F2", year, "doctors", found, row)


def reviews(world: World, counts: Counts) -> Iterator[Line]:
    """Shares of ARCP outcomes among decided reviews."""
    for row in _rows(world, "arcp_distribution_assumptions"):
        if row["outcome"] not in OUTCOMES or row["stage"] not in REVIEWED:
            continue
        if row["outcome"].startswith("10.") and world.shocks is None:
            continue  # nothing to compare: a world without shocks has no such outcomes
        who = REVIEWED[row["stage"]]
        year = PRE_COVID_YEAR if row["year"].startswith("pre-COVID") else int(row["year"][:4])
        whole = sum(counts.of(name, year, who) for name in ASSESSED)
        part = sum(counts.of(name, year, who) for name in OUTCOMES[row["outcome"]])
        share = 100 * part / whole if whole else float("nan")
        what = f"ARCP {row['outcome'].replace('_', ' ')}: {row['stage']}"
        yield _line(what, year, "% of outcomes", share, row, row["grade"])


def fills(world: World, counts: Counts) -> Iterator[Line]:
    """Acceptances and fill of England's rounds for starts of the year after."""
    for row in _rows(world, "posts_fill_by_specialty_year"):
        if row["geography"] != "England" or row["specialty"] != "ALL" or not row["year"].isdigit():
            continue
        year, first = row.whole("year") - 1, row["round"] == "R1"
        rounds = "first round" if first else "August rounds"
        accepted = sum(counts.of(name, year) for name in (("accepted_first",) if first else FILLED))
        posts = sum(counts.of(name, year) for name in (("advertised_first",) if first else POSTS))
        if row["accepted"]:
            yield _exact(f"Acceptances, {rounds}", year, "doctors", accepted, row, "accepted")
        if row["fill_pct"] and posts:
            yield _exact(f"Fill, {rounds}", year, "%", 100 * accepted / posts, row, "fill_pct")
    for row in _rows(world, "applicants_pipeline_by_year"):
        if row["measure"] == "GP acceptances (all rounds)":
            year = row.whole("year") - 1
            yield _exact("GP acceptances", year, "doctors", counts.of("accepted", year, Who((Stage.GP,))), row)


def after_f2(world: World, counts: Counts) -> Iterator[Line]:
    """Part of F2 completers who are in specialty training within twelve months."""
    for row in _rows(world, "applicants_pipeline_by_year"):
        if row["measure"] == "F2 in specialty training within 12 months %":
            year = row.whole("year")
            done = counts.of("foundation_completions", year)
            share = 100 * counts.of("foundation_started_within_year", year) / done if done else float("nan")
            yield _exact("F2 in specialty training within a year", year, "%", share, row)


def ccts(world: World, counts: Counts) -> Iterator[Line]:
    """CCTs a year: an assumption about the UK, put down to England."""
    share = next(
        row.number("mode") / 100
        for row in _rows(world, "assumptions_grade_C")
        if "posts in England" in row["parameter"]
    )
    for row in _rows(world, "revalidation_cct"):
        if row["topic"] == "CCT number" and row["status"] == "assumption":
            first = int(row["unit"].split()[-1].split("-")[0])
            for place, number in enumerate(row["value"].split(";")):
                found = counts.of("ccts", first + place)
                value = float(number) * share
                what = "CCTs, England's part of the UK"
                yield Line(what, first + place, "doctors", found, value, value, value, row["grade"][:1])


def _rows(world: World, name: str) -> list[Cells]:
    return read_rows(world.evidence(f"evidence/{name}.csv"))


def _line(what: str, year: int, unit: str, model: float, row: Cells, grade: str) -> Line:
    low, mode, high = (row.number(key) for key in ("low", "mode", "high"))
    return Line(what, year, unit, model, mode, low, high, grade[:1])


def _exact(what: str, year: int, unit: str, model: float, row: Cells, name: str = "value") -> Line:
    value = row.number(name)
    return Line(what, year, unit, model, value, value, value, row["grade"][:1])
