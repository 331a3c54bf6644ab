"""What a number may look like, and that England's tables hold together."""

import csv
from typing import Annotated, Any

import pytest
from pydantic import ValidationError
from support import CONFIGS

from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.schema.sourced_value import Figure, FigureBy, Figures, Frozen, every_figure, leaves, unit
from pipeline_sim.world.schema.world import World

PARENT = {"unit": "days", "source": "evidence/x.csv", "grade": "B"}


class Sample(Frozen):
    """A table with one of each."""

    one: Annotated[Figure, unit("days", least=0, most=10)]
    some: Annotated[Figures, unit("days", count=2, total=3)] | None = None
    named: Annotated[FigureBy, unit("days")] | None = None


def sample(**parts: Any) -> Sample:
    """A sample with parts of its own."""
    return Sample.model_validate({"one": {"value": 1, **PARENT}, **parts})


@pytest.fixture(scope="module")
def england() -> World:
    """The whole world."""
    return load_world(CONFIGS / "england.toml")


def test_a_known_figure_has_no_bounds() -> None:
    assert sample().one.bounds() is None


def test_bounds_from_low_and_high() -> None:
    found = sample(one={"value": 1, "low": 0, "high": 3, **PARENT}).one.bounds()
    assert found == (0, 3)


def test_bounds_from_spread_keep_the_shape() -> None:
    found = sample(named={"value": {"a": 10.0, "b": 20.0}, "spread": 0.5, **PARENT}).named
    assert found is not None
    assert found.bounds() == ({"a": 5.0, "b": 10.0}, {"a": 15.0, "b": 30.0})


@pytest.mark.parametrize(
    "part",
    [
        {"one": {"value": 11, **PARENT}},
        {"one": {"value": -1, **PARENT}},
        {"one": {"value": "1", **PARENT}},
        {"one": {"value": True, **PARENT}},
        {"one": {"value": 1, "low": 0, **PARENT}},
        {"one": {"value": 1, "low": 0, "high": 2, "spread": 0.1, **PARENT}},
        {"one": {"value": 1, "spread": 1.5, **PARENT}},
        {"some": {"value": (1.0,), **PARENT}},
        {"some": {"value": (1.0, 1.0), **PARENT}},
        {"named": {"value": {"a": 1.0}, "low": {"b": 1.0}, "high": {"a": 1.0}, **PARENT}},
        {"named": {"value": {"a": 1.0}, "low": {"a": 2.0}, "high": {"a": 3.0}, **PARENT}},
    ],
)
def test_what_is_refused(part: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        sample(**part)


def test_tables_do_not_change() -> None:
    with pytest.raises(ValidationError):
        sample().one.value = 2.0  # type: ignore[misc]


def test_leaves_and_figures_are_found_in_order() -> None:
    assert leaves({"a": (1, 2), "b": {"c": 3}}) == [1, 2, 3]
    found = sample(some={"value": (1.0, 2.0), **PARENT})
    assert [path for path, _ in every_figure(found)] == [("one",), ("some",)]


def test_all_evidence_programmes_are_there_or_merged(england: World) -> None:
    """Each row of the evidence has a programme of its length and stage, or is named under `merged`."""
    with (CONFIGS / "evidence" / "programmes.csv").open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    merged = " ".join(england.merged)
    names = {programme.name.removesuffix(" (old)"): programme for programme in england.programmes}
    renamed = {
        "ACCS (anaesthesia, EM, IM, ICM)": "ACCS Emergency Medicine",
        "Medical Microbiology (CIT)": "Medical Microbiology (combined infection)",
        "Run-through core psychiatry (CAMHS, LD pilots)": "Run-through psychiatry",
        "Improving Surgical Training run-through (general surgery, urology, vascular, T&O)": (
            "Improving Surgical Training run-through"
        ),
    }
    for row in rows:
        name = row["programme"].split(" (Group")[0]
        name = renamed.get(name, name).removesuffix(" (old)")
        if name.split(" (")[0] in merged and name not in names:
            continue
        assert name in names, row["programme"]
        assert names[name].stage.replace("gp", "run-through") == row["stage_type"]


def test_lengths_are_those_of_the_evidence(england: World) -> None:
    with (CONFIGS / "evidence" / "programmes.csv").open(newline="") as handle:
        years = {row["programme"]: float(row["years_wte"]) for row in csv.DictReader(handle)}
    for programme in england.programmes:
        if programme.name in years:
            assert programme.years.value == years[programme.name], programme.id


def test_what_replaces_a_programme_opens_the_year_after_it_closes(england: World) -> None:
    by_id = {programme.id: programme for programme in england.programmes}
    old = [programme for programme in england.programmes if programme.id.endswith("-2010")]
    assert len(old) == 16
    for programme in old:
        new = by_id[programme.id.removesuffix("-2010")]
        assert programme.last_entry is not None
        assert new.first_entry == programme.last_entry + 1
        assert not any(programme.recruits_in(year) and new.recruits_in(year) for year in range(2014, 2030))


def test_core_medicine_gives_way_to_internal_medicine(england: World) -> None:
    by_id = {programme.id: programme for programme in england.programmes}
    assert by_id["core-medical"].recruits_in(2018)
    assert not by_id["core-medical"].recruits_in(2019)
    assert not by_id["internal-medicine"].recruits_in(2018)
    assert by_id["internal-medicine"].recruits_in(2019)


def test_every_stream_leads_somewhere(england: World) -> None:
    into = {programme.stream for programme in england.programmes}
    assert {stream.id for stream in england.streams} <= into
    assert {programme.stream_after for programme in england.programmes} - {None} <= into


def test_every_round_is_open_to_those_it_takes(england: World) -> None:
    """A programme is advertised only in rounds in which its applicants may apply."""
    opened = {each.kind: each.streams for each in england.recruitment.rounds}
    for programme in england.programmes:
        for kind in programme.rounds:
            assert programme.stream in opened[kind], (programme.id, kind)
