"""What a specialty loses apart from its group: ratios of logbooks, endoscopy by name, and what is refused."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from support import CONFIGS
from support.worlds.refused_layers import refused
from support.worlds.three_offices import (
    AXES,
    apply_interventions,
    catalogue,
    local_catalogue,
    mix_of,
    shocks,
    with_value,
)

from pipeline_sim.base.calendar import Dates
from pipeline_sim.rules.codes import Domain
from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.lowering.lower_training import learning_row, prefix_sums
from pipeline_sim.world.reading.csv_tables import cached_rows
from pipeline_sim.world.shocks.apply_shocks import SHOCKS, apply_all_shocks
from pipeline_sim.world.shocks.specialty_losses import loss_terms, times_for
from pipeline_sim.world.timeline.axes import axes_of
from pipeline_sim.world.timeline.tables import Axes, Timeline, normal_timeline
from pipeline_sim.world.world_error import WorldError

ALL = frozenset(SHOCKS)
NAMES = {  # in the table of logbooks, by specialty
    "cardiothoracic-surgery": "cardiothoracic",
    "ent": "otolaryngology",
    "general-surgery": "general surgery",
    "maxillofacial-surgery": "maxillofacial",
    "neurosurgery": "neurosurgery",
    "paediatric-surgery": "paediatric surgery",
    "plastic-surgery": "plastic surgery",
    "trauma-orthopaedics": "trauma and orthopaedics",
    "urology": "urology",
    "vascular-surgery": "vascular",
}
OWN = AXES._replace(
    specialties=(*NAMES, "gastroenterology"), specialty_groups=(*("surgery" for _ in NAMES), "medicine")
)


def only(*names: str, axes: Axes = OWN) -> Timeline:
    return apply_all_shocks(normal_timeline(axes), axes, shocks(), ALL - set(names))


def row(specialty: str) -> int:
    return len(OWN.groups) + OWN.specialties.index(specialty)


def kept(timeline: Timeline, specialty: str, domain: Domain, axes: Axes = OWN) -> float:
    """Opportunity lowered, April to December 2020, over that of 2019: the mean of England."""
    sums = prefix_sums(timeline.opportunity)[domain, row(specialty)]
    first, last = axes.dates.day(date(2020, 4, 1)), axes.dates.day(date(2021, 1, 1))
    return float((sums[:, last] - sums[:, first]) @ axes.trainee_share) / 1000 / (last - first)


def ratios(operations: str) -> list[tuple[str, float]]:
    table = CONFIGS / "evidence" / "logbook_loss_by_specialty.csv"
    recorded = {
        each["specialty"]: each.number("value") for each in cached_rows(table) if each["operations"] == operations
    }
    assert len(recorded) == len(NAMES)
    return [(specialty, recorded[name]) for specialty, name in NAMES.items()]


@pytest.mark.parametrize(("specialty", "ratio"), ratios("emergency"))
def test_emergency_operations_lowered_are_those_of_the_logbooks(specialty: str, ratio: float) -> None:
    assert kept(only("surge"), specialty, Domain.EMERGENCY) == pytest.approx(min(1.0, ratio), abs=0.001)


@pytest.mark.parametrize(("specialty", "ratio"), ratios("elective"))
def test_elective_operations_lowered_are_those_of_the_logbooks(specialty: str, ratio: float) -> None:
    timeline = only("surge")
    also = shocks().surge.specialties[specialty].also
    part = also["endoscopy"].value["elective"] if also else 0.0
    share = shocks().surge.specialties["gastroenterology"].also["endoscopy"].value["elective"]
    theatres_of_medicine = shocks().surge.groups["medicine"].share.value["elective"]
    endoscopy = 1 - (1 - kept(timeline, "gastroenterology", Domain.ELECTIVE)) / (
        share + (1 - share) * theatres_of_medicine
    )
    assert kept(timeline, specialty, Domain.ELECTIVE) == pytest.approx((1 - part) * ratio + part * endoscopy, abs=0.002)


def test_a_run_of_other_years_loses_the_same() -> None:
    later = OWN._replace(dates=Dates(2019, 3))
    both = [kept(only("surge", axes=each), "urology", Domain.ELECTIVE, each) for each in (OWN, later)]
    assert both[0] == both[1]


def test_the_factor_by_hand() -> None:
    one = np.array([1.0])
    assert times_for(np.array([[0.5, 0.25]]), one, 0.55, "") == pytest.approx(1.2)  # 0.6 and 0.3: 0.45 on average
    assert times_for(np.array([[0.9, 0.3]]), one, 0.3, "") == pytest.approx(4 / 3)  # 1, not 1.2, and 0.4
    assert times_for(np.array([[0.4], [0.2]]), np.array([0.25, 0.75]), 0.8, "") == pytest.approx(0.8)  # 0.32, 0.16
    assert times_for(np.array([[0.5]]), one, 1.04, "") == 0.0
    with pytest.raises(WorldError, match=r"x: 0\.4 is below what the series can lose"):
        times_for(np.array([[0.5, 0.0]]), one, 0.4, "x")


def test_endoscopy_is_asked_for_by_name() -> None:
    (theatres, endoscopy) = loss_terms(OWN, shocks())[row("general-surgery")]["elective"]
    assert (theatres.series, endoscopy.series, endoscopy.times) == ("surgery-elective", "endoscopy", 1.0)
    assert theatres.part + endoscopy.part == 1.0
    november = OWN.span(date(2020, 11, 1), date(2020, 11, 30))
    lost = 1 - only("surge").opportunity[Domain.ELECTIVE][:, :, november].mean(axis=2) @ OWN.trainee_share
    # the index of that month is 0.63; nine tenths of the training are endoscopy, the rest other physicians' procedures
    assert lost[OWN.groups.index("medicine")] == pytest.approx(0.6 * 0.37, abs=0.001)
    assert lost[row("gastroenterology")] == pytest.approx((0.9 + 0.1 * 0.6) * 0.37, abs=0.001)


def test_clinics_are_those_of_the_group_and_a_specialty_without_figures_is_its_group() -> None:
    surge = with_value(shocks(), "surge.specialties", {})
    plain = apply_all_shocks(normal_timeline(OWN), OWN, surge, ALL - {"surge"}).opportunity
    for specialty, group in zip(OWN.specialties, OWN.specialty_groups, strict=True):
        assert np.array_equal(plain[:, row(specialty)], plain[:, OWN.groups.index(group)])
        own = only("surge").opportunity[Domain.OUTPATIENT]
        assert np.array_equal(own[row(specialty)], own[OWN.groups.index(group)])


@pytest.mark.parametrize("name", ["surge", "backlog", "independent_sector", "winter"])
def test_no_shock_gives_a_specialty_anything(name: str) -> None:
    assert (only(name).opportunity <= 1).all()
    assert (only(name).opportunity[:, len(OWN.groups) :] < 1).any()


def test_groups_lose_the_same_with_specialties_beside_them() -> None:
    groups = slice(0, len(OWN.groups))
    plain = apply_all_shocks(normal_timeline(AXES), AXES, shocks())
    assert np.array_equal(
        apply_all_shocks(normal_timeline(OWN), OWN, shocks()).opportunity[:, groups], plain.opportunity
    )


def test_a_mix_reaches_the_specialties_of_a_group() -> None:
    led = mix_of(3_000_000.0, {"intervention": "locally-employed-doctors", "share": 1.0})
    raised = apply_interventions(normal_timeline(OWN), OWN, local_catalogue(catalogue()), led).opportunity
    assert (raised > 1).any()
    for specialty, group in zip(OWN.specialties, OWN.specialty_groups, strict=True):
        assert np.array_equal(raised[:, row(specialty)], raised[:, OWN.groups.index(group)])


def test_rows_of_programmes() -> None:
    world = load_world(CONFIGS / "england.toml")
    rows = dict(zip((each.id for each in world.programmes), learning_row(world).tolist(), strict=True))
    named = [*axes_of(world).learning_rows]
    assert named[rows["trauma-orthopaedics"]] == ("surgery", "trauma-orthopaedics")
    assert named[rows["surgery-run-through"]] == ("surgery", "general-surgery")
    assert named[rows["gastroenterology-2010"]] == named[rows["gastroenterology"]] == ("medicine", "gastroenterology")
    assert named[rows["core-surgical"]] == ("surgery", None)
    assert named[rows["paediatrics"]] == ("paediatrics", None)


HERE = "shocks.surge.specialties"
OF_2019 = 'unit = "of 2019", source = "evidence/logbook_loss_by_specialty.csv", grade = "A"'
PART = 'unit = "part of training", source = "evidence/logbook_loss_by_specialty.csv", grade = "A"'


@pytest.mark.parametrize(
    ("table", "text", "said"),
    [
        (
            "urolgy",
            f"ratio = {{ value = {{ elective = 0.6 }}, {OF_2019} }}",
            "'urolgy' is nowhere in this world; nearest is",
        ),
        (
            "urology",
            f"ratio = {{ value = {{ electiv = 0.6 }}, {OF_2019} }}",
            "'electiv' is nowhere in this world; nearest is",
        ),
        ("urology", f"ratio = {{ value = {{ elective = 2.0 }}, {OF_2019} }}", "2.0 should be at most 1.5"),
        (
            "urology",
            'ratio = { value = { elective = 0.6 }, unit = "%", source = "assumption", grade = "C" }',
            "grade C",
        ),
        (
            "urology.also",
            f"endoscpy = {{ value = {{ elective = 0.6 }}, {PART} }}",
            "'endoscpy' is nowhere in this world; nearest is",
        ),
        ("urology.also", f"endoscopy = {{ value = {{ elective = 1.6 }}, {PART} }}", "1.6 should be at most 1"),
    ],
)
def test_what_is_refused(tmp_path: Path, table: str, text: str, said: str) -> None:
    message = refused(tmp_path, f"[{HERE}.{table}]\n{text}", CONFIGS / "covid.toml")
    assert f"bad.toml: {HERE}" in message
    assert said in message


def test_parts_on_other_lists_are_at_most_all() -> None:
    endoscopy = shocks().surge.specialties["gastroenterology"].also["endoscopy"]
    tree = shocks().surge.model_dump()
    tree["specialties"]["gastroenterology"]["also"] = {
        name: endoscopy.model_dump() for name in ("endoscopy", "outpatient")
    }
    with pytest.raises(ValueError, match="more than all of a domain"):
        type(shocks().surge).model_validate(tree)
