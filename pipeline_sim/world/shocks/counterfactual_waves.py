"""Waves that came otherwise than recorded: weaker, at another time, not at all, or once more."""

from datetime import date
from typing import NamedTuple

import numpy as np

from pipeline_sim.base.calendar import DAYS_PER_WEEK
from pipeline_sim.world.schema.shocks import IndexSeries, ShocksSection
from pipeline_sim.world.schema.waves import Stream, WaveSpan
from pipeline_sim.world.shocks.inpatients import Occupancy, occupancy
from pipeline_sim.world.timeline.tables import Axes, Reals

THOUSAND = 1000


class Move(NamedTuple):
    """The days of a wave laid elsewhere, or where they were at another strength."""

    first: int  # day of the run, which may lie outside it
    stop: int
    shift: int  # days, of whole weeks
    scale: float


class Moves(NamedTuple):
    """What is cut out of a table of what was recorded, then what is laid on it."""

    cut: tuple[tuple[int, int], ...]
    laid: tuple[Move, ...]

    def redated(self, table: Reals, step: int = 1) -> Reals:
        """A table along its last axis, of days or of weeks (step 7); a week is of the wave in which it begins."""
        told = table.copy()
        size = table.shape[-1]
        for first, stop in self.cut:
            told[..., max(0, -(-first // step)) : max(0, -(-stop // step))] = 0.0
        for move in self.laid:
            shift = move.shift // step
            first = max(0, -shift, -(-move.first // step))
            stop = min(size, size - shift, -(-move.stop // step))
            if first < stop:
                told[..., first + shift : stop + shift] += move.scale * table[..., first:stop]
        return told


def moves_of(axes: Axes, shocks: ShocksSection) -> Moves:
    """What the waves of a world do to the waves recorded."""
    changed = [wave for wave in shocks.waves.values() if is_changed(wave)]
    laid = [move_of(axes, wave, wave.moved_to or wave.start, wave.scale.value) for wave in changed if wave.enabled]
    more = [
        move_of(axes, shocks.waves[copy.copies], copy.start, copy.scale.value) for copy in shocks.more_waves.values()
    ]
    cut = [(axes.dates.day(wave.start), axes.dates.day(wave.end) + 1) for wave in changed]
    return Moves(tuple(cut), (*laid, *more))


def is_changed(wave: WaveSpan) -> bool:
    """True if a wave is not as it was recorded."""
    return not wave.enabled or wave.scale.value != 1 or wave.moved_to is not None


def move_of(axes: Axes, wave: WaveSpan, start: date, scale: float) -> Move:
    """A wave laid so that it begins within half a week of a day."""
    return Move(axes.dates.day(wave.start), axes.dates.day(wave.end) + 1, shift_of(wave, start), scale)


def shift_of(wave: WaveSpan, start: date) -> int:
    """Days, of whole weeks, by which a wave moves."""
    return round((start - wave.start).days / DAYS_PER_WEEK) * DAYS_PER_WEEK


def occupancy_told(axes: Axes, shocks: ShocksSection) -> Occupancy:
    """COVID inpatients, waves as the world has them."""
    recorded, moves = occupancy(axes, shocks.regions), moves_of(axes, shocks)
    if not (moves.cut or moves.laid):
        return recorded
    england, office, per_bed = (moves.redated(table) for table in recorded[:3])
    return Occupancy(england, office, per_bed, recorded.bed_share)


def closed_by_order(axes: Axes, shocks: ShocksSection, stream: Stream, recorded: bool = False) -> Reals:
    """[T] part of the lists of a stream closed in the shutdown, as the world has it or as it was."""
    shut = shocks.shutdown
    wave = shocks.waves[shut.wave]
    if not (recorded or wave.enabled):
        return np.zeros(axes.dates.days)
    shift = 0 if recorded or wave.moved_to is None else shift_of(wave, wave.moved_to)
    day = np.arange(axes.dates.days) - shift
    eases, over = axes.dates.day(shut.eases), axes.dates.day(shut.over)
    left = np.clip((over - day) / max(1, over - eases), 0.0, 1.0) * (day >= axes.dates.day(shut.first))
    depth = shut.depth.value[stream] * (1.0 if recorded else shut.scale.value)
    return np.minimum(depth * left, 0.95)


def as_recorded(shocks: ShocksSection) -> bool:
    """True if no wave and no shutdown differs from what was recorded."""
    return (
        not shocks.more_waves and not any(map(is_changed, shocks.waves.values())) and shocks.shutdown.scale.value == 1
    )


def lists_left(axes: Axes, shocks: ShocksSection, told: Occupancy, recorded: Occupancy, series: IndexSeries) -> Reals:
    """[O, T] work of a series over what it was as recorded: by its response to inpatients, and by the shutdown."""
    beyond = (told.per_bed - recorded.per_bed) / THOUSAND
    left = np.exp(np.log(series.response.value) * beyond)
    if series.stream is None:
        return np.asarray(left)
    now, was = (closed_by_order(axes, shocks, series.stream, recorded=each) for each in (False, True))
    return np.asarray(left * (1.0 - now) / (1.0 - was))
