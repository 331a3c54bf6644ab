"""Codes of the model as integers. Logs contain them: append, never renumber."""

from enum import IntEnum

NEVER = 1 << 30  # a day that does not come
YEAR_DAYS = 364  # fifty-two weeks, and a grade
CERTAIN = 1 << 32  # threshold above every random word: probability 1
MAX_GRADES = 8  # the longest programme, in training years
MAX_OFFICES = 100  # of a world
MAX_PROGRAMMES = 1000
OUTCOMES_DEROGATED = 1  # bit of `derogation`: outcomes 10.1 and 10.2 may be given
GATES_DEROGATED = 2  # bit of `derogation`: a gate may be waived at a critical point (C1, C2)
GATES = 4  # exam and course gates a programme can ask for
MAX_PARTS = 4  # of an exam
FURTHEST_BEHIND = 4  # in place of a Domain: the one of the curriculum furthest behind
NO_GATE = -1  # in place of the gate of a place
ANY_EXAM = -2  # in place of the gate of a place: the exam that is due soonest of those that may be sat


class Stage(IntEnum):
    """Kind of programme."""

    FOUNDATION = 0
    CORE = 1
    RUN_THROUGH = 2
    HIGHER = 3
    GP = 4


class Domain(IntEnum):
    """Domain of competence, each with a gap of its own."""

    ELECTIVE = 0
    EMERGENCY = 1
    OUTPATIENT = 2
    KNOWLEDGE = 3


class State(IntEnum):
    """State of a doctor, one at a time."""

    NOT_YET = 0
    TRAINING = 1
    REDEPLOYED = 2
    SICK = 3
    PARENTAL = 4
    OOPT = 5
    OOPR = 6
    OOPE = 7
    OOPC = 8
    OOPP = 9
    POOL = 10  # outside training, may apply
    GRACE = 11  # has a CCT and, for up to six months, still the post
    COMPLETED = 12  # left with a CCT
    LEFT = 13  # left without one


class Origin(IntEnum):
    """Origin of a doctor; three bits of the trainee number."""

    STOCK = 0
    GRADUATE = 1
    EXTERNAL = 2
    RETURNER = 3  # had finished F2 before the first simulated day
    QUALIFIED_HERE = 4  # a UK graduate who was not in foundation in the model, or left it for good


OUTSIDE = (Origin.EXTERNAL, Origin.QUALIFIED_HERE)  # who first apply in the rounds, in the order of `posts.external`


class Qualified(IntEnum):
    """Where a doctor gained the primary medical qualification."""

    UK = 0
    EEA = 1  # European Economic Area
    INTERNATIONAL = 2


class Critical(IntEnum):
    """Kind of a grade's end."""

    ORDINARY = 0
    CRITICAL_POINT = 1
    FINAL = 2


class Pattern(IntEnum):
    """Months between changeovers."""

    FOUR = 0
    SIX = 1
    TWELVE = 2
    SIX_SPRING = 3  # six, from April and October


class RoundKind(IntEnum):
    """Kind of recruitment round."""

    FIRST = 0  # CT1 and ST1 for August
    SECOND = 1  # ST3 and ST4 for August
    READVERT = 2  # what stayed empty, for August
    FEBRUARY = 3  # what stayed empty, for February


class Outcome(IntEnum):
    """ARCP outcomes; 10.1 and 10.2 are written 101 and 102."""

    NOT_ASSESSED = 0
    O1 = 1
    O2 = 2
    O3 = 3
    O4 = 4
    O5 = 5
    O6 = 6
    O8 = 8
    O10_1 = 101
    O10_2 = 102


class Reason(IntEnum):
    """Reason codes of an ARCP: C 1-12 as 101-112, U 1-10 as 201-210, N as 301 on."""

    NONE = 0
    C1 = 101
    C2 = 102
    C3 = 103
    C4 = 104
    C5 = 105
    C6 = 106
    C7 = 107
    C8 = 108
    C9 = 109
    C10 = 110
    C11 = 111
    C12 = 112
    U1 = 201
    U2 = 202
    U3 = 203
    U4 = 204
    U5 = 205
    U6 = 206
    U7 = 207
    U8 = 208
    U9 = 209
    U10 = 210
    N1 = 301
    N2 = 302


class Phase(IntEnum):
    """Phase of a day, in order. Doctors act in trainee order; offices act after the doctors they serve."""

    ENTER = 0
    RETURN = 1
    EXAM = 2
    REVIEW = 3
    PANEL = 4
    REVALIDATE = 5
    PROGRESS = 6
    RESIGN = 7
    OFFER = 8
    START = 9
    YEAR = 10
    LEAVE = 11
    TRANSFER = 12
    ROTATE = 13
    PLACE = 14
    REDEPLOY = 15
    SEAT = 16
    CENSUS = 17


class Event(IntEnum):
    """Event of a row of the log; records/columns has the meaning of from, to and amount."""

    ENTERED = 0
    STARTED = 1  # took up a post
    ROTATED = 2
    PLACED = 3
    WTE_CHANGED = 4
    EXAM_PASSED = 5
    EXAM_FAILED = 6
    REVIEWED = 7
    EXTENDED = 8
    PROGRESSED = 9
    COMPLETED = 10  # outcome 6 taken up: end of foundation or core, or CCT
    RESIGNED = 11
    RELEASED = 12  # outcome 4
    AWAY = 13
    RETURNED = 14
    REDEPLOYED = 15
    OFFERED = 16
    ACCEPTED = 17
    WITHDREW = 18
    UNPLACED = 19  # applied and got no post in this round
    DEFERRED = 20
    TRANSFERRED = 21
    REVALIDATED = 22
    SEATED = 23  # given a place on an intervention
    CENSUS = 24
    LEFT_POOL = 25
    ADVERTISED = 26  # amount posts of a programme and office in a round
    GRACE_ENDED = 27
    ROUND_CLOSED = 28  # amount offers made in a round
    REOFFERED = 29  # amount offers of posts declined earlier in the same round
    COUNTED = 30  # in post on the day of the yearly headcount
    SHORTENED = 31  # an extension ends early: what was missing, an exam, is there


class Purpose(IntEnum):
    """Purpose of a block of random words."""

    PERSON = 0
    PATTERN = 1
    PLACE = 2
    EXAM = 3
    REVIEW = 4
    YEAR = 5
    ABSENCE = 6
    OOP = 7
    AFTER_F2 = 8
    CHOICE = 9
    OFFICES = 10
    SCORE = 11
    OFFER = 12
    START = 13
    TRANSFER = 14
    REDEPLOY = 15
    SEAT = 16
    REVALIDATE = 17
    RETURN = 18
    POOL = 19
    GRACE = 20
    STOCK = 21
    PARAMETER = 22
    READING = 23
    EXAM_PLACE = 24
    HELD = 25
    PUT_OFF = 26
    PEOPLE = 27
    PRIORITY = 28


class SeatOrder(IntEnum):
    """Priority order for a scarce place; ties fall to the lower trainee number."""

    LARGEST_GAP = 0
    CRITICAL_FIRST = 1
    FIRST_COME = 2
    NEAREST_TO_LINE = 3  # before a critical review: the smallest gap that it would not let pass
