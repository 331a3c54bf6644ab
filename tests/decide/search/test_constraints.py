"""Constraints: those that clash are named, mixes keep to them, shares of offices and groups are as promised."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from support import CONFIGS

from pipeline_sim.decide.decision_section import Decision
from pipeline_sim.decide.search.candidates import Space, Whom, buying, mix_of, mix_text, space_of
from pipeline_sim.decide.search.constraints import check_constraints, repaired
from pipeline_sim.decide.search.surrogate import lines_alone, only_line
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.interventions.apply_mix import purchases

pytestmark = pytest.mark.unit
LAYERS = tuple(str(CONFIGS / f"{name}.toml") for name in ("tiny", "costs", "covid", "interventions"))
BASE = {"budget": 5e6, "indifference": 10.0, "starts": [date(2021, 5, 1), date(2021, 9, 1)], "last": date(2022, 4, 30)}


def decision(**changes: object) -> Decision:
    return Decision.model_validate(BASE | changes)


def space(chosen: Decision) -> Space:
    return space_of(chosen, world_of(WorldSpec(LAYERS)))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"least": {"simulation": 3e6, "coaching": 4e6}}, "least sums to £7m, above the budget of £5m"),
        (
            {"least": {"simulation": 1e5}, "most": {"simulation": 5e4}},
            "least.simulation is £100k, most.simulation £50k",
        ),
        ({"least": {"coaching": 1e5, "simulation": 1e5}, "most_interventions": 1}, "least names 2 interventions"),
        ({"least": {"als-courses": 4.9e6}}, "least.als-courses is £4.9m, but its ceiling lets no more than"),
        ({"least_purchase": 6e6}, "least_purchase is £6m, but the budget is £5m"),
        ({"least_share": {"surgery": 0.6, "medicine": 0.5}}, "least_share sums to 1.1, above 1"),
        ({"budgets": [1e6, 1e7], "least_purchase": 2e6}, "budgets has £1m, below least or least_purchase"),
        (
            {"least_share": {"north-west": 0.9}, "interventions": ["simulation"]},
            "least_share.north-west asks for £4.5m",
        ),
        (
            {
                "least_share": {"radiology": 0.5, "surgery": 0.4},
                "most_interventions": 1,
                "interventions": ["boot-camps", "supervised-lists"],
                "least": {"supervised-lists": 3e6},
            },
            "least_share.radiology and least_share.surgery and least.supervised-lists cannot be met",
        ),
        (
            {
                "least_share": dict.fromkeys(("surgery", "medicine", "foundation", "radiology"), 0.1),
                "most_interventions": 20,
            },
            "may make 100 kinds of places, above 64",
        ),
        ({"office_weights": {"north-west": 0.0}}, "office_weights are all 0"),
        ({"office_weights": {"north-west": 1.0}, "least_share": {"north-west": 0.1}}, "office_weights decide"),
    ],
)
def test_constraints_that_clash_are_named(changes: Mapping[str, object], words: str) -> None:
    chosen = decision(**changes)
    with pytest.raises(StudyError, match=r"^decision: constraints clash: ") as refused:
        check_constraints(space(chosen))
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"interventions": ["simulaton"]}, "decision.interventions: there is no 'simulaton'; nearest is 'simulation'"),
        ({"groups": ["everybody"]}, "decision.groups: there is no 'everybody'"),
        ({"least_share": {"atlantis": 0.1}}, "decision.least_share: there is no 'atlantis'"),
        ({"last": date(2021, 5, 31)}, "nothing can be delivered by 2021-05-31"),
    ],
)
def test_names_and_days_that_cannot_be_are_refused(changes: Mapping[str, object], words: str) -> None:
    with pytest.raises(StudyError) as refused:
        space(decision(**changes))
    assert words in str(refused.value)


def test_what_is_repaired_meets_every_constraint_and_spends_what_ceilings_let() -> None:
    chosen = decision(least_purchase=400_000.0, most_interventions=12, least={"coaching": 100_000.0})
    own, random = space(chosen), np.random.default_rng(1)
    check_constraints(own)
    coaching = own.names.index("coaching")
    for _ in range(300):
        amounts = random.dirichlet(np.full(len(own.names), 2.0)) * chosen.budget * random.uniform(0.2, 3)
        ways = [int(random.integers(len(each))) for each in own.variants]
        found = repaired(own, amounts, ways, chosen.budget)
        bought = [at for at, pounds in enumerate(found.amounts) if pounds]
        most = [own.most[at][ways[at]] for at in bought]
        assert len(bought) <= 12
        assert coaching in bought
        assert all(found.amounts[at] >= 390_000 for at in bought if at != coaching)
        assert all(found.amounts[at] <= limit for at, limit in zip(bought, most, strict=True))
        assert min(chosen.budget, sum(most)) - 20_000 <= sum(found.amounts) <= chosen.budget


def test_least_shares_of_an_office_and_a_group_are_in_what_every_mix_buys() -> None:
    world = world_of(WorldSpec(LAYERS))
    chosen = decision(least_share={"north-west": 0.5, "general-practice": 0.3, "surgery": 0.2}, least_purchase=3e4)
    own, random = space(chosen), np.random.default_rng(2)
    for turn in range(20):
        amounts = random.uniform(0, 2e5, len(own.names)) * (random.random(len(own.names)) < 0.3)
        if not turn:  # of which nothing serves general practice
            amounts = np.array([2e5 if name in ("simulation", "supervised-lists") else 0.0 for name in own.names])
        found = repaired(own, amounts, [0] * len(own.names), 250_000.0)
        assert sum(found.amounts) > 200_000
        mix = mix_of(own, found)
        bought = purchases(world.model_copy(update={"mix": mix}))
        assert bought is not None
        by_office = np.sum([line.spent.sum(axis=0) for line in bought.lines], axis=0)
        by_group = np.sum([line.by_group.sum(axis=(0, 2)) for line in bought.lines], axis=0)
        place = 100 * max(own.prices)  # pence: parts are whole places
        assert by_office[bought.axes.offices.index("north-west")] >= 0.499 * by_office.sum() - place
        assert (
            by_group[bought.axes.groups.index("general-practice")] >= 0.3 * by_group.sum() - 1e6
        )  # pence: amounts are in steps
        assert (
            sum(line.gbp or 0.0 for line in mix.lines if line.groups == ("surgery",)) >= 0.2 * mix.budget.value - 10_000
        )


def test_the_file_of_a_mix_is_the_mix_that_was_run(tmp_path: Path) -> None:
    chosen = decision(
        national=0.2,
        splits=["half_by_need"],
        least_share={"north-west": 0.2, "surgery": 0.1},
        interventions=["simulation"],
    )
    own = space(chosen)
    one = repaired(own, np.ones(len(own.names)), [len(each) - 1 for each in own.variants], chosen.budget)
    mix, file = mix_of(own, one), tmp_path / "found.toml"
    file.write_text(mix_text(mix))
    assert world_of(WorldSpec(LAYERS, str(file))).mix == mix
    total = sum(round((line.gbp or 0) * 100) for line in mix.lines)
    assert total == sum(one.amounts) * 100


def test_no_line_of_a_mix_is_below_the_price_of_a_place() -> None:
    """As the world refuses a line that can buy nothing, and a search would end at its report."""
    shares = {"north-west": 0.01, "surgery": 0.01, "medicine": 0.01}
    chosen = decision(budget=200_000.0, national=0.05, least_share=shares, splits=["half_by_need"])
    own, random = space(chosen), np.random.default_rng(4)
    assert max(own.prices) > 1_000
    small = 0
    for _ in range(40):
        amounts = random.dirichlet(np.full(len(own.names), 0.5)) * chosen.budget
        found = repaired(own, amounts, [0] * len(own.names), chosen.budget)
        mix = mix_of(own, found)
        price = dict(zip(own.names, own.prices, strict=True))
        assert all((line.gbp or 0.0) >= price[line.intervention] for line in mix.lines)
        assert sum(round((line.gbp or 0.0) * 100) for line in mix.lines) == sum(found.amounts) * 100
        small += sum(0 < pounds * 0.05 < price[name] for name, pounds in zip(own.names, found.amounts, strict=True))
    assert small > 0


def test_parts_that_buy_no_place_are_raised_or_join_others() -> None:
    everyone, one, group = Whom(), Whom(office="a"), Whom(group="g")
    assert buying({everyone: 700, one: 90, group: 110}, 100) == {everyone: 690, one: 100, group: 110}
    assert buying({everyone: 105, one: 90}, 100) == {everyone: 195}  # there is too little for two
    assert buying({everyone: 20, one: 900, group: 0}, 100) == {one: 920}
    assert buying({everyone: 7, one: 5}, 0) == {everyone: 7, one: 5}
    assert buying({one: 5}, 100) == {one: 5}


def test_a_line_alone_buys_a_place_at_least_and_what_costs_more_than_the_budget_is_left_out() -> None:
    small = decision(budget=10_000.0)
    own, all_of_them = space(small), space(decision())
    assert set(own.names) < set(all_of_them.names)
    dear = {name for name, price in zip(all_of_them.names, all_of_them.prices, strict=True) if price > small.budget}
    assert not dear & set(own.names)
    for which in (own, all_of_them):
        alone = lines_alone(which)
        assert {only_line(each)[0] for each in alone} == set(range(len(which.names)))
        assert all(only_line(each)[1] >= which.prices[only_line(each)[0]] for each in alone)
