"""The JSON Schemas of TOML files accept every file that ships and refuse what the program refuses."""

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from support import CONFIGS, ROOT
from support.typed_command import run_command

from pipeline_sim.cli.commands.own.schema import FileKind, schema_of

WORLDS = sorted(
    path
    for path in CONFIGS.rglob("*.toml")
    if path.parent.name not in ("register", "evidence", "own")
    and path.name not in ("table_rules.toml", "open.toml", "decision.toml")
)
STUDIES = sorted((ROOT / "experiments").glob("*/study.toml"))


def plain(value: Any) -> Any:
    """TOML as JSON: dates are texts, as editors take them."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def problems(kind: str, text: str) -> list[str]:
    validator = Draft202012Validator(schema_of(FileKind(kind)))
    return [f"{each.json_path}: {each.message}"[:200] for each in validator.iter_errors(plain(tomllib.loads(text)))]


@pytest.mark.parametrize("path", [*WORLDS, *STUDIES], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_that_ships_is_accepted(path: Path) -> None:
    assert problems("study" if path in STUDIES else "world", path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        ("world", "panels.lead_frist = 3", "lead_frist"),
        ("world", 'life.absence_limit = { value = 3, unit = "working days" }', "absence_limit"),
        ("study", "decision.budgte = 3.0", "budgte"),
        ("study", 'name = "x"', "'worlds' is a required property"),
    ],
)
def test_a_mistake_is_seen(kind: str, text: str, says: str) -> None:
    assert any(says in problem for problem in problems(kind, text))


def test_the_command_prints_a_schema(tmp_path: Path) -> None:
    Draft202012Validator.check_schema(json.loads(run_command(tmp_path, "schema", "world").stdout))
    assert run_command(tmp_path, "schema", "word").returncode == 2
