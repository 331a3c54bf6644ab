"""The mixes that come with the model, and the catalogue beside its evidence."""

import csv
import re
from functools import cache
from pathlib import Path

import pytest
from support import CONFIGS
from support.worlds.timelines import equal_timelines, ledger, units

from pipeline_sim.engines import ENGINES
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.replication.prepare import rulebook_digest
from pipeline_sim.world.interventions.apply_mix import priced
from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.lowering.build_timeline import build_timeline
from pipeline_sim.world.lowering.lower import lower
from pipeline_sim.world.lowering.lower_places import ranks
from pipeline_sim.world.population.build_population import Population, build_population
from pipeline_sim.world.schema.interventions import Places, most_of
from pipeline_sim.world.schema.sourced_value import Sourced, every_figure, leaves
from pipeline_sim.world.schema.world import World

LAYERS = tuple(CONFIGS / f"{name}.toml" for name in ("england", "covid", "interventions", "costs"))
TINY = (CONFIGS / "tiny.toml", *LAYERS[1:])
MIXES = sorted((CONFIGS / "mixes").glob("*.toml"))
REQUIRED = {
    "as_spent", "all_simulation", "all_backfill", "all_independent_sector", "conversations_then_courses", "even_split",
    "protected_supervision", "courses_and_certificates", "exams_certificates_release", "supervision_exams_release",
    "pay_for_extensions", "supervised_lists",
}  # fmt: skip
TRANSLATIONS = {  # catalogue figure: row of evidence/intervention_evidence.csv whose low, mode and high it has
    ("weather", "locally-employed-doctors", "effect"): "Locally employed doctors / advanced staff freeing trainees",
    ("weather", "extended-surgical-teams", "effect"): "Locally employed doctors / advanced staff freeing trainees",
    ("weather", "independent-sector-lists", "effect"): "Independent-sector lists",
    ("weather", "protected-supervision", "effect"): "Protected supervision time (IST pilot)",
    ("places", "exam-support", "raises"): "Exam support for resits (CSA SOX)",
    ("places", "als-courses", "clears"): "Life-support courses (ALS/ATLS/APLS)",
    ("places", "atls-courses", "clears"): "Life-support courses (ALS/ATLS/APLS)",
    ("places", "apls-courses", "clears"): "Life-support courses (ALS/ATLS/APLS)",
    ("places", "procedural-boot-camps", "clears"): "Medical boot camp, mastery simulation (3 days)",
}
CLASSES = {  # what HEE named, and the catalogue's part of it
    "courses/workshops": ("boot-camps", "als-courses", "atls-courses", "apls-courses", "procedural-boot-camps"),
    "simulation & immersive tech": ("simulation",),
    "trainee salary support & educator backfill": ("protected-time", "locally-employed-doctors"),
    "1:1 educator sessions / recovery conversations": ("recovery-conversations",),
    "wellbeing/coaching": ("coaching", "wellbeing"),
    "fellowships": ("fellowships",),
    "post-CCT support": ("post-cct-support",),
}


@cache
def people() -> Population:
    return build_population(load_world(CONFIGS / "england.toml"))


@cache
def england(mix: Path | None) -> World:
    return load_world(*LAYERS, mix=mix)


