"""Layers that should be refused when they are laid over the tiny world."""

from pathlib import Path

import pytest

from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.world_error import WorldError
from support import CONFIGS

TINY = CONFIGS / "tiny.toml"


def refused(folder: Path, text: str, name: str = "bad.toml") -> str:
    """The message for a layer laid over the tiny world; it is one line and names the layer."""
    path = folder / name
    path.write_text(f'extends = ["{TINY.as_posix()}"]\n{text}\n', encoding="utf-8")
    with pytest.raises(WorldError) as caught:
        load_world(path)
    message = str(caught.value)
    assert "\n" not in message
    assert name in message
    return message
