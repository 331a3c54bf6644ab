"""How national posts are laid over offices, and how some of them move between offices.

Every programme follows the shares of `evidence/regions.csv`, but for those in the table `office_shares`. Posts of
cardiology, haematology and obstetrics & gynaecology move from offices with more than their part to those with less
(table `redistribution`); what moves sums to nothing.
"""

import numpy as np

from pipeline_sim.world.population.population_inputs import (
    PopulatedWorld,
    Reals,
    office_row,
    rows,
    same_office,
    simulated_years,
)

REGIONS = "evidence/regions.csv"
SHARES = "office_shares.csv"
MOVES = "redistribution.csv"


def office_shares(world: PopulatedWorld) -> Reals:
    """[P, O] part of a programme's posts in each office; rows sum to 1."""
    usual = {row["hee_local_office"]: row.number("trainee_share_mode_pct", least=0) for row in rows(world, REGIONS)}
    own: dict[str, dict[str, float]] = {}
    for row in rows(world, SHARES):
        own.setdefault(row["programme"], {})[row["office"]] = row.number("weight", least=0)
    table = np.array(
        [office_row(world, SHARES if each.id in own else REGIONS, own.get(each.id, usual)) for each in world.programmes]
    )
    return np.asarray(table / table.sum(axis=1, keepdims=True), dtype=np.float64)


def moves(world: PopulatedWorld) -> Reals:
    """[Y, P, O] posts moved to an office by a training year, below 0 where they are taken away.

    A world without some of the offices moves what remains so that it still sums to nothing.
    """
    run = np.array(simulated_years(world))
    found = np.zeros((len(run), len(world.programmes), len(world.offices)))
    for row in rows(world, MOVES):
        programmes = [place for place, each in enumerate(world.programmes) if each.id in row["programmes"].split()]
        offices = [place for place, each in enumerate(world.offices) if same_office(each, row["office"])]
        first, last = row.whole("first_year"), row.whole("last_year")
        steps = np.clip(run - first + 1, 0, last - first + 1) * row.number("posts_per_year")
        found[np.ix_(range(len(run)), programmes, offices)] += steps[:, None, None]
    return found - found.mean(axis=2, keepdims=True)
