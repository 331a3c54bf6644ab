"""Wrong figures of recruitment end in one line that names the file, the key and what would be right."""

from pathlib import Path

import pytest
from support.worlds.refused_layers import refused

SHARE = 'unit = "share", spread = 0.1, source = "assumption", grade = "C"'


@pytest.mark.parametrize("name", ["uk_applicants", "uk_accepted"])
def test_share_of_a_year_that_is_none(tmp_path: Path, name: str) -> None:
    text = f"[recruitment]\n{name} = {{ value = {{ early = 0.5 }}, {SHARE} }}"
    assert f"recruitment.{name}.value.early: 'early' should be a year" in refused(tmp_path, text)


def test_share_of_applicants_above_one(tmp_path: Path) -> None:
    text = f"[recruitment]\nuk_applicants = {{ value = {{ 2020 = 1.5 }}, {SHARE} }}"
    assert "1.5 should be at most 1" in refused(tmp_path, text)


def test_stream_from_abroad_left_out(tmp_path: Path) -> None:
    text = f"[recruitment]\nagain_abroad = {{ value = {{ after-foundation = 0.5 }}, {SHARE} }}"
    assert "recruitment.again_abroad.value: says nothing of 'after-core-" in refused(tmp_path, text)


def test_shortlist_of_nobody(tmp_path: Path) -> None:
    figure = '{ value = 0.5, unit = "applications per post", low = 0.5, high = 2, source = "assumption", grade = "C" }'
    assert "0.5 should be at least 1" in refused(tmp_path, f"[recruitment]\nshortlist = {figure}")


def test_order_of_offers_by_an_origin_that_is_none(tmp_path: Path) -> None:
    everyone = "stock = 1.0, graduate = 1.0, returner = 1.0, qualified-here = 1.0"
    share = f"share = {{ value = {{ {everyone}, extarnal = 0.1 }}, {SHARE} }}"
    message = refused(tmp_path, f"[recruitment.priority]\nfirst = 2019-01-01\n{share}")
    assert "'extarnal'" in message
    assert "nearest is 'external'" in message


def test_order_of_offers_that_never_holds(tmp_path: Path) -> None:
    everyone = "stock = 1.0, graduate = 1.0, returner = 1.0, qualified-here = 1.0, external = 0.1"
    share = f"share = {{ value = {{ {everyone} }}, {SHARE.replace('0.1', '0.0')} }}"
    message = refused(tmp_path, f"[recruitment.priority]\nfirst = 2090-01-01\n{share}")
    assert "recruitment.priority.first: 2090-01-01 should be before the end of the run" in message
