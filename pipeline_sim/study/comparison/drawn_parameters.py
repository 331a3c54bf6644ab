"""Parameters that each draw of a study took: the table draw × parameter, with units and weights."""

from collections.abc import Container, Sequence
from math import nan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.comparison.answer import Answer, parameter_sampling
from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.replication.parameter_draws import (
    ParameterDraw,
    VariedFigures,
    values_of,
    varied_figures,
)
from pipeline_sim.study.replication.posterior_sample import load_sample
from pipeline_sim.study.replication.prepare import WorldSpec, worlds_of
from pipeline_sim.world.reading.sources import figures, named_path
from pipeline_sim.world.schema.sourced_value import leaves
from pipeline_sim.world.schema.world import World

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("draw", "row", "weight", "parameter", "unit", "numbers", "value")


class FigureValues(NamedTuple):
    """Values of F figures in D draws; a figure of several numbers, drawn together, has their mean."""

    names: tuple[str, ...]  # sorted
    units: tuple[str, ...]
    numbers: tuple[int, ...]  # that the figure has
    fitted: npt.NDArray[np.bool_]  # [F] drawn as part of a row of the posterior sample
    rows: npt.NDArray[np.intp]  # [D] row of the posterior sample; without one, each draw is its own
    values: npt.NDArray[np.float64]  # [D, F]


def figure_values(study: Study, specs: Sequence[WorldSpec], replications: Sequence[int]) -> FigureValues:
    """Figures of any of some worlds in the draws that replications have; of two worlds the later decides."""
    sampling = parameter_sampling(study)
    found: dict[str, tuple[str, int, bool, list[float]]] = {}
    rows, seen = np.arange(len(replications)), set[int]()
    worlds = worlds_of([spec._replace(parameters=None, without=frozenset(), scale=1.0) for spec in specs])
    for spec, whole in zip(reversed(specs), reversed(worlds), strict=True):
        drawn = [sampling.for_replication(spec, number).parameters for number in replications]
        draws = [each for each in drawn if isinstance(each, ParameterDraw)]
        if not draws:
            continue
        rows = np.array([place if each.row is None else each.row.row for place, each in enumerate(draws)])
        sections = {name: getattr(whole, name) for name in World.model_fields}
        world = whole.model_copy(update={name: None for name, part in sections.items() if id(part) in seen})
        seen |= {id(part) for part in sections.values()}  # sections that are alike are one object
        units = {path: (named_path(world, path), figure.unit) for path, figure in figures(world)}
        varied = unseen(varied_figures(world, draws[0]), found)
        alone = {each.path for each in varied.uncertain if not in_sample(each.name, draws[0].posterior)}
        for each in draws:
            for path, value in values_of(each, varied).items():
                name, unit = units[path]
                numbers = leaves(value)
                kept = found.setdefault(name, (unit, len(numbers), path not in alone, []))
                kept[3].append(sum(numbers) / len(numbers))
    names = tuple(sorted(found))
    units_, numbers_, fitted, columns = zip(*(found[name] for name in names), strict=True) if names else ((),) * 4
    values = np.array(columns, np.float64).reshape(len(names), len(rows)).T
    return FigureValues(names, units_, numbers_, np.array(fitted, np.bool_), rows, values)


def unseen(varied: VariedFigures, found: Container[str]) -> VariedFigures:
    """Figures of a world that none before it had."""
    uncertain = tuple(each for each in varied.uncertain if each.name not in found)
    return varied._replace(
        uncertain=uncertain, open={name: known for name, known in varied.open.items() if name not in found}
    )


def in_sample(name: str, posterior: str | None) -> bool:
    """True if a figure is a column of the posterior sample."""
    return posterior is not None and name in load_sample(posterior).figures


def drawn_parameters(answer: Answer) -> "pd.DataFrame":
    """Rows by draw and figure of any world: row and weight in the posterior sample, and the value.

    Empty where all figures are as stated.
    """
    import pandas as pd

    starts = answer.sampling.starts.tolist()
    found = figure_values(answer.study, list(answer.specs.values()), starts)
    posterior = answer.study.posterior
    weights = None if posterior is None else load_sample(posterior).weights
    rows = [
        (draw, *at, *each)
        for draw, values in enumerate(found.values.tolist())
        for at in [(nan, nan) if weights is None else (found.rows[draw], float(weights[found.rows[draw]]))]
        for each in zip(found.names, found.units, found.numbers, values, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))
