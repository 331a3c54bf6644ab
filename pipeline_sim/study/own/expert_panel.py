"""A panel of experts: who they are, their weights, and their judgements of figures. Refuses what cannot be.

The panel is a TOML file that names a CSV file of judgements: one row for an expert and a figure, with the lowest and
highest value that the expert thinks possible and one or more percentiles between them (p25 is the lower quartile).
"""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import Field, ValidationError

from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.reading.check_rows import check_rows
from pipeline_sim.world.reading.csv_row import CsvRow
from pipeline_sim.world.reading.csv_tables import read_rows
from pipeline_sim.world.reading.layers import read_toml
from pipeline_sim.world.reading.pydantic_errors import describe_error, first_error
from pipeline_sim.world.reading.sources import figures
from pipeline_sim.world.reading.table_rules import TableRules
from pipeline_sim.world.register.register_rows import is_uncertain
from pipeline_sim.world.schema.sourced_value import Frozen, Sourced, leaves
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import KeyPath, hint, shown_path

TIMES = "times stated"  # unit in which a table of numbers is judged as a whole: 1 is the table as stated
Text = Annotated[str, Field(min_length=1)]


class Expert(Frozen):
    """Member of a panel."""

    who: Text
    weight: Annotated[float, Field(gt=0, le=1)] | None = None  # none of any expert: equal weights


class Panel(Frozen):
    """Panel, as its file states it."""

    panel: Text
    date: date
    judgements: Text  # CSV file, from this one
    experts: Annotated[dict[str, Expert], Field(min_length=1)]

    def weights(self, names: list[str]) -> list[float]:
        """Weights of some experts, which sum to 1."""
        given = [self.experts[name].weight or 1.0 for name in names]
        return [weight / sum(given) for weight in given]


class Judgement(NamedTuple):
    """What an expert says of a figure, in its unit."""

    expert: str
    lowest: float
    highest: float
    percentiles: tuple[tuple[float, float], ...]  # cumulative probability and value, ascending


class Asked(NamedTuple):
    """A figure that was asked about, and the judgements of it."""

    path: KeyPath
    figure: Sourced[Any]
    judgements: tuple[Judgement, ...] = ()

    @property
    def unit(self) -> str:
        """Unit of the judgements: that of the figure, or times what is stated for a row of numbers."""
        return TIMES if isinstance(self.figure.value, tuple) else self.figure.unit

    def value_of(self, number: float) -> Any:
        """Value of the figure at a number judged; of a table no number exceeds the highest of the range so far."""
        if self.unit != TIMES:
            return number
        most = max(leaves((self.figure.bounds() or (0, 0))[1]))
        return tuple(min(each * number, most) for each in self.figure.value)


def askable(world: World) -> dict[str, Asked]:
    """Uncertain figures by name that a layer can replace: one number or a row of them, not in a row of a table."""
    return {
        shown_path(path): Asked(path, figure)
        for path, figure in figures(world)
        if is_uncertain(figure) and not isinstance(figure.value, Mapping) and all(isinstance(key, str) for key in path)
    }


def load_panel(path: Path) -> Panel:
    """Panel of a file; StudyError if it is wrong or its weights do not sum to 1."""
    try:
        panel = Panel.model_validate(read_toml(path))
    except ValidationError as error:
        problem = first_error(error)
        model = Expert if len(problem["loc"]) > 2 else Panel
        where = shown_path(tuple(problem["loc"]))
        raise StudyError(f"{path}: {where}: {describe_error(problem, model.model_fields)}") from None
    weights = [expert.weight for expert in panel.experts.values() if expert.weight is not None]
    if weights and len(weights) < len(panel.experts):
        raise StudyError(f"{path}: experts: {len(weights)} of {len(panel.experts)} have a weight, not all or none")
    if weights and abs(sum(weights) - 1) > 1e-6:
        raise StudyError(f"{path}: experts: weights sum to {sum(weights):g}, should sum to 1")
    return panel


def judged_figures(path: Path, panel: Panel, world: World, rules: TableRules) -> list[Asked]:
    """Figures with judgements, as they come; rows without numbers are left out. WorldError or StudyError if wrong."""
    file = path.parent / panel.judgements
    rows = read_rows(file)
    if not rows:
        raise StudyError(f"{file}: has no rows, should have one for an expert and a figure")
    check_rows(rows, file, rules)
    known = askable(world)
    percentiles = sorted((name for name in rows[0] if re.fullmatch(r"p\d+", name)), key=lambda name: int(name[1:]))
    for name in percentiles:
        if not 0 < int(name[1:]) < 100:
            raise StudyError(f"{file}: line 1: column '{name}': a percentile should be such as p05, p50 or p95")
    asked: dict[str, Asked] = {}
    for row in rows:
        given = [name for name in ("lowest", *percentiles, "highest") if row[name]]
        if given:
            name = row["figure"]
            if name not in known:
                raise row.error(f"figure: '{name}' is no uncertain figure of {world.name}{hint(name, known)}")
            if row["expert"] not in panel.experts:
                raise row.error(f"expert: '{row['expert']}' is not in {path}{hint(row['expert'], panel.experts)}")
            before = asked.get(name, known[name])
            asked[name] = before._replace(judgements=(*before.judgements, judgement_of(row, given, before)))
    if not asked:
        raise StudyError(f"{file}: no row has numbers, should have lowest, highest and a percentile such as p50")
    return list(asked.values())


def judgement_of(row: CsvRow, given: list[str], asked: Asked) -> Judgement:
    """Judgement of a row; raises WorldError."""
    if row["unit"] != asked.unit:
        raise row.wrong("unit", f"should be '{asked.unit}'")
    for name in ("lowest", "highest"):
        if name not in given:
            raise row.wrong(name, "should be a number: the range that the expert thinks possible")
    values = [row.number(name) for name in given]
    for index, name in enumerate(given[1:]):
        if values[index + 1] <= values[index]:
            raise row.wrong(name, f"should be above {values[index]:g}, its {given[index]}")
    if len(given) < 3:
        raise row.error(f"should have a percentile, such as p50, beside {' and '.join(given)}")
    inner = zip(given[1:-1], values[1:-1], strict=True)
    return Judgement(row["expert"], values[0], values[-1], tuple((int(name[1:]) / 100, at) for name, at in inner))
