"""Counts of one event: what a row adds to the tally, as records/count_measures counts rows."""

from pipeline_sim.base.compiler.jit import inlined_kernel, kernel
from pipeline_sim.engines.batch.memory.layout import Memory
from pipeline_sim.engines.batch.output.tally import Slot, add, add_pair, cell_of
from pipeline_sim.records.count_measures import LONG_ABSENCE_DAYS
from pipeline_sim.rules.codes import Event, Outcome, Stage, State


@inlined_kernel
def tally_event(
    m: Memory,
    day: int,
    trainee: int,
    event: int,
    was: int,
    now: int,
    programme: int,
    office: int,
    wte: int,
    amount: int,
) -> None:
    """Add what one row counts for to the tally."""
    if event in (Event.ROTATED, Event.PROGRESSED, Event.WTE_CHANGED):
        return
    cell = cell_of(m, day, trainee, programme, office, wte)
    if event == Event.PLACED:
        add_pair(m, cell, Slot.PLACEMENTS, 1, int(now == 0))
    elif event == Event.COUNTED:
        add_pair(m, cell, Slot.HEADCOUNT, 1, wte)
    elif event == Event.CENSUS:
        if State.TRAINING <= was <= State.OOPP:
            add_pair(m, cell, Slot.GAP_CARRIED_DAYS, amount, int(amount > 0))
    elif event == Event.REVIEWED:
        count_review(m, cell, now, amount)
    elif event == Event.EXTENDED:
        count_extension(m, cell, was, 1, amount)
    elif event == Event.SHORTENED:
        count_extension(m, cell, was, 0, -amount)
    elif event == Event.REVALIDATED:
        count_revalidation(m, cell, now, amount)
    elif event == Event.SEATED:
        add_pair(m, cell, Slot.SEATS, 1, amount if now == 0 else 0)
    else:
        tally_career(m, cell, event, was, now, amount)
        count_round(m, cell, event, was, amount)


@kernel
def count_review(m: Memory, cell: int, outcome: int, late: int) -> None:
    """Count an outcome, and whether it came late."""
    if outcome <= Outcome.O6:
        place = Slot.NOT_ASSESSED + outcome
    elif outcome == Outcome.O8:
        place = Slot.O8
    else:
        place = Slot.O10_1 if outcome == Outcome.O10_1 else Slot.O10_2
    add(m, cell, place, 1)
    if late > 0:
        add(m, cell, Slot.LATE_REVIEWS, 1)
        add(m, cell, Slot.REVIEW_DAYS_LATE, late)


@kernel
def count_extension(m: Memory, cell: int, outcome: int, many: int, days: int) -> None:
    """Count an extension, or days of it that are given back, in all and by its cause."""
    add(m, cell, Slot.EXTENSIONS, many)
    add(m, cell, Slot.EXTENSION_DAYS, days)
    if outcome == Outcome.O3:
        add(m, cell, Slot.EXTENSIONS_3, many)
        add(m, cell, Slot.EXTENSION_DAYS_3, days)
    elif outcome == Outcome.O10_2:
        add(m, cell, Slot.EXTENSIONS_10_2, many)
        add(m, cell, Slot.EXTENSION_DAYS_10_2, days)


@kernel
def count_revalidation(m: Memory, cell: int, deferred: int, late: int) -> None:
    """Count a recommendation, perhaps late, or a deferral."""
    if deferred > 0:
        add(m, cell, Slot.REVALIDATIONS_DEFERRED, 1)
    else:
        add(m, cell, Slot.REVALIDATIONS, 1)
        add(m, cell, Slot.REVALIDATIONS_LATE, int(late > 0))


@kernel
def tally_career(m: Memory, cell: int, event: int, was: int, now: int, amount: int) -> None:
    """Count starts, ends and absences."""
    if event == Event.STARTED:
        add(m, cell, Slot.STARTED, 1)
        add(m, cell, Slot.STARTED_STOCK, int(was < 0))
        add(m, cell, Slot.SUPERNUMERARY_STARTS, int(amount > 0))
    elif event == Event.COMPLETED:
        count_completion(m, cell, was, amount)
    elif event == Event.AWAY:
        if State.SICK <= now <= State.OOPP:
            add(m, cell, Slot.AWAY_SICK + now - State.SICK, 1)
    elif event == Event.RETURNED:
        if State.SICK <= was <= State.OOPP and amount > LONG_ABSENCE_DAYS:
            add(m, cell, Slot.RETURNERS, 1)
            add(m, cell, Slot.RETURNERS_SUPPORTED, int(now == 1))
    elif event == Event.REDEPLOYED:
        add(m, cell, Slot.REDEPLOYED, 1)
        add(m, cell, Slot.REDEPLOYED_WEEKS, amount)
    elif event == Event.RESIGNED:
        add(m, cell, Slot.RESIGNED, 1)
    elif event == Event.RELEASED:
        add(m, cell, Slot.RELEASED, 1)
    elif event == Event.TRANSFERRED:
        add(m, cell, Slot.TRANSFERS, 1)


@kernel
def count_completion(m: Memory, cell: int, stage: int, served: int) -> None:
    """Count the end of foundation or core, or a CCT."""
    if stage == Stage.FOUNDATION:
        add(m, cell, Slot.FOUNDATION_COMPLETIONS, 1)
    elif stage == Stage.CORE:
        add(m, cell, Slot.CORE_COMPLETIONS, 1)
    else:
        add(m, cell, Slot.CCTS, 1)
        add(m, cell, Slot.TIME_TO_CCT_DAYS, served)


@kernel
def count_round(m: Memory, cell: int, event: int, kind: int, amount: int) -> None:
    """Count events of recruitment."""
    if event == Event.ADVERTISED:
        add(m, cell, Slot.ADVERTISED, amount)
        add(m, cell, Slot.ADVERTISED_FIRST + 2 * kind, amount)
    elif event == Event.OFFERED:
        add(m, cell, Slot.OFFERS, 1)
    elif event == Event.ACCEPTED:
        add(m, cell, Slot.ACCEPTED, 1)
        add(m, cell, Slot.ADVERTISED_FIRST + 2 * kind + 1, 1)
    elif event == Event.ROUND_CLOSED:
        add(m, cell, Slot.OFFERS_MADE, amount)
    elif event == Event.REOFFERED:
        add(m, cell, Slot.OFFERS_AGAIN, amount)
    elif event == Event.UNPLACED:
        add(m, cell, Slot.UNPLACED, 1)
    elif event == Event.WITHDREW:
        add(m, cell, Slot.WITHDREW, 1)
    elif event == Event.DEFERRED:
        add(m, cell, Slot.DEFERRED, 1)
