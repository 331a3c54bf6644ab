"""Trees of TOML files: each caller has one of its own, and an edited file is read anew."""

from pathlib import Path

import pytest

from pipeline_sim.world.reading.layers import read_toml

pytestmark = pytest.mark.unit


def test_what_a_caller_changes_no_other_caller_sees(tmp_path: Path) -> None:
    file = tmp_path / "one.toml"
    file.write_text("[table]\nkey = 1\nlist = [1]\n")
    first = read_toml(file)
    first["table"]["key"] = 2
    first["table"]["list"].append(2)
    assert read_toml(file) == {"table": {"key": 1, "list": [1]}}


def test_an_edited_file_is_read_anew(tmp_path: Path) -> None:
    file = tmp_path / "one.toml"
    file.write_text("key = 1\n")
    assert read_toml(file) == {"key": 1}
    file.write_text("key = 2\n")
    assert read_toml(file) == {"key": 2}
