"""Targets: published figures, each with its source, how the model measures it and its role.

A target has its own interval (uncertainty of the source) and a tolerance (discrepancy of the model that is acceptable).
It passes where the mean of the model is within both. Roles are set before anything is fitted: `fit` was looked at in
building or fitting the model, `input` entered it in another way, `test` was held out. A figure of grade C is no record:
it is shown without an accepted range and is in no count.
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline_sim.records.count_measures import measure_names
from pipeline_sim.rules.codes import Event, RoundKind, Stage, State
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.reading.csv_tables import read_rows
from pipeline_sim.world.reading.layers import read_toml
from pipeline_sim.world.reading.pydantic_errors import describe_error, first_error
from pipeline_sim.world.schema.people_section import PLACES
from pipeline_sim.world.world_error import hint

Role = Literal["fit", "input", "test"]
WorldRole = Literal["covid", "no_covid", "as_spent", "lost", "bought"]
Text = Annotated[str, Field(min_length=1)]
RECORD_GRADES = ("A", "B")
Year = Annotated[int, Field(ge=2000, le=2100)]
DAYS_A_YEAR, FIRST_MONTH, LAST_YEAR = 365, 8, 2100  # of a training year; of what covers all years
ROLES = {
    "test": "held out for testing",
    "fit": "looked at in building or fitting",
    "input": "entered the model in another way",
}


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class About(_Frozen):
    """Doctors that a measure covers; an empty list means all."""

    stages: list[str] = []
    groups: list[str] = []
    programmes: list[str] = []


class Counts(_Frozen):
    """Yearly measures added up over the years: a mean a year, or `per` times their share of the measures in `of`."""

    kind: Literal["counts"]
    measures: Annotated[list[str], Field(min_length=1)]
    of: list[str] = []
    per: float = 1.0
    years: Annotated[list[Year], Field(min_length=1)]
    part_time: bool = False  # the measures, but not those in `of`, of doctors less than full time alone
    about: About = About()
    offices: list[str] = []  # an empty list means all


class Rows(_Frozen):
    """Log rows in a span of days, or the doctors in them; or `per` times their share of the measures in `of`."""

    kind: Literal["rows"]
    events: Annotated[list[str], Field(min_length=1)]
    rounds: list[str] = []  # the recruitment rounds that the rows are about
    states: list[str] = []  # the states before that the rows are about
    first: date
    last: date
    doctors: bool = True  # each doctor once
    who: list[str] = []  # if given, the measure is `per` times the part of those doctors who are all of these, see WHO
    of: list[str] = []
    per: float = 1.0
    about: About = About()


class Starts(_Frozen):
    """Per cent of doctors who finish F2 in a year and are not in a post of another programme so many days later."""

    kind: Literal["without_post"]
    year: Year
    days: Annotated[int, Field(ge=1, le=3650)]


class AtEnd(_Frozen):
    """Per cent of doctors with outcome 6 at the first decision on the end of their programme, in some years."""

    kind: Literal["at_end"]
    years: Annotated[list[Year], Field(min_length=1)]
    about: About = About()


class Lists(_Frozen):
    """Mean index of a national series of lists over a span of days, normal being `per`; or its change from normal."""

    kind: Literal["lists"]
    series: str
    first: date
    last: date
    per: float = 1.0
    change: bool = False


class Cost(_Frozen):
    """Cost of extensions to the training budget over all years, £m."""

    kind: Literal["extension_cost"]


WHO = ("women", *PLACES)
KINDS = ("counts", "rows", "without_post", "at_end", "lists", "extension_cost")
Model = Annotated[Counts | Rows | Starts | AtEnd | Lists | Cost, Field(discriminator="kind")]


class Evidence(_Frozen):
    """Row of an evidence file, found by the words in some columns that single it out."""

    file: Text
    where: dict[str, str]


class Target(_Frozen):
    """A published figure and its measure in the model."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    topic: Text
    quantity: Text
    population: Text
    period: Text
    value: float
    low: float | None = None  # none: the source gives no interval
    high: float | None = None
    unit: Text
    source: Evidence
    publisher: Text  # who found it: distinguishes independent sources
    grade: Literal["A", "B", "C"]
    uk: bool = False  # a count of the UK: the model's is put up from England by the English part of posts
    tolerance: Annotated[float, Field(ge=0)] = 0.0
    because: Text | None = None  # a record says why so much, and what else to know
    role: Role
    before: str | None = None  # the target that a forecast of no change would repeat
    world: WorldRole = "covid"
    model: Model

    @property
    def is_record(self) -> bool:
        """True unless it is an assumption (grade C)."""
        return self.grade in RECORD_GRADES

    @property
    def year(self) -> int:
        """Last training year, by the year in which it begins, of what the model measures."""
        model = self.model
        if isinstance(model, Counts | AtEnd):
            return max(model.years)
        if isinstance(model, Starts):
            return model.year + model.days // DAYS_A_YEAR
        if isinstance(model, Rows | Lists):
            return model.last.year - (model.last.month < FIRST_MONTH)
        return LAST_YEAR

    @property
    def ends(self) -> tuple[float, float]:
        """Interval of the source."""
        return (self.value if self.low is None else self.low), (self.value if self.high is None else self.high)

    @property
    def reach(self) -> tuple[float, float]:
        """Interval within which the model passes."""
        low, high = self.ends
        return low - self.tolerance, high + self.tolerance


