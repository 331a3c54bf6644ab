"""Numbers of a world file: each has a unit, a source and a grade. Refuses a number without them.

Arrays of a TOML file reach the models as tuples, so declare `tuple[X, ...]`. A figure is declared with its unit,
`Annotated[Figure, unit("days", least=0)]`; a file that states another unit is refused.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from operator import le
from typing import Annotated, Any, ClassVar, Generic, Literal, NamedTuple, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

Grade = Literal["A", "B", "C"]
Value = TypeVar("Value")
ASSUMPTION = "assumption"
JUDGEMENT = "judgement of "  # beginning of the title of a source that is a panel of experts
PLAIN = {str, int, float, bool, date, type(None)}  # of what is below a table, all that has nothing below it
MOST, MOST_GBP = 1e6, 1e12  # of any figure without a bound of its own; pence beyond are not exact
# What a figure of a unit cannot be below, and cannot exceed unless its field says so, whatever it is of.
LEAST_OF = {
    "GBP per WTE-month": 1, "GBP per WTE-year": 1, "capacity per expected review": 0.1,
    "reviews per post and year": 0.1, "slots per post": 0.01,
}  # fmt: skip
MOST_OF = {
    "GBP per WTE-month": 1e5, "GBP per WTE-year": 1e6, "GBP per post and year": 1e6, "GBP per year": 1e6,
    "GBP per unit": 1e6, "beds": 2e5, "capacity per expected review": 20, "days": 732, "doctors per year": 2e4,
    "index": 200, "months": 600, "multiplier": 20, "offer runs": 100, "part more for each sign": 10,
    "part where reached": 10, "per cent of time": 50, "per doctor and year": 2000, "per unit": 1e4,
    "percentage points": 50, "percentage points per 10,000 inpatients": 50, "places per 100 doctors per year": 1e4,
    "relative to posts": 100, "reviews per post and year": 12, "sessions per doctor and year": 500,
    "slots per post": 5, "stock above normal": 50, "units per 100 doctors per year": 1e4, "units per place": 100,
    "weeks": 104, "working days": 260, "years": 60,
}  # fmt: skip
Text = Annotated[str, Field(pattern=r"^\S(.*\S)?$")]  # a name or label


class Frozen(BaseModel):
    """Table of a world file: refuses unknown keys and cannot be changed after loading."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)


class Span(Frozen):
    """Table with dates in ascending order: `first` and `last`, or the fields that `ordered` names."""

    ordered: ClassVar[tuple[str, ...]] = ("first", "last")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for first, last in pairwise(getattr(self, name) for name in self.ordered):
            if last < first:
                refuse("window", "{last} should not be before {first}", first=first, last=last)
        return self


def leaves(value: Any) -> list[float]:
    """All numbers of a value, in order."""
    if isinstance(value, Mapping):
        return [number for part in value.values() for number in leaves(part)]
    if isinstance(value, tuple | list):
        return [number for part in value for number in leaves(part)]
    return [value]


def same_shape(value: Any, bound: Any) -> bool:
    """True if two values have the same keys and lengths at every level."""
    if isinstance(value, Mapping):
        alike = isinstance(bound, Mapping) and value.keys() == bound.keys()
        return alike and all(same_shape(value[key], bound[key]) for key in value)
    if isinstance(value, tuple):
        return isinstance(bound, tuple) and len(value) == len(bound) and all(map(same_shape, value, bound))
    return not isinstance(bound, Mapping | tuple)


def scaled(value: Any, factor: float) -> Any:
    """Copy of a value with every number multiplied by a factor."""
    if isinstance(value, Mapping):
        return {key: scaled(part, factor) for key, part in value.items()}
    if isinstance(value, tuple):
        return tuple(scaled(part, factor) for part in value)
    return value * factor


