"""Who gains: paired differences by stage, specialty group, office, NHS region and working pattern, and by group and
office together."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.estimates.indicators import DAYS_PER_MONTH, over_lucks
from pipeline_sim.study.estimates.intervals import Estimate, interval
from pipeline_sim.study.replication.summary import WHO_MEASURES, Numbers, Sample, Who
from pipeline_sim.world.schema.names import Names

if TYPE_CHECKING:
    import pandas as pd

Reals = npt.NDArray[np.float64]
WHAT = ("extensions", "extension_months", "mean_backlog", "ccts", "ccts_on_time", "headcount")


def gains(samples: Mapping[str, Sample], baseline: str, who: Who, scale: float, lucks: int) -> "pd.DataFrame":
    """World less baseline by world, by, who, indicator; all reported years, backlog and headcount as means of them."""
    import pandas as pd

    tables = {name: _amounts(sample.who.swapaxes(1, 2), lucks) / scale for name, sample in samples.items()}
    found = {
        name: _long(table - tables[baseline], [who.by, who.who], ["by", "who"])
        for name, table in tables.items()
        if name != baseline
    }
    return pd.concat(found, names=["world"])


def levels_by_who(sample: Sample, who: Who, scale: float, lucks: int) -> "pd.DataFrame":
    """The same counts of one world, by, who, indicator."""
    return _long(_amounts(sample.who.swapaxes(1, 2), lucks) / scale, [who.by, who.who], ["by", "who"])


def places(samples: Mapping[str, Sample], baseline: str, names: Names, scale: float, lucks: int) -> "pd.DataFrame":
    """World less baseline by world, group, office, indicator."""
    import pandas as pd

    keys = _places_of(names)
    tables = {name: _by_place(sample, lucks) / scale for name, sample in samples.items()}
    found = {
        name: _long(table - tables[baseline], keys, ["group", "office"])
        for name, table in tables.items()
        if name != baseline
    }
    return pd.concat(found, names=["world"])


def levels_by_place(sample: Sample, names: Names, scale: float, lucks: int) -> "pd.DataFrame":
    """The same counts of one world, group, office, indicator."""
    return _long(_by_place(sample, lucks) / scale, _places_of(names), ["group", "office"])


def _places_of(names: Names) -> tuple[list[str], list[str]]:
    groups = [group for group in names.group_names for _ in names.office_names]
    return groups, [office for _ in names.group_names for office in names.office_names]


def _by_place(sample: Sample, lucks: int) -> Reals:
    """[D, G * O, indicators]"""
    cells = sample.cells.reshape(len(sample.cells), -1, 1, sample.cells.shape[-1])
    return _amounts(cells.swapaxes(1, 2), lucks, years=sample.counts.shape[1])


def _amounts(counts: Numbers, lucks: int, years: int | None = None) -> Reals:
    """[D, W, indicators] from counts [R, Y, W, K]; `years` where they have been added up already."""
    sums = over_lucks(counts, lucks).sum(axis=1)
    years = years or counts.shape[1]

    def of(measure: str) -> Reals:
        return np.asarray(sums[..., WHO_MEASURES.index(measure)])

    return np.stack(
        [
            of("extensions"),
            of("extension_days") / DAYS_PER_MONTH,
            of("gap_carried_days") / DAYS_PER_MONTH / years,
            of("ccts"),
            of("ccts") - of("ccts_extended"),
            of("headcount") / years,
        ],
        axis=-1,
    )


def _long(values: Reals, keys: Sequence[Sequence[str]], names: list[str]) -> "pd.DataFrame":
    """Estimates over the first axis of values [D, W, indicators], a row for each of the others."""
    import pandas as pd

    index = pd.MultiIndex.from_tuples(
        [(*key, what) for key in zip(*keys, strict=True) for what in WHAT], names=[*names, "indicator"]
    )
    found = (each.ravel() for each in interval(values))
    return pd.DataFrame(dict(zip(Estimate._fields, found, strict=True)), index=index)
