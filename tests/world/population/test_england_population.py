"""England's population: it agrees with published headcounts, and a run may end in any year."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from support import CONFIGS
from support.worlds.reconciliation_report import format_table, reconciliation

from pipeline_sim.base.calendar import DAYS_PER_YEAR
from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.population.build_population import Population, build_population
from pipeline_sim.world.population.headcount_targets import EVERYONE, targets
from pipeline_sim.world.population.time_in_post import factors, grace_years, pace
from pipeline_sim.world.reading.sources import with_figures
from pipeline_sim.world.schema.world import World


@cache
def england() -> World:
    """The world of configs/england.toml."""
    return load_world(CONFIGS / "england.toml")


@cache
def people() -> Population:
    """Population of England."""
    return build_population(england())


@pytest.mark.law
def test_england_agrees_with_what_is_published() -> None:
    """Intakes of general practice and all acceptances are 7 % below: fewer posts a year make 55,000 in post."""
    lines = {(line.label, line.year): line for line in reconciliation(england())}
    assert lines[EVERYONE, 2021].reconciled == pytest.approx(55_000)
    for family, target in targets(england()).items():
        line = lines[family, target.year]
        assert target.low - 1e-6 <= line.reconciled <= target.high + 100, family
    for (what, _), line in lines.items():
        if what.startswith("Foundation F1"):
            assert line.residual == 0
        if what in ("posts at CT1 and ST1", "accepted at CT1 and ST1", "GP accepted", "accepted, all rounds"):
            assert abs(line.residual) < 0.07, line
    assert len(format_table(list(lines.values())).splitlines()) == len(lines) + 1


@pytest.mark.law
def test_england_starts_with_posts_for_all_in_post() -> None:
    found = people()
    begun = found.stock.sum(axis=1)
    begun[0] += found.graduates[0, 0]
    held = found.establishment[0].copy()
    held[1:] *= england().recruitment.posts_held.value
    assert begun.sum() == pytest.approx(held.sum(), rel=0.03)
    assert (begun <= found.establishment[0] + 1e-6).all()
    assert all((np.asarray(getattr(found, name)) >= 0).all() for name in Population.__dataclass_fields__)


@pytest.mark.law
def test_england_shapes_and_shares() -> None:
    world, found = england(), people()
    years, programmes, offices, streams = 13, len(world.programmes), len(world.offices), len(world.streams)
    assert found.stock.shape == (programmes, 8, offices)
    assert found.establishment.shape == (years, programmes, offices)
    assert found.recruits.shape == (years, programmes)
    assert found.graduates.shape == (years, 2, offices)
    assert found.external.shape == (years, 2, streams)
    assert found.returners.shape == (3, streams)
    assert found.choice.sum(axis=2) == pytest.approx(np.ones((len(found.choice), streams)))
    for place, each in enumerate(world.programmes):
        assert not found.stock[place, len(each.grades) :].any()


def test_england_grows_in_general_practice_and_moves_cardiology_out_of_london() -> None:
    world, found = england(), people()
    gp, cardiology = world.programme_index("general-practice"), world.programme_index("cardiology")
    london = [office.id for office in world.offices].index("london")
    national = found.establishment.sum(axis=2)
    assert national[9, gp] > 1.2 * national[4, gp]
    share = found.establishment[:, cardiology, london] / national[:, cardiology]
    assert share[7] == pytest.approx(0.2)
    assert share[12] < 0.18


@pytest.mark.parametrize("last_year", [2018, 2020, 2021, 2022, 2023, 2034])
def test_a_run_may_end_in_any_year(last_year: int) -> None:
    world = load_world(CONFIGS / "tiny.toml")
    period = world.period.model_copy(update={"last_year": last_year})
    found = build_population(world.model_copy(update={"period": period}))
    assert len(found.establishment) == last_year - 2016
    assert np.isfinite(found.external).all()


def test_warm_up_only_adds_years_before() -> None:
    world = england()
    shorter = world.model_copy(update={"period": world.period.model_copy(update={"warm_up_years": 2})})
    found = build_population(shorter)
    assert found.establishment == pytest.approx(people().establishment[2:])
    assert replace(found).recruits.tolist() == people().recruits[2:].tolist()


def test_a_post_is_kept_after_a_cct_as_its_stage_has_it() -> None:
    life = with_figures(
        england(), {"life.grace_by_stage": {"higher": 0.4, "gp": 0.1}, "life.grace_days": (100.0, 200.0)}
    ).life
    assert grace_years(life, "higher") == pytest.approx(0.4 * 150 / DAYS_PER_YEAR)
    assert grace_years(life, "gp") == pytest.approx(0.1 * 150 / DAYS_PER_YEAR)
    found = {each.id: pace(england(), each, factors(england()), women=0.5) for each in england().programmes}
    assert 0 < found["general-practice"].grace_years < found["general-surgery"].grace_years / 5
    assert found["core-surgical"].grace_years == 0
