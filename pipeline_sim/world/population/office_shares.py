"""Distribution of national posts over offices, and their redistribution between offices.

Programmes follow the shares of `evidence/regions.csv`, except those in the table `office_shares`. Posts of cardiology,
haematology and obstetrics & gynaecology move between offices (table `redistribution`), with a net change of 0.
"""

import numpy as np

from pipeline_sim.world.population.population_inputs import (
    Reals,
    office_weights,
    rows,
    same_office,
    simulated_years,
)
from pipeline_sim.world.schema.world import World

REGIONS = "evidence/regions.csv"
SHARES = "office_shares.csv"
MOVES = "redistribution.csv"


def office_shares(world: World) -> Reals:
    """Share of a programme's posts in each office [P, O]; rows sum to 1."""
    usual = {row["hee_local_office"]: row.number("trainee_share_mode_pct", least=0) for row in rows(world, REGIONS)}
    own: dict[str, dict[str, float]] = {}
    for row in rows(world, SHARES):
        for programme in row["programmes"].split():
            own.setdefault(programme, {})[row["office"]] = row.number("weight", least=0)
    names = [each.id if each.id in own else None for each in world.programmes]  # None: as usual
    weights = {
        name: office_weights(world, REGIONS, usual) if name is None else office_weights(world, SHARES, own[name])
        for name in set(names)
    }
    table = np.array([weights[name] for name in names])
    return np.asarray(table / table.sum(axis=1, keepdims=True), dtype=np.float64)


def redistributed_posts(world: World) -> Reals:
    """Posts moved to an office by a training year [Y, P, O], negative where they leave; each row sums to 0."""
    run = np.array(simulated_years(world))
    moved = np.zeros((len(run), len(world.programmes), len(world.offices)))
    for row in rows(world, MOVES):
        programmes = [index for index, each in enumerate(world.programmes) if each.id in row["programmes"].split()]
        offices = [index for index, each in enumerate(world.offices) if same_office(each, row["office"])]
        first, last = row.whole("first_year"), row.whole("last_year")
        steps = np.clip(run - first + 1, 0, last - first + 1) * row.number("posts_per_year")
        moved[np.ix_(range(len(run)), programmes, offices)] += steps[:, None, None]
    return moved - moved.mean(axis=2, keepdims=True)
