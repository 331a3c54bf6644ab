"""Who gains: paired differences by stage, specialty group, office and working pattern."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline_sim.rules.codes import Stage
from pipeline_sim.study.compare import estimates
from pipeline_sim.study.indicators import DAYS_PER_MONTH
from pipeline_sim.world.names import Names

if TYPE_CHECKING:
    import pandas as pd

PATTERNS = ("full time", "less than full time")
WHAT = {"extensions": "extensions", "gap_carried_days": "mean_backlog"}


def gains(measures: Mapping[str, "pd.DataFrame"], baseline: str, names: Names, scale: float) -> "pd.DataFrame":
    """World less baseline by world, by, who, indicator: extensions in all years, mean backlog of the censuses."""
    import pandas as pd

    tables = {name: _by_who(table[table["measure"].isin(WHAT)], names, scale) for name, table in measures.items()}
    found = {}
    for name, table in tables.items():
        if name != baseline:
            index = table.index.union(tables[baseline].index)
            change = table.reindex(index, fill_value=0.0) - tables[baseline].reindex(index, fill_value=0.0)
            found[name] = estimates(change)
    return pd.concat(found, names=["world"])


def _by_who(measures: "pd.DataFrame", names: Names, scale: float) -> "pd.DataFrame":
    import pandas as pd

    group = pd.Series([*names.programme_groups, -1]).to_numpy()
    who = {
        "stage": ([stage.name.lower().replace("_", " ") for stage in Stage], measures["stage"]),
        "specialty group": (names.group_names, group[measures["programme"].to_numpy()]),
        "office": (names.office_names, measures["office"]),
        "working pattern": (PATTERNS, measures["pattern"]),
    }
    replications = sorted(measures["replication"].unique())
    parts = {by: _table(measures, labels, codes, replications) for by, (labels, codes) in who.items()}
    table = pd.concat(parts, names=["by"]).rename(columns=WHAT).astype(float)
    table["mean_backlog"] /= DAYS_PER_MONTH * measures["year"].nunique()
    return table / scale


def _table(
    measures: "pd.DataFrame", labels: Sequence[str], codes: Iterable[int], replications: list[int]
) -> "pd.DataFrame":
    import pandas as pd

    held = measures.assign(who=[labels[int(code)] for code in codes])
    table = held.pivot_table(
        index=["who", "replication"], columns="measure", values="value", aggfunc="sum", fill_value=0
    )
    index = pd.MultiIndex.from_product([list(labels), replications], names=["who", "replication"])
    return table.reindex(index=index, columns=list(WHAT), fill_value=0)
