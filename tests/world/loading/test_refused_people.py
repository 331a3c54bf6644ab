"""Every way the figures on people can be wrong ends in one line that names the key and what would be right."""

from pathlib import Path

import pytest
from support.worlds.refused_layers import refused

PEOPLE = [  # a figure of people.toml, what is wrong, and what the line says
    ("[people]\nwomen = { value = { uk = 1.2, eea = 0.5, international = 0.4 }, %s", "1.2 should be at most 1"),
    ("[people]\nwomen = { value = { uk = 0.5, eea = 0.5 }, %s", "says nothing of 'international'"),
    ("[people]\nselection = { value = { eea = 0.5, abroad = 0.5 }, %s", "'abroad' is nowhere"),
    ('[people]\nages = { value = [23, 24], unit = "years", %s', "should have 16 entries, has 2"),
    ('[people]\nyears_before = { value = 5, unit = "years", %s', "should be a list"),
    ("[people]\nin_post = { value = { default = { eea = 0.5, international = 0.6 } }, %s", "sum to 1.1"),
    ("[people]\nin_post = { value = { dentistry = { eea = 0.1, international = 0.1 } }, %s", "nowhere in this world"),
    ("[people]\nentrants = { value = { graduates = { eea = 0.1, international = 0.1 } }, %s", "says nothing of 'ext"),
    ('[people.choices]\nwomen = { value = { surgry = 1 }, unit = "odds ratio", %s', "nearest is 'surgery'"),
    ('[people]\nwomen_in_post = { value = { surgery = 0 }, unit = "odds ratio", %s', "0 should be at least 0.01"),
    ('[people.exams]\nwomen = { value = { writen = 1 }, unit = "odds ratio", %s', "nearest is 'written'"),
    ('[people.exams]\nmature = { value = { written = 0 }, unit = "odds ratio", %s', "0 should be at least 0.01"),
    ('[people.reviews]\neea = { value = 1.4, unit = "share", %s', "unit is 'share', should be 'odds ratio'"),
    ("[people.reviews]\nmen = 3", "unknown key"),
    ('[people]\npace_step = { value = 2, unit = "share per unit of log odds", %s', "2.0 should be at most 1"),
    ("[people]\ntrainees = { value = { foundation = { eea = 0.1, international = 0.1 } }, %s", "says nothing of"),
]


@pytest.mark.parametrize(("text", "says"), PEOPLE)
def test_people(tmp_path: Path, text: str, says: str) -> None:
    unit = "" if "unit =" in text else 'unit = "share", '
    message = refused(tmp_path, text.replace("%s", unit + 'spread = 0.0, source = "assumption", grade = "C" }'))
    assert "bad.toml: people" in message
    assert says in message