class Sourced(Frozen, Generic[Value]):
    """Value with unit, source and grade: A primary, B secondary, C assumption.

    A grade C value has a range: `low` and `high` of its own shape, or `spread`, a relative half-width (0.3 is 30 %).
    It is drawn from the triangle of low, value and high or, where a panel was asked, by `quantiles` from low to high,
    each of the shape of the value, at equally spaced cumulative probabilities from 0 to 1.
    """

    value: Value
    unit: str
    low: Value | None = None
    high: Value | None = None
    spread: float | None = None
    quantiles: tuple[Value, ...] | None = None
    source: str
    grade: Grade
    note: str | None = None

    @model_validator(mode="after")
    def _has_a_range(self) -> "Sourced[Value]":
        if self.spread is not None and (self.low is not None or not 0 <= self.spread <= 1):
            raise PydanticCustomError("range", "spread should stand alone, between 0 and 1")
        if (self.low is None) != (self.high is None):
            raise PydanticCustomError("range", "low and high should be given together")
        if self.grade == "C" and self.low is None and self.spread is None:
            raise PydanticCustomError("range", "a grade C figure should have low and high, or spread")
        if self.source == ASSUMPTION and self.grade != "C":
            raise PydanticCustomError("grade", "an assumption should be grade C")
        self._check_order()
        if self.quantiles is not None:
            self._check_quantiles(self.quantiles)
        return self

    def _check_order(self) -> None:
        if self.low is None:
            return
        if not (same_shape(self.value, self.low) and same_shape(self.value, self.high)):
            keys = set(self.value) if isinstance(self.value, Mapping) else set()
            odd = [key for end in (self.low, self.high) if isinstance(end, Mapping) for key in keys ^ set(end)]
            which = f", not so '{min(odd)}'" if keys and odd else ""
            refuse("range", "low and high should have the same entries as value{which}", which=which)
        ordered = zip(leaves(self.low), leaves(self.value), leaves(self.high), strict=True)
        if not all(low <= value <= high for low, value, high in ordered):
            raise PydanticCustomError("range", "low, value and high should be in this order")

    def _check_quantiles(self, quantiles: tuple[Value, ...]) -> None:
        if self.grade != "C" or (quantiles[:1], quantiles[-1:]) != ((self.low,), (self.high,)):
            raise PydanticCustomError("range", "quantiles should go from low to high of a figure of grade C")
        steps = pairwise(quantiles)
        if not all(same_shape(low, high) and all(map(le, leaves(low), leaves(high))) for low, high in steps):
            raise PydanticCustomError("range", "quantiles should not fall, and have the entries of the value")

    def bounds(self) -> "tuple[Value, Value] | None":
        """Low and high in the shape of the value; None for a figure without a range."""
        if self.low is not None and self.high is not None:
            return self.low, self.high
        if self.spread is not None:
            return scaled(self.value, 1 - self.spread), scaled(self.value, 1 + self.spread)
        return None


Figure = Sourced[float]
Figures = Sourced[tuple[float, ...]]
FigureBy = Sourced[dict[str, float]]
FiguresBy = Sourced[dict[str, tuple[float, ...]]]
FigureTable = Sourced[dict[str, dict[str, float]]]


def refuse(kind: str, text: str, **values: Any) -> None:
    """Raise the validation error of a figure."""
    raise PydanticCustomError(kind, text, values)  # type: ignore[arg-type]


def check_once(names: tuple[str, ...]) -> tuple[str, ...]:
    """Check that no name stands twice in a list; raises PydanticCustomError."""
    for index, name in enumerate(names):
        if name in names[:index]:
            refuse("twice", "'{name}' stands there twice", name=name)
    return names


# Names in a list; one that is given should not be empty, since a list left out (its default is not checked) means all.
NameList = Annotated[tuple[str, ...], Field(min_length=1), AfterValidator(check_once)]


def check_bounds(value: Any, least: float | None, most: float | None) -> None:
    """Check of every number of a value against its bounds; raises PydanticCustomError."""
    for number in leaves(value):
        if least is not None and number < least:
            refuse("least", "{given} should be at least {least}", given=number, least=least)
        if most is not None and number > most:
            refuse("most", "{given} should be at most {most}", given=number, most=most)


def unit(
    name: str,
    least: float | None = None,
    most: float | None = None,
    count: int | None = None,
    total: float | None = None,
) -> AfterValidator:
    """Validator of a figure's unit, the bounds of its numbers, their count and their sum."""

    def check(figure: Sourced[Any]) -> Sourced[Any]:
        if figure.unit != name:
            refuse("unit", "unit is '{given}', should be '{right}'", given=figure.unit, right=name)
        beyond = MOST_OF.get(name, MOST_GBP if "GBP" in name else MOST)
        lowest = LEAST_OF.get(name, least)
        for value in (figure.value, *(bound for bound in (figure.low, figure.high) if bound is not None)):
            check_bounds(value, lowest, beyond if most is None else most)
        numbers = leaves(figure.value)
        if count is not None and len(numbers) != count:
            refuse("count", "should have {count} entries, has {given}", given=len(numbers), count=count)
        if total is not None and abs(sum(numbers) - total) > 1e-6:
            refuse("total", "sums to {given}, should sum to {total}", given=round(sum(numbers), 6), total=total)
        return figure

    return AfterValidator(check)


class Names(NamedTuple):
    """Mark of a field that names parts of the world; `loading.check_references` says which names are known.

    A name, a list of names, or a table or figure whose keys are names, perhaps all that are known (`whole`). With `at`
    the names are the values of the table, or the keys of each of its rows.
    """

    known: str  # kind of names, such as groups
    whole: bool = False
    at: Literal["keys", "values", "rows"] = "keys"


def every_figure(part: Any, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Sourced[Any]]]:
    """Sourced figures below a table, each with its key path."""
    if isinstance(part, Sourced):
        return [(path, part)]
    inner: Iterable[tuple[str | int, Any]] = ()
    if isinstance(part, BaseModel):
        inner = vars(part).items()
    elif isinstance(part, dict):
        inner = part.items()
    elif isinstance(part, tuple):
        inner = enumerate(part)
    return [each for key, below in inner if type(below) not in PLAIN for each in every_figure(below, (*path, key))]