def evidence(name: str) -> list[dict[str, str]]:
    with (CONFIGS / "evidence" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_mix_asked_for_is_there() -> None:
    assert {path.stem for path in MIXES} >= REQUIRED


@pytest.mark.law
@pytest.mark.parametrize("mix", MIXES, ids=lambda path: path.stem)
def test_25m_of_2022_is_20m_by_trainees_and_5m_national_to_the_penny(mix: Path) -> None:
    rows = ledger(england(mix), people())
    national = sum(row.spent_pence + row.unspent_pence for row in rows if row.office == "national")
    assert sum(row.spent_pence + row.unspent_pence for row in rows) == 2_500_000_000
    assert national == 500_000_000
    assert {row.year for row in rows} <= {2021, 2022}
    assert sum(row.spent_pence for row in rows) > 0.7 * 2_500_000_000


@pytest.mark.parametrize("mix", MIXES, ids=lambda path: path.stem)
def test_units_are_no_more_than_the_money_of_an_intervention_buys(mix: Path) -> None:
    world = england(mix)
    bought = units(world, people())
    assert [row.intervention for row in bought] == list(dict.fromkeys(line.intervention for line in world.mix.lines))
    for row in bought:
        entry = priced(world).entries[row.intervention]
        many = getattr(entry, "units_per_place", None)
        price = entry.unit_cost.value * (many.value if many else 1)
        assert row.units * price * 100 == pytest.approx(row.spent_pence)


@pytest.mark.parametrize("mix", MIXES, ids=lambda path: path.stem)
def test_every_line_states_whom_it_is_for_and_in_which_order(mix: Path) -> None:
    world = england(mix)
    for line in world.mix.lines:
        assert line.groups
        assert (line.order is not None) == isinstance(world.interventions.entries[line.intervention], Places)


def test_a_mix_may_say_for_all_its_places_who_goes_first() -> None:
    kinds = [
        build_timeline(england(CONFIGS / "mixes" / f"as_spent{name}.toml"), population=people()).place_kinds
        for name in ("", "_nearest_to_line", "_elective_recovery_first")
    ]
    assert [{kind.order for kind in each} for each in kinds] == [{0, 1}, {3}, {0, 1}]
    assert {len(kind.first) for kind in kinds[2]} == {4} != {len(kind.first) for kind in kinds[1]}
    assert "respiratory-medicine" in kinds[2][0].first[3]
    world = england(None)
    members = tuple((each.id, each.group, each.stage) for each in world.programmes)
    rank = dict(zip((each.id for each in world.programmes), ranks(members, (("core",), ("gp",))), strict=True))
    assert [rank[name] for name in ("core-surgical", "general-practice", "cardiology")] == [0, 1, 2]


def test_no_dose_is_more_than_a_day_for_a_day_attended() -> None:
    for entry in england(None).interventions.places.values():
        if entry.dose is not None:
            assert entry.intensity is None
            assert most_of(entry.dose) <= 1


def test_as_spent_has_the_assumed_shares_of_the_seven_classes() -> None:
    assumed = {row["line"]: row["value_gbp_or_range"] for row in evidence("training_recovery_spend")}
    lines = england(CONFIGS / "mixes" / "as_spent.toml").mix.lines
    for name, parts in CLASSES.items():
        share = 100 * sum(line.share for line in lines if line.intervention in parts)
        assert share == pytest.approx(float(assumed[f"ASSUMED share % {name}"].split("|")[1]))
    assert {line.intervention for line in lines} == {part for parts in CLASSES.values() for part in parts}


@pytest.mark.parametrize("where", TRANSLATIONS, ids=lambda where: where[1])
def test_effects_are_those_of_their_evidence_row(where: tuple[str, str, str]) -> None:
    kind, name, key = where
    entry = getattr(england(None).interventions, kind)[name]
    (row,) = [row for row in evidence("intervention_evidence") if row["intervention"] == TRANSLATIONS[where]]
    assert TRANSLATIONS[where] in entry.evidence
    stated = [float(part) / 100 for part in re.findall(r"\d+", row["model_translation_C_low_mode_high"])[:3]]
    figure = getattr(entry, key)
    assert [max(leaves(each)) for each in (figure.low, figure.value, figure.high)] == pytest.approx(stated)


def test_every_effect_is_grade_c_and_every_row_of_evidence_is_there() -> None:
    rows = {row["intervention"] for row in evidence("intervention_evidence")}
    for entry in england(None).interventions.entries.values():
        assert set(entry.evidence) <= rows
        for key in ("effect", "dose", "clears", "raises"):
            figure = getattr(entry, key, None)
            assert figure is None or figure.grade == "C"


def test_the_catalogue_is_sourced_throughout() -> None:
    figures = list(every_figure(england(None).interventions))
    assert len(figures) > 100
    assert all(isinstance(figure, Sourced) and figure.bounds() is not None for _, figure in figures)


def book_of(mix: Path | None, without: frozenset[str] = frozenset(), budget: float | None = None) -> Rulebook:
    world = load_world(*TINY, mix=mix)
    if budget is not None:
        figure = world.mix.budget.model_copy(update={"value": budget})
        world = world.model_copy(update={"mix": world.mix.model_copy(update={"budget": figure})})
    tiny = build_population(world)
    return lower(world, tiny, build_timeline(world, without, tiny), 0.5)


@pytest.mark.law
@pytest.mark.parametrize(
    "mix", [path for path in MIXES if "programmes = " not in path.read_text()], ids=lambda path: path.stem
)
def test_a_mix_without_money_is_no_programme_bit_for_bit(mix: Path) -> None:
    assert rulebook_digest(book_of(mix, budget=0.0)) == rulebook_digest(book_of(None))


@pytest.mark.law
def test_paying_for_extensions_is_no_programme_bit_for_bit() -> None:
    paid = book_of(CONFIGS / "mixes" / "pay_for_extensions.toml")
    assert rulebook_digest(paid) == rulebook_digest(book_of(None))
    assert rulebook_digest(book_of(CONFIGS / "mixes" / "all_simulation.toml")) != rulebook_digest(book_of(None))


@pytest.mark.law
@pytest.mark.parametrize("engine", ["reference", "batch"])
def test_a_catalogue_from_which_nothing_is_bought_moves_no_row(engine: str) -> None:
    """Offices misread gaps also where there is nothing to hand out: nobody notices."""
    bare = load_world(*(layer for layer in TINY if layer.stem != "interventions"))
    tiny = build_population(bare)
    books = lower(bare, tiny, build_timeline(bare, population=tiny), 0.5), book_of(None)
    logs = [EventLog(), EventLog()]
    for book, log in zip(books, logs, strict=True):
        ENGINES[engine](book, 1, 0, log)
    assert books[0].seats.reading_error != books[1].seats.reading_error
    assert logs[0].digest() == logs[1].digest()


def test_payments_leave_the_timeline_of_the_rest_as_it_is() -> None:
    world = england(CONFIGS / "mixes" / "as_spent.toml")
    paid = frozenset({"wellbeing", "post-cct-support"})
    assert equal_timelines(build_timeline(world, population=people()), build_timeline(world, paid, people()))
