"""Checks of a mix: lines outside the run, for groups an intervention does not serve, or that could buy nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta

from pipeline_sim.world.interventions.spending import covered, months_after
from pipeline_sim.world.reading.csv_tables import cached_rows
from pipeline_sim.world.reading.sources import EVIDENCE
from pipeline_sim.world.schema.interventions import AnyEntry, InterventionsSection, Places
from pipeline_sim.world.schema.mix import Line, MixSection
from pipeline_sim.world.schema.world import World, evidence_in
from pipeline_sim.world.world_error import KeyPath, hint

Problem = tuple[KeyPath, str]
ASSUMED = "C"
INTERVENTION_EVIDENCE = f"{EVIDENCE}intervention_evidence.csv"


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
    yield from whole_problems(world, mix, catalogue)


def catalogue_problems(world: World, catalogue: InterventionsSection) -> Iterator[Problem]:
    """Problems of targets with the name of a group, and of evidence that is not in its table."""
    groups = {group.id for group in world.groups}
    for name in catalogue.targets:
        if name in groups:
            yield ("interventions", "targets", name), "is a group already, should have another name"
    if evidence_in(world.folders, INTERVENTION_EVIDENCE) is None:
        return
    rows = cached_rows(world.evidence(INTERVENTION_EVIDENCE))
    known = {row["intervention"]: row["intervention"] for row in rows}
    for kind in ("weather", "places", "payments"):
        for name, entry in getattr(catalogue, kind).items():
            for each in (each for each in entry.evidence if each not in known):
                text = f"'{each}' is no intervention of {INTERVENTION_EVIDENCE}{hint(each, known)}"
                yield ("interventions", kind, name, "evidence"), text


def whole_problems(world: World, mix: MixSection, catalogue: InterventionsSection) -> Iterator[Problem]:
    """Problems of what a mix says for all its lines: places where no line has any, and groups that nobody is in."""
    entries = [catalogue.entries[line.intervention] for line in mix.lines]
    for key in ("order", "served_first"):
        if getattr(mix, key) and not any(isinstance(entry, Places) for entry in entries):
            yield ("mix", key), f"no line has places to hand out, should have no {key}"
    groups = sorted({each.group for each in world.programmes})
    if not any(
        set(groups).intersection(catalogue.group_names(line.groups) or catalogue.group_names(entry.groups))
        for line, entry in zip(mix.lines, entries, strict=True)
    ):
        yield ("mix", "lines"), f"no line of the mix is for any group of this world: {', '.join(groups)}"


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
    elif mix.last is not None and beyond > mix.last + timedelta(days=1):
        yield (*here, "months"), f"{line.intervention} would come until {beyond}, lead time and all, after {mix.last}"


def target_problems(
    world: World, catalogue: InterventionsSection, line: Line, entry: AnyEntry, here: KeyPath
) -> Iterator[Problem]:
    """Problems of lines for groups an intervention does not serve, for no office, or with an order but no places."""
    served = catalogue.group_names(entry.groups)
    for group in line.groups:
        if group in catalogue.targets and not catalogue.targets[group].groups:
            yield (*here, "groups"), f"'{group}' has programmes or stages, no groups, and should stand in first alone"
        if group not in catalogue.targets and group not in served:
            yield (*here, "groups"), f"{line.intervention} is not for '{group}'{hint(group, served)}"
    if line.groups and not set(catalogue.group_names(line.groups)) & set(served):
        yield (*here, "groups"), f"{line.intervention} is for none of these groups; it is for {', '.join(served)}"
    offices, regions = zip(*((office.id, office.region) for office in world.offices), strict=True)
    if not covered(offices, regions, line.offices, line.regions).any():
        yield here, f"{line.intervention} can buy nothing: no office is in both the offices and the regions named"
    meant = set(catalogue.group_names(line.groups) or served) & set(served)
    of = defaultdict[str, set[str]](set)  # groups of a programme, group or stage
    for each in world.programmes:
        for name in (each.id, each.group, each.stage):
            of[name].add(each.group)
    for name in line.first:
        groups = set[str]().union(*(of.get(member, ()) for member in catalogue.members(name)))
        if not meant & groups:
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
