"""What the mix that was selected gains, on draws that neither the search nor the selection has seen.

Beside it the mixes not beaten, the best of the study's own, other budgets, its lines, and what fairness costs.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.decide.search.candidates import Candidate, mix_of
from pipeline_sim.decide.search.evaluate import Evaluator
from pipeline_sim.decide.search.find_best import REPORT, Asked, Finalist, Found, OnPhase, mix_file, stage_of
from pipeline_sim.decide.search.search_mixes import Sizes
from pipeline_sim.records.files.result_files import write_text
from pipeline_sim.records.files.storage import storage_at
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.comparison.run_study import StudyPlan, check_study, run_study
from pipeline_sim.study.comparison.study_file import Study, StudyWorld, draws_of
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


class BudgetRow(NamedTuple):
    """Best mix of a budget: what it gains, and what each million beyond the budget before it adds."""

    budget: float
    mix: MixSection
    gain: Estimate
    next_million: Estimate


class LineRow(NamedTuple):
    """An intervention of the mix selected: what it gains alone, and what the mix loses without it."""

    label: str
    pounds: float
    alone: Estimate
    lost: Estimate


class FairRow(NamedTuple):
    """The mix selected under a constraint of fairness, and what of its gain that costs."""

    label: str
    gain: Estimate
    cost: Estimate


class Ahead(NamedTuple):
    """How far the mix selected is ahead of another, and the probability that it is."""

    other: Finalist
    gap: Estimate
    chance: Chance


class BestReport(NamedTuple):
    """Numbers of a decision."""

    asked: Asked
    found: Found
    answer: Answer
    plan: StudyPlan
    shown: tuple[Finalist, ...]  # compared in the answer, the one selected first
    ahead: tuple[Ahead, ...]  # of each of the others
    best_shipped: Finalist | None
    frontier: tuple[BudgetRow, ...]
    lines: tuple[LineRow, ...]
    fairness: tuple[FairRow, ...]
    alone: tuple[tuple[str, tuple[tuple[float, Estimate], ...]], ...]  # by intervention: pounds, gain on search's draws


def report_best(asked: Asked, found: Found, sizes: Sizes, on_phase: OnPhase) -> BestReport:
    """Report on a mix that was found."""
    shown, best_shipped = shown_of(found)
    stage = stage_of(asked, REPORT, asked.study.scale)
    count = min(sizes.report or asked.study.replications, asked.study.replications)
    plan = plan_of(asked, shown, stage.seed, count)
    report = on_phase("report: mixes compared")
    answer = run_study(plan, Observer(on_progress=lambda done: report(done / count)))
    winner, chosen, draws = found.winner.mix, found.winner.candidate, draws_of(plan.study, count)
    frontier = sorted([*found.searched.frontier, *([(asked.decision.budget, chosen)] if chosen is not None else [])])
    budgets = [mix_of(asked.decision, asked.space, one) for _, one in frontier]
    names, fair = list(dict.fromkeys(line.intervention for line in winner.lines)), fair_mixes(asked, winner)
    alone = [with_lines(winner, [name]) for name in names]
    several = names if len(names) > 1 else []  # a mix of one line gains nothing without it
    without = [with_lines(winner, [other for other in names if other != name]) for name in several]
    groups = [[one.mix for one in shown], budgets, alone, without, list(fair.values())]
    evaluator = Evaluator(asked.study, asked.decision, asked.places[:1], asked.journal / "report", asked.workers)
    phase, runs = on_phase("report: budgets, lines, fairness"), sum(map(len, groups)) * count
    evaluator.on_work = lambda done: phase(done / runs)
    gained = iter(evaluator.gains([mix for group in groups for mix in group], stage, range(count))[:, 0])
    own, by_budget, by_line, left, by_fair = ([next(gained) for _ in group] for group in groups)
    return BestReport(
        asked=asked,
        found=found,
        answer=answer,
        plan=plan,
        shown=tuple(shown),
        ahead=tuple(
            Ahead(other, estimate(own[0] - gain, draws), chance_of(own[0] - gain, draws))
            for other, gain in zip(shown[1:], own[1:], strict=True)
        ),
        best_shipped=best_shipped,
        frontier=budget_rows(frontier, budgets, by_budget, draws),
        lines=line_rows(asked, alone, by_line, [own[0] - gain for gain in left or [np.zeros(count)]], draws),
        fairness=tuple(
            FairRow(label, estimate(gain, draws), estimate(own[0] - gain, draws))
            for label, gain in zip(fair, by_fair, strict=True)
        ),
        alone=curves_alone(asked, found),
    )


def line_rows(
    asked: Asked, alone: Sequence[MixSection], gained: Sequence[Reals], lost: Sequence[Reals], draws: Draws
) -> tuple[LineRow, ...]:
    """Rows of the lines of a mix, each as a mix alone."""
    labels = labels_of(catalogue_of(asked))
    return tuple(
        LineRow(labels[mix.lines[0].intervention], mix.budget.value, estimate(own, draws), estimate(less, draws))
        for mix, own, less in zip(alone, gained, lost, strict=True)
    )


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
    paths = [str(Path(layer).resolve()) for layer in asked.places[0].layers]
    plain = [world for world in study.worlds if world.mix is None]
    worlds = [
        world.model_copy(update={"layers": [str(Path(each).resolve()) for each in layers_of(asked, world)]})
        for world in plain
    ]
    for one in shown:
        text, file = mix_file(asked, one), folder / f"{one.name}.toml"
        if text is None:
            known = next(world for world in study.worlds if world.name == one.name)
            file = (asked.folder / (known.mix or "")).resolve()
        else:
            write_text(file, text)
        worlds.append(StudyWorld(name=one.name, label=one.label, layers=paths, mix=str(file)))
    changes = {"worlds": worlds, "seed": seed, "replications": count, "attribution": None, "scenarios": []}
    compared: Study = study.model_copy(update=changes)
    return check_study(compared, folder, "batch", asked.workers, storage_at(str(asked.journal / "compared.store")))


def layers_of(asked: Asked, world: StudyWorld) -> list[Path]:
    """Files of a world's layers."""
    return [asked.folder / layer for layer in world.layers]


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


