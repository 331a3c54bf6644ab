"""Counts of one event: what a row adds to the tally, as records/count_measures counts rows."""

from pipeline_sim.base.compiler.jit import inlined_kernel, kernel
from pipeline_sim.engines.batch.memory.layout import Memory
from pipeline_sim.engines.batch.output.tally import Cells, Slot, add, add_pair, cells_of
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
    people: int,
) -> None:
    """Add what one row counts for to the tally."""
    if event in (Event.ROTATED, Event.PROGRESSED, Event.WTE_CHANGED):
        return
    cells = cells_of(m, day, trainee, programme, office, wte, people)
    if event == Event.PLACED:
        add_pair(m, cells, Slot.PLACEMENTS, 1, int(now == 0))
    elif event == Event.COUNTED:
        add_pair(m, cells, Slot.HEADCOUNT, 1, wte)
    elif event == Event.CENSUS:
        if State.TRAINING <= was <= State.OOPP:
            add_pair(m, cells, Slot.GAP_CARRIED_DAYS, amount, int(amount > 0))
    elif event == Event.REVIEWED:
        count_review(m, cells, now, amount)
    elif event == Event.EXTENDED:
        count_extension(m, cells, was, 1, amount)
    elif event == Event.SHORTENED:
        count_extension(m, cells, was, 0, -amount)
    elif event == Event.REVALIDATED:
        count_revalidation(m, cells, now, amount)
    elif event == Event.SEATED:
        add_pair(m, cells, Slot.SEATS, 1, amount if now == 0 else 0)
    else:
        tally_career(m, cells, event, was, now, amount)
        count_round(m, cells, event, was, amount)


@kernel
def count_review(m: Memory, cells: Cells, outcome: int, late: int) -> None:
    """Count an outcome, and whether it came late."""
    if outcome <= Outcome.O6:
        place = Slot.NOT_ASSESSED + outcome
    elif outcome == Outcome.O8:
        place = Slot.O8
    else:
        place = Slot.O10_1 if outcome == Outcome.O10_1 else Slot.O10_2
    add(m, cells, place, 1)
    if late > 0:
        add(m, cells, Slot.LATE_REVIEWS, 1)
        add(m, cells, Slot.REVIEW_DAYS_LATE, late)


@kernel
def count_extension(m: Memory, cells: Cells, outcome: int, many: int, days: int) -> None:
    """Count an extension, or days of it that are given back, in all and by its cause."""
    add(m, cells, Slot.EXTENSIONS, many)
    add(m, cells, Slot.EXTENSION_DAYS, days)
    if outcome == Outcome.O3:
        add(m, cells, Slot.EXTENSIONS_3, many)
        add(m, cells, Slot.EXTENSION_DAYS_3, days)
    elif outcome == Outcome.O10_2:
        add(m, cells, Slot.EXTENSIONS_10_2, many)
        add(m, cells, Slot.EXTENSION_DAYS_10_2, days)


@kernel
def count_revalidation(m: Memory, cells: Cells, deferred: int, late: int) -> None:
    """Count a recommendation, perhaps late, or a deferral."""
    if deferred > 0:
        add(m, cells, Slot.REVALIDATIONS_DEFERRED, 1)
    else:
        add(m, cells, Slot.REVALIDATIONS, 1)
        if late > 0:
            add(m, cells, Slot.REVALIDATIONS_LATE, 1)


@kernel
def tally_career(m: Memory, cells: Cells, event: int, was: int, now: int, amount: int) -> None:
    """Count starts, ends and absences."""
    if event == Event.STARTED:
        add_pair(m, cells, Slot.STARTED, 1, int(was < 0))
        if amount > 0:
            add(m, cells, Slot.SUPERNUMERARY_STARTS, 1)
    elif event == Event.COMPLETED:
        count_completion(m, cells, was, amount)
    elif event == Event.AWAY:
        if State.SICK <= now <= State.OOPP:
            add(m, cells, Slot.AWAY_SICK + now - State.SICK, 1)
    elif event == Event.RETURNED:
        if State.SICK <= was <= State.OOPP and amount > LONG_ABSENCE_DAYS:
            add(m, cells, Slot.RETURNERS, 1)
            add(m, cells, Slot.RETURNERS_SUPPORTED, int(now == 1))
    elif event == Event.REDEPLOYED:
        add(m, cells, Slot.REDEPLOYED, 1)
        add(m, cells, Slot.REDEPLOYED_WEEKS, amount)
    elif event == Event.RESIGNED:
        add(m, cells, Slot.RESIGNED, 1)
    elif event == Event.RELEASED:
        add(m, cells, Slot.RELEASED, 1)
    elif event == Event.TRANSFERRED:
        add(m, cells, Slot.TRANSFERS, 1)


@kernel
def count_completion(m: Memory, cells: Cells, stage: int, served: int) -> None:
    """Count the end of foundation or core, or a CCT."""
    if stage == Stage.FOUNDATION:
        add(m, cells, Slot.FOUNDATION_COMPLETIONS, 1)
    elif stage == Stage.CORE:
        add(m, cells, Slot.CORE_COMPLETIONS, 1)
    else:
        add(m, cells, Slot.CCTS, 1)
        add(m, cells, Slot.TIME_TO_CCT_DAYS, served)


@kernel
def count_round(m: Memory, cells: Cells, event: int, kind: int, amount: int) -> None:
    """Count events of recruitment."""
    if event == Event.ADVERTISED:
        add(m, cells, Slot.ADVERTISED, amount)
        add(m, cells, Slot.ADVERTISED_FIRST + 2 * kind, amount)
    elif event == Event.OFFERED:
        add(m, cells, Slot.OFFERS, 1)
    elif event == Event.ACCEPTED:
        add(m, cells, Slot.ACCEPTED, 1)
        add(m, cells, Slot.ADVERTISED_FIRST + 2 * kind + 1, 1)
    elif event == Event.ROUND_CLOSED:
        add(m, cells, Slot.OFFERS_MADE, amount)
    elif event == Event.REOFFERED:
        add(m, cells, Slot.OFFERS_AGAIN, amount)
    elif event == Event.UNPLACED:
        add(m, cells, Slot.UNPLACED, 1)
    elif event == Event.WITHDREW:
        add(m, cells, Slot.WITHDREW, 1)
    elif event == Event.DEFERRED:
        add(m, cells, Slot.DEFERRED, 1)
