"""World: its period, offices, programmes and rules. Refuses unknown keys of a file."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pipeline_sim.base.calendar import Dates
from pipeline_sim.rules.codes import GATES, MAX_GRADES, MAX_OFFICES, MAX_PROGRAMMES
from pipeline_sim.world.schema.costs import CostsSection
from pipeline_sim.world.schema.interventions import InterventionsSection
from pipeline_sim.world.schema.mix import MixSection
from pipeline_sim.world.schema.people_section import PeopleSection
from pipeline_sim.world.schema.shocks import ShocksSection
from pipeline_sim.world.schema.sourced_value import Figure, Frozen, Names, Text, unit
from pipeline_sim.world.schema.supply import SupplySection
from pipeline_sim.world.schema.training import (
    CompetenceSection,
    Exam,
    ExamRulesSection,
    ExtensionsSection,
    LifeSection,
    PanelsSection,
    PlacementsSection,
    RecruitmentSection,
    RevalidationSection,
)
from pipeline_sim.world.world_error import WorldError, nearest

Identity = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Year = Annotated[int, Field(ge=1990, le=2100)]
GradeLabel = Annotated[str, Field(pattern=r"^[A-Z]+[1-9]$")]

Table = Literal[
    "posts",
    "office_shares",
    "foundation",
    "competition",
    "redistribution",
    "time_in_post",
    "trainees_by_specialty",
    "applicants_pipeline_by_year",
    "regions",
]  # the last three are tables of `evidence/` unless `files` names others


class Period(Frozen):
    """Simulated period: reported training years, by the calendar year in which they begin, and the warm-up."""

    first_year: Annotated[int, Field(ge=1990, le=2080)]
    last_year: Annotated[int, Field(ge=1990, le=2100)]
    warm_up_years: Annotated[int, Field(ge=0, le=20)]

    @model_validator(mode="after")
    def _in_order(self) -> "Period":
        if self.last_year < self.first_year:
            raise PydanticCustomError("period", "last_year should not be before first_year")
        return self


class Source(Frozen):
    """Source of a figure."""

    title: Text
    url: str | None = None
    note: str | None = None


class Office(Frozen):
    """Local office and the NHS region whose COVID series it follows."""

    id: Identity
    name: Text
    region: Annotated[str, Names("regions")]


class Group(Frozen):
    """Group of specialties with the same learning, supervision and redeployment."""

    id: Identity
    name: Text


class Stream(Frozen):
    """Application stream."""

    id: Identity
    name: Text
    # From the rounds of this year on, exams are held by the offers; none: by the end of core.
    exam_by_offers: Annotated[Figure, unit("calendar year", least=1900, most=2200)] | None = None


class Gate(Frozen):
    """Exam or course and the grades between which it is to be passed."""

    exam: Annotated[str, Names("exams")]
    first: Text
    last: Text
    entry: bool = False  # an exam that entrants hold, but for those of whom it was postponed


class Programme(Frozen):
    """Training programme. `critical` and `gates` name its grades; the last grade is always final."""

    id: Identity
    name: Text
    stage: Literal["foundation", "core", "run-through", "higher", "gp"]
    group: Annotated[str, Names("groups")]
    grades: Annotated[tuple[GradeLabel, ...], Field(min_length=1, max_length=MAX_GRADES)]
    years: Annotated[Figure, unit("years", least=0.25, most=MAX_GRADES)]
    critical: tuple[str, ...] = ()
    gates: Annotated[tuple[Gate, ...], Field(max_length=GATES)] = ()
    pattern: Literal["four", "six", "twelve", "six-spring"]
    stream: Annotated[str | None, Names("streams")] = None  # none: entered by allocation
    stream_after: Annotated[str | None, Names("streams")] = None  # none: completion is a CCT
    first_entry: Year | None = None  # training years in which doctors enter
    last_entry: Year | None = None
    rounds: tuple[Literal["first", "second", "readvert", "february"], ...] = ()
    note: str | None = None

    @model_validator(mode="after")
    def _grades_fit(self) -> "Programme":
        if not len(self.grades) - 1 < self.years.value <= len(self.grades):
            fit = {"years": self.years.value, "count": len(self.grades)}
            raise PydanticCustomError("grades", "{years} years do not fit {count} grades", fit)
        named = (*self.critical, *(grade for gate in self.gates for grade in (gate.first, gate.last)))
        for grade in named:
            if grade not in self.grades:
                raise PydanticCustomError("grades", "{grade} is none of its grades", {"grade": grade})
        for gate in self.gates:
            if self.grades.index(gate.first) > self.grades.index(gate.last):
                raise PydanticCustomError("grades", "gate {exam} should not end before it begins", {"exam": gate.exam})
        return self

    def recruits_in(self, year: int) -> bool:
        """True if doctors may enter in that training year."""
        return (self.first_entry is None or year >= self.first_entry) and (
            self.last_entry is None or year <= self.last_entry
        )


@lru_cache(maxsize=64)
def folders_of(layers: tuple[Path, ...]) -> tuple[Path, ...]:
    """Folder of each layer, then its parent; the strongest layer first."""
    beside = (folder for layer in reversed(layers) for folder in (layer.parent, layer.parent.parent))
    return tuple(dict.fromkeys(beside))


_found: dict[tuple[tuple[Path, ...], str], Path] = {}  # files do not move while a study runs


def evidence_in(folders: tuple[Path, ...], name: str) -> Path | None:
    """Path of a table in the first of some folders that has it; None if none has."""
    known = _found.get((folders, name))
    if known is None:
        known = next((folder / name for folder in folders if (folder / name).is_file()), None)
        if known is not None:
            _found[folders, name] = known
    return known


class World(Frozen):
    """World: all assumptions of a simulation. `layers` are the files it was read from, the strongest last."""

    name: Text
    review: Annotated[str, Field(min_length=2, max_length=12)] = "ARCP"  # what a yearly review is called
    size: Annotated[float, Field(gt=0, le=1)] = 1.0  # share of England's doctors and posts
    period: Period
    sources: dict[str, Source] = Field(default_factory=dict)
    regions: tuple[str, ...]  # NHS regions, as the COVID series name them
    offices: Annotated[tuple[Office, ...], Field(min_length=1, max_length=MAX_OFFICES)]
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]
    streams: tuple[Stream, ...]
    programmes: Annotated[tuple[Programme, ...], Field(min_length=1, max_length=MAX_PROGRAMMES)]
    merged: tuple[str, ...] = ()  # programmes of the evidence that have no row of their own, and why
    exams: tuple[Exam, ...] = ()
    exam_rules: ExamRulesSection
    people: PeopleSection
    recruitment: RecruitmentSection
    placements: PlacementsSection
    competence: CompetenceSection
    panels: PanelsSection
    extensions: ExtensionsSection
    life: LifeSection
    revalidation: RevalidationSection
    shocks: ShocksSection | None = None
    interventions: InterventionsSection | None = None
    mix: MixSection | None = None
    costs: CostsSection | None = None
    supply: SupplySection | None = None
    files: dict[Table, Path] = Field(default_factory=dict)  # tables read by `population`, by name
    layers: tuple[Path, ...] = ()

    @property
    def dates(self) -> Dates:
        """Calendar from the first day of warm-up."""
        first = self.period.first_year - self.period.warm_up_years
        return Dates(first, self.period.last_year - first + 1)

    @property
    def reported_from(self) -> int:
        """Index of the first reported training year."""
        return self.period.warm_up_years

    def group_index(self, group: str) -> int:
        """Index of a group."""
        return [known.id for known in self.groups].index(group)

    def programme_index(self, programme: str) -> int:
        """Index of a programme."""
        return [known.id for known in self.programmes].index(programme)

    def exam_index(self, exam: str) -> int:
        """Index of the first part of an exam."""
        return [known.gate for known in self.exams].index(exam)

    @property
    def folders(self) -> tuple[Path, ...]:
        """Folders searched for tables: that of a layer, then its parent; the strongest layer first."""
        return folders_of(self.layers)

    def evidence(self, name: str) -> Path:
        """Path of a table such as `evidence/x.csv`, or what `files` names in its place; raises WorldError if absent."""
        for table, file in self.files.items():
            if name in (f"{table}.csv", f"evidence/{table}.csv"):
                return file
        if found := evidence_in(self.folders, name):
            return found
        raise WorldError(f"{self.layers[-1] if self.layers else 'world'}: there is no file '{name}'{self.near(name)}")

    def near(self, name: str) -> str:
        """Hint at the existing table with the most similar name, or an empty text."""
        folders = [(folder / name).parent for folder in self.folders]
        close = nearest(Path(name).stem, sorted({file.stem for folder in folders for file in folder.glob("*.csv")}))
        return f"; nearest is '{close}.csv'" if close else ""
