"""Mixes and catalogues that cannot be: one line with the file, the key, what is there and what would be right."""

from pathlib import Path

import pytest
from support import CONFIGS

from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.world_error import WorldError

LAYERS = tuple(CONFIGS / f"{name}.toml" for name in ("tiny", "covid", "interventions"))
BUDGET = '{ value = 1000000, unit = "GBP", spread = 0, source = "assumption", grade = "C" }'
LISTS = ("groups", "offices", "regions", "first")
PLAIN = {"intervention": '"simulation"', "split": '"by_trainees"', "start": "2022-04-01", "months": "9"}


def line(**words: str) -> str:
    return "{ " + ", ".join(f"{key} = {value}" for key, value in {**PLAIN, **words}.items()) + " }"


def refused(folder: Path, *lines: str, more: str = "", layer: str = "", name: str = "m") -> str:
    mix, extra = folder / "mix.toml", folder / "extra.toml"
    mix.write_text(f'[mix]\nname = "{name}"\nbudget = {BUDGET}\n{more}\nlines = [{", ".join(lines)}]\n')
    extra.write_text(layer)
    with pytest.raises(WorldError) as caught:
        load_world(*LAYERS, extra, mix=mix)
    text = str(caught.value)
    assert "\n" not in text
    assert text.startswith(str(folder))
    return text


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([line(share="0.5")], "mix: shares of lines sum to 0.5, not 1"),
        ([line(share="0.7"), line(share="0.7")], "mix: shares of lines sum to 1.4, not 1"),
        (
            [line(gbp="900000.0"), line(gbp="200000.0")],
            "mix: lines sum to £1,100,000.00, £100,000.00 over the budget of £1,000,000.00",
        ),
        ([line(gbp="900000.0")], "£100,000.00 short of the budget of £1,000,000.00"),
        ([line(share="0.5"), line(gbp="500000.0")], "mix: lines should all have a share or all have gbp"),
        ([line()], "mix.lines[0]: should have a share of the budget or a sum in gbp, one of the two"),
        ([line(share="1.0", gbp="5.0")], "one of the two"),
        ([line(gbp="-5.0")], "mix.lines[0].gbp: is -5.0, should be greater than or equal to 0"),
        ([], "mix.lines: should have at least 1 entry, has 0"),
    ],
)
def test_money_that_does_not_add_up(tmp_path: Path, lines: list[str], says: str) -> None:
    assert says in refused(tmp_path, *lines)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"first": '["psychiatry"]'}, "mix.lines[0].first: 'psychiatry' is not among those whom this line is for"),
        ({"first": '["core-surgical"]', "groups": '["medicine"]'}, "'core-surgical' is not among those whom this line"),
        ({"first": '["surgery", "surgery"]'}, "mix.lines[0].first: 'surgery' stands there twice"),
        ({"first": '["gp"]'}, "mix.lines[0].first: 'gp' is not among those whom this line is for"),
        (
            {"months": "11"},
            "mix.lines[0].months: simulation would come until 2023-05-01, lead time and all, after 2023",
        ),
        ({"split": '"national"'}, "mix.lines[0].split: unknown word 'national'; known are by_trainees, by_need"),
        ({"payer": '"nobody"'}, "mix.lines[0].payer: unknown word 'nobody'; known are offices, national"),
        ({"intervention": '"simulatoin"'}, "'simulatoin' is nowhere in this world; nearest is 'simulation'"),
        ({"groups": '["surgrey"]'}, "mix.lines[0].groups: 'surgrey' is nowhere in this world; nearest is 'surgery'"),
        ({"groups": '["elective_recover"]'}, "nearest is 'elective_recovery'"),
        ({"groups": '["psychiatry"]'}, "mix.lines[0].groups: simulation is not for 'psychiatry'; known are surgery"),
        ({"offices": '["londn"]'}, "mix.lines[0].offices: 'londn' is nowhere in this world; nearest is 'london'"),
        ({"regions": '["north"]'}, "mix.lines[0].regions: 'north' is nowhere in this world"),
        ({"regions": '["south_west"]'}, "simulation can buy nothing: no office is in both the offices and the regions"),
        ({"offices": '["london"]', "regions": '["north_west"]'}, "can buy nothing: no office"),
        ({"first": '["psychiatri"]'}, "mix.lines[0].first: 'psychiatri' is nowhere in this world"),
        ({"split": '"by_luck"'}, "mix.lines[0].split: unknown word 'by_luck'"),
        ({"order": '"smallest_gap"'}, "mix.lines[0].order: unknown word 'smallest_gap'; nearest is 'largest_gap'"),
        ({"groups": '["surgery", "surgery"]'}, "mix.lines[0].groups: 'surgery' stands there twice"),
        *(({key: "[]"}, f"mix.lines[0].{key}: should have at least 1 entry, has 0") for key in LISTS),
        ({"start": "2022-04-02"}, "2022-04-02 should be the first of a month"),
        ({"start": "2022-03-01"}, "mix.lines[0].start: is 2022-03-01, should not be before mix.first, 2022-04-01"),
        ({"start": "2023-04-01"}, "mix.lines[0].start: is 2023-04-01, should not be after mix.last, 2023-03-31"),
        (
            {"start": "2022-08-01", "months": "12"},
            "simulation would come until 2023-10-01, lead time and all: the run ends on",
        ),
        ({"start": "2031-01-01"}, "mix.lines[0].start: is 2031-01-01: out of range, the run is"),
    ],
)
def test_lines_that_name_what_is_not(tmp_path: Path, words: dict[str, str], says: str) -> None:
    year = "first = 2022-04-01\nlast = 2023-03-31"
    assert says in refused(tmp_path, line(share="1.0", **words), more=year)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ('served_first = ["cor"]', "mix.served_first: 'cor' is nowhere in this world"),
        ('served_first = ["core", "core"]', "mix.served_first: 'core' stands there twice"),
        ("served_first = []", "mix.served_first: should have at least 1 entry, has 0"),
        ('order = "nearest"', "mix.order: unknown word 'nearest'"),
    ],
)
def test_what_a_mix_says_for_all_its_places(tmp_path: Path, more: str, says: str) -> None:
    assert says in refused(tmp_path, line(share="1.0"), more=more)


