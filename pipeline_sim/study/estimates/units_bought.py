"""Units of each intervention that a programme buys."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline_sim.study.estimates.random_effects import Draws
from pipeline_sim.study.replication.mix_spending import bought_names
from pipeline_sim.study.replication.summary import WorldReplications
from pipeline_sim.world.schema.world import World

if TYPE_CHECKING:
    import pandas as pd

THOUSANDTHS = 1000


def units_bought(samples: Mapping[str, WorldReplications], worlds: Mapping[str, World], draws: Draws) -> "pd.DataFrame":
    """Means over draws by world and intervention of the mix, with its label and unit; `worlds` are the programmes."""
    import pandas as pd

    rows = []
    for name, world in worlds.items():
        entries = world.interventions.entries if world.interventions is not None else {}
        means = draws.weights @ draws.means(samples[name].bought) / THOUSANDTHS
        for intervention, units in zip(bought_names(world), means.tolist(), strict=True):
            rows.append((name, intervention, entries[intervention].label, entries[intervention].bought_unit, units))
    table = pd.DataFrame(rows, columns=["world", "intervention", "label", "unit", "units"])
    return table.set_index(["world", "intervention"])
