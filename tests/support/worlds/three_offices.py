"""Axes for the shipped shocks and interventions: three offices, three groups, an exam, a course, seven years."""

from datetime import date
from functools import cache
from typing import Any

import numpy as np

from pipeline_sim.base.calendar import Dates
from pipeline_sim.world.interventions.apply_mix import apply_purchases
from pipeline_sim.world.interventions.spending import Purchases, spend_budget
from pipeline_sim.world.reading.layers import lists_to_tuples, read_toml
from pipeline_sim.world.schema.interventions import InterventionsSection
from pipeline_sim.world.schema.mix import MixSection
from pipeline_sim.world.schema.shocks import ShocksSection
from pipeline_sim.world.timeline.tables import Axes, Timeline
from support import CONFIGS

SURGERY, MEDICINE, PRACTICE = range(3)
LONDON, NORTH_WEST, SOUTH_WEST = range(3)
MRCS, ALS = range(2)

AXES = Axes(
    dates=Dates(2018, 7),
    groups=("surgery", "medicine", "general-practice"),
    offices=("London", "North West", "South West"),
    regions=("london", "north_west", "south_west"),
    trainee_share=np.array([0.5, 0.3, 0.2]),
    doctors=np.array([[1000.0, 600.0, 400.0], [2000.0, 1200.0, 800.0], [2000.0, 1200.0, 800.0]]),
    exams=("mrcs", "als"),
    parts=("mrcs-b", "als"),
    kinds=("clinical", "course"),
    incomplete=np.array([0.01, 0.02, 0.02, 0.02, 0.02]),
    sickness=0.012,
    evidence=lambda name: CONFIGS / name,
)


@cache
def shocks() -> ShocksSection:
    """Shocks of configs/covid.toml, with all lost opportunity counted as lost learning."""
    tree = read_toml(CONFIGS / "covid.toml")["shocks"]
    for bound in ("value", "low", "high"):
        tree["learning_lost"][bound] = {"2020-03": 1.0}
    return ShocksSection.model_validate(lists_to_tuples(tree))


@cache
def catalogue() -> InterventionsSection:
    """Interventions of configs/interventions.toml."""
    return InterventionsSection.model_validate(
        lists_to_tuples(read_toml(CONFIGS / "interventions.toml")["interventions"])
    )


@cache
def mix(budget: float = 3_000_000.0, **line: Any) -> MixSection:
    """The mix led_and_simulation.toml beside this file with another budget and, in every line, other values."""
    tree = read_toml(CONFIGS.parent / "tests/support/worlds/led_and_simulation.toml")["mix"]
    tree["budget"]["value"] = budget
    tree["lines"] = [{**each, **line} for each in tree["lines"]]
    return MixSection.model_validate(lists_to_tuples(tree))


def with_value(part: Any, path: str, value: Any) -> Any:
    """A table of shocks with another value at a key path such as `surge.scale.value`."""
    key, _, rest = path.partition(".")
    if isinstance(part, dict):
        return {**part, key: with_value(part[key], rest, value) if rest else value}
    return part.model_copy(update={key: with_value(getattr(part, key), rest, value) if rest else value})


def scaled_shocks(name: str, scale: float) -> ShocksSection:
    """The shocks with one of them stronger or weaker."""
    return with_value(shocks(), f"{name}.scale.value", scale)


def mix_of(budget: float, *lines: dict[str, Any]) -> MixSection:
    """A mix of some lines, by default for twelve months from April 2022 and split by trainee numbers."""
    plain = {"split": "by_trainees", "start": date(2022, 4, 1), "months": 12}
    gbp = {"value": budget, "unit": "GBP", "spread": 0.0, "source": "assumption", "grade": "C"}
    given = [{key: value for key, value in (plain | each).items() if value != ()} for each in lines]
    return MixSection.model_validate(lists_to_tuples({"name": "m", "budget": gbp, "lines": given}))


def apply_interventions(
    timeline: Timeline,
    axes: Axes,
    catalogue: InterventionsSection,
    mix: MixSection,
    without: frozenset[str] = frozenset(),
) -> Timeline:
    """Timeline after the interventions of a mix."""
    return apply_purchases(timeline, Purchases(axes, catalogue, spend_budget(axes, catalogue, mix, timeline)), without)


def local_catalogue(section: InterventionsSection) -> InterventionsSection:
    """A catalogue for the three groups alone."""
    kinds = {
        kind: {
            name: entry.model_copy(update={"groups": local_groups(section, entry.groups)})
            for name, entry in entries.items()
        }
        for kind, entries in ((kind, getattr(section, kind)) for kind in ("weather", "places", "payments"))
    }
    return section.model_copy(
        update={kind: {n: e for n, e in each.items() if e.groups} for kind, each in kinds.items()}
    )


def local_groups(section: InterventionsSection, names: tuple[str, ...]) -> tuple[str, ...]:
    """Groups of a list that are among the three."""
    return tuple(group for group in section.group_names(names) if group in AXES.groups)