def fair_mixes(asked: Asked, mix: MixSection) -> dict[str, MixSection]:
    """Mix under constraints of fairness: offices by doctors or by need, lines shared by group as it has doctors."""
    whole = with_lines(mix, [line.intervention for line in mix.lines])
    found = {
        label: of_lines(whole, [line.model_copy(update={"split": split}) for line in whole.lines])
        for label, split in (
            ("Every office by its number of doctors", "by_trainees"),
            ("Every office by the training that COVID took", "by_need"),
        )
    }
    doctors = asked.group_doctors
    catalogue = catalogue_of(asked)
    for part, label in ((0.5, "Half of every line"), (1.0, "All of every line")):
        lines = []
        for line in whole.lines:
            served = catalogue.group_names(catalogue.entries[line.intervention].groups)
            own = set(catalogue.group_names(line.groups) or served) & set(served)
            total = sum(doctors[group] for group in own)
            if part < 1:
                lines.append(line.model_copy(update={"gbp": (line.gbp or 0.0) * (1 - part)}))
            for group in sorted(own):
                pounds = (line.gbp or 0.0) * part * doctors[group] / total if total else 0.0
                lines.append(line.model_copy(update={"gbp": pounds, "groups": (group,)}))
        found[f"{label} by specialty group, as each has doctors"] = of_lines(
            whole, [each for each in lines if each.gbp]
        )
    return found


def budget_rows(
    frontier: Sequence[tuple[float, Candidate]], mixes: Sequence[MixSection], gained: Sequence[Reals], draws: Draws
) -> tuple[BudgetRow, ...]:
    """Rows of the frontier, from nothing up."""
    rows, before, budget_before = [], np.zeros(len(draws.of)), 0.0
    for (budget, _), mix, gain in zip(frontier, mixes, gained, strict=True):
        steps = max((mix.budget.value - budget_before) / MILLION, 1e-9)
        next_million = (
            estimate((gain - before) / steps, draws)
            if mix.budget.value > budget_before
            else estimate(gain * np.nan, draws)
        )
        rows.append(BudgetRow(budget, mix, estimate(gain, draws), next_million))
        before, budget_before = gain, mix.budget.value
    return tuple(rows)


def curves_alone(asked: Asked, found: Found) -> tuple[tuple[str, tuple[tuple[float, Estimate], ...]], ...]:
    """Gain of every line alone at several amounts, on the search's draws, which chose none of them."""
    labels, gained = labels_of(catalogue_of(asked)), found.searched.alone
    draws = Draws.even(gained.shape[-1], 1)
    rows = []
    for place, name in enumerate(asked.space.names):
        usual = [at for at, point in enumerate(found.searched.points) if point.place == place and point.variant == 0]
        at_pounds = tuple((found.searched.points[at].pounds, estimate(gained[at], draws)) for at in usual)
        rows.append((labels[name], at_pounds))
    return tuple(rows)