@pytest.mark.parametrize(("key", "words"), [("order", '"first_come"'), ("served_first", '["surgery"]')])
def test_an_order_of_places_where_no_line_has_any(tmp_path: Path, key: str, words: str) -> None:
    plain = line(share="1.0", intervention='"locally-employed-doctors"')
    assert f"mix.{key}: no line has places to hand out, should have no {key}" in refused(
        tmp_path, plain, more=f"{key} = {words}"
    )


def test_a_mix_for_nobody_of_its_world(tmp_path: Path) -> None:
    text = refused(tmp_path, line(share="1.0", groups='["medicine"]'))
    assert "mix.lines: no line of the mix is for any group of this world: foundation, general-practice" in text


def test_a_mix_without_a_name(tmp_path: Path) -> None:
    assert "mix.name: is '', should not be empty" in refused(tmp_path, line(share="1.0"), name="")


def test_a_year_that_ends_before_it_begins(tmp_path: Path) -> None:
    year = "first = 2022-04-01\nlast = 2021-03-31"
    assert "mix: last should not be before first" in refused(tmp_path, line(share="1.0"), more=year)


def test_an_order_where_nothing_is_handed_out(tmp_path: Path) -> None:
    words = {"intervention": '"locally-employed-doctors"', "order": '"first_come"'}
    assert "has no places to hand out, should have no order" in refused(tmp_path, line(share="1.0", **words))


def test_priorities_where_nothing_is_handed_out(tmp_path: Path) -> None:
    words = {"intervention": '"locally-employed-doctors"', "first": '["surgery"]'}
    assert "has no places to hand out, should have no first" in refused(tmp_path, line(share="1.0", **words))


def test_a_target_that_an_intervention_is_not_for(tmp_path: Path) -> None:
    words = {"intervention": '"atls-courses"', "groups": '["elective_recovery"]'}
    text = refused(tmp_path, line(share="1.0", **words))
    assert "atls-courses is for none of these groups; it is for surgery" in text


def test_extensions_cannot_be_paid_for_without_a_price(tmp_path: Path) -> None:
    text = refused(tmp_path, line(share="1.0", intervention='"extensions-paid"'))
    assert "priced as a month of extension, but no layer has [costs.extension]" in text


def test_less_money_than_a_place_costs(tmp_path: Path) -> None:
    cheap = line(gbp="100.0"), line(gbp="999900.0")
    assert "simulation can buy nothing: £100.00 is less than a place costs, £1,750.00" in refused(tmp_path, *cheap)


def figure(value: float, unit: str, low: float, high: float) -> str:
    words = f'value = {value}, unit = "{unit}", low = {low}, high = {high}'
    return f'{{ {words}, source = "assumption", grade = "C" }}'


