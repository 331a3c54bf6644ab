"""Away from work: a year's draws, leave, out of programme, return."""

from pipeline_sim.engines.reference.doctor import Doctor
from pipeline_sim.engines.reference.learning import (
    accrue_learning,
    gaps,
    schedule_grade_end_and_review,
    season_review,
)
from pipeline_sim.engines.reference.shared_state import SharedState
from pipeline_sim.rules import arcp, competence, extension, people, working_life
from pipeline_sim.rules.codes import NEVER, Event, Outcome, Phase, Purpose, State
from pipeline_sim.rules.random_numbers import bernoulli, categorical, uniform_index


def plan_resignation_and_parental(shared: SharedState, doctor: Doctor, day: int, year: int, length: int) -> None:
    """Plan resignation, which is likelier under strain, and parental leave, by a rate per woman and year."""
    words = shared.random_words(doctor.number, Purpose.YEAR, year)
    book = shared.rules.life
    behind, _ = gaps(doctor.balance, doctor.covid)
    major = shared.rules.panels.major_days.item(shared.stage(doctor))
    signs = working_life.strain(doctor.last_outcome, behind, major, doctor.redeployed_days)
    threshold = working_life.resign_threshold(book.resign.item(doctor.programme), book.strain_share, signs)
    doctor.resignation_due = day + uniform_index(words[1], length) if bernoulli(words[0], threshold) else NEVER
    parental = people.is_woman(doctor.people) and bernoulli(words[2], book.parental.item(shared.stage(doctor)))
    doctor.parental_due = day + uniform_index(words[3], length) if parental else NEVER


def plan_sickness(shared: SharedState, doctor: Doctor, day: int, year: int, length: int) -> None:
    """Plan sickness: one episode at most, on a day of the year drawn first, at that month's rate; or shielding."""
    words = shared.random_words(doctor.number, Purpose.ABSENCE, year)
    book = shared.rules.life
    start = day + uniform_index(words[1], length)
    month = shared.month(start)
    doctor.sick_due, doctor.shields = NEVER, 0
    if bernoulli(words[3], book.shield.item(month, doctor.office)):
        doctor.sick_due, doctor.sick_days, doctor.shields = start, book.shield_days, 1
    elif bernoulli(words[0], book.sick.item(month, doctor.office)):
        doctor.sick_due, doctor.sick_days = start, book.sick_days.item(uniform_index(words[2], book.sick_days.shape[0]))


def plan_out_of_programme(shared: SharedState, doctor: Doctor, day: int, year: int) -> None:
    """Plan time out of programme, from the start of the training year, for those whom the last review allows it."""
    words = shared.random_words(doctor.number, Purpose.OOP, year)
    book = shared.rules.life
    doctor.parental_days = book.parental_days.item(uniform_index(words[2], book.parental_days.shape[0]))
    doctor.oop_due = NEVER
    kind = categorical(words[0], book.oop[year, doctor.programme])
    critical = shared.rules.programmes.critical.item(doctor.programme, doctor.grade)
    allowed = working_life.oop_allowed(shared.stage(doctor), critical, doctor.grade, doctor.last_outcome)
    allowed &= working_life.interrupts_extension(State.OOPT + kind, doctor.extension_days)
    if kind < book.oop.shape[2] and allowed and doctor.state == State.TRAINING:
        doctor.oop_due, doctor.oop_kind = day, State.OOPT + kind
        length = uniform_index(words[1], book.oop_days.shape[2])
        doctor.oop_days = book.oop_days.item(shared.stage(doctor), kind, length)


def go_away(shared: SharedState, doctor: Doctor, day: int) -> None:
    """Take the leave that is due; leave that falls while already away is not taken."""
    plans = (
        (doctor.oop_due, doctor.oop_kind, doctor.oop_days),
        (doctor.parental_due, State.PARENTAL, doctor.parental_days),
        (doctor.sick_due, State.SICK, doctor.sick_days),
    )
    for due, kind, days in plans:
        if due <= day and doctor.at_work:
            leave(shared, doctor, day, kind, days)
    doctor.oop_due = NEVER if doctor.oop_due <= day else doctor.oop_due
    doctor.parental_due = NEVER if doctor.parental_due <= day else doctor.parental_due
    doctor.sick_due = NEVER if doctor.sick_due <= day else doctor.sick_due


def leave(shared: SharedState, doctor: Doctor, day: int, kind: int, days: int) -> None:
    """Begin an absence: accrue learning, go, and leave the end of the grade open until the return."""
    accrue_learning(shared, doctor, day)
    shared.emit_for_doctor(day, Phase.LEAVE, doctor, Event.AWAY, doctor.state, kind, days)
    doctor.state, doctor.away_from = kind, day
    doctor.isolating = doctor.shields if kind == State.SICK else 0
    doctor.returns_due = day + days
    if kind != State.SICK:
        shared.release_slot(doctor)
        doctor.rotation_due = NEVER
    schedule_grade_end_and_review(shared, doctor, day)
    ask_while_away(shared, doctor, day)


def ask_while_away(shared: SharedState, doctor: Doctor, day: int) -> None:
    """Put the season's review in the diary of a doctor whose training time stops: outcome 8, or not assessed."""
    outcome = arcp.away_outcome(int(doctor.state), doctor.returns_due - day)
    if outcome < 0 or doctor.queued or doctor.second_look:
        return
    if arcp.outcome_of(outcome) == Outcome.O8:
        doctor.review_due = season_review(shared, doctor, day)
    else:
        season = season_review(shared, doctor, doctor.last_review)
        doctor.review_due = extension.review_while_away(day, doctor.review_due, season)


def come_back(shared: SharedState, doctor: Doctor, day: int) -> None:
    """Return to work; after a long absence some learning is lost, less with support."""
    accrue_learning(shared, doctor, day)
    away, was = day - doctor.away_from, doctor.state
    supported = 0
    if away > shared.rules.life.long_absence_days and was not in (State.REDEPLOYED, State.OOPT):
        supported = ramp(shared, doctor, day)
        if not doctor.queued:
            doctor.asked = first_review(shared, doctor, day, away)
    doctor.state, doctor.returns_due, doctor.isolating = State.TRAINING, NEVER, 0
    doctor.last_outcome = working_life.outcome_on_return(int(was), doctor.last_outcome)
    shared.emit_for_doctor(day, Phase.RETURN, doctor, Event.RETURNED, was, supported, away)
    schedule_grade_end_and_review(shared, doctor, day)


def first_review(shared: SharedState, doctor: Doctor, day: int, away: int) -> int:
    """First day for a review of a doctor who is back from a long absence."""
    seen = day + extension.CLOSE_DAYS
    season = season_review(shared, doctor, max(doctor.last_review, seen - extension.APART_DAYS))
    return extension.first_seen(day, season, doctor.last_review, away, doctor.last_outcome)


def ramp(shared: SharedState, doctor: Doctor, day: int) -> int:
    """Take off what a returner loses; 1 if supported."""
    book = shared.rules.competence
    word = shared.random_words(doctor.number, Purpose.RETURN, doctor.away_from)[0]
    supported = int(bernoulli(word, book.supported.item(shared.month(day), doctor.office)))
    days = book.ramp_days_supported if supported else book.ramp_days
    for domain in range(4):
        weight = shared.rules.programmes.weight.item(doctor.programme, domain)
        doctor.balance[domain] -= competence.ramp_loss(days, weight, doctor.wte)
    return supported
