"""Every figure of grade A stands in the row of evidence that it cites: the row is found, and printed if it does not."""

import pytest
from support import CONFIGS

from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.reading.csv_row import CsvRow
from pipeline_sim.world.reading.csv_tables import cached_rows
from pipeline_sim.world.reading.sources import figures, named_path
from pipeline_sim.world.schema.sourced_value import leaves
from pipeline_sim.world.schema.world import World

LAYERS = ("england", "covid", "interventions", "costs", "supply/gp_6000", "scenarios/prioritisation_act")
ROWS = {  # figure: what its row begins with, and the text in that row which says its number
    "streams[after-core-medicine].exam_by_offers": ("found|from 2023 rounds|MRCP(UK)", "2023"),
    "programmes[foundation].years": ("Foundation Programme|foundation|F1|F2|2|", "|2|"),
    "programmes[internal-medicine].years": ("Internal Medicine Training stage 1|core|IMT1|IMT3|", "|3|"),
    "programmes[core-anaesthetics].years": ("Core Anaesthetic Training (2021)|core|CT1|CT3|", "|3|"),
    "programmes[paediatrics].years": ("Paediatrics|run-through|ST1|ST7|", "|7|"),
    "exam_rules.valid": ("als||", "valid for four years"),
    "people.reviews.international": ("reviews|found|2010-2013|UK trainees, PLAB graduates", "|1.63|"),
    "people.reviews.mature": ("reviews|found|2009-2012|UK graduates in specialty training, 29 and over", "|1.57|"),
    "life.absence_limit": ("Absence review trigger, specialty|", "14 working days"),
    "life.absence_limit_foundation": ("Absence review trigger|", "more than 20 days"),
    "life.transfer_left": ("IDT|", "at least 12 months left in programme"),
    "revalidation.interval": ("rule|found|", "5 years after full registration"),
    "shocks.absence.normal": ("2019 average|England|all staff|", "|4.3|"),
    "mix.budget": ("2022/23|total|England|", "|25000000|"),
    "life.resign_by_programme": ("found|2016-2021|England paediatric surgery / T&O|annual attrition|", "|4.20 / 1.52|"),
}
SAID = {"valid for four years": 4.0}
REFERENCE = {"scale": 1.0, "ratio": 1.0, "normal": (1.0, 100.0), "row_days": 7.0}  # what others are relative to
YEARLY = {  # figure: part and whole of 2019, in per cent, and the column and word of its rows
    "orthopaedics": ("Independent Sector", ("Independent Sector", "NHS"), "specialty", "T&O"),
    "ophthalmology": ("Independent Sector", ("Independent Sector", "NHS"), "specialty", "Ophthalmology"),
    "all": ("is_treatments", ("total_treatments",), "", ""),
}
LOSSES = {"ent": "otolaryngology", "trauma-orthopaedics": "trauma and orthopaedics"}  # names in their table


@pytest.fixture(scope="module")
def world() -> World:
    return load_world(*(CONFIGS / f"{name}.toml" for name in LAYERS), mix=CONFIGS / "mixes" / "as_spent.toml")


def rows_of(world: World, source: str) -> tuple[CsvRow, ...]:
    return cached_rows(world.evidence(source))


def found_rows(world: World, source: str, begins: str) -> list[str]:
    """Rows of a table that begin with some cells, as text."""
    texts = ("|".join([*row.values(), ""]) for row in rows_of(world, source))
    return [text for text in texts if text.startswith(begins)]


def test_a_figure_of_grade_a_is_that_of_its_row(world: World) -> None:
    for path, figure in figures(world):
        name = named_path(world, path)
        if figure.grade == "A" and name in ROWS:
            begins, says = ROWS[name]
            rows = [row for row in found_rows(world, figure.source, begins) if says in row]
            assert len(rows) == 1, (name, figure.source, begins, found_rows(world, figure.source, begins))
            numbers = (
                [SAID[says]] if says in SAID else [float(w) for w in says.replace("|", " ").split() if w[0].isdigit()]
            )
            stated = [number * 100 if figure.unit == "per year" else number for number in leaves(figure.value)]
            assert stated == pytest.approx(numbers), (name, rows[0])


def test_shares_of_2019_are_those_of_its_months(world: World) -> None:
    assert world.shocks is not None
    series = world.shocks.independent_sector.series
    assert YEARLY.keys() == series.keys()
    for name, (part, whole, column, word) in YEARLY.items():
        rows = [row for row in rows_of(world, series[name].normal.source) if not column or row[column] == word]
        months = [row for row in rows if next(cell for cell in row.values() if cell).startswith("2019")]
        share = sum(row.number(part) for row in months) / sum(row.number(each) for row in months for each in whole)
        assert (len(months), round(100 * share, 1)) == (12, series[name].normal.value), name


def test_losses_of_specialties_and_pay_are_those_of_their_rows(world: World) -> None:
    assert world.shocks is not None
    assert world.costs is not None
    for name, loss in world.shocks.surge.specialties.items():
        if loss.ratio is not None and loss.ratio.grade == "A":
            word = LOSSES.get(name, name.replace("-", " ").removesuffix(" surgery"))
            rows = [row for row in rows_of(world, loss.ratio.source) if row["specialty"].startswith(word)]
            assert loss.ratio.value == {
                row["operations"]: row.number("value") for row in rows if row["operations"] != "all"
            }
    pay = world.costs.pay.basic
    rows = [row for row in rows_of(world, pay.source) if row["item"] == "doctor_in_training_basic_pay"]
    for year, points in pay.value.items():
        assert list(points) == [row.number("mode") for row in rows if row["period"] == year], year


def test_no_figure_of_grade_a_is_without_a_row(world: World) -> None:
    for path, figure in figures(world):
        name, last = named_path(world, path), str(path[-1])
        if figure.grade == "A" and figure.source.startswith("evidence/") and name not in ROWS:
            held = name.startswith(("shocks.surge.specialties", "costs.pay.basic")) or path[-2] in YEARLY
            reference = REFERENCE.get(last, ())
            assert held or figure.value in (reference if isinstance(reference, tuple) else (reference,)), name
