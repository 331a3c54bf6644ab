"""The best mix of a budget: searched for on one set of draws, selected on a second, reported on a third."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline_sim.decide.decision_section import Decision
from pipeline_sim.decide.objective import value_of
from pipeline_sim.decide.search.candidates import Candidate, Space, mix_of, space_of
from pipeline_sim.decide.search.constraints import check_constraints
from pipeline_sim.decide.search.evaluate import Evaluator, Place, layers_key
from pipeline_sim.decide.search.propose import random_source, spread_out
from pipeline_sim.decide.search.search_mixes import Searched, Sizes, as_candidate, scored, search
from pipeline_sim.decide.search.selection import Selection, select
from pipeline_sim.decide.search.surrogate import lines_alone
from pipeline_sim.study.comparison.answer import parameter_sampling
from pipeline_sim.study.comparison.scenarios import programmes_of, scenarios_of
from pipeline_sim.study.comparison.study_file import Study, world_spec
from pipeline_sim.study.estimates.random_effects import Draws, Reals
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.study.replication.run_setting import Setting
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.schema.mix import MixSection
from pipeline_sim.world.world_error import hint

ENGINE = "batch"
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
    """A question: the study, what may be bought, and the worlds that it compares."""

    study: Study
    reported: Study  # the same at the size at which mixes are compared in the end
    space: Space
    places: tuple[Place, ...]  # scenarios, the baseline's first
    shipped: tuple[Finalist, ...]  # mixes of the study that cost no more than the budget
    folder: Path  # where paths of the study start
    journal: Path
    workers: int
    seed: int

    @property
    def decision(self) -> Decision:
        """What may be bought, and to what end."""
        return self.space.decision

    def evaluator(self, places: Sequence[Place] | None = None, part: str = "") -> Evaluator:
        """Evaluator of mixes in all scenarios, or in some with a journal of their own."""
        return Evaluator(self.study, self.decision, places or self.places, self.journal / part, self.workers)


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


def ask(
    study: Study,
    decision: Decision,
    folder: Path,
    journal: Path,
    workers: int,
    seed: int,
    reported: Study | None = None,
) -> Asked:
    """Question of a study whose paths start at `folder`, reported at a size of its own if one is given.

    Raises StudyError, which says what is wrong with it.
    """
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
    space = space_of(decision, world_of(specs[mixes[0]]))
    check_constraints(space)
    places = [Place(specs[study.baseline], specs[mixes[0]].layers)]
    if decision.risk == "worst_scenario":
        added = scenarios_of(study, specs, folder).worlds
        ends = [(f"{study.baseline}.{scenario.name}", f"{mixes[0]}.{scenario.name}") for scenario in study.scenarios]
        places += [Place(added[base], added[mix].layers) for base, mix in ends]
    known = [(world, world_of(specs[world.name]).mix) for world in study.worlds if world.name in mixes]
    most = decision.budget * (1 + 1e-9)
    shipped = [Finalist(w.name, w.label, mix, None) for w, mix in known if mix is not None and mix.budget.value <= most]
    for name in decision.beside:
        if name not in (one.name for one in shipped):
            raise StudyError(f"decision.beside: {name} is no mix of the study within the budget{hint(name, mixes)}")
    own = {f"{at}": spec for at, place in enumerate(places) for spec in (place.baseline, WorldSpec(place.layers))}
    home = journal / layers_key(own)
    return Asked(study, reported or study, space, tuple(places), tuple(shipped), folder, home, workers, seed)


def stage_of(asked: Asked, which: int, scale: float) -> Setting:
    """Set of draws for the search, the selection or the report: no two have a draw in common."""
    seed, twice = int(random_source(asked.seed, which).integers(1 << 62)), which == REPORT
    changes = {"seed": seed, "repeat_every": asked.study.repeat_every if twice else 0}
    sampling = parameter_sampling(asked.study.model_copy(update=changes))
    return Setting(ENGINE, seed, scale, sampling)


def find_best(asked: Asked, sizes: Sizes, on_phase: OnPhase) -> Found:
    """Search and select."""
    space, evaluator = asked.space, asked.evaluator()
    stage = stage_of(asked, SEARCH, min(sizes.scale, asked.study.scale))

    def run(candidates: Sequence[Candidate], replications: int) -> Reals:
        return evaluator.gains([mix_of(space, one) for one in candidates], stage, range(replications))

    starts = [as_candidate(space, one.mix) for one in asked.shipped]
    batches = sizes.start + 4 + (sizes.rounds + sizes.exchanges) * sizes.batch
    runs = (batches + len(asked.decision.budgets) + len(starts)) * sizes.replications
    evaluator.show(on_phase("search"), len(lines_alone(space)) * sizes.alone + runs)
    searched = search(space, run, sizes, asked.seed, starts)
    order: list[int] = []
    if asked.shipped:
        own = evaluator.gains([one.mix for one in asked.shipped], stage, range(sizes.replications))
        order = np.argsort(-scored(asked.decision, own)[0], kind="stable")[: sizes.shipped].tolist()
    found = [
        Finalist(f"found_{at}", f"Found {at}", mix_of(space, one, f"found {at}"), one)
        for at, one in enumerate(spread_out(searched.ranked, sizes.finalists), 1)
    ]
    finalists = (*found, *(asked.shipped[at] for at in order))
    evaluator.show(on_phase("selection"), len(finalists) * USUAL_RUNS)
    return ranked(Found(searched, finalists, choose(asked, evaluator, finalists, sizes)))


def ranked(found: Found) -> Found:
    """The same, with the mixes that were found named by their ranks in the selection."""
    names, finalists = [one.name for one in found.ordered if one.candidate is not None], list(found.finalists)
    for at, one in enumerate(finalists):
        if one.name in names:
            rank = names.index(one.name) + 1
            mix = one.mix.model_copy(update={"name": f"found {rank}"})
            finalists[at] = one._replace(
                name=f"found_{rank}", label="Best found" if rank == 1 else f"Found {rank}", mix=mix
            )
    return found._replace(finalists=tuple(finalists))


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

    zone = decision.indifference, decision.confidence
    first = min(16 if block == 1 else 8, sizes.most // 2)
    return select(observe, len(finalists), zone, first=first, most=max(sizes.most // block, first))
