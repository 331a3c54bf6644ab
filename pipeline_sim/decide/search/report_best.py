"""What the mix that was selected gains, on draws that neither the search nor the selection has seen.

Beside it the mixes not beaten, the best of the study's own, other budgets, its lines, and what fairness costs.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline_sim.decide.search.candidates import mix_of, mix_text
from pipeline_sim.decide.search.evaluate import Evaluator
from pipeline_sim.decide.search.find_best import ENGINE, REPORT, Asked, Finalist, Found, OnPhase, stage_of
from pipeline_sim.decide.search.search_mixes import Sizes, scored
from pipeline_sim.decide.search.surrogate import only_line
from pipeline_sim.records.files.result_files import write_text
from pipeline_sim.records.files.storage import storage_at
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.comparison.run_study import StudyPlan, check_study, run_study
from pipeline_sim.study.comparison.study_file import StudyWorld, draws_of
from pipeline_sim.study.estimates.intervals import Estimate, estimate
from pipeline_sim.study.estimates.random_effects import Draws, Reals
from pipeline_sim.study.estimates.ranking import Chance, chance_of
from pipeline_sim.study.execution.fill_store import Observer
from pipeline_sim.study.replication.run_setting import Setting
from pipeline_sim.world.schema.mix import MixSection

MOST_SHOWN = 6  # mixes that are compared, the best of the study's own among them
MILLION = 1e6
Report = Callable[[float], None]
FAIR = {  # constraints of fairness, and the split of each
    "Every office by its number of doctors": "by_trainees",
    "Every office by the training that COVID took": "by_need",
}


class Shown(NamedTuple):
    """A mix that is compared: what it gains, how far the mix selected is ahead, and what is sought with its error."""

    mix: Finalist
    gain: Estimate
    gap: Estimate
    chance: Chance
    value: float
    error: float


class Part(NamedTuple):
    """Another mix: what it gains, and beside it what it adds, or what the mix selected has more."""

    label: str
    pounds: float
    mix: MixSection
    gain: Estimate
    beside: Estimate


class BestReport(NamedTuple):
    """Numbers of a decision."""

    asked: Asked
    found: Found
    answer: Answer
    plan: StudyPlan
    shown: tuple[Shown, ...]  # the mix selected first
    best_shipped: Finalist | None
    frontier: tuple[Part, ...]  # by budget; beside: each million beyond the budget before it
    lines: tuple[Part, ...]  # each line of the mix alone; beside: what the mix loses without it
    fairness: tuple[Part, ...]  # the mix under a constraint; beside: what that costs
    alone: tuple[tuple[str, float, Estimate], ...]  # intervention, pounds, gain on the search's draws


def report_best(asked: Asked, found: Found, sizes: Sizes, on_phase: OnPhase) -> BestReport:
    """Report on a mix that was found."""
    shown, best_shipped = shown_of(asked, found)
    count, compared = (min(sizes.report or s.replications, s.replications) for s in (asked.study, asked.reported))
    plan = plan_of(asked, shown, compared)
    report = on_phase("report: mixes compared")
    answer = run_study(plan, Observer(on_progress=lambda done: report(done / compared)))
    winner, draws = found.winner.mix, draws_of(plan.study, count)
    best_of = {budget: mix_of(asked.space, one) for budget, one in found.searched.frontier}
    best_of[asked.decision.budget] = winner
    names = list(dict.fromkeys(line.intervention for line in winner.lines))
    rest: dict[tuple[str, object], MixSection] = {("budget", budget): best_of[budget] for budget in sorted(best_of)}
    rest |= {("alone", name): with_lines(winner, [name]) for name in names}
    if len(names) > 1:  # a mix of one line gains nothing without it
        rest |= {("without", name): with_lines(winner, [each for each in names if each != name]) for name in names}
    rest |= {("fair", label): with_lines(winner, names, split=split, offices=()) for label, split in FAIR.items()}
    stages = [stage_of(asked, REPORT, size.scale) for size in (asked.reported, asked.study)]
    mixes, phase = [one.mix for one in shown], on_phase("report: every scenario, by the objective")
    own = measured(asked.evaluator(), stages[0], mixes, compared, phase)
    in_one, phase = asked.evaluator(asked.places[:1], "report"), on_phase("report: budgets, lines, fairness")
    others = measured(in_one, stages[1], list(rest.values()), count, phase)[:, 0]
    gained, labels = dict(zip(rest, others, strict=True)), asked.space.labels
    best = gained["budget", asked.decision.budget]

    def part(kind: str, name: str, label: str, beside: Reals) -> Part:
        mix = rest[kind, name]
        return Part(label, mix.budget.value, mix, estimate(gained[kind, name], draws), estimate(beside, draws))

    lost = {name: best - gained["without", name] if len(names) > 1 else gained["alone", name] for name in names}
    return BestReport(
        asked=asked,
        found=found,
        answer=answer,
        plan=plan,
        shown=shown_rows(asked, shown, own, draws_of(plan.study, compared)),
        best_shipped=best_shipped,
        frontier=frontier_of(best_of, gained, draws),
        lines=tuple(part("alone", name, labels[name], lost[name]) for name in names),
        fairness=tuple(part("fair", label, label, best - gained["fair", label]) for label in FAIR),
        alone=curves_alone(asked, found),
    )


def shown_of(asked: Asked, found: Found) -> tuple[list[Finalist], Finalist | None]:
    """Mixes that are compared: those not beaten, the runner-up, the study's best and those beside; the winner first."""
    chosen, ordered = found.selection, found.ordered
    means = {one.name: mean for one, mean in zip(found.finalists, chosen.means, strict=True)}
    shipped = max((one for one in ordered if one.candidate is None), key=lambda one: means[one.name], default=None)
    kept = {found.finalists[at].name for at in chosen.not_beaten} | {one.name for one in ordered[:2]}
    shown = [one for one in ordered if one.name in kept][: MOST_SHOWN - 1]
    beside = [one for one in asked.shipped if one.name in asked.decision.beside]
    for one in [*([shipped] if shipped is not None else []), *beside]:
        shown += [one] * (one.name not in (each.name for each in shown))
    return shown, shipped


