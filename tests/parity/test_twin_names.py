"""Twins bear one name: a function of the reference engine has one of its name in the batch engine."""

import ast
from pathlib import Path

import pytest

import pipeline_sim

pytestmark = pytest.mark.unit
ENGINES = Path(pipeline_sim.__file__).parent / "engines"
TWINS = {  # file of the reference engine: files of the batch engine
    "absence": "event_routines/absence",
    "career": "event_routines/career event_routines/leaving event_routines/absence",
    "doctor": "memory/books",
    "exams": "event_routines/exams event_routines/career",
    "intervention_places": "event_routines/intervention_places",
    "learning": "event_routines/learning",
    "panel": "event_routines/panel event_routines/panel_queue",
    "recruitment": "event_routines/recruitment event_routines/preferences event_routines/post_starts memory/access",
    "redeployment": "event_routines/redeployment",
    "shared_state": "memory/books event_routines/career output/emit",
    "simulation": "event_routines/arrivals event_routines/census run_replication memory/agenda",
    "supervision_slots": "event_routines/supervision_slots",
    "transfer": "event_routines/transfer",
}
NO_TWIN = {  # function of the reference engine: why the batch engine has none of that name
    "a SimPy process; the batch engine has one loop, `day_loop`": (
        "career.follow career.wait_for recruitment.offers recruitment.starts redeployment.watch simulation.follow"
        " simulation.open simulation.placements transfer.open"
    ),
    "a look at one object, which on rows is a column or a table": (
        "doctor.four doctor.at_work doctor.next_turn shared_state.at_work shared_state.group shared_state.month"
        " shared_state.stage shared_state.year recruitment.after intervention_places.dose"
    ),
    "inlined in its only caller": (
        "absence.come_back career.reopen career.start_revalidation career.resume_revalidation panel.settle_outcome"
        " intervention_places.needs recruitment.announce"
    ),
    "an order, which the batch engine computes as a key while it lists": (
        "intervention_places.order intervention_places.is_eligible panel.order supervision_slots.rank"
    ),
    "for all domains, gates or doctors together; the batch engine takes one at a time": (
        "learning.balances_on learning.earned_and_taken learning.gaps recruitment.applicants"
        " recruitment.finishes recruitment.rank recruitment.score_and_answer recruitment.vacancies"
        " simulation.applicants"
    ),
    "a day that `memory/agenda` knows": "simulation.february simulation.first_offer_day simulation.intake_days",
}


def functions(path: Path) -> set[str]:
    """Names of the functions and methods of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name[0] != "_"}


def without_a_twin() -> set[str]:
    """Functions of the reference engine that have no function of their name in the files of the batch engine."""
    return {
        f"{file}.{name}"
        for file, twins in TWINS.items()
        for name in functions(ENGINES / "reference" / f"{file}.py")
        - set().union(*(functions(ENGINES / "batch" / f"{twin}.py") for twin in twins.split()))
    }


def test_every_file_of_the_reference_engine_has_its_twins() -> None:
    files = {path.stem for path in (ENGINES / "reference").glob("*.py")} - {"__init__", "scheduled_turn"}
    assert files == set(TWINS)
    named = {twin.split("/")[1] for twins in TWINS.values() for twin in twins.split() if twin.startswith("event_")}
    assert named == {path.stem for path in (ENGINES / "batch" / "event_routines").glob("*.py")} - {"__init__"}


def test_twins_bear_one_name_but_for_those_that_are_listed() -> None:
    assert without_a_twin() == {name for names in NO_TWIN.values() for name in names.split()}


def test_every_event_routine_names_its_twin() -> None:
    for path in (ENGINES / "batch" / "event_routines").glob("*.py"):
        assert path.stem == "__init__" or "engines/reference" in (ast.get_docstring(ast.parse(path.read_text())) or "")
