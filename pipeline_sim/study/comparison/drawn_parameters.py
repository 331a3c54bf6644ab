"""Parameters that each draw of a study took: the table draw × parameter, with units and weights."""

from math import nan
from typing import TYPE_CHECKING

from pipeline_sim.study.comparison.answer import Answer, parameter_sampling
from pipeline_sim.study.replication.parameter_draws import ParameterDraw, values_of, varied_figures
from pipeline_sim.study.replication.posterior_sample import load_sample
from pipeline_sim.study.replication.prepare import world_of
from pipeline_sim.world.reading.sources import figures, named_path
from pipeline_sim.world.schema.sourced_value import leaves

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("draw", "row", "weight", "parameter", "unit", "numbers", "value")


def drawn_parameters(answer: Answer) -> "pd.DataFrame":
    """Rows by draw and figure of any world: row and weight in the posterior sample, and the value.

    A figure of several numbers, drawn together, has their mean. Empty where all figures are as stated.
    """
    import pandas as pd

    rows: dict[tuple[int, str], tuple[object, ...]] = {}
    for spec in answer.specs.values():
        world = world_of(spec._replace(parameters=None))
        units = {path: (named_path(world, path), figure.unit) for path, figure in figures(world)}
        varied = None
        for number, first in enumerate(answer.sampling.starts.tolist()):
            parameters = parameter_sampling(answer.study).for_replication(spec, first).parameters
            if not isinstance(parameters, ParameterDraw):
                continue
            varied = varied or varied_figures(world, parameters)
            row = parameters.row
            at = (nan, nan) if row is None else (row.row, float(load_sample(row.posterior).weights[row.row]))
            for path, value in values_of(parameters, varied).items():
                numbers = leaves(value)
                name, unit = units[path]
                rows[number, name] = (number, *at, name, unit, len(numbers), sum(numbers) / len(numbers))
    return pd.DataFrame([rows[key] for key in sorted(rows)], columns=list(COLUMNS))
