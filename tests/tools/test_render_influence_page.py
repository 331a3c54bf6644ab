"""The page of assumptions says what was measured, and the picture shows it."""

from pathlib import Path

import pytest
from support import ROOT

from pipeline_sim.world.register.assumption_register import REGISTER
from pipeline_sim.world.register.recorded_influence import CHANCE, ENTRY, load_influence
from pipeline_sim.world.world_error import WorldError
from tools.render_influence_page import MARK, influence_block
from tools.render_readme import between_marks

FOLDER = ROOT / "configs" / "register"


def test_the_page_is_what_would_be_printed() -> None:
    page = (ROOT / "docs" / "assumptions.md").read_text(encoding="utf-8")
    assert page == between_marks(page, MARK, influence_block(FOLDER))


def test_bold_is_what_exceeds_the_most_that_luck_does() -> None:
    recorded = load_influence(FOLDER)
    assert recorded is not None
    for (level, factor, outcome), found in recorded.influences.items():
        luck = recorded.influences[level, CHANCE, outcome]
        if factor != CHANCE:
            assert found.beyond_luck == (found.size > luck.size + luck.interval)
    assert {level for level, *_ in recorded.influences} >= {ENTRY}


def test_nothing_measured_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / REGISTER).write_text((FOLDER / REGISTER).read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(WorldError, match="no influence has been measured: run pipeline-sim sensitivity with --record"):
        influence_block(tmp_path)
