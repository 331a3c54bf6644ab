"""Plants a bug: rewrites one line of one function for the length of a test."""

import inspect
import textwrap
from types import ModuleType
from typing import Any

import pytest


def plant(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, was: str, becomes: str) -> None:
    """Replace `was`, found once in the source of `owner.name`, by `becomes`."""
    source = textwrap.dedent(inspect.getsource(getattr(owner, name)))
    assert source.count(was) == 1, f"{name} does not say {was!r} once: plant the bug elsewhere"
    module = owner if isinstance(owner, ModuleType) else inspect.getmodule(owner)
    assert module is not None
    names: dict[str, Any] = {}
    exec(compile(source.replace(was, becomes), f"<{name} with a bug>", "exec"), vars(module), names)
    monkeypatch.setattr(owner, name, names[name])


def everywhere(monkeypatch: pytest.MonkeyPatch, modules: list[ModuleType], name: str, becomes: Any) -> None:
    """Replace a name in every module that has imported it."""
    for module in modules:
        if hasattr(module, name):
            monkeypatch.setattr(module, name, becomes)
