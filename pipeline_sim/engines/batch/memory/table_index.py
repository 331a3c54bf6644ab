"""Index of the Rulebook's tables, which lie in two flat arrays, so that one address leads to each of them.

Owns the list of tables that the kernel reads. The header holds where each begins, its strides and its lengths.
"""

from enum import IntEnum
from typing import Self

from pipeline_sim.engines.batch.memory.layout import HEADER_END


class _Index(IntEnum):
    source: tuple[str, str]  # part of the Rulebook, empty for what the engine derives, and its field

    def __new__(cls, room: str, field: str) -> Self:
        member = int.__new__(cls, len(cls.__members__))
        member._value_, member.source = len(cls.__members__), (room, field)
        return member


class Table(_Index):
    """Tables of int32, read with `table_value`: room and field of the Rulebook."""

    YEAR_START = "calendar", "year_start"
    YEAR_OF = "calendar", "year_of"
    MONTH_START = "calendar", "month_start"
    MONTH_OF = "calendar", "month_of"
    COUNT_DAY = "calendar", "count_day"
    NEXT_CHANGEOVER = "calendar", "next_changeover"
    STAGE = "programmes", "stage"
    GROUP = "programmes", "group"
    GRADES = "programmes", "grades"
    GRADE_DAYS = "programmes", "grade_days"
    CRITICAL = "programmes", "critical"
    PATTERN = "programmes", "pattern"
    WEIGHT = "programmes", "weight"
    STANDARD = "programmes", "standard"
    ENTRY_YEAR = "programmes", "entry_year"
    STREAM = "programmes", "stream"
    STREAM_AFTER = "programmes", "stream_after"
    ALLOWANCE_DAYS = "programmes", "allowance_days"
    FIRST_EXAM_EXTENSION_DAYS = "programmes", "first_exam_extension_days"
    ESTABLISHMENT = "posts", "establishment"
    RECRUITS = "posts", "recruits"
    STOCK = "posts", "stock"
    GRADUATES = "posts", "graduates"
    EXTERNAL = "posts", "external"
    RETURNERS = "posts", "returners"
    STRETCH = "posts", "stretch"
    ROUNDS = "recruitment", "rounds"
    OPENS = "recruitment", "opens"
    TAKES = "recruitment", "takes"
    APPOINTABLE = "recruitment", "appointable"
    SUPERVISION_SLOTS = "placements", "slots"
    UNSUPERVISED_SHARE = "placements", "unsupervised_share"
    PACE = "competence", "pace"
    POST_PACE = "competence", "post_pace"
    WARD_SHARE = "competence", "ward_share"
    GATE = "exams", "gate"
    GATE_PARTS = "exams", "parts"
    GATE_FROM = "exams", "gate_from"
    GATE_BY = "exams", "gate_by"
    IS_COURSE = "exams", "is_course"
    WAIVABLE = "exams", "waivable"
    NEXT_SITTING = "exams", "next_sitting"
    AFTER_GRADES = "exams", "after_grades"
    AFTER_DAYS = "exams", "after_days"
    SPREAD_DAYS = "exams", "spread_days"
    RESULT_DAYS = "exams", "result_days"
    ENTRY_DAYS = "exams", "entry_days"
    MAX_ATTEMPTS = "exams", "max_attempts"
    CAPACITY = "panels", "capacity"
    DEROGATION = "panels", "derogation"
    MINOR_DAYS = "panels", "minor_days"
    MAJOR_DAYS = "panels", "major_days"
    WAIVER_DAYS = "panels", "waiver_days"
    GAP_STEPS = "extensions", "gap_steps"
    WTE_LEVELS = "life", "wte_levels"
    PARENTAL_DAYS = "life", "parental_days"
    SICK_DAYS = "life", "sick_days"
    OOP_DAYS = "life", "oop_days"
    GRACE_DAYS = "life", "grace_days"
    REVALIDATION_DEFER_DAYS = "revalidation", "defer_days"
    WEEKS = "redeployment", "weeks"
    PLACES = "seats", "seats"
    PLACE_DOMAIN = "seats", "domain"
    PLACE_DOSE = "seats", "dose"
    PLACE_GATE = "seats", "gate"
    PLACE_ORDER = "seats", "order"
    PLACE_GROUPS = "seats", "groups"
    PLACE_LEAST_GAP = "seats", "least_gap"
    PLACE_FINDS = "seats", "finds"
    LEARNING = (
        "",
        "learning",
    )  # [G, O, T+1, 8] before a day: learning offered in each domain, then what shocks took
    AGENDA = "", "agenda"
    AGENDA_FROM = "", "agenda_from"
    ROLL_FROM = "", "roll_from"


