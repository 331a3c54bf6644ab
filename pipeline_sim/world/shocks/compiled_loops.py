"""Loops over months of a waiting list and days of opportunity, in compiled code, which holds up no other thread."""

import numpy as np

from pipeline_sim.base.compiler.jit import rule


@rule
def pressure(stock: int, normal: float, half: float) -> float:
    """Pressure of a stock: 0 up to the normal one, half where it is above by the share `half`, below 1."""
    more = np.maximum(0.0, stock / normal - 1.0)
    return float(more / (more + half))


@rule
def work_off(
    first: int,
    most_effort: float,
    half: float,
    normal: np.ndarray,
    part: np.ndarray,
    waits: np.ndarray,
    usual: np.ndarray,
    short: np.ndarray,
    flows: np.ndarray,
    pressures: np.ndarray,
) -> None:
    """Fill in `flows` [5, M, L, O] from the month `first` on, and pressures of the stock [M, L, O] at the end of all.

    Flows are stock (that of normal times at first), referred, done, lost and added (at first what a mix offers), whole
    pathways. `waits` [L, O] is the stock before `first`; `part` [L, O] is done here of `usual` and `short` [M, O],
    pathways that all who are there, and those whom no mix takes away, complete without extra effort. Nobody is treated
    who does not wait.
    """
    _, months, groups, offices = flows.shape
    for month in range(months):
        for group in range(groups):
            for office in range(offices):
                here, at = normal[group, office], (month, group, office)
                if month >= first:
                    effort = most_effort * pressure(waits[group, office], here, half)
                    able = int(np.rint(usual[month, office] * part[group, office] * (1.0 + effort)))
                    with_mix = int(np.rint(short[month, office] * part[group, office] * (1.0 + effort)))
                    there = waits[group, office] + flows[1, month, group, office]
                    done = min(able, there)
                    lost = max(0, done - with_mix)
                    still = there - done + lost
                    added = min(flows[4, month, group, office], still)
                    waits[group, office] = flows[0, month, group, office] = still - added
                    flows[2, month, group, office] = done
                    flows[3, month, group, office] = lost
                    flows[4, month, group, office] = added
                pressures[at] = pressure(flows[0, month, group, office], here, half)


@rule
def keep(times: np.ndarray, parts: np.ndarray, losses: np.ndarray, learning: np.ndarray, kept: np.ndarray) -> None:
    """Opportunity kept [N, T], single precision, under K losses [K, N, T] of which each takes so many times, at most
    all, of a part [K] of the training, with the share of it that is learning [T]."""
    terms, rows, days = losses.shape
    for row in range(rows):
        for day in range(days):
            lost = parts[0] * min(max(times[0] * losses[0, row, day], 0.0), 1.0)
            for term in range(1, terms):
                lost += parts[term] * min(max(times[term] * losses[term, row, day], 0.0), 1.0)
            kept[row, day] = np.float32(1.0 - lost * learning[day])
