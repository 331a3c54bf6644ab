"""What the population asks of a world, and how its tables are read. A `World` fits; so does an object made by hand."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from pipeline_sim.world.reading.csv_tables import Cells, read_rows, rows_with
from pipeline_sim.world.world_error import world_error

Reals = npt.NDArray[np.float64]


class Number(Protocol):
    """A figure of one number."""

    @property
    def value(self) -> float: ...


class Row(Protocol):
    """A figure of several numbers."""

    @property
    def value(self) -> Sequence[float]: ...


class NumberBy(Protocol):
    """A figure by name."""

    @property
    def value(self) -> Mapping[str, float]: ...


class TableBy(Protocol):
    """A figure by two names."""

    @property
    def value(self) -> Mapping[str, Mapping[str, float]]: ...


class Programme(Protocol):
    """A training programme; entry years are calendar years of August starts, none for open."""

    @property
    def id(self) -> str: ...
    @property
    def stage(self) -> str: ...
    @property
    def group(self) -> str: ...
    @property
    def grades(self) -> Sequence[str]: ...
    @property
    def years(self) -> Number: ...
    @property
    def stream(self) -> str | None: ...
    @property
    def stream_after(self) -> str | None: ...
    @property
    def first_entry(self) -> int | None: ...
    @property
    def last_entry(self) -> int | None: ...


class Office(Protocol):
    """A local office."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


class Stream(Protocol):
    """A way of applying."""

    @property
    def id(self) -> str: ...


class Period(Protocol):
    """Reported training years, and those of warm-up before them."""

    @property
    def first_year(self) -> int: ...
    @property
    def last_year(self) -> int: ...
    @property
    def warm_up_years(self) -> int: ...


class Recruitment(Protocol):
    """What those do who have finished, or have failed to get a post."""

    @property
    def after_foundation(self) -> TableBy: ...
    @property
    def after_core(self) -> Row: ...
    @property
    def again(self) -> NumberBy: ...
    @property
    def posts_held(self) -> Number: ...


class OutOfProgramme(Protocol):
    """A kind of time out of programme."""

    @property
    def kind(self) -> str: ...
    @property
    def prevalence(self) -> Number: ...
    @property
    def stages(self) -> Sequence[str]: ...


class Life(Protocol):
    """What lengthens a programme, and who leaves it."""

    @property
    def ltft(self) -> NumberBy: ...
    @property
    def ltft_by_group(self) -> NumberBy: ...
    @property
    def ltft_by_stage(self) -> NumberBy: ...
    @property
    def wte(self) -> NumberBy: ...
    @property
    def women(self) -> Number: ...
    @property
    def parental(self) -> Number: ...
    @property
    def parental_months(self) -> Row: ...
    @property
    def oop(self) -> Sequence[OutOfProgramme]: ...
    @property
    def resign_by_group(self) -> NumberBy: ...
    @property
    def resign_by_stage(self) -> NumberBy: ...
    @property
    def resign_by_programme(self) -> NumberBy: ...
    @property
    def grace_by_stage(self) -> NumberBy: ...
    @property
    def grace_days(self) -> Row: ...


class PopulatedWorld(Protocol):
    """All that the population needs to know; `evidence` finds a table by its name, beside a layer or above."""

    @property
    def period(self) -> Period: ...
    @property
    def programmes(self) -> Sequence[Programme]: ...
    @property
    def offices(self) -> Sequence[Office]: ...
    @property
    def streams(self) -> Sequence[Stream]: ...
    @property
    def recruitment(self) -> Recruitment: ...
    @property
    def life(self) -> Life: ...
    def evidence(self, name: str) -> Path: ...


class Anchors(NamedTuple):
    """Values at some years; straight lines between them, flat outside."""

    years: tuple[int, ...]
    values: tuple[float, ...]

    def at(self, years: Iterable[int]) -> Reals:
        """Values at other years."""
        return np.interp(np.array(tuple(years), dtype=np.float64), self.years, self.values)


def anchors(points: Iterable[tuple[int, float]]) -> Anchors:
    """Anchors out of (year, value), in any order."""
    ordered = sorted(points)
    return Anchors(tuple(year for year, _ in ordered), tuple(value for _, value in ordered))


def rows(world: PopulatedWorld, name: str) -> list[Cells]:
    """The rows of a table of the world."""
    return read_rows(world.evidence(name))


def rows_about(world: PopulatedWorld, table: str, column: str, cell: str) -> list[Cells]:
    """The rows of a table that have a word in a column; there is at least one."""
    return rows_with(rows(world, table), world.evidence(table), column, cell)


def simulated_years(world: PopulatedWorld) -> range:
    """Calendar years in which the simulated training years begin, warm-up included."""
    return range(world.period.first_year - world.period.warm_up_years, world.period.last_year + 1)


def is_open(programme: Programme, year: int) -> bool:
    """True if doctors enter the programme in that August."""
    begun = programme.first_entry is None or year >= programme.first_entry
    return begun and (programme.last_entry is None or year <= programme.last_entry)


def foundation_of(world: PopulatedWorld) -> int:
    """Place of the foundation programme."""
    return [each.stage for each in world.programmes].index("foundation")


def same_office(office: Office, name: str) -> bool:
    """True if a table means this office, by its name or its id."""
    return name in (office.name, office.id)


def office_row(world: PopulatedWorld, table: str, weights: Mapping[str, float]) -> Reals:
    """[O] weights by office name; an office that the table leaves out is refused."""
    found = []
    for office in world.offices:
        values = [value for name, value in weights.items() if same_office(office, name)]
        if not values:
            raise missing(world, table, office.name, weights)
        found.append(values[0])
    return np.array(found, dtype=np.float64)


def missing(world: PopulatedWorld, table: str, name: str, known: Iterable[str]) -> Exception:
    """The error for a name that a table says nothing of."""
    return world_error(world.evidence(table), (name,), f"says nothing of '{name}'", known, name)
