"""Own mixes: amounts of money as typed, lines such as `boot-camps=5m@north`, and the file of a mix as text."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pipeline_sim.world.interventions.spending import entry_of
from pipeline_sim.world.schema.interventions import Places
from pipeline_sim.world.schema.sourced_value import ASSUMPTION, MOST_GBP
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import WorldError, hint

NUMBER = (
    r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.[0-9]{1,15})?|\.[0-9]{1,15}"  # commas only between thousands
)
AMOUNT = re.compile(rf"£?({NUMBER})\s*(k|m|bn)?", re.IGNORECASE | re.ASCII)
PERCENT = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,10})?")
UNITS = {"": 1.0, "k": 1e3, "m": 1e6, "bn": 1e9}
FIRST, LAST, MONTHS = date(2022, 4, 1), date(2023, 3, 31), 12  # the financial year of the programme
BUDGET = 'budget = {{ value = {0}, unit = "GBP", spread = 0, source = "{1}", grade = "C" }}'


class OwnLine(NamedTuple):
    """Line of an own mix: the intervention, its part of the money and whom it is for."""

    intervention: str
    gbp: float | None  # a sum, or else
    share: Decimal | None  # of 1, as typed
    targets: Mapping[str, Sequence[str]]  # groups, offices, regions or first
    months: int  # that it can come in, after the lead time


def gbp_of(text: str, what: str = "budget") -> float:
    """Pounds of an amount as typed: 15m, £750k, 15,000,000; raises WorldError."""
    found = AMOUNT.fullmatch(text.strip())
    if found is None:
        raise WorldError(f"{what} is '{text}', should be an amount above 0 such as 15m, 750k or 15,000,000")
    pence = Decimal(found[1].replace(",", "")) * int(UNITS[(found[2] or "").lower()]) * 100
    if not 0 < pence <= int(MOST_GBP) * 100:
        raise WorldError(f"{what} is '{text}', should be above 0 and at most £{MOST_GBP:,.0f}")
    if pence != int(pence):
        raise WorldError(f"{what} is '{text}', should be whole pennies: the least is 0.01")
    return float(pence / 100)


def share_of(text: str, what: str) -> Decimal:
    """Share of 1 of a percentage as typed without its sign, exact; raises WorldError."""
    percent = Decimal(text) if PERCENT.fullmatch(text) else Decimal(0)
    if not 0 < percent <= 100:
        raise WorldError(f"{what} is '{text}%', should be above 0 and at most 100, such as 40% (ten decimals at most)")
    return percent / 100


def amount_text(gbp: float) -> str:
    """Pounds as they are typed: £15m, £750k, £1,234."""
    for unit in ("bn", "m", "k"):
        if gbp >= UNITS[unit] and round(gbp / UNITS[unit], 3) == gbp / UNITS[unit]:
            return f"£{gbp / UNITS[unit]:g}{unit}"
    return f"£{gbp:,.0f}"


def own_line(world: World, word: str) -> OwnLine:
    """Line of words such as `simulation=10m` or `boot-camps=40%@surgery+london`; raises WorldError."""
    name, equals, rest = word.partition("=")
    if not equals:
        raise WorldError(
            f"'{word}' should be an intervention and its money, such as simulation=10m or coaching=5m@north"
        )
    assert world.interventions is not None
    if name in {*(group.id for group in world.groups), *(each.id for each in world.programmes)}:
        raise WorldError(f"{name} is a specialty, no intervention: say for whom a line is, as boot-camps={rest}@{name}")
    months = MONTHS - round(entry_of(world.interventions, name).lead.value)
    if months < 1:
        raise WorldError(f"{name} takes {MONTHS - months} months to come, after the end of the programme on {LAST}")
    money, at, whom = rest.partition("@")
    if at and not all(whom.split("+")):
        raise WorldError(f"'{word}' names nobody after {rest[-1]}, should be such as {name}={money}@north")
    targets: dict[str, list[str]] = {}
    for who in whom.split("+") if at else ():
        for key, names in target_of(world, name, who).items():
            targets.setdefault(key, []).extend(each for each in names if each not in targets.get(key, ()))
    if money.endswith("%"):
        return OwnLine(name, None, share_of(money.removesuffix("%"), f"{name}: share"), targets, months)
    return OwnLine(name, gbp_of(money, name), None, targets, months)


def target_of(world: World, intervention: str, who: str) -> dict[str, list[str]]:
    """Whom a word means: a group, office, region or programme, or all regions that begin so."""
    catalogue, word = world.interventions, who.lower()
    assert catalogue is not None
    offices = [office.id for office in world.offices]
    groups = [*(group.id for group in world.groups), *catalogue.targets]
    programmes = {each.id: each.group for each in world.programmes}
    if word in groups:
        return {"groups": [word]}
    if word in programmes:
        served = {"groups": [programmes[word]]}
        return served | ({"first": [word]} if isinstance(catalogue.entries[intervention], Places) else {})
    for key, names in (("offices", offices), ("regions", list(world.regions))):
        same = [name for name in names if name.replace("_", "-") == word.replace("_", "-")]
        if same:
            return {key: same}
    if begins := [name for name in world.regions if name.startswith(word)]:
        return {"regions": begins}
    known = {name: name for name in (*groups, *offices, *world.regions, *programmes)}
    raise WorldError(f"{intervention}: no group, office, region or programme '{who}'{hint(who, known)}")


def mix_text(name: str, lines: Sequence[OwnLine], budget: float | None) -> str:
    """File of a mix; its budget is that given or the sum of its lines. Raises WorldError where that cannot be."""
    if any(line.gbp is None for line in lines) and (budget is None or any(line.share is None for line in lines)):
        raise WorldError("shares need --budget, and all lines a share; or give every line a sum such as 5m")
    shares = sum((line.share or Decimal(0) for line in lines), Decimal(0))
    if lines[0].share is not None and shares != 1:
        raise WorldError(f"shares of lines sum to {(100 * shares).normalize():f} %, should sum to 100 %")
    total = budget if budget is not None else sum(line.gbp or 0.0 for line in lines)
    head = [
        f"# Own mix “{name}”: own budget and split; every effect of an intervention is an assumption (grade C).",
        "", "[mix]", f'name = "{name}"', BUDGET.format(f"{total:.2f}", ASSUMPTION),
        f"first = {FIRST}  # lines may start in these months", f"last = {LAST}",
    ]  # fmt: skip
    return "\n".join([*head, *(line_text(line) for line in lines)]) + "\n"


def line_text(line: OwnLine) -> str:
    """Table of a line."""
    money = f"gbp = {line.gbp:.2f}" if line.gbp is not None else f"share = {float(line.share or 0)!r}"
    rows = ["", "[[mix.lines]]", f'intervention = "{line.intervention}"', money, 'split = "by_trainees"']
    rows += [f"start = {FIRST}", f"months = {line.months}"]
    rows += [f"{key} = {json.dumps(names)}" for key, names in line.targets.items()]
    return "\n".join(rows)
