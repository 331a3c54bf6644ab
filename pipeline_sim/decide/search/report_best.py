"""What the mix that was selected gains, on draws that neither the search nor the selection has seen.

Beside it the mixes not beaten, the best of the study's own, other budgets, its lines, and what fairness costs.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.decide.search.candidates import mix_of
from pipeline_sim.decide.search.evaluate import Evaluator
from pipeline_sim.decide.search.find_best import REPORT, Asked, Finalist, Found, OnPhase, mix_file, stage_of
from pipeline_sim.decide.search.search_mixes import Sizes, scored
from pipeline_sim.records.files.result_files import write_text
from pipeline_sim.records.files.storage import storage_at
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.comparison.run_study import StudyPlan, check_study, run_study
from pipeline_sim.study.comparison.study_file import Study, StudyWorld, draws_of, paths_of
from pipeline_sim.study.estimates.intervals import Estimate, estimate
from pipeline_sim.study.estimates.random_effects import Draws
from pipeline_sim.study.estimates.ranking import Chance, chance_of
from pipeline_sim.study.execution.fill_store import Observer
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.world.schema.interventions import InterventionsSection, labels_of
from pipeline_sim.world.schema.mix import Line, MixSection

Reals = npt.NDArray[np.float64]
MOST_SHOWN = 6  # mixes that are compared, the best of the study's own among them
MILLION = 1e6


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
    shown, best_shipped = shown_of(found)
    stage = stage_of(asked, REPORT, asked.study.scale)
    count = min(sizes.report or asked.study.replications, asked.study.replications)
    plan = plan_of(asked, shown, stage.seed, count)
    report = on_phase("report: mixes compared")
    answer = run_study(plan, Observer(on_progress=lambda done: report(done / count)))
    winner, draws = found.winner.mix, draws_of(plan.study, count)
    best_of = {budget: mix_of(asked.decision, asked.space, one) for budget, one in found.searched.frontier}
    best_of[asked.decision.budget] = winner
    frontier = sorted(best_of)
    budgets = [best_of[budget] for budget in frontier]
    names, fair = list(dict.fromkeys(line.intervention for line in winner.lines)), fair_mixes(winner)
    alone = [with_lines(winner, [name]) for name in names]
    several = names if len(names) > 1 else []  # a mix of one line gains nothing without it
    without = [with_lines(winner, [other for other in names if other != name]) for name in several]
    rest = [*budgets, *alone, *without, *fair.values()]
    own, others = measured(asked, [one.mix for one in shown], rest, range(count), on_phase)
    gained = iter(others)
    best, labels = own[0, 0], labels_of(catalogue_of(asked))
    by_budget = budget_parts(frontier, budgets, gained, draws)
    lines = [Part(labels[n], m.budget.value, m, estimate(next(gained), draws), estimate(0 * best, draws))
             for n, m in zip(names, alone, strict=True)]  # fmt: skip
    lost = [estimate(best - next(gained), draws) for _ in without] or [lines[0].gain]
    return BestReport(
        asked=asked,
        found=found,
        answer=answer,
        plan=plan,
        shown=shown_rows(asked, shown, own, draws),
        best_shipped=best_shipped,
        frontier=tuple(by_budget),
        lines=tuple(line._replace(beside=less) for line, less in zip(lines, lost, strict=True)),
        fairness=tuple(
            Part(label, mix.budget.value, mix, estimate(gain, draws), estimate(best - gain, draws))
            for (label, mix), gain in zip(fair.items(), gained, strict=True)
        ),
        alone=curves_alone(asked, found),
    )


def shown_rows(asked: Asked, shown: Sequence[Finalist], own: Reals, draws: Draws) -> tuple[Shown, ...]:
    """Rows of the mixes shown from their gains [N, S, R], the mix selected first."""
    values, noise = scored(asked.decision, own, centred=False)
    gaps = own[0, 0] - own[:, 0]
    return tuple(
        Shown(one, estimate(gain, draws), estimate(gap, draws), chance_of(gap, draws), value, error)
        for one, gain, gap, value, error in zip(
            shown, own[:, 0], gaps, values.tolist(), np.sqrt(noise).tolist(), strict=True
        )
    )


def measured(
    asked: Asked, shown: Sequence[MixSection], rest: Sequence[MixSection], numbers: range, on_phase: OnPhase
) -> tuple[Reals, Reals]:
    """Gains of the mixes shown in every scenario [N, S, R], and of others in the study's own [M, R]."""
    stage, runs = stage_of(asked, REPORT, asked.study.scale), (len(shown) + len(rest)) * len(numbers)
    phase, before = on_phase("report: budgets, lines, fairness"), len(shown) * len(numbers)
    everywhere = Evaluator(asked.study, asked.decision, asked.places, asked.journal, asked.workers)
    everywhere.on_work = lambda done: phase(done / runs)
    own = everywhere.gains(shown, stage, numbers)
    evaluator = Evaluator(asked.study, asked.decision, asked.places[:1], asked.journal / "report", asked.workers)
    evaluator.on_work = lambda done: phase((before + done) / runs)
    return own, evaluator.gains(rest, stage, numbers)[:, 0]


