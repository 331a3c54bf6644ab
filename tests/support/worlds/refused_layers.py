"""Layers that should be refused when they are laid over the tiny world."""

from pathlib import Path

import pytest

from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.world_error import WorldError
from support import CONFIGS

TINY = CONFIGS / "tiny.toml"


def layer(folder: Path, text: str, *others: Path, name: str = "bad.toml") -> Path:
    """A layer over the tiny world and others, as a file."""
    path, below = folder / name, ", ".join(f'"{each.as_posix()}"' for each in (TINY, *others))
    path.write_text(f"extends = [{below}]\n{text}\n", encoding="utf-8")
    return path


def refused(folder: Path, text: str, *others: Path, name: str = "bad.toml", named: str | None = None) -> str:
    """The message for a layer laid over the tiny world and others; it is one line and names the layer, or a table."""
    path = layer(folder, text, *others, name=name)
    with pytest.raises(WorldError) as caught:
        load_world(path)
    message = str(caught.value)
    assert "\n" not in message
    assert (named or name) in message
    return message
