"""Inputs of the population: tables of a world and series interpolated between years."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.world.reading.csv_row import CsvRow
from pipeline_sim.world.reading.csv_tables import cached_rows, rows_with
from pipeline_sim.world.schema.world import Office, World
from pipeline_sim.world.world_error import WorldError, world_error

Reals = npt.NDArray[np.float64]
USUAL_YEARS = 9  # reported years that stand for all where a number has no year: a longer run has the same


class YearSeries(NamedTuple):
    """Values at some years, interpolated between them and constant outside."""

    years: tuple[int, ...]
    values: tuple[float, ...]

    def at(self, years: Iterable[int]) -> Reals:
        """Values at other years."""
        return np.interp(np.array(tuple(years), dtype=np.float64), self.years, self.values)


def year_series(points: Iterable[tuple[int, float]]) -> YearSeries:
    """Series of (year, value) pairs in any order."""
    ordered = sorted(points)
    return YearSeries(tuple(year for year, _ in ordered), tuple(value for _, value in ordered))


def rows(world: World, name: str) -> list[CsvRow]:
    """Rows of a table of the world."""
    return list(cached_rows(world.evidence(name)))


def rows_about(world: World, table: str, column: str, cell: str) -> list[CsvRow]:
    """Rows of a table with a word in a column; raises WorldError if there are none."""
    return rows_with(rows(world, table), world.evidence(table), column, cell)


def simulated_years(world: World) -> range:
    """Calendar years in which the simulated training years begin, warm-up included."""
    return range(world.period.first_year - world.period.warm_up_years, world.period.last_year + 1)


def usual_years(world: World) -> int:
    """Years of the run, from the first on, that stand for all where a number has no year."""
    return min(world.reported_from + USUAL_YEARS, len(simulated_years(world)))


def foundation_index(world: World) -> int:
    """Index of the foundation programme."""
    return [programme.stage for programme in world.programmes].index("foundation")


def same_office(office: Office, name: str) -> bool:
    """True if a name in a table is that of an office or its id."""
    return name in (office.name, office.id)


def office_weights(world: World, table: str, weights: Mapping[str, float]) -> Reals:
    """Weights by office [O]; raises WorldError for an office without a row."""
    ordered = []
    for office in world.offices:
        values = [value for name, value in weights.items() if same_office(office, name)]
        if not values:
            raise missing_row(world, table, office.name, weights)
        ordered.append(values[0])
    return np.array(ordered, dtype=np.float64)


def missing_row(world: World, table: str, name: str, known: Iterable[str]) -> WorldError:
    """Error of a name without a row in a table."""
    return world_error(world.evidence(table), (name,), f"says nothing of '{name}'", known, name)