class Targets(_Frozen):
    """Targets of a file, and the study whose worlds they are measured in."""

    extends: Text | None = None  # another file of targets, from this one: its targets too, but for those of equal id
    study: Text  # its file, from this one
    worlds: dict[WorldRole, str]  # the study's worlds by what they show; `lost` and `bought` are less than `covid`
    classes: dict[str, list[str]] = {}  # topics by class of figure: what has one discrepancy
    targets: Annotated[list[Target], Field(min_length=1)]


def load_targets(path: Path, above: tuple[Path, ...] = ()) -> Targets:
    """Targets of a file and of those it extends, checked; StudyError names file, target and what would be right."""
    if path.resolve() in above:
        raise StudyError(f"{above[-1]}: extends: {path} extends it in a circle")
    content = read_toml(path)
    try:
        read = Targets.model_validate(content)
    except ValidationError as error:
        raise StudyError(f"{path}: {_describe(error, content)}") from None
    names = [target.id for target in read.targets]
    under = load_targets(path.parent / read.extends, (*above, path.resolve())) if read.extends else None
    below = [] if under is None else [target for target in under.targets if target.id not in names]
    years = {target.id: target.year for target in [*below, *read.targets]}
    for index, target in enumerate(read.targets):
        _check(path, target, names[:index])
        _check_evidence(path, target)
        if target.before is not None and target.before not in years:
            raise StudyError(f"{path}: {target.id}: before: there is no target '{target.before}'")
        if target.before is not None and years[target.before] >= target.year:
            raise StudyError(f"{path}: {target.id}: before: '{target.before}' should be of an earlier year")
    classes = read.classes if under is None else {**under.classes, **read.classes}
    return read.model_copy(update={"targets": [*below, *read.targets], "classes": classes})


def _check(path: Path, target: Target, earlier: list[str]) -> None:
    where = f"{path}: {target.id}"
    low, high = target.ends
    if target.id in earlier:
        raise StudyError(f"{where}: is there twice")
    if (target.low is None) != (target.high is None):
        raise StudyError(f"{where}: low and high should be given together")
    if not low <= target.value <= high:
        raise StudyError(f"{where}: low, value and high should be in this order")
    if target.is_record and target.because is None:
        raise StudyError(f"{where}: because: missing: a record says why its tolerance is what it is")
    for what, word, known in _words(target.model):
        if word not in known:
            raise StudyError(f"{where}: model.{what}: '{word}' is not known{hint(word, known)}")


def _words(model: Any) -> list[tuple[str, str, list[str]]]:
    words = []
    if isinstance(model, Counts):
        words += [("measures", word, measure_names()) for word in model.measures]
    if isinstance(model, Rows):
        words += [("events", word, [each.name.lower() for each in Event]) for word in model.events]
        words += [("rounds", word, [each.name.lower() for each in RoundKind]) for word in model.rounds]
        words += [("states", word, [each.name.lower() for each in State]) for word in model.states]
        words += [("who", word, list(WHO)) for word in model.who]
    if isinstance(model, Counts | Rows):
        words += [("of", word, measure_names()) for word in model.of]
    if isinstance(model, Counts | Rows | AtEnd):
        stages = [stage.name.lower().replace("_", "-") for stage in Stage]
        words += [("about.stages", word, stages) for word in model.about.stages]
    return words


def _check_evidence(path: Path, target: Target) -> None:
    """Refuses a target whose figures are not in the row that it names."""
    file = path.parent / target.source.file
    where = f"{path}: {target.id}: source"
    rows = [row for row in read_rows(file) if all(row[name] == word for name, word in target.source.where.items())]
    if len(rows) != 1:
        raise StudyError(f"{where}: {len(rows)} rows of {file} fit, should be one")
    text = " ".join(rows[0].values()).replace(",", "")
    ends = [("low", target.low), ("high", target.high)]
    for name, number in ends if target.low is not None else [("value", target.value)]:
        if number is not None and f"{abs(number):.10g}" not in text:
            raise StudyError(f"{where}: {name}: {number:g} does not stand in line {rows[0].line} of {file}")
    grades = [cell for name, cell in rows[0].items() if name.startswith("grade")]
    if grades and not any(target.grade in cell for cell in grades):
        raise StudyError(f"{where}: grade is {target.grade}, but {', '.join(filter(None, grades))} in {file}")


def _describe(error: ValidationError, content: dict[str, Any]) -> str:
    """The first complaint, with the target by its name."""
    problem = first_error(error)
    places = [part for part in problem["loc"] if part not in KINDS]
    if len(places) > 1 and isinstance(places[1], int):
        target = content["targets"][places[1]]
        name = target.get("id") if isinstance(target, dict) else None
        places = [name or f"target {places[1] + 1}", *places[2:]]
    return f"{'.'.join(map(str, places))}: {describe_error(problem, Target.model_fields)}"


def targets_digest(targets: Sequence[Target]) -> str:
    """Twelve hex digits over some targets."""
    return hashlib.sha256("\n".join(target.model_dump_json() for target in targets).encode()).hexdigest()[:12]
