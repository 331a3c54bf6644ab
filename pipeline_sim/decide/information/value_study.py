"""Value of information for the choice that a study poses: of everything, of groups, of single figures, of trials."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import Field, ValidationError

from pipeline_sim.decide.futures import Futures
from pipeline_sim.decide.information.value_of_information import (
    PerfectInformation,
    perfect_information,
    trial_error,
    value_of_trial,
)
from pipeline_sim.decide.information.worth_of_figures import Valued, Worth, worth_of_figures
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.reading.layers import lists_to_tuples, read_toml
from pipeline_sim.world.reading.pydantic_errors import describe_error, first_error
from pipeline_sim.world.reading.sources import figures, named_path
from pipeline_sim.world.schema.sourced_value import Figure, Frozen
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import hint, shown_path

TRIALS = 3


class Group(Frozen):
    """Figures that a study could look into together."""

    label: Annotated[str, Field(min_length=1)]
    figures: Annotated[tuple[str, ...], Field(min_length=1)]  # key paths, * is any text
    trials: bool = False  # whether trials of its figures are valued


class StatedTrial(Frozen):
    """Size of a trial."""

    doctors: Figure
    spread: Figure  # between doctors, in standard deviations of the effect over draws


class Questions(Frozen):
    """Groups of figures and the trial that `value` asks of."""

    trial: StatedTrial
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]

    def group_of(self, name: str) -> Group | None:
        """First group with a pattern that a figure matches."""
        return next((g for g in self.groups if any(fnmatchcase(name, each) for each in g.figures)), None)


class TrialWorth(NamedTuple):
    """Value of a trial of a figure in pounds, and where single doctors differ most and least."""

    name: str
    doctors: float
    value: float
    low: float
    high: float
    floor: float  # of knowing the figure, in random columns
    supported: bool  # whether knowing the figure is worth something


class InformationValue(NamedTuple):
    """Value of information for a choice, in pounds."""

    choices: tuple[str, ...]
    best: str  # choice of the highest mean
    everything: PerfectInformation
    figures: tuple[Worth, ...]  # that screening chose, the highest first
    groups: tuple[Worth, ...]  # the last: all figures
    trials: tuple[TrialWorth, ...]
    draws: int
    effective_rows: int  # rows of the posterior sample among them
    candidates: int  # figures that were screened


def load_questions(path: Path) -> Questions:
    """Questions of a file; StudyError names the key that is wrong."""
    try:
        return Questions.model_validate(lists_to_tuples(read_toml(path)))
    except ValidationError as error:
        problem = first_error(error)
        raise StudyError(f"{path}: {shown_path(tuple(problem['loc']))}: {describe_error(problem, ())}") from None


def check_groups(path: Path, questions: Questions, worlds: Iterable[World]) -> None:
    """Refuses, with StudyError, a pattern that no figure of the worlds matches."""
    wanted, known = {pattern: group.label for group in questions.groups for pattern in group.figures}, set[str]()
    for world in worlds:
        names = {text for key, _ in figures(world) for text in (shown_path(key), named_path(world, key))}
        wanted = {each: label for each, label in wanted.items() if not any(fnmatchcase(name, each) for name in names)}
        if not wanted:
            return
        known |= names
    pattern, label = next(iter(wanted.items()))
    raise StudyError(f"{path}: groups: {label}: no figure is '{pattern}'{hint(pattern, sorted(known))}")


def information_value(
    futures: Futures, questions: Questions, granted: bool = False, doctors: float | None = None
) -> InformationValue:
    """Value of information; `granted`: the money buys something: what changes nothing is no choice."""
    draws, gains = futures.draws, futures.gains[0]
    kept = [place for place in range(gains.shape[1]) if not granted or gains[:, place].any()]
    gains, choices = gains[:, kept], tuple(futures.choices[place] for place in kept)
    if len(choices) < 2:
        only = f"no choice but “{choices[0]}”" if choices else "no choice"
        raise StudyError(f"there is {only}: name another mix with --mix, or leave out --granted")
    everything, names = perfect_information(gains, draws), futures.figures.names
    data = Valued(futures.figures.values, futures.figures.fitted, draws.means(gains), futures.clusters)
    groups: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        group = questions.group_of(name)
        if group is not None:
            groups.setdefault(group.label, []).append(place)
    figures, found = worth_of_figures(names, data, groups)
    shown = (each.value for each in (*figures, *found) if each.supported)
    everything = everything._replace(value=max(everything.value, *shown, 0.0))  # no less than what is part of it
    _, second = data.halves()
    stated = questions.trial
    size = stated.doctors.value if doctors is None else doctors
    low, high = stated.spread.bounds() or (stated.spread.value, stated.spread.value)
    trials = []
    for each in [each for each in figures if getattr(questions.group_of(each.name), "trials", False)][:TRIALS]:
        column = second.columns[:, names.index(each.name)]
        value, least, most = (
            value_of_trial(column, second.gains, trial_error(size, spread))
            for spread in (stated.spread.value, high, low)
        )
        trials.append(TrialWorth(each.name, size, value, least, most, each.floor, each.supported))
    rows, best = int(data.clusters.max()) + 1, choices[everything.best]
    counts = len(draws.weights), rows, len(names)
    return InformationValue(choices, best, everything, tuple(figures), tuple(found), tuple(trials), *counts)


def most_valuable(worths: Sequence[Worth]) -> Worth | None:
    """Highest of those that both estimates support; None if there is none."""
    above = [each for each in worths if each.supported]
    return max(above, key=lambda each: each.value, default=None)