def plan_of(asked: Asked, shown: Sequence[Finalist], count: int) -> StudyPlan:
    """Plan of a comparison of mixes, as `compare` makes it; files of mixes found are written beside the journal."""
    study, layers = asked.reported, [str(Path(layer).resolve()) for layer in asked.places[0].layers]
    worlds, files = [world for world in study.worlds if world.mix is None], {w.name: w.mix for w in study.worlds}
    for one in shown:
        if one.candidate is not None:
            file = (asked.journal / "mixes" / f"{one.name}.toml").resolve()
            file.parent.mkdir(parents=True, exist_ok=True)
            write_text(file, mix_text(one.mix))
            files[one.name] = str(file)
        worlds.append(StudyWorld(name=one.name, label=one.label, layers=layers, mix=files[one.name]))
    seed = stage_of(asked, REPORT, study.scale).seed
    changes = {"worlds": worlds, "seed": seed, "replications": count, "attribution": None, "scenarios": []}
    store = storage_at(str(asked.journal / "compared.store"))
    return check_study(study.model_copy(update=changes), asked.folder, ENGINE, asked.workers, store)


def measured(evaluator: Evaluator, stage: Setting, mixes: Sequence[MixSection], count: int, report: Report) -> Reals:
    """Gains [N, S, R] of mixes in the first so many replications of a set of draws."""
    evaluator.show(report, len(mixes) * count)
    return evaluator.gains(mixes, stage, range(count))


def shown_rows(asked: Asked, shown: Sequence[Finalist], own: Reals, draws: Draws) -> tuple[Shown, ...]:
    """Rows of the mixes shown from their gains [N, S, R], the mix selected first."""
    values, noise = scored(asked.decision, own, centred=False)
    errors, best = np.sqrt(noise), own[0, 0]
    return tuple(
        Shown(one, estimate(gain, draws), estimate(best - gain, draws), chance_of(best - gain, draws), value, error)
        for one, gain, value, error in zip(shown, own[:, 0], values.tolist(), errors.tolist(), strict=True)
    )


def with_lines(mix: MixSection, names: Sequence[str], **changes: object) -> MixSection:
    """Mix of the lines of some interventions alone, for the same pounds each; the rest of the money is not spent."""
    total = sum(mix.weights)
    lines = tuple(
        line.model_copy(update={"share": None, "gbp": weight / total * mix.budget.value, **changes})
        for line, weight in zip(mix.lines, mix.weights, strict=True)
        if line.intervention in names
    )
    budget = mix.budget.model_copy(update={"value": sum(line.gbp or 0.0 for line in lines)})
    return mix.model_copy(update={"lines": lines, "budget": budget})


def frontier_of(
    best_of: Mapping[float, MixSection], gained: Mapping[tuple[str, object], Reals], draws: Draws
) -> tuple[Part, ...]:
    """Parts of the frontier, from nothing up."""
    parts, before, pounds = [], np.zeros(len(draws.of)), 0.0
    for budget in sorted(best_of):
        mix, gain = best_of[budget], gained["budget", budget]
        more = (mix.budget.value - pounds) / MILLION
        parts.append(Part("", budget, mix, estimate(gain, draws), estimate((gain - before) / (more or np.nan), draws)))
        before, pounds = gain, mix.budget.value
    return tuple(parts)


def curves_alone(asked: Asked, found: Found) -> tuple[tuple[str, float, Estimate], ...]:
    """Mean gain of every line alone at several amounts, given the usual way, on the search's draws."""
    space, gained = asked.space, found.searched.gains_alone
    draws = Draws.even(gained.shape[-1], 1)
    lines = zip(map(only_line, found.searched.alone), gained, strict=True)
    return tuple(
        (space.labels[space.names[place]], float(pounds), estimate(gain, draws))
        for (place, pounds, way), gain in lines
        if not way
    )
