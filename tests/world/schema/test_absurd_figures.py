"""Absurd values of every figure of the TOML files that ship: refused by its kind, or listed with the reason."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError
from support import CONFIGS

from pipeline_sim.world.reading.layers import layer_stack, merge
from pipeline_sim.world.schema import sourced_value
from pipeline_sim.world.schema.sourced_value import leaves, scaled
from pipeline_sim.world.schema.world import World

LAYERS = (
    "england",
    "covid",
    "interventions",
    "costs",
    "supply/gp_6000",
    "scenarios/prioritisation_act",
    "mixes/as_spent",
)
ENDS = ("value", "low", "high")
ANY_SUM = "any sum is somebody's budget; the mix says what of it can be spent"
SMALL = "a thousand times a small amount for a place or a unit is what a larger one takes or costs"
PASSES = {
    "not a number": {},
    "1e9": {"mix.budget": ANY_SUM},
    "negative": {
        "pathways per unit": "teaching lists may do fewer operations", "entrants per year": "posts may be cut",
        "share per year": "pay may fall in real terms", "per year": "activity may fall",
    },
    "a thousand times": {
        "mix.budget": ANY_SUM, "revalidation.interval": "a date that nobody reaches: never",
        **dict.fromkeys(
            ("GBP per unit", "sessions per unit", "days of service per unit", "days per unit", "per unit",
             "per doctor and year", "places per 100 doctors per year", "units per 100 doctors per year"), SMALL
        ),
    },
    "nought": {},  # by unit below: it switches an effect, a loss, a price or a delay off
}  # fmt: skip
NEVER_NOUGHT = {
    "GBP per WTE-month", "GBP per WTE-year", "GBP per year", "GBP per unit", "applications per post", "attempts",
    "beds", "calendar year", "capacity per expected review", "index", "odds ratio", "offer runs", "part of the list",
    "per cent of time", "per doctor and year", "relative to posts", "reviews per post and year", "slots per post",
    "stock above normal", "units per place", "kept per 1,000 inpatients",
}  # fmt: skip


def figures_of(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Figures of a tree, each with its key path."""
    if isinstance(part, dict) and {"value", "unit"} <= part.keys():
        yield path, part
    elif isinstance(part, dict | tuple):
        for key, inner in part.items() if isinstance(part, dict) else enumerate(part):
            yield from figures_of(inner, (*path, key))


def with_value(part: Any, path: tuple[Any, ...], new: Any) -> Any:
    """Copy of a tree with another part at a key path."""
    if not path:
        return new
    if isinstance(part, dict):
        return {**part, path[0]: with_value(part[path[0]], path[1:], new)}
    return tuple(with_value(each, path[1:], new) if at == path[0] else each for at, each in enumerate(part))


def all_of(number: float) -> Callable[[Any], Any]:
    """Change of every number of a value to one number."""

    def change(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: change(part) for key, part in value.items()}
        return tuple(map(change, value)) if isinstance(value, tuple) else number

    return change


ABSURD: dict[str, Callable[[Any], Any]] = {
    "not a number": all_of(float("nan")),
    "1e9": all_of(1e9),
    "negative": lambda value: scaled(value, -1.0),
    "a thousand times": lambda value: scaled(value, 1000.0),
    "nought": all_of(0.0),
}


def accepted(how: str) -> dict[str, str]:
    """Figures that take an absurd value, with their units."""
    tree = merge(layer_stack(tuple(CONFIGS / f"{name}.toml" for name in LAYERS))).tree
    found = {}
    for section, part in tree.items():
        adapter = TypeAdapter(World.model_fields[section].rebuild_annotation())
        adapter.validate_python(part)
        for path, figure in figures_of(part):
            if any(leaves(figure["value"])):
                new = {**figure, **{end: ABSURD[how](figure[end]) for end in ENDS if end in figure}}
                if how == "negative" and "low" in new:
                    new["low"], new["high"] = new["high"], new["low"]
                try:
                    adapter.validate_python(with_value(part, path, new))
                except ValidationError:
                    continue
                found[".".join(map(str, (section, *path)))] = figure["unit"]
    return found


@pytest.mark.parametrize("how", [how for how in ABSURD if how != "nought"])
def test_an_absurd_value_is_refused_or_listed(how: str) -> None:
    found = accepted(how)
    assert {name: unit for name, unit in found.items() if not PASSES[how].keys() & {name, unit}} == {}
    assert PASSES[how].keys() <= {*found, *found.values()}, "no longer accepted"


def test_nought_is_refused_where_it_means_nothing() -> None:
    assert NEVER_NOUGHT & set(accepted("nought").values()) == set()


def test_without_bounds_by_unit_more_would_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LEAST_OF", "MOST_OF"):
        monkeypatch.setattr(sourced_value, name, {})
    assert {"placements.coverage", "extensions.gap_steps"} <= accepted("a thousand times").keys()
