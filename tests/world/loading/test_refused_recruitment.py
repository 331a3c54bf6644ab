"""Wrong figures of recruitment end in one line that names the file, the key and what would be right."""

from pathlib import Path

import pytest
from support.worlds.refused_layers import refused

SHARE = 'unit = "share", spread = 0.1, source = "assumption", grade = "C"'


EVERYONE = "stock = 1.0, graduate = 1.0, returner = 1.0, qualified-here = 1.0"
NOTHING = SHARE.replace("0.1", "0.0")
SHORTLIST = 'unit = "applications per post", low = 0.5, high = 2, source = "assumption", grade = "C"'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            f"uk_applicants = {{ value = {{ early = 0.5 }}, {SHARE} }}",
            "uk_applicants.value.early: 'early' should be a year",
        ),
        (
            f"uk_accepted = {{ value = {{ early = 0.5 }}, {SHARE} }}",
            "uk_accepted.value.early: 'early' should be a year",
        ),
        (f"uk_applicants = {{ value = {{ 2020 = 1.5 }}, {SHARE} }}", "1.5 should be at most 1"),
        (
            f"again_abroad = {{ value = {{ after-foundation = 0.5 }}, {SHARE} }}",
            "recruitment.again_abroad.value: says nothing of 'after-core-",
        ),
        (f"shortlist = {{ value = 0.5, {SHORTLIST} }}", "0.5 should be at least 1"),
        (
            f"priority = {{ first = 2019-01-01, share = {{ value = {{ {EVERYONE}, extarnal = 0.1 }}, {SHARE} }} }}",
            "'extarnal' is nowhere in this world; nearest is 'external'",
        ),
        (
            f"priority = {{ first = 2090-01-01, share = {{ value = {{ {EVERYONE}, external = 0.1 }}, {NOTHING} }} }}",
            "recruitment.priority.first: 2090-01-01 should be before the end of the run",
        ),
    ],
)
def test_wrong_recruitment(tmp_path: Path, text: str, says: str) -> None:
    assert says in refused(tmp_path, f"[recruitment]\n{text}")
