"""Doctors and posts, scaled together, and how doctors apply."""

from collections.abc import Callable

import numpy as np

from pipeline_sim.rules.rulebook import Posts, Recruitment
from pipeline_sim.world.lowering.lower_calendar import lower_rounds
from pipeline_sim.world.lowering.quantise import (
    GOLDEN,
    Ints,
    Reals,
    apportion,
    apportion_cells,
    by_year,
    cumulative,
    in_order,
    ints,
    per_mille,
    round_half_up,
    threshold,
    thresholds,
    whole,
)
from pipeline_sim.world.population.build_population import Population
from pipeline_sim.world.schema.training import MONTHS_OUT, ROUND_KINDS
from pipeline_sim.world.schema.world import World

MOST_SCORE = 65535


def scaled_rows(table: Reals, scale: float) -> Ints:
    """Each row of a table scaled: its total rounded, then apportioned along it."""
    flat = np.asarray(table, dtype=np.float64) * scale
    rows = [apportion(row, round_half_up(float(row.sum()))) for row in flat.reshape(len(flat), -1)]
    return ints(np.array(rows).reshape(flat.shape))


def lower_stock(stock: Reals, scale: float) -> Ints:
    """[P, 8, O] doctors in post: first programme and office as posts are, then grades."""
    cells = apportion_cells(stock.sum(axis=1), scale)
    result = np.zeros(stock.shape, dtype=np.int32)
    for place in np.ndindex(cells.shape):
        phase = (place[0] * cells.shape[1] + place[1] + 1) * GOLDEN
        result[place[0], :, place[1]] = apportion(stock[place[0], :, place[1]], int(cells[place]), phase)
    return result


def lower_posts(world: World, people: Population, scale: float) -> Posts:
    """Establishment, stock, and those who come from outside."""
    stages = [each.stage for each in world.programmes]
    return Posts(
        establishment=ints([apportion_cells(year, scale) for year in people.establishment]),
        recruits=ints(people.recruits),
        stock=lower_stock(people.stock, scale),
        graduates=scaled_rows(people.graduates, scale),
        external=scaled_rows(people.external, scale),
        returners=scaled_rows(people.returners, scale),
        stretch=per_mille(people.stretch),
        foundation=stages.index("foundation"),
    )


def lower_recruitment(world: World, people: Population) -> Recruitment:
    """Rounds, choices and answers."""
    section = world.recruitment
    streams = [stream.id for stream in world.streams]
    years = world.dates.training_years
    out = section.after_foundation.value
    after_f2 = np.stack([by_year({year: row[key] for year, row in out.items()}, years) for key in MONTHS_OUT], axis=1)
    gone = np.clip(1.0 - after_f2.sum(axis=1, keepdims=True), 0.0, 1.0)
    return Recruitment(
        rounds=lower_rounds(world),
        opens=table_of_rounds(lambda kind: [opens(world, kind, stream) for stream in streams]),
        takes=table_of_rounds(lambda kind: [kind in each.rounds for each in world.programmes]),
        choice=whole(people.choice[None, :, :] * people.recruits[:, None, :]),
        applications=whole(section.applications.value),
        office_pull=whole(office_weights(world, people)),
        home_first=threshold(section.home_first.value),
        ability_share=round_half_up(section.ability_share.value * 1000),
        external_ability_share=round_half_up(section.external_ability.value * 1000),
        appointable=appointable(world),
        decline=threshold(section.decline.value),
        expire=threshold(section.expire.value),
        firm=threshold(section.firm.value),
        hold=threshold(section.hold.value),
        defer=threshold(section.defer.value),
        withdraw=threshold(section.withdraw.value),
        max_runs=round_half_up(section.max_runs.value),
        reapply_years=round_half_up(section.reapply.value),
        again=thresholds(in_order(section.again.value, tuple(streams))),
        after_f2=whole(np.concatenate([after_f2, gone], axis=1)),
        after_core=cumulative(section.after_core.value),
    )


def table_of_rounds(row: Callable[[str], list[bool]]) -> Ints:
    """[4, N] one row for each kind of round."""
    return ints([row(kind) for kind in ROUND_KINDS])


def opens(world: World, kind: str, stream: str) -> bool:
    """True if a stream may apply in a kind of round."""
    return any(each.kind == kind and stream in each.streams for each in world.recruitment.rounds)


def office_weights(world: World, people: Population) -> Reals:
    """[O] how often an office is ranked next: its posts times its pull."""
    pull = in_order(world.recruitment.office_pull.value, tuple(office.id for office in world.offices))
    return np.asarray(people.establishment.sum(axis=(0, 1)) * pull)


def appointable(world: World) -> Ints:
    """[P] lowest appointable score, from the part of applicants below the line."""
    table = world.recruitment.appointable.value
    share = world.recruitment.ability_share.value
    parts = [table.get(each.id, table.get("default", 0.0)) for each in world.programmes]
    return ints([MOST_SCORE * score_quantile(part, share) for part in parts])


def score_quantile(part: float, share: float) -> float:
    """Score, 0 to 1, below which lies that part of scores that mix two even luck draws `share` to `1 - share`."""
    large, small = max(share, 1 - share), min(share, 1 - share)
    if part > 0.5:
        return 1.0 - score_quantile(1.0 - part, share)
    if small == 0 or part > small / (2 * large):
        return part * large + small / 2
    return float(np.sqrt(2 * large * small * part))