class Param(_Index):
    """Thresholds, tables of them, and single numbers, all int64, read with `param`: room and field of the Rulebook."""

    FOUNDATION_PROGRAMME = "posts", "foundation"
    CHOICE = "recruitment", "choice"
    APPLICATIONS = "recruitment", "applications"
    OFFICE_PULL = "recruitment", "office_pull"
    HOME_FIRST = "recruitment", "home_first"
    ABILITY_SHARE = "recruitment", "ability_share"
    EXTERNAL_ABILITY_SHARE = "recruitment", "external_ability_share"
    SHORTLIST = "recruitment", "shortlist"
    DECLINE = "recruitment", "decline"
    EXPIRE = "recruitment", "expire"
    FIRM = "recruitment", "firm"
    HOLD = "recruitment", "hold"
    DEFER = "recruitment", "defer"
    WITHDRAW = "recruitment", "withdraw"
    MAX_RUNS = "recruitment", "max_runs"
    REAPPLY_YEARS = "recruitment", "reapply_years"
    PRIORITY = "recruitment", "priority"
    AGAIN = "recruitment", "again"
    AFTER_F2 = "recruitment", "after_f2"
    AFTER_CORE = "recruitment", "after_core"
    SURPLUS_DAYS = "competence", "surplus_days"
    RAMP_DAYS = "competence", "ramp_days"
    RAMP_DAYS_SUPPORTED = "competence", "ramp_days_supported"
    SUPPORTED = "competence", "supported"
    EXAM_PLACES = "exams", "places"
    HELD = "exams", "held"
    PASS_FIRST = "exams", "pass_first"
    ATTEMPT_STEP = "exams", "attempt_step"
    ABILITY_STEP = "exams", "ability_step"
    GAP_STEP = "exams", "gap_step"
    INCOMPLETE = "panels", "incomplete"
    EVIDENCE_LOST = "panels", "evidence_lost"
    LEAD_FIRST = "panels", "lead_first"
    LEAD_SPREAD = "panels", "lead_spread"
    RESOLVE_DAYS = "panels", "resolve_days"
    SOONER_DAYS = "panels", "sooner_days"
    FOUNDATION_HAS_2 = "panels", "foundation_has_2"
    STEP_DAYS = "extensions", "step_days"
    LTFT = "life", "ltft"
    WTE_CUMULATIVE = "life", "wte_cumulative"
    WOMEN = "life", "women"
    PARENTAL = "life", "parental"
    SICK = "life", "sick"
    SHIELD = "life", "shield"
    SHIELD_DAYS = "life", "shield_days"
    ABSENCE_LIMIT = "life", "absence_limit"
    OOP = "life", "oop"
    LONG_ABSENCE_DAYS = "life", "long_absence_days"
    TRANSFER = "life", "transfer"
    TRANSFER_DAYS_LEFT = "life", "transfer_days_left"
    RESIGN = "life", "resign"
    STRAIN_SHARE = "life", "strain_share"
    GRACE = "life", "grace"
    INTERVAL_DAYS = "revalidation", "interval_days"
    REVALIDATION_DEFER = "revalidation", "defer"
    POSTPONED_FROM = "revalidation", "postponed_from"
    POSTPONED_TO = "revalidation", "postponed_to"
    POSTPONED_DAYS = "revalidation", "postponed_days"
    STALE_DAYS = "revalidation", "stale_days"
    PULL = "redeployment", "pull"
    PLACE_CLEARS = "seats", "clears"
    READING_ERROR = "seats", "reading_error"


WORDS = 9  # of the header for one table: its beginning, four strides, four lengths
PARAMS_AT = HEADER_END + WORDS * len(Table)
HEADER_WORDS = PARAMS_AT + WORDS * len(Param)
