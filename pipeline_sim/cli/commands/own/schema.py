"""The command `schema`: the keys of TOML files as JSON Schema, for editors that check and complete them."""

import json
import sys
from enum import StrEnum
from typing import Annotated, Any

import typer

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FIGURE = "Sourced_"  # definitions of figures: a layer replaces a figure whole, or adds names to it
NAMES_MORE = {
    "type": "object",
    "properties": {key: {"type": "object"} for key in ("add", "add_low", "add_high")},
    "required": ["add"],
    "additionalProperties": False,
}
FILE_NAMES = {"type": "object", "additionalProperties": {"type": "string"}}
OF_LAYERS = {"extends": {"type": "array", "items": {"type": "string"}}, "tables": FILE_NAMES, "files": FILE_NAMES}


class FileKind(StrEnum):
    """Files that have a schema."""

    STUDY = "study"
    WORLD = "world"


def schema(
    kind: Annotated[FileKind, typer.Argument(help="study: study.toml; world: world files, mixes, layers.")],
) -> None:
    """Print the keys of study or world files as JSON Schema, for editors."""
    sys.stdout.write(json.dumps(schema_of(kind), indent=1, ensure_ascii=False) + "\n")


def schema_of(kind: FileKind) -> dict[str, Any]:
    """JSON Schema of a kind of file."""
    made = study_schema() if kind is FileKind.STUDY else layer_schema()
    return {"$schema": DIALECT, **made, "title": f"pipeline-sim: {kind.value} file"}


def study_schema() -> dict[str, Any]:
    """Schema of a study file, with its section [decision]."""
    from pipeline_sim.decide.decision_section import Decision
    from pipeline_sim.study.comparison.study_file import Study

    study, decision = Study.model_json_schema(), Decision.model_json_schema()
    study.setdefault("$defs", {}).update(decision.pop("$defs", {}))
    study["$defs"]["Decision"] = decision
    study["properties"]["decision"] = {"$ref": "#/$defs/Decision"}
    return study


def layer_schema() -> dict[str, Any]:
    """Schema of a layer of a world: any part of a world may be missing, as another layer may have it."""
    from pipeline_sim.world.schema.world import World

    world = World.model_json_schema()
    sections = {name: part for name, part in world["properties"].items() if name != "layers"}
    parts = {name: part if name.startswith(FIGURE) else optional(part) for name, part in world["$defs"].items()}
    figures = {name: {"anyOf": [part, NAMES_MORE]} for name, part in parts.items() if name.startswith(FIGURE)}
    return {**optional(world), "properties": sections | OF_LAYERS, "$defs": parts | figures}


def optional(part: dict[str, Any]) -> dict[str, Any]:
    """Schema of a table whose keys may all be missing."""
    return {key: value for key, value in part.items() if key != "required"}
