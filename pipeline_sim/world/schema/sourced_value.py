"""What a number may look like in a world file: every one has a unit, a source and a grade.

Arrays of a TOML file reach the models as tuples, so declare `tuple[X, ...]`. A figure is declared with its unit,
`Annotated[Figure, unit("days", least=0)]`; a file that states another unit is refused.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

Grade = Literal["A", "B", "C"]
Value = TypeVar("Value")
ASSUMPTION = "assumption"
MOST, MOST_GBP = 1e6, 1e12  # of any figure without a bound of its own; pence beyond are not exact


class Frozen(BaseModel):
    """A table of a world file: unknown keys are refused and nothing changes after loading."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def leaves(value: Any) -> list[float]:
    """Every number in a value, in order: one for a number, several for a row or a table."""
    if isinstance(value, Mapping):
        return [number for part in value.values() for number in leaves(part)]
    if isinstance(value, tuple | list):
        return [number for part in value for number in leaves(part)]
    return [value]


def same_shape(one: Any, other: Any) -> bool:
    """True if two values have the same keys and lengths all the way down."""
    if isinstance(one, Mapping):
        return (
            isinstance(other, Mapping)
            and one.keys() == other.keys()
            and all(same_shape(one[key], other[key]) for key in one)
        )
    if isinstance(one, tuple):
        return isinstance(other, tuple) and len(one) == len(other) and all(map(same_shape, one, other))
    return not isinstance(other, Mapping | tuple)


def scaled(value: Any, factor: float) -> Any:
    """The value with every number multiplied."""
    if isinstance(value, Mapping):
        return {key: scaled(part, factor) for key, part in value.items()}
    if isinstance(value, tuple):
        return tuple(scaled(part, factor) for part in value)
    return value * factor


class Sourced(Frozen, Generic[Value]):
    """A value with its parent. Grade A primary, B secondary, C assumption.

    A grade C value carries `low` and `high` of its own shape, or `spread`: the part by which
    all of it may be lower or higher (0.3 is 30 %).
    """

    value: Value
    unit: str
    low: Value | None = None
    high: Value | None = None
    spread: float | None = None
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
        return self

    def _check_order(self) -> None:
        if self.low is None:
            return
        if not (same_shape(self.value, self.low) and same_shape(self.value, self.high)):
            raise PydanticCustomError("range", "low and high should have the same entries as value")
        ordered = zip(leaves(self.low), leaves(self.value), leaves(self.high), strict=True)
        if not all(low <= value <= high for low, value, high in ordered):
            raise PydanticCustomError("range", "low, value and high should be in this order")

    def bounds(self) -> "tuple[Value, Value] | None":
        """Low and high in the shape of the value; none where the figure is taken as known."""
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
    """Refuses a figure with a sentence."""
    raise PydanticCustomError(kind, text, values)  # type: ignore[arg-type]


def check_bounds(value: Any, least: float | None, most: float | None) -> None:
    """Refuses a value any number of which is out of bounds."""
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
    """Marks a figure with its only unit, the range of every number in it, how many there are and what they sum to."""

    def check(figure: Sourced[Any]) -> Sourced[Any]:
        if figure.unit != name:
            refuse("unit", "unit is '{given}', should be '{right}'", given=figure.unit, right=name)
        beyond = MOST_GBP if "GBP" in name else MOST
        for value in (figure.value, *(each for each in (figure.low, figure.high) if each is not None)):
            check_bounds(value, least, beyond if most is None else most)
        numbers = leaves(figure.value)
        if count is not None and len(numbers) != count:
            refuse("count", "has {given} entries, should have {count}", given=len(numbers), count=count)
        if total is not None and abs(sum(numbers) - total) > 1e-6:
            refuse("total", "sums to {given}, should sum to {total}", given=round(sum(numbers), 6), total=total)
        return figure

    return AfterValidator(check)


def every_figure(part: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Sourced[Any]]]:
    """Each sourced figure below a table, with its key path."""
    if isinstance(part, Sourced):
        yield path, part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from every_figure(getattr(part, name), (*path, name))
    elif isinstance(part, Mapping):
        for name, inner in part.items():
            yield from every_figure(inner, (*path, name))
    elif isinstance(part, tuple):
        for place, inner in enumerate(part):
            yield from every_figure(inner, (*path, place))