def figure_of_years(low: float, value: float, high: float) -> str:
    words = ", ".join(f"{name} = {[each] * 12}" for name, each in (("low", low), ("value", value), ("high", high)))
    return f'{{ {words}, unit = "curriculum days per day", source = "assumption", grade = "C" }}'


@pytest.mark.parametrize(
    ("layer", "says"),
    [
        (
            f"weather.locally-employed-doctors.effect = {figure(0.2, 'part where reached', 0.03, 0.15)}",
            "effect: low, value and high should be in this order",
        ),
        (
            f"places.simulation.ceiling = {figure(-1, 'places per 100 doctors per year', -2, 5)}",
            "ceiling: -1.0 should be at least 0",
        ),
        (
            f"places.simulation.ceiling = {figure(0, 'places per 100 doctors per year', 0, 5)}",
            "simulation can buy nothing: its ceiling is 0",
        ),
        (
            f"places.simulation.unit_cost = {figure(10, 'GBP per day', 5, 20)}",
            "unit_cost: unit is 'GBP per day', should be 'GBP per unit'",
        ),
        ("places.simulation.finds = true", "a place that finds the gap should have no dose and no gate"),
        ('places.simulation.gate = "mrcs"', "should have one of clears, raises and extra_sitting"),
        ("places.als-courses.extra_sitting = true", "should have one of clears, raises and extra_sitting"),
        ("places.simulation.failed_before = true", "should have one of clears, raises and extra_sitting"),
        ('places.als-courses.gate = "any_exam"', "should clear one exam or course, not any_exam"),
        ('places.exam-support.gate = "any_exams"', "'any_exams' is nowhere in this world"),
        (
            f"places.coaching.days = {figure(0.75, 'days', 0.5, 1)}",
            "days: unit is 'days', should be 'days per unit'",
        ),
        (
            f"places.als-courses.displaces = {figure(0.5, 'curriculum days per day', 0, 1)}",
            "a place with a dose, intensity or displaces should have days",
        ),
        (
            f"places.coaching.dose = {figure_of_years(1, 2, 3)}",
            "dose is up to 3 curriculum days for a day attended, should be at most 1; more should be declared",
        ),
        (
            f"places.coaching.dose = {figure_of_years(1, 2, 3)}\n"
            f"places.coaching.intensity = {figure(1.5, 'curriculum days per day', 1, 2)}",
            "dose is up to 3 curriculum days for a day attended, should be at most 2",
        ),
        ("payments.gifts = { label = 'x', groups = ['everyone'], unit = 'gift' }", "payments.gifts.note"),
        ('places.als-courses.domain = "elective"', "domain and least_gap should be given if, and only if"),
        ('places.boot-camps.groups = ["everybody"]', "'everybody' is nowhere in this world; nearest is 'everyone'"),
        ('targets.surgery = { label = "x", groups = ["surgery"] }', "is a group already, should have another name"),
        ('targets.all = { label = "x", groups = ["everyone"] }', "targets.all.groups: 'everyone' is nowhere"),
        ('targets.all = { label = "x", groups = [] }', "targets.all.groups: should have at least 1 entry, has 0"),
        ('targets.all = { label = "x", stages = ["core", "core"] }', "targets.all.stages: 'core' stands there twice"),
        (
            'places.simulation.evidence = ["nosuch"]',
            "places.simulation.evidence: 'nosuch' is no intervention of evidence/intervention_evidence.csv",
        ),
        ('targets.all = { label = "x" }', "targets.all: a target should have groups, programmes or stages"),
        ('targets.all = { label = "x", stages = ["cor"] }', "targets.all.stages: 'cor' is nowhere in this world"),
        (
            f"places.coaching.released = {figure(1, 'days', 0, 2)}",
            "unit is 'days', should be 'days of service per unit'",
        ),
        (
            f"educators.bought = {figure(-1, 'sessions per doctor and year', -2, 0)}",
            "bought: -1.0 should be at least 0",
        ),
        (
            f"weather.protected-supervision.educators = {figure(0, 'sessions per unit', 0, 1)}",
            "should have a ceiling, or",
        ),
        ('weather.simulation = { label = "x" }', "interventions.weather.simulation"),
        ('weather.pocus-leads.moves = "sea"', "unknown word 'sea'"),
        ('weather.pocus-leads.moves = "slots"', "domains should be named if, and only if, opportunity moves"),
    ],
)
def test_catalogues_that_cannot_be(tmp_path: Path, layer: str, says: str) -> None:
    assert says in refused(tmp_path, line(share="1.0"), layer=f"[interventions]\n{layer}\n")
