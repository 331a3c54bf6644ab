"""Scenario of a question: shipped scenarios, the size of the waves, the pace of recovery, as one layer of TOML."""

import json
from typing import Annotated, Any, NamedTuple

from pydantic import Field, TypeAdapter, ValidationError

from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.schema.sourced_value import ASSUMPTION
from pipeline_sim.world.schema.world import World

SHIPPED = {  # scenarios that may be combined, as the app names them
    "seventh_wave": "A seventh wave in December 2024",
    "bad_winter": "A bad winter in 2024/25",
    "endogenous_backlog": "Waiting list: the backlog follows from it",
    "prioritisation_act": "Order of offers: the Prioritisation Act of 2026",
}
MOST = 3.0  # times as stated
MOST_DELAY = 6  # months


Times = Annotated[float, Field(ge=0.0, le=MOST)]


class Scenario(NamedTuple):
    """Scenario as chosen; as recorded if nothing is."""

    shipped: tuple[str, ...] = ()
    waves: Times = 1.0  # inpatients of all recorded waves, and lists closed by order, times as recorded
    recovery: Times = 1.0  # months until elective work and staff are back, times as assumed
    delay: Annotated[int, Field(ge=0, le=MOST_DELAY)] = 0  # months by which every line of every mix starts later

    @property
    def is_recorded(self) -> bool:
        """Whether COVID and the recovery are as recorded."""
        return not self.shipped and self.waves == 1.0 and self.recovery == 1.0


def scenario_of(tree: Any) -> Scenario:
    """Scenario of a tree as a link has it; StudyError if this version has none such."""
    try:
        found = TypeAdapter(Scenario).validate_python(tree)
    except ValidationError:
        raise StudyError("the scenario of the link is damaged") from None
    if not set(found.shipped) <= SHIPPED.keys():
        raise StudyError("the scenario of the link is not one that this version has")
    return found._replace(shipped=tuple(name for name in SHIPPED if name in found.shipped))


def scenario_sentence(scenario: Scenario) -> str:
    """Scenario in words."""
    parts = [SHIPPED[name] for name in scenario.shipped]
    parts += [f"waves {scenario.waves:g} times as recorded"] if scenario.waves != 1 else []
    parts += [f"recovery {scenario.recovery:g} times as long"] if scenario.recovery != 1 else []
    parts += [f"programme {scenario.delay} months later"] if scenario.delay else []
    return "; ".join(parts) or "as recorded"


def own_layer(scenario: Scenario, world: World) -> str | None:
    """Layer of what is own in a scenario; None if nothing is. `world` has the figures as stated."""
    shocks, rows = world.shocks, list[str]()
    if shocks is None:
        return None
    if scenario.waves != 1:
        for name in shocks.waves:
            rows += [f"[shocks.waves.{name}]", f"scale = {figure('multiplier', scenario.waves)}"]
        rows += ["[shocks.shutdown]", f"scale = {figure('multiplier', min(scenario.waves, 1.0))}"]
    if scenario.recovery != 1:
        stated = {f"series.{name}": series.recovery for name, series in shocks.series.items()}
        stated |= {name: getattr(shocks, name).recovery for name in ("independent_sector", "absence")}
        stated |= {"backlog.list": shocks.backlog.list.level_recovery}
        for name, months in stated.items():
            if months is not None:
                key = "level_recovery" if name == "backlog.list" else "recovery"
                low, high = months.bounds() or (months.value, months.value)
                span = [each * scenario.recovery for each in (months.value, low, high)]
                rows += [f"[shocks.{name}]", f"{key} = {figure('months', *span)}"]
    return "\n".join(["# Own scenario.", *rows]) + "\n" if rows else None


def figure(unit: str, value: float, low: float | None = None, high: float | None = None) -> str:
    """Own figure of a layer: with its range, or without one."""
    span = "spread = 0" if low is None else f"low = {low!r}, high = {high!r}"
    own = f"source = {json.dumps(ASSUMPTION)}, grade = {json.dumps('C')}"
    return f"{{ value = {float(value)!r}, unit = {json.dumps(unit)}, {span}, {own} }}"
