"""One doctor: what is remembered of each, and the next thing in the diary."""

from simpy import Process

from pipeline_sim.rules.codes import NEVER, Phase, State

DIARY = (
    ("returns", Phase.RETURN),
    ("exam", Phase.EXAM),
    ("review", Phase.REVIEW),
    ("revalidation", Phase.REVALIDATE),
    ("progress", Phase.PROGRESS),
    ("resignation", Phase.RESIGN),
    ("year", Phase.YEAR),
    ("oop", Phase.LEAVE),
    ("parental", Phase.LEAVE),
    ("sick", Phase.LEAVE),
    ("rotation", Phase.ROTATE),
)


class Doctor:
    """State of one doctor. Days are simulation days; see rules/rulebook for units."""

    __slots__ = (
        *(f"{name}_due" for name, _ in DIARY),
        "ability",
        "absent_days",
        "allowance_used",
        "applies_from",
        "asked",
        "attempts",
        "away_from",
        "away_state",
        "balance",
        "covid",
        "extension_days",
        "grade",
        "grade_since",
        "home",
        "isolating",
        "isolation_days",
        "last_outcome",
        "last_review",
        "lead",
        "level_word",
        "looks",
        "number",
        "office",
        "oop_days",
        "oop_kind",
        "outcome",
        "pace",
        "parental_days",
        "passed",
        "post_pace",
        "process",
        "programme",
        "programme_since",
        "promise",
        "propensity",
        "queued",
        "redeployed_days",
        "revalidation_at",
        "second_look",
        "shields",
        "sick_days",
        "since",
        "state",
        "stream",
        "supervised",
        "training_days",
        "woman",
        "wte",
    )

    def __init__(self, number: int) -> None:
        self.number = number
        self.state: int = State.NOT_YET
        self.programme = self.office = self.stream = -1
        self.grade = -1
        self.wte = 100
        self.passed = 0
        self.attempts = [0, 0, 0, 0]
        self.balance = [0, 0, 0, 0]
        self.covid = [0, 0, 0, 0]
        self.promise: tuple[int, int, int, int] | None = None  # programme, office, start day, leaves unused
        self.applies_from = 0
        self.last_outcome = 0
        self.last_review = 0
        self.process: Process | None = None
        self.supervised = self.queued = self.second_look = self.outcome = 0
        self.oop_kind = self.oop_days = self.parental_days = self.sick_days = self.shields = self.isolating = 0
        self.revalidation_at = NEVER
        self.clear_diary()

    def clear_diary(self) -> None:
        """Nothing lies ahead."""
        for name, _ in DIARY:
            setattr(self, f"{name}_due", NEVER)

    def next_turn(self, day: int, phase: int) -> tuple[int, int]:
        """Day and phase of the next thing due, never before the present turn."""
        best_day, best_phase = NEVER, 0
        for name, due_phase in DIARY:
            due = getattr(self, name + "_due")
            if due >= NEVER:
                continue
            earliest = day if due_phase > phase else day + 1
            due = max(due, earliest)
            if due < best_day or (due == best_day and due_phase < best_phase):
                best_day, best_phase = due, int(due_phase)
        return best_day, best_phase

    @property
    def in_programme(self) -> bool:
        """Holds a training number."""
        return State.TRAINING <= self.state <= State.OOPP

    @property
    def at_work(self) -> bool:
        """Learning in post or on a COVID ward."""
        return self.state in (State.TRAINING, State.REDEPLOYED)
