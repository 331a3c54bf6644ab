"""The best mix of a budget: searched for on one set of draws, selected on a second, reported on a third."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.decide.decision_section import Decision
from pipeline_sim.decide.objective import value_of
from pipeline_sim.decide.search.candidates import Candidate, Space, mix_of, mix_text, space_of
from pipeline_sim.decide.search.constraints import check_constraints
from pipeline_sim.decide.search.evaluate import Evaluator, Place, Stage, layers_key
from pipeline_sim.decide.search.propose import random_source, spread_out
from pipeline_sim.decide.search.search_mixes import Searched, Sizes, as_candidate, scored, search
from pipeline_sim.decide.search.selection import Selection, Zone, select
from pipeline_sim.study.comparison.scenarios import programmes_of, scenarios_of
from pipeline_sim.study.comparison.study_file import Study, world_spec
from pipeline_sim.study.estimates.random_effects import Draws
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.schema.mix import MixSection

Reals = npt.NDArray[np.float64]
SEARCH, SELECT, REPORT = 1, 2, 3  # sets of draws
BLOCK = 16  # replications of one value, where an objective is no mean
USUAL_RUNS = 80  # of a finalist in the selection, for the estimate of the time left


class Finalist(NamedTuple):
    """A mix among which is selected."""

    name: str
    label: str
    mix: MixSection
    candidate: Candidate | None  # none of a mix of the study


class Asked(NamedTuple):
    """A question: the study, its decision, and the worlds that it compares."""

    study: Study
    decision: Decision
    space: Space
    places: tuple[Place, ...]  # scenarios, the baseline's first
    shipped: tuple[Finalist, ...]  # mixes of the study that cost no more than the budget
    folder: Path  # where paths of the study start
    journal: Path
    workers: int
    seed: int


class Found(NamedTuple):
    """What a search and a selection found; their gains are not to be reported."""

    searched: Searched
    finalists: tuple[Finalist, ...]
    selection: Selection

    @property
    def winner(self) -> Finalist:
        """Finalist that is selected."""
        return self.finalists[self.selection.best]

    @property
    def ordered(self) -> list[Finalist]:
        """Finalists: the winner, others not beaten, those beaten; by their means."""
        chosen = self.selection
        key = [(at != chosen.best, at not in chosen.not_beaten, -mean) for at, mean in enumerate(chosen.means)]
        return [self.finalists[at] for at in sorted(range(len(key)), key=key.__getitem__)]


OnPhase = Callable[[str], Callable[[float], None]]


def ask(study: Study, decision: Decision, folder: Path, journal: Path, workers: int, seed: int) -> Asked:
    """Question of a study whose paths start at `folder`; StudyError says what is wrong with it."""
    if study.parameters != "sampled":
        raise StudyError("decision: the study has no draws: set parameters = 'sampled', for a choice depends on them")
    specs = {world.name: world_spec(study, world, folder) for world in study.worlds}
    mixes = programmes_of(study, specs)
    if not mixes:
        raise StudyError("decision: the study has no world with a mix, whose layers say what can be bought")
    if decision.risk == "worst_scenario" and not study.scenarios:
        raise StudyError(
            "decision.risk: worst_scenario needs [[scenarios]] in the study: add some, or set risk = 'mean'"
        )
    layers, base = specs[mixes[0]].layers, specs[study.baseline]
    space = space_of(decision, world_of(specs[mixes[0]]))
    check_constraints(decision, space)
    places = [Place(base, layers)]
    if decision.risk == "worst_scenario":
        added = scenarios_of(study, specs, folder).worlds
        for scenario in study.scenarios:
            ends = added[f"{study.baseline}.{scenario.name}"], added[f"{mixes[0]}.{scenario.name}"]
            places.append(Place(ends[0], ends[1].layers))
    shipped = []
    for world in study.worlds:
        if world.name in mixes:
            mix = world_of(specs[world.name]).mix
            if mix is not None and mix.budget.value <= decision.budget * (1 + 1e-9):
                shipped.append(Finalist(world.name, world.label, mix, None))
    own = {f"{at}": spec for at, place in enumerate(places) for spec in (place.baseline, WorldSpec(place.layers))}
    home = journal / layers_key(own)
    return Asked(study, decision, space, tuple(places), tuple(shipped), folder, home, workers, seed)


def stage_of(asked: Asked, which: int, scale: float) -> Stage:
    """Set of draws for the search, the selection or the report: no two have a draw in common."""
    seed = int(random_source(asked.seed, which).integers(1 << 62))
    return Stage(seed, min(scale, asked.study.scale), asked.study.repeat_every if which == REPORT else 0)


def find_best(asked: Asked, sizes: Sizes, on_phase: OnPhase) -> Found:
    """Search and select."""
    decision, space = asked.decision, asked.space
    evaluator = Evaluator(asked.study, decision, asked.places, asked.journal, asked.workers)
    stage = stage_of(asked, SEARCH, sizes.scale)

    def run(candidates: Sequence[Candidate], replications: int) -> Reals:
        return evaluator.gains([mix_of(decision, space, one) for one in candidates], stage, range(replications))

    starts = [as_candidate(decision, space, one.mix) for one in asked.shipped]
    lines = sum(3 + sum(len(set(kinds)) - 1 for kinds in zip(*ways, strict=True)) for ways in space.variants)
    mixes = sizes.start + 4 + (sizes.rounds + sizes.exchanges) * sizes.batch + len(decision.budgets) + len(starts)
    evaluator.on_work = _part(on_phase("search"), lines * sizes.alone + mixes * sizes.replications)
    searched = search(decision, space, run, sizes, asked.seed, starts)
    order: list[int] = []
    if asked.shipped:
        own = evaluator.gains([one.mix for one in asked.shipped], stage, range(sizes.replications))
        order = np.argsort(-scored(decision, own)[0], kind="stable")[: sizes.shipped].tolist()
    found = [
        Finalist(f"found_{at}", f"Found {at}", mix_of(decision, space, one, f"found {at}"), one)
        for at, one in enumerate(spread_out(searched.ranked, sizes.finalists), 1)
    ]
    finalists = (*found, *(asked.shipped[at] for at in order))
    evaluator.runs = 0
    evaluator.on_work = _part(on_phase("selection"), len(finalists) * USUAL_RUNS)
    return Found(searched, finalists, choose(asked, evaluator, finalists, sizes))


def choose(asked: Asked, evaluator: Evaluator, finalists: Sequence[Finalist], sizes: Sizes) -> Selection:
    """Selection among finalists on draws that the search has not seen."""
    decision, stage = asked.decision, stage_of(asked, SELECT, asked.study.scale)
    block = 1 if decision.risk == "mean" and decision.target is None else BLOCK

    def observe(which: Sequence[int], numbers: range) -> Reals:
        several = range(numbers.start * block, numbers.stop * block)
        gained = evaluator.gains([finalists[at].mix for at in which], stage, several)
        if block == 1:
            return np.asarray(gained[:, 0])
        draws = Draws.even(block, 1)
        blocks = gained.reshape(*gained.shape[:2], -1, block)
        return np.array([[value_of(decision, list(own[:, at]), draws) for at in range(own.shape[1])] for own in blocks])

    zone = Zone(decision.indifference, decision.confidence)
    first = min(16 if block == 1 else 8, sizes.most // 2)
    return select(observe, len(finalists), zone, first=first, most=max(sizes.most // block, first))


def mix_file(asked: Asked, finalist: Finalist) -> str | None:
    """Text of the file of a mix that was found; none of a mix of the study, which has one."""
    one = finalist.candidate
    return None if one is None else mix_text(asked.decision, asked.space, one, finalist.label.lower())


def _part(report: Callable[[float], None], runs: int) -> Callable[[float], None]:
    return lambda done: report(min(done / max(runs, 1), 0.999))
