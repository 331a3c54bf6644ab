"""Independent sector, winters, ventilated beds, and what is said to a wrong wave."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from support import CONFIGS
from support.worlds.refused_layers import refused
from support.worlds.three_offices import AXES, LONDON, SURGERY, shocks, with_value

from pipeline_sim.rules.codes import Domain
from pipeline_sim.world.shocks.activity_series import sector_losses, sector_shares
from pipeline_sim.world.shocks.apply_shocks import SHOCKS, apply_all_shocks
from pipeline_sim.world.shocks.inpatients import fill_by_ratio, occupancy
from pipeline_sim.world.shocks.training_opportunity import winter_of
from pipeline_sim.world.timeline.tables import Timeline, normal_timeline

ALL = frozenset(SHOCKS)
EYES = AXES._replace(groups=("ophthalmology", "surgery", "anaesthetics"))


def only(*names: str) -> Timeline:
    return apply_all_shocks(normal_timeline(EYES), EYES, shocks(), ALL - set(names))


def day(year: int, month: int, of_month: int = 15) -> int:
    return AXES.dates.day(date(year, month, of_month))


def test_what_the_sector_takes_by_hand() -> None:
    sector = shocks().independent_sector
    series = sector.series["ophthalmology"]
    assert sector_shares(AXES.evidence(series.normal.source), series)[date(2022, 10, 1)] == pytest.approx(0.441)
    lost = sector_losses(AXES, sector, series)
    october = lost[day(2022, 10, 1) : day(2022, 11, 1)]
    assert october.mean() == pytest.approx(0.8 * (0.441 - 0.206) / (1 - 0.8 * 0.206), abs=1e-9)
    assert not lost[: day(2020, 3, 16)].any()
    assert 0 < lost[day(2024, 10)] < lost[day(2023, 10)]


def test_if_every_list_can_be_used_nothing_is_lost() -> None:
    sector = with_value(shocks().independent_sector, "usable.value", 1.0)
    assert not sector_losses(AXES, sector, sector.series["ophthalmology"]).any()


def test_work_that_moved_is_not_taken_off_twice() -> None:
    both, surge, sector = only("surge", "independent_sector"), only("surge"), only("independent_sector")
    assert np.array_equal(both.opportunity, np.minimum(surge.opportunity, sector.opportunity))
    assert (sector.opportunity[1:] == 1).all()
    assert np.array_equal(both.opportunity[..., day(2020, 4)], surge.opportunity[..., day(2020, 4)])


def test_winters_are_december_and_january_from_2022_on() -> None:
    lost = 1 - only("winter").opportunity[Domain.ELECTIVE, 1, LONDON]
    assert not lost[: day(2022, 12, 1)].any()
    for when, part in ((day(2022, 12), 0.03), (day(2023, 1), 0.03), (day(2023, 2), 0.0), (day(2023, 12), 0.03)):
        assert lost[when] == pytest.approx(part, abs=1e-6)
    assert winter_of(date(2023, 1, 1)) == winter_of(date(2022, 12, 1)) == "2022/23"


def test_ventilated_beds_are_those_published_and_carried_per_inpatient() -> None:
    beds, patients = (occupancy(AXES, shocks().regions, measure) for measure in ("ventilated", "inpatients"))
    assert beds.england[day(2021, 1, 20)] == 3654
    per_patient = beds.england[day(2022, 7)] / patients.england[day(2022, 7)]
    assert 0.02 < per_patient < 0.06  # as in the last weeks published, early in 2022
    assert 0.1 < beds.england[day(2020, 3, 25)] / patients.england[day(2020, 3, 25)] < 0.2
    gaps = np.array([np.nan, 2.0, 4.0, np.nan])
    assert fill_by_ratio(gaps, np.array([10.0, 10.0, 10.0, 20.0]), 1).tolist() == [2.0, 2.0, 4.0, 8.0]


def test_anaesthetists_are_pulled_when_beds_are_ventilated_surgeons_when_wards_are_full() -> None:
    pull = only("redeployment").pull_per_week[:, :, LONDON]
    second = slice(day(2020, 12, 10) // 7, day(2021, 3, 25) // 7)
    anaesthetist, surgeon = (pull[second, place] / pull[second, place].sum() for place in (2, 1))
    week = np.arange(len(surgeon))
    assert (anaesthetist * week).sum() > (surgeon * week).sum() + 0.5  # weeks later


def test_a_shorter_recovery_of_a_series_leaves_the_second_wave_as_it_was() -> None:
    lost = 1 - only("surge").opportunity[Domain.ELECTIVE, SURGERY, LONDON]
    mild = apply_all_shocks(
        normal_timeline(EYES), EYES, with_value(shocks(), "waves.W1.enabled", False), ALL - {"surge"}
    )
    assert np.array_equal(
        1 - mild.opportunity[Domain.ELECTIVE, SURGERY, LONDON, day(2020, 11) :], lost[day(2020, 11) :]
    )
    assert (1 - mild.opportunity[Domain.ELECTIVE, SURGERY, LONDON, day(2020, 4)]) < lost[day(2020, 4)] / 2


ONE = 'unit = "multiplier", source = "assumption", grade = "C", spread = 0.1'
WRONG = {
    "copy": (
        f'[shocks.more_waves.x]\ncopies = "W2B"\nstart = 2022-01-03\nscale = {{ value = 1.0, {ONE} }}',
        "shocks.more_waves.x.copies: 'W2B' is nowhere in this world; nearest is 'W2b'",
    ),
    "scale": (
        f"[shocks.waves.W1]\nscale = {{ value = -1.0, {ONE} }}",
        "shocks.waves.W1.scale: -1.0 should be at least",
    ),
    "dates": ("[shocks.waves.W1]\nend = 2020-01-01", "shocks.waves.W1: 2020-01-01 should not be before 2020-03-16"),
    "closing": ("[shocks.shutdown]\nover = 2020-04-01", "shocks.shutdown: 2020-04-01 should not be before 2020-05-15"),
    "pulling": ("[shocks.redeployment.waves.W3]\nend = 2020-01-01", "redeployment.waves.W3: 2020-01-01 should not be"),
    "wave": (
        '[shocks.shutdown]\nwave = "W11"',
        "shocks.shutdown.wave: 'W11' is nowhere in this world; nearest is 'W1'",
    ),
    "group": ('[shocks.redeployment.driver]\nsurgary = "ventilated"', "nowhere in this world; nearest is 'surgery'"),
    "driver": ('[shocks.redeployment.driver]\nsurgery = "ventilate"', "nearest is 'ventilated'"),
    "server": ('[shocks.backlog.list]\nservers = ["surgary"]', "backlog.list.servers: 'surgary' is nowhere"),
    "series": (
        '[shocks.surge.groups.surgery.series]\nelective = "surgery-electiv"',
        "shocks.surge.groups.surgery.series.elective: 'surgery-electiv' is nowhere in this world; nearest is",
    ),
    "mode": (
        '[shocks.backlog]\nmode = "endogenus"',
        "shocks.backlog.mode: unknown word 'endogenus'; nearest is 'endogenous'",
    ),
    "winter": (f'[shocks.winter.winters]\n"2022" = {{ value = 1.0, {ONE} }}', "shocks.winter.winters.2022"),
    "part": (
        "[shocks.independent_sector.parts]\nsurgery = { value = { orthopedics = 1.0 }, "
        'unit = "part of elective training", spread = 0.1, source = "assumption", grade = "C" }',
        "'orthopedics' is nowhere in this world; nearest is 'orthopaedics'",
    ),
    "stream": (
        '[shocks.shutdown]\ndepth = { value = { admitted = 0.5 }, unit = "share of lists", spread = 0.1, '
        'source = "assumption", grade = "C" }',
        "shocks.shutdown: should name admitted and non_admitted",
    ),
}


@pytest.mark.parametrize("case", sorted(WRONG))
def test_what_is_wrong_is_refused_in_one_line(tmp_path: Path, case: str) -> None:
    text, says = WRONG[case]
    assert says in refused(tmp_path, text, CONFIGS / "covid.toml")
