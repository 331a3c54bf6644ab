"""Checks of a mix: lines outside the run, for groups an intervention does not serve, or that could buy nothing."""

from collections.abc import Iterable, Iterator

from pipeline_sim.world.interventions.spending import covers, months_after
from pipeline_sim.world.reading.csv_tables import cached_rows
from pipeline_sim.world.reading.sources import EVIDENCE
from pipeline_sim.world.schema.interventions import AnyEntry, InterventionsSection, Places
from pipeline_sim.world.schema.mix import Line, MixSection
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import KeyPath, hint

Problem = tuple[KeyPath, str]
ASSUMED = "C"


def mix_problems(world: World) -> Iterable[Problem]:
    """Problems of the catalogue and the mix: key path and sentence of each."""
    catalogue, mix = world.interventions, world.mix
    if catalogue is not None:
        yield from catalogue_problems(world, catalogue)
    if mix is None:
        return
    if catalogue is None:
        yield ("mix",), "names interventions, but no layer has [interventions]"
        return
    yield from budget_problems(world, mix)
    for index, line in enumerate(mix.lines):
        entry, here = catalogue.entries[line.intervention], ("mix", "lines", index)
        yield from time_problems(world, mix, line, entry, here)
        yield from target_problems(world, catalogue, line, entry, here)
        yield from money_problems(world, mix, index, entry)


def catalogue_problems(world: World, catalogue: InterventionsSection) -> Iterator[Problem]:
    """Problems of targets with the name of a group."""
    groups = {group.id for group in world.groups}
    for name in catalogue.targets:
        if name in groups:
            yield ("interventions", "targets", name), "is a group already, should have another name"


def budget_problems(world: World, mix: MixSection) -> Iterator[Problem]:
    """Problems of a budget that cites a table in which it does not stand, as in a copy of a mix with another sum."""
    budget = mix.budget
    if budget.grade == ASSUMED or not budget.source.startswith(EVIDENCE):
        return
    cells = {cell for row in cached_rows(world.evidence(budget.source)) for cell in row.values()}
    if not {f"{budget.value:.0f}", f"{budget.value:g}"} & cells:
        text = f"is £{budget.value:,.0f} with grade {budget.grade}, but {budget.source} has no such figure"
        yield ("mix", "budget"), f"{text}; an own budget should have grade C, source “assumption” and spread 0"


def time_problems(world: World, mix: MixSection, line: Line, entry: AnyEntry, here: KeyPath) -> Iterator[Problem]:
    """Problems of lines outside the financial year of the mix or the run."""
    if not world.dates.contains(line.start):
        span = f"{world.dates.day_zero} to {world.dates.end}"
        yield (*here, "start"), f"is {line.start}: out of range, the run is {span}"
    if mix.first is not None and line.start < mix.first:
        yield (*here, "start"), f"is {line.start}, should not be before mix.first, {mix.first}"
    if mix.last is not None and line.start > mix.last:
        yield (*here, "start"), f"is {line.start}, should not be after mix.last, {mix.last}"
    beyond = months_after(line.start, round(entry.lead.value) + line.months)
    if beyond > world.dates.end:
        text = f"{line.intervention} would come until {beyond}, lead time and all: the run ends on {world.dates.end}"
        yield here, text


def target_problems(
    world: World, catalogue: InterventionsSection, line: Line, entry: AnyEntry, here: KeyPath
) -> Iterator[Problem]:
    """Problems of lines for groups an intervention does not serve, for no office, or with an order but no places."""
    served = catalogue.group_names(entry.groups)
    for group in line.groups:
        if group not in catalogue.targets and group not in served:
            yield (*here, "groups"), f"{line.intervention} is not for '{group}'{hint(group, served)}"
    if line.groups and not set(catalogue.group_names(line.groups)) & set(served):
        yield (*here, "groups"), f"{line.intervention} is for none of these groups; it is for {', '.join(served)}"
    if not any(covers(line, office.id, office.region) for office in world.offices):
        yield here, f"{line.intervention} can buy nothing: no office is in both the offices and the regions named"
    meant = set(catalogue.group_names(line.groups) or served) & set(served)
    own = {each.id: each.group for each in world.programmes}
    for index, name in enumerate(line.first):
        groups = (own[name],) if name in own else catalogue.group_names((name,))
        if name in line.first[:index]:
            yield (*here, "first"), f"'{name}' stands there twice"
        elif not meant & set(groups):
            yield (*here, "first"), f"'{name}' is not among those whom this line is for: {', '.join(sorted(meant))}"
    for key in ("order", "first"):
        if getattr(line, key) and not isinstance(entry, Places):
            yield (*here, key), f"{line.intervention} has no places to hand out, should have no {key}"


def money_problems(world: World, mix: MixSection, index: int, entry: AnyEntry) -> Iterator[Problem]:
    """Problems of a line whose money could buy nothing."""
    line, here = mix.lines[index], ("mix", "lines", index)
    if entry.ceiling is not None and entry.ceiling.value == 0:
        yield here, f"{line.intervention} can buy nothing: its ceiling is 0"
    if entry.unit_cost is None and world.costs is None:
        yield here, f"{line.intervention} is priced as a month of extension, but no layer has [costs.extension]"
    gbp = mix.budget.value * mix.weights[index] / (sum(mix.weights) or 1.0)
    price = price_of_a_place(entry)
    if 0 < gbp < price:
        yield here, f"{line.intervention} can buy nothing: £{gbp:,.2f} is less than a place costs, £{price:,.2f}"


def price_of_a_place(entry: AnyEntry) -> float:
    """Price of one place in pounds; 0 for an intervention without places, of which parts can be bought."""
    if not isinstance(entry, Places):
        return 0.0
    return entry.unit_cost.value * (entry.units_per_place.value if entry.units_per_place is not None else 1.0)
