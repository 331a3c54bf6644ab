"""Posts and doctors, scaled together, and recruitment, in the Rulebook."""

from collections.abc import Callable

import numpy as np

from pipeline_sim.rules.codes import NEVER
from pipeline_sim.rules.rulebook import Posts, Recruitment
from pipeline_sim.world.lowering.lower_calendar import lower_rounds
from pipeline_sim.world.lowering.quantise import (
    Ints,
    Reals,
    Thresholds,
    apportion,
    apportion_cells,
    apportion_rows,
    by_year,
    cumulative,
    days_of_months,
    golden_phases,
    in_order,
    normalised_thresholds,
    per_mille,
    round_half_up,
    threshold,
    thresholds,
    to_int32,
)
from pipeline_sim.world.population.applicant_preferences import choice_by_kind
from pipeline_sim.world.population.build_population import Population
from pipeline_sim.world.population.population_inputs import usual_years
from pipeline_sim.world.schema.training import MONTHS_OUT, ORIGINS, ROUND_KINDS
from pipeline_sim.world.schema.world import World

MOST_SCORE = 65535
AHEAD = ("first", "second")  # rounds for a whole year's intake


def scaled_rows(table: Reals, scale: float) -> Ints:
    """Scaled rows of a table: each total rounded, then apportioned along the row."""
    flat = np.asarray(table, dtype=np.float64) * scale
    rows = [apportion(row, round_half_up(float(row.sum()))) for row in flat.reshape(len(flat), -1)]
    return to_int32(np.array(rows).reshape(flat.shape))


def lower_stock(stock: Reals, scale: float) -> Ints:
    """Doctors in post [P, 8, O]: apportioned over programmes and offices as posts are, then over grades."""
    cells = apportion_cells(stock.sum(axis=1), scale)
    by_grade = stock.transpose(0, 2, 1)
    rows = apportion_rows(by_grade.reshape(cells.size, -1), cells.ravel(), golden_phases(cells.size))
    return np.ascontiguousarray(rows.reshape(by_grade.shape).transpose(0, 2, 1))


def lower_posts(world: World, people: Population, scale: float) -> Posts:
    """Posts of the Rulebook: establishment, stock and applicants from outside."""
    stages = [each.stage for each in world.programmes]
    return Posts(
        establishment=to_int32([apportion_cells(year, scale) for year in people.establishment]),
        intake=to_int32([apportion_cells(year, scale) for year in people.intake]),
        recruits=to_int32(people.recruits),
        stock=lower_stock(people.stock, scale),
        graduates=scaled_rows(people.graduates, scale),
        external=scaled_rows(people.external, scale),
        returners=scaled_rows(people.returners, scale),
        stretch=per_mille(people.stretch),
        foundation=stages.index("foundation"),
    )


def lower_recruitment(world: World, people: Population) -> Recruitment:
    """Recruitment of the Rulebook."""
    section = world.recruitment
    streams = [stream.id for stream in world.streams]
    years = world.dates.training_years
    rounds = lower_rounds(world)
    out, by_origin = section.after_foundation.value, (section.again, section.again_abroad)
    after_f2 = np.stack([by_year({year: row[key] for year, row in out.items()}, years) for key in MONTHS_OUT], axis=1)
    gone = np.clip(1.0 - after_f2.sum(axis=1, keepdims=True), 0.0, 1.0)
    return Recruitment(
        rounds=rounds,
        opens=table_of_rounds(lambda kind: [opens(world, kind, stream) for stream in streams]),
        takes=table_of_rounds(lambda kind: [kind in each.rounds for each in world.programmes]),
        ahead_days=days_of_months(section.ahead.value) * to_int32([kind in AHEAD for kind in ROUND_KINDS]),
        choice=normalised_thresholds(choices(world, people)),
        applications=normalised_thresholds(section.applications.value),
        office_pull=normalised_thresholds(office_weights(world, people)),
        home_first=threshold(section.home_first.value),
        ability_share=round_half_up(section.ability_share.value * 1000),
        appointable=appointable(world),
        shortlist=round_half_up(section.shortlist.value * 1000),
        decline=threshold(section.decline.value),
        expire=threshold(section.expire.value),
        firm=threshold(section.firm.value),
        hold=threshold(section.hold.value),
        defer=threshold(section.defer.value),
        withdraw=threshold(section.withdraw.value),
        max_runs=round_half_up(section.max_runs.value),
        reapply_years=round_half_up(section.reapply.value),
        exam_by_offers=exam_by_offers(world),
        priority=lower_priority(world, rounds),
        again=np.stack([thresholds(in_order(table.value, tuple(streams))) for table in by_origin]),
        after_f2=normalised_thresholds(np.concatenate([after_f2, gone], axis=1)),
        after_core=cumulative(section.after_core.value),
    )


def exam_by_offers(world: World) -> Ints:
    """Year of the run for whose posts on applicants hold the exams of core by the offers [S]; NEVER if none."""
    first = [NEVER if each.exam_by_offers is None else int(each.exam_by_offers.value) for each in world.streams]
    return to_int32([year if year == NEVER else year - world.dates.training_years[0] for year in first])


def choices(world: World, people: Population) -> Reals:
    """Chances of first choices [Y, S x 6, P], a row for each stream and kind of people, among open programmes."""
    open_ones = people.choice * people.recruits[:, None, :]
    total = open_ones.sum(axis=2, keepdims=True)
    shares = np.divide(open_ones, total, out=np.zeros_like(open_ones), where=total > 0)
    table = choice_by_kind(world, shares)
    return table.reshape(len(table), -1, table.shape[3])


def lower_priority(world: World, rounds: Ints) -> Thresholds:
    """Chances [R, 5] of an applicant, by Origin, to be offered posts first; all are where no order of origins holds."""
    priority = world.recruitment.priority
    everyone = np.ones(len(ORIGINS))
    if priority is None:
        return thresholds(np.tile(everyone, (len(rounds), 1)))
    holds = rounds[:, :1] >= world.dates.day(priority.first)
    return thresholds(np.where(holds, in_order(priority.share.value, ORIGINS), everyone))


def table_of_rounds(row: Callable[[str], list[bool]]) -> Ints:
    """Flags [4, N], one row for each kind of round."""
    return to_int32([row(kind) for kind in ROUND_KINDS])


def opens(world: World, kind: str, stream: str) -> bool:
    """True if a stream may apply in a kind of round."""
    return any(each.kind == kind and stream in each.streams for each in world.recruitment.rounds)


def office_weights(world: World, people: Population) -> Reals:
    """Weights of offices in preferences [O]: posts of usual years, without levers, times pull."""
    pull = in_order(world.recruitment.office_pull.value, tuple(office.id for office in world.offices))
    return np.asarray(people.without_levers[: usual_years(world)].sum(axis=(0, 1)) * pull)


def appointable(world: World) -> Ints:
    """Lowest appointable score [P], from the share of applicants below the line."""
    table = world.recruitment.appointable.value
    share = world.recruitment.ability_share.value
    below = [table.get(each.id, table.get("default", 0.0)) for each in world.programmes]
    return to_int32([MOST_SCORE * score_quantile(probability, share) for probability in below])


def score_quantile(probability: float, share: float) -> float:
    """Quantile of a score that is the mean of two uniform numbers with weights `share` and `1 - share`."""
    large, small = max(share, 1 - share), min(share, 1 - share)
    if probability > 0.5:
        return 1.0 - score_quantile(1.0 - probability, share)
    if small == 0 or probability > small / (2 * large):
        return probability * large + small / 2
    return float(np.sqrt(2 * large * small * probability))
