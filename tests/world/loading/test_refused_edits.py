"""Edits that would quietly mean something else, or end in a traceback: one line, with the file and what is wrong."""

from pathlib import Path

import pytest
from support import CONFIGS

from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.population.build_population import build_population
from pipeline_sim.world.world_error import WorldError

LAYERS = tuple(CONFIGS / f"{name}.toml" for name in ("tiny", "covid", "interventions"))
FIGURE = 'spread = 0.0, source = "assumption", grade = "C"'
ALSO = "[shocks.surge.specialties.gastroenterology.also]\n%s = { value = { elective = %s }, unit = %s, %s }"
OOP = '{ kind = "oopt", stages = [], prevalence = %s, months = %s }'
SHARE, LENGTHS = (
    f'{{ value = 0.1, unit = "share", {FIGURE} }}',
    f'{{ value = {[12.0] * 8}, unit = "months", {FIGURE} }}',
)
SPECIALTY = '{ id = "ent", group = "%s", programmes = [] }'
DAYS = (
    f'[interventions.places.simulation]\nunits_per_place = {{ value = 90, unit = "units per place", {FIGURE} }}'
    f'\ndays = {{ value = 100, unit = "days per unit", {FIGURE} }}'
)
EDITS = [
    ("[shocks.surge]\nratio_first = 0001-04-01", "is 0001-04-01: should be between 2019-12-01 and 2032-12-31"),
    ("[shocks.surge]\nratio_last = 9999-12-31", "is 9999-12-31: should be between 2019-12-01 and 2032-12-31"),
    (ALSO % ("anaesthesia", 0.2, '"part of training"', FIGURE), "the parts come to more than all of a domain"),
    (ALSO % ("endoscopy", 0.9, '"part of training"', FIGURE.replace("0.0", "0.5")), "more than all of a domain"),
    (f"[life]\noop = [{OOP % (SHARE, LENGTHS)}]", "life.oop[0].stages: should have at least 1 entry"),
    (f"[competence]\nspecialties = [{SPECIALTY % 'surgery'}, {SPECIALTY % 'surgery'}]", "'ent' stands there twice"),
    (
        "[competence]\nspecialties = [" + (SPECIALTY % "surgry").replace("[]", '["general-surgery"]') + "]",
        "competence.specialties[0].group: 'surgry' is nowhere in this world; nearest is 'surgery'",
    ),
    (
        '[people]\nentrants = { value = { graduates = { eea = 0.1, international = 0.1 }, '
        'external = { eea = 0.0, international = 0.0 }, returners = { eea = 0.1, international = 0.1 } }, '
        f'unit = "share", {FIGURE} }}',
        "people.entrants.value.external: is 0 throughout",
    ),
    (DAYS, "interventions.places.simulation: a place takes up to 9000 days, should be at most 1000"),
]  # fmt: skip


def said(folder: Path, text: str) -> str:
    """The line for a layer laid over the tiny world, which names the layer."""
    (folder / "edit.toml").write_text(text)
    with pytest.raises(WorldError) as caught:
        build_population(load_world(*LAYERS, folder / "edit.toml"))
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize(("text", "says"), EDITS)
def test_an_edit_that_means_nothing(tmp_path: Path, text: str, says: str) -> None:
    message = said(tmp_path, text)
    assert says in message
    assert message.startswith(str(tmp_path / "edit.toml"))


@pytest.mark.parametrize(
    ("name", "column"), [("posts", "programmes"), ("competition", "programme"), ("office_shares", "programmes")]
)
def test_a_row_that_stands_twice(tmp_path: Path, name: str, column: str) -> None:
    lines = (CONFIGS / "england" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "twice.csv").write_text("\n".join([*lines, lines[-1]]), encoding="utf-8")
    message = said(tmp_path, f'[files]\n{name} = "twice.csv"')
    assert lines[0].startswith(column)
    assert f"twice.csv: line {len(lines) + 1}: " in message
    assert f"stands there twice, as in line {len(lines)}" in message


def test_a_part_of_an_exam_that_there_is_no_other_part_of(tmp_path: Path) -> None:
    text = (CONFIGS / "england" / "exams.csv").read_text(encoding="utf-8")
    (tmp_path / "exams.csv").write_text(text.replace("mrcp-1,mrcp,", "mrcp-1,mrpc,"), encoding="utf-8")
    message = said(tmp_path, '[tables]\nexams = "exams.csv"')
    assert "exams.csv: exams[7].exam: 'mrpc' has no other part" in message


@pytest.mark.parametrize(
    ("needed", "hint"), [("mrcog-3", "stands above"), ("mrgoc-1", "mrcog-1"), ("mrcog-2", "stands above")]
)
def test_an_exam_that_needs_one_that_does_not_stand_above(tmp_path: Path, needed: str, hint: str) -> None:
    text = (CONFIGS / "england" / "exams.csv").read_text(encoding="utf-8")
    (tmp_path / "exams.csv").write_text(text.replace("mrcog-2,,mrcog-1,", f"mrcog-2,,{needed},"), encoding="utf-8")
    message = said(tmp_path, '[tables]\nexams = "exams.csv"')
    assert f"].needs: '{needed}' should be an exam that stands above" in message
    assert hint in message


def test_an_entry_that_a_range_has_not_is_named(tmp_path: Path) -> None:
    figure = (
        '{ value = { uk = 0.5, eea = 0.5, international = 0.5 }, unit = "share", source = "assumption", grade = "C", '
    )
    ends = "low = { uk = 0.4, eaa = 0.4, international = 0.4 }, high = { uk = 0.6, eea = 0.6, international = 0.6 } }"
    message = said(tmp_path, f"[people]\nwomen = {figure}{ends}")
    assert "people.women: low and high should have the same entries as value, not so 'eaa'" in message


def test_nobody_applies_for_ever(tmp_path: Path) -> None:
    streams = ", ".join(f"{each.id} = 1.0" for each in load_world(LAYERS[0]).streams)
    again = f'again = {{ value = {{ {streams} }}, unit = "share", {FIGURE} }}'
    accepted = f'uk_accepted = {{ value = {{ 2015 = 0.0 }}, unit = "share", {FIGURE} }}'
    message = said(tmp_path, f"[recruitment]\n{again}\n{accepted}")
    assert "recruitment.again.value.after-foundation: is 1 where no UK graduate gets a post" in message
