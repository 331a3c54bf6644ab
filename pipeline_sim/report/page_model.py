"""Parts of the report page: sections, tables and cells, and estimates as cells."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from pipeline_sim.report.text.number_format import counted, format_change, format_money, format_number, percent
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.comparison.study_file import is_first_look
from pipeline_sim.study.estimates.intervals import Estimate, Ratio
from pipeline_sim.study.estimates.ranking import Chance

FEW_DRAWS = 4


class Cell(NamedTuple):
    """Number of a table, its interval, and a mark where the interval includes zero."""

    text: str
    interval: str = ""
    mark: str = ""


class Row(NamedTuple):
    """Row of a table; without cells it is the heading of the rows that follow."""

    head: str
    cells: tuple[Cell, ...] = ()


class Table(NamedTuple):
    """Table of a page."""

    name: str
    caption: str
    head: tuple[str, ...]  # the first names the row heads
    rows: Sequence[Row]
    note: str = ""


class Section(NamedTuple):
    """Section of a page: paragraphs, points, tables."""

    name: str
    title: str
    paragraphs: Sequence[str]
    points: Sequence[str] = ()
    tables: Sequence[Table] = ()
    folded: Sequence[Table] = ()  # behind a heading that opens; always in print

    @property
    def shown(self) -> list[Table]:
        """Tables that have rows, in the order of the page."""
        return [table for table in (*self.tables, *self.folded) if table.rows]


def gain_cell(estimate: Estimate, less_is_better: bool = True) -> Cell:
    """Gain as a cell, from a difference; its sign is turned where less is better."""
    return estimate_cell(estimate.negated() if less_is_better else estimate, format_number)


def change_cell(estimate: Estimate) -> Cell:
    """Difference as a cell, with its sign."""
    return estimate_cell(estimate, format_change)


def cost_cell(estimate: Estimate | None) -> Cell:
    """Pounds as a cell, with their interval."""
    return Cell("no prices") if estimate is None else estimate_cell(estimate, format_money)


def estimate_cell(estimate: Estimate, write: Callable[[float], str]) -> Cell:
    """Number as a cell with its interval, marked where the interval includes zero."""
    mean, low, high = estimate[:3]
    if math.isnan(mean) or estimate.is_nothing:
        return Cell(write(mean + 0.0))
    if math.isnan(low):
        return Cell(write(mean), "", "one replication")
    return Cell(write(mean), f"{write(low)} to {write(high)}", "" if estimate.excludes_zero else "no clear difference")


def price_cell(price: Ratio, gain: Estimate) -> Cell:
    """Cost of one unit gained as a cell; no clear gain where the interval of the gain includes zero."""
    if gain.is_nothing:
        return Cell("no gain")
    if not price.excludes_zero:
        return Cell("no clear gain")
    return Cell(format_money(price.mean), f"{format_money(price.low)} to {format_money(price.high)}")


def chance_cell(chance: Chance) -> Cell:
    """Probability as a cell, with its Monte Carlo interval and its verdict."""
    if math.isnan(chance.probability):
        return Cell("–")
    return Cell(
        percent(chance.probability),
        f"{percent(chance.probability_low)} to {percent(chance.probability_high)}",
        chance.verdict,
    )


def text_cells(texts: Iterable[str]) -> tuple[Cell, ...]:
    """Cells without an interval."""
    return tuple(Cell(text) for text in texts)


def runs_text(answer: Answer) -> str:
    """Numbers of replications and, where parameters are sampled, of draws, in words."""
    study = answer.study
    replications = counted(answer.replications, "replication")
    if study.parameters != "sampled":
        return replications
    draws = len(answer.sampling.weights)
    few = ", which is few: the intervals may change much with more" if draws <= FEW_DRAWS else ""
    return f"{replications} ({counted(draws, 'draw')} of the uncertain parameters{few})"


def basis_sentences(answer: Answer) -> str:
    """Size behind the numbers, and whether the study file states a larger one."""
    study, whole = answer.study, answer.study.full
    text = f"From {runs_text(answer)}, seed {study.seed}, {size_text(study.scale)}."
    if whole is None or not is_first_look(study):
        return text
    larger = f"{size_text(whole.scale)}, {counted(whole.replications, 'replication')}"
    return f"This is a first look. {text} The full size is {larger} (option --full)."


def size_text(scale: float) -> str:
    """Size of a model in words."""
    return "all of England" if scale >= 1 else f"a model at {scale:.3g} of England's size, scaled up to England"
