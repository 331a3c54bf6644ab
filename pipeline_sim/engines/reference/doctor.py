"""State of one doctor, and the next event in the diary."""

from dataclasses import dataclass, field

from simpy import Process

from pipeline_sim.rules.codes import NEVER, Phase, State

DIARY = (
    ("returns_due", Phase.RETURN),
    ("exam_due", Phase.EXAM),
    ("review_due", Phase.REVIEW),
    ("revalidation_due", Phase.REVALIDATE),
    ("progress_due", Phase.PROGRESS),
    ("resignation_due", Phase.RESIGN),
    ("year_due", Phase.YEAR),
    ("oop_due", Phase.LEAVE),
    ("parental_due", Phase.LEAVE),
    ("sick_due", Phase.LEAVE),
    ("rotation_due", Phase.ROTATE),
)


def four() -> list[int]:
    """Zeros, one for each domain or gate."""
    return [0, 0, 0, 0]


@dataclass(slots=True, eq=False)
class Doctor:
    """Doctor in training or in the pool. Days are simulation days; see rules/rulebook for units."""

    number: int
    # who
    ability: int = 0
    pace: int = 0
    age: int = 0  # at entry, years
    people: int = 0  # group, see rules/people
    propensity: int = 0  # random word: less than full time if below the year's share
    level_word: int = 0
    lead: int = 0
    home: int = -1
    # where, and since when
    state: int = State.NOT_YET
    programme: int = -1
    grade: int = -1
    office: int = -1
    wte: int = 100
    supervised: int = 0
    post_pace: int = 1000
    since: int = 0  # day up to which learning is written down
    grade_since: int = 0
    programme_since: int = 0
    # learning
    training_days: int = 0  # WTE-centidays in this grade
    extension_days: int = 0  # beyond the grade's own, whole-time
    extended_by: int = 0  # outcome of the last extension in this programme
    served: int = NEVER  # day on which the time of the grade is served
    allowance_used: int = 0
    balance: list[int] = field(default_factory=four)
    covid: list[int] = field(default_factory=four)
    passed: int = 0  # a bit for each gate
    lost: int = 0  # a bit for each gate of which a sitting was lost in this grade; outcome 3 clears it
    found: int = 0  # 1 once a conversation has found the gap
    support: int = 0  # for an exam: (kind of place + 1) * GATES + gate, until its next attempt; 0 for none
    part: list[int] = field(default_factory=four)  # of each gate, the part to be sat next
    attempts: list[int] = field(default_factory=four)  # at it
    awaited: list[int] = field(default_factory=four)  # its result: NO_RESULT, FAIL or PASS
    result_day: list[int] = field(default_factory=four)  # of the last one, or the one awaited; 0 for none
    # reviews
    outcome: int = 0  # of this grade's end, once it lets the doctor go on
    last_outcome: int = 0
    last_review: int = 0
    looks: int = 0
    second_look: int = 0
    queued: int = 0
    asked: int = 0  # day on which the last review was asked for; back from a long absence, the first one for the next
    # absence
    redeployed_days: int = 0
    isolation_days: int = 0
    absent_days: int = 0
    away_from: int = 0  # first day of an absence
    isolating: int = 0
    shields: int = 0
    sick_days: int = 0
    parental_days: int = 0
    oop_days: int = 0
    oop_kind: int = 0
    # applying
    stream: int = -1
    applies_from: int = 0
    promise: tuple[int, int, int, int] | None = None  # programme, office, kind of round, withdraws
    revalidation_at: int = NEVER
    # diary
    returns_due: int = NEVER
    exam_due: int = NEVER
    review_due: int = NEVER
    revalidation_due: int = NEVER
    progress_due: int = NEVER
    resignation_due: int = NEVER
    year_due: int = NEVER
    oop_due: int = NEVER
    parental_due: int = NEVER
    sick_due: int = NEVER
    rotation_due: int = NEVER
    process: Process | None = None

    def clear_diary(self) -> None:
        """Clear the diary of a doctor."""
        for name, _ in DIARY:
            setattr(self, name, NEVER)

    def next_turn(self, day: int, phase: int) -> tuple[int, int]:
        """Day and phase of the next thing due, never before the present turn."""
        best_day, best_phase = NEVER, 0
        for name, due_phase in DIARY:
            due = getattr(self, name)
            if due >= NEVER:
                continue
            earliest = day if due_phase > phase else day + 1
            due = max(due, earliest)
            if due < best_day or (due == best_day and due_phase < best_phase):
                best_day, best_phase = due, int(due_phase)
        return best_day, best_phase

    @property
    def at_work(self) -> bool:
        """True if in post or on a COVID ward."""
        return self.state in (State.TRAINING, State.REDEPLOYED)
