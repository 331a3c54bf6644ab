"""Counterfactual waves: scaled, moved, left out or added."""

from datetime import date
from typing import NamedTuple

import numpy as np

from pipeline_sim.base.calendar import DAYS_PER_WEEK
from pipeline_sim.world.reading.remembered import remembered
from pipeline_sim.world.schema.shocks import IndexSeries, ShocksSection
from pipeline_sim.world.schema.waves import Stream, WaveSpan
from pipeline_sim.world.shocks.inpatients import Occupancy, occupancy
from pipeline_sim.world.timeline.tables import Axes, Reals

THOUSAND = 1000


class WaveMove(NamedTuple):
    """Days of a wave, moved and scaled."""

    first: int  # day of the run, which may lie outside it
    stop: int
    shift: int  # days, of whole weeks
    scale: float


class WaveMoves(NamedTuple):
    """Changes to a recorded table: days to clear, then waves to add."""

    cleared: tuple[tuple[int, int], ...]
    added: tuple[WaveMove, ...]

    def redated(self, table: Reals, step: int = 1) -> Reals:
        """Changed table along its last axis, days or weeks (step 7); a week is of the wave in which it begins."""
        changed = table.copy()
        size = table.shape[-1]
        for first, stop in self.cleared:
            changed[..., max(0, -(-first // step)) : max(0, -(-stop // step))] = 0.0
        for move in self.added:
            shift = move.shift // step
            first = max(0, -shift, -(-move.first // step))
            stop = min(size, size - shift, -(-move.stop // step))
            if first < stop:
                changed[..., first + shift : stop + shift] += move.scale * table[..., first:stop]
        return changed


def wave_moves(axes: Axes, shocks: ShocksSection) -> WaveMoves:
    """Changes that a world makes to the recorded waves."""
    changed = [wave for wave in shocks.waves.values() if is_changed(wave)]
    moved = [move_of(axes, wave, wave.moved_to or wave.start, wave.scale.value) for wave in changed if wave.enabled]
    more = [
        move_of(axes, shocks.waves[copy.copies], copy.start, copy.scale.value) for copy in shocks.more_waves.values()
    ]
    cleared = [(axes.dates.day(wave.start), axes.dates.day(wave.end) + 1) for wave in changed]
    return WaveMoves(tuple(cleared), (*moved, *more))


def is_changed(wave: WaveSpan) -> bool:
    """True if a wave differs from the recorded one."""
    return not wave.enabled or wave.scale.value != 1 or wave.moved_to is not None


def move_of(axes: Axes, wave: WaveSpan, start: date, scale: float) -> WaveMove:
    """Move of a wave so that it begins within half a week of a date."""
    return WaveMove(axes.dates.day(wave.start), axes.dates.day(wave.end) + 1, shift_of(wave, start), scale)


def shift_of(wave: WaveSpan, start: date) -> int:
    """Days by which a wave moves, a whole number of weeks."""
    return round((start - wave.start).days / DAYS_PER_WEEK) * DAYS_PER_WEEK


@remembered
def counterfactual_occupancy(axes: Axes, shocks: ShocksSection) -> Occupancy:
    """COVID inpatients under the waves of the world."""
    recorded, moves = occupancy(axes, shocks.regions), wave_moves(axes, shocks)
    if not any(moves):
        return recorded
    england, office, per_bed = (moves.redated(table) for table in recorded[:3])
    return Occupancy(england, office, per_bed, recorded.bed_share)


def shutdown_share(axes: Axes, shocks: ShocksSection, stream: Stream, recorded: bool = False) -> Reals:
    """Share of a stream's lists closed in the shutdown [T], in the world or as recorded."""
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


def is_as_recorded(shocks: ShocksSection) -> bool:
    """True if waves and shutdown are as recorded."""
    changed = shocks.more_waves or any(map(is_changed, shocks.waves.values()))
    return not changed and shocks.shutdown.scale.value == 1


def activity_left(axes: Axes, shocks: ShocksSection, now: Occupancy, recorded: Occupancy, series: IndexSeries) -> Reals:
    """Activity of a series over that recorded [O, T], from its response to inpatients and the shutdown."""
    more = (now.per_bed - recorded.per_bed) / THOUSAND
    left = np.exp(np.log(series.response.value) * more)
    if series.stream is None:
        return np.asarray(left)
    closed, was_closed = (shutdown_share(axes, shocks, series.stream, recorded) for recorded in (False, True))
    return np.asarray(left * (1.0 - closed) / (1.0 - was_closed))
