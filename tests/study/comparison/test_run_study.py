"""A question is checked, run until enough is known, and what shocks took and money gave back adds up."""

from itertools import pairwise
from pathlib import Path

import pytest
from support.worlds.tiny_study import question, study

from pipeline_sim.report.sections import shares
from pipeline_sim.study.comparison import run_study as room
from pipeline_sim.study.comparison import stopping_rule
from pipeline_sim.study.comparison.drawn_parameters import figure_values
from pipeline_sim.study.comparison.run_study import run_study, study_digest
from pipeline_sim.study.comparison.stopping_rule import FIRST_LOOK, LOOK_EVERY, stopping_points
from pipeline_sim.study.replication.repeated_draws import draws_of_replications
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.world_error import WorldError


def test_the_rungs_lead_from_no_shock_to_the_programme(tmp_path: Path) -> None:
    asked = question(tmp_path, repeat_every=0, replications=2)
    found = run_study(asked)
    rungs = found.attribution
    assert list(rungs.groupby("rung")["label"].first())[:3] == ["Lists", "Wards", "Everything else"]
    assert list(rungs.groupby("rung")["kind"].first()) == ["shock"] * 3 + ["intervention"] * 2
    for indicator in ("extensions", "months_short"):
        whole = rungs[rungs["indicator"] == indicator]["mean"].sum()
        ends = found.totals.loc[("money", indicator), "mean"] - found.totals.loc[("no_covid", indicator), "mean"]
        assert whole == pytest.approx(ends)


def test_a_part_alone_and_the_rest_without_it_make_up_the_mix(tmp_path: Path) -> None:
    found = run_study(question(tmp_path, repeat_every=0, replications=2, attribution=None, parts=True))
    rungs = found.attribution.set_index(["label", "kind", "indicator"])["mean"].xs("months_short", level="indicator")
    money = rungs[rungs.index.get_level_values("label").str.startswith("Money")]
    (one, other), whole = money.xs("alone", level="kind").index, found.difference("money", "months_short").mean
    assert money[one, "alone"] + money[other, "left out"] == pytest.approx(whole)
    assert money[other, "alone"] + money[one, "left out"] == pytest.approx(whole)
    assert money[one, "alone"] != money[other, "alone"]
    assert [table.name for table in shares.section(found).shown] == ["shares-parts"]
    assert found.worlds == ("no_covid", "none", "money", "nothing")


def test_the_order_of_the_worlds_is_the_studys(tmp_path: Path) -> None:
    found = run_study(question(tmp_path, replications=2, repeat_every=0, attribution=None))
    assert found.worlds == ("no_covid", "none", "money", "nothing")
    assert found.programmes == ("money", "nothing")
    assert found.difference("nothing", "extensions") == (0, 0, 0, 0)  # a placebo through all of it
    assert found.chances.loc[("nothing", "gains something"), ["probability", "verdict"]].tolist() == [
        0,
        "very unlikely",
    ]
    assert not found.prices["nothing"].per_month_recovered_gbp.excludes_zero


def test_a_shock_that_is_none_is_named(tmp_path: Path) -> None:
    steps = [{"label": "x", "shocks": ["surgee"]}]
    with pytest.raises(StudyError, match="no shock 'surgee'; nearest is 'surge'"):
        question(tmp_path, attribution={"programme": "money", "replications": 1, "steps": steps})


def test_a_programme_without_a_mix_cannot_be_attributed(tmp_path: Path) -> None:
    steps = [{"label": "x", "shocks": ["surge"]}]
    with pytest.raises(StudyError, match=r"attribution\.programme should be a world with a mix"):
        question(tmp_path, attribution={"programme": "no_covid", "replications": 1, "steps": steps})


def test_the_last_look_is_at_all_replications(tmp_path: Path) -> None:
    for count in (1, FIRST_LOOK - 1, FIRST_LOOK, FIRST_LOOK + 1, 2 * FIRST_LOOK + 2 * LOOK_EVERY + 3):
        for precision in (None, 1.0):
            cuts = stopping_points(study(tmp_path, replications=count, precision=precision))
            assert cuts == sorted(set(cuts))
            assert cuts[-1] == count


@pytest.mark.parametrize("every", [0, 1, 2, 4, 20])
def test_looks_are_at_whole_blocks_and_at_enough_draws(tmp_path: Path, every: int) -> None:
    *looks, last = stopping_points(study(tmp_path, replications=121, precision=1.0, repeat_every=every))
    block = every + 1 if every else 1
    assert last == 121
    assert FIRST_LOOK <= len(set(draws_of_replications(looks[0], every))) < FIRST_LOOK + max(every, 1)
    assert all(stop % block == 0 and stop - start >= LOOK_EVERY for start, stop in pairwise([0, *looks]))


def test_it_stops_when_enough_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping_rule, "FIRST_LOOK", 2)
    monkeypatch.setattr(stopping_rule, "LOOK_EVERY", 2)
    sizes = {
        precision: run_study(
            question(tmp_path, replications=8, precision=precision, headline="months_short", attribution=None, seed=1)
        ).replications
        for precision in (1e-9, 1e9)
    }
    assert sizes == {1e-9: 8, 1e9: 4}


def test_the_identity_is_of_what_decides_a_replication(tmp_path: Path) -> None:
    plain = study_digest(question(tmp_path))
    assert study_digest(question(tmp_path, replications=9)) == plain
    assert study_digest(question(tmp_path, name="other")) == plain
    for change in ({"seed": 8}, {"parameters": "mode"}, {"held": ["life"]}, {"repeat_every": 0}, {"scale": 0.5}):
        assert study_digest(question(tmp_path, **change)) != plain


def test_a_wrong_mix_is_refused_before_anything_runs(tmp_path: Path) -> None:
    asked = study(tmp_path)
    (tmp_path / "money.toml").write_text((tmp_path / "money.toml").read_text().replace("0.5", "0.4"))
    with pytest.raises(WorldError, match=r"shares of lines sum to 0\.8"):
        room.check_study(asked, tmp_path)


def test_a_study_without_draws_has_no_drawn_parameters(tmp_path: Path) -> None:
    plan = question(tmp_path, parameters="mode")
    found = figure_values(plan.study, list(plan.worlds.values()), [0, 1])
    assert found.values.shape == (2, 0)