def shown_of(found: Found) -> tuple[list[Finalist], Finalist | None]:
    """Mixes that are compared: those not beaten, the runner-up, the best of the study's own; the winner first."""
    chosen, ordered = found.selection, found.ordered
    means = {one.name: mean for one, mean in zip(found.finalists, chosen.means, strict=True)}
    shipped = max((one for one in ordered if one.candidate is None), key=lambda one: means[one.name], default=None)
    kept = {found.finalists[at].name for at in chosen.not_beaten} | {one.name for one in ordered[:2]}
    shown = [one for one in ordered if one.name in kept][: MOST_SHOWN - 1]
    return [*shown, *([shipped] if shipped is not None and shipped not in shown else [])], shipped


def plan_of(asked: Asked, shown: Sequence[Finalist], seed: int, count: int) -> StudyPlan:
    """Plan of a comparison of mixes, as `compare` makes it; files of mixes found are written beside the journal."""
    study, folder = asked.study, (asked.journal / "mixes").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    worlds = [
        world.model_copy(update={"layers": [str(Path(each).resolve()) for each in paths_of(world, asked.folder)]})
        for world in study.worlds
        if world.mix is None
    ]
    layers = [str(Path(layer).resolve()) for layer in asked.places[0].layers]
    for one in shown:
        text, file = mix_file(asked, one), folder / f"{one.name}.toml"
        if text is None:
            known = next(world for world in study.worlds if world.name == one.name)
            file = (asked.folder / (known.mix or "")).resolve()
        else:
            write_text(file, text)
        worlds.append(StudyWorld(name=one.name, label=one.label, layers=layers, mix=str(file)))
    changes = {"worlds": worlds, "seed": seed, "replications": count, "attribution": None, "scenarios": []}
    compared: Study = study.model_copy(update=changes)
    return check_study(compared, folder, "batch", asked.workers, storage_at(str(asked.journal / "compared.store")))


def catalogue_of(asked: Asked) -> InterventionsSection:
    """Catalogue of what can be bought."""
    catalogue = world_of(WorldSpec(asked.places[0].layers)).interventions
    assert catalogue is not None
    return catalogue


def with_lines(mix: MixSection, names: Sequence[str]) -> MixSection:
    """Mix of the lines of some interventions alone, for the same pounds each; the rest of the money is not spent."""
    total = sum(mix.weights)
    lines = [
        line.model_copy(update={"share": None, "gbp": weight / total * mix.budget.value})
        for line, weight in zip(mix.lines, mix.weights, strict=True)
        if line.intervention in names
    ]
    return of_lines(mix, lines)


def of_lines(mix: MixSection, lines: Sequence[Line]) -> MixSection:
    """Mix of some lines with pounds."""
    budget = mix.budget.model_copy(update={"value": sum(line.gbp or 0.0 for line in lines)})
    return mix.model_copy(update={"lines": tuple(lines), "budget": budget})


def fair_mixes(mix: MixSection) -> dict[str, MixSection]:
    """Mix under constraints of fairness: every office by its doctors, or by the training that was lost."""
    whole = with_lines(mix, [line.intervention for line in mix.lines])
    return {
        label: of_lines(whole, [line.model_copy(update={"split": split, "offices": ()}) for line in whole.lines])
        for label, split in (
            ("Every office by its number of doctors", "by_trainees"),
            ("Every office by the training that COVID took", "by_need"),
        )
    }


def budget_parts(
    budgets: Sequence[float], mixes: Sequence[MixSection], gained: Iterator[Reals], draws: Draws
) -> list[Part]:
    """Parts of the frontier, from nothing up."""
    parts, before, pounds = [], np.zeros(len(draws.of)), 0.0
    for budget, mix in zip(budgets, mixes, strict=True):
        gain, more = next(gained), (mix.budget.value - pounds) / MILLION
        parts.append(Part("", budget, mix, estimate(gain, draws), estimate((gain - before) / (more or np.nan), draws)))
        before, pounds = gain, mix.budget.value
    return parts


def curves_alone(asked: Asked, found: Found) -> tuple[tuple[str, float, Estimate], ...]:
    """Mean gain of every line alone at several amounts, given the usual way, on the search's draws."""
    labels, gained = labels_of(catalogue_of(asked)), found.searched.alone
    draws = Draws.even(gained.shape[-1], 1)
    return tuple(
        (labels[asked.space.names[point.place]], point.pounds, estimate(gain, draws))
        for point, gain in zip(found.searched.points, gained, strict=True)
        if point.variant == 0
    )
