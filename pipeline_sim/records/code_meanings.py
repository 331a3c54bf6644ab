"""What the codes of the model say in plain words: phases, events, what luck is for, what a doctor is doing.

`rules/codes` owns the numbers, `records/columns` the columns of a row; here stands the sentence for each, once.
"""

from pipeline_sim.rules.codes import Event, Origin, Phase, Purpose, State

DOCTOR, OFFICE, NATION = "doctor", "office", "nation"

PHASES: dict[Phase, tuple[str, str]] = {  # who acts, and what is done
    Phase.ENTER: (NATION, "those in post on the first day, new F1 doctors and applicants from elsewhere arrive"),
    Phase.RETURN: (DOCTOR, "comes back from a COVID ward, leave or out of programme; or grace in post ends"),
    Phase.EXAM: (DOCTOR, "sits every exam and course that is due and held today"),
    Phase.REVIEW: (DOCTOR, "asks for a review; one on parental or sick leave is recorded as not assessed"),
    Phase.PANEL: (OFFICE, "once a week the ARCP panel decides as many reviews as it can hold"),
    Phase.REVALIDATE: (DOCTOR, "is recommended to the regulator, or the recommendation is deferred"),
    Phase.PROGRESS: (DOCTOR, "has served the grade: goes on, completes, or waits in post for the panel"),
    Phase.RESIGN: (DOCTOR, "gives up the training number"),
    Phase.OFFER: (NATION, "a recruitment round: vacancies are counted, candidates ranked, offers made and answered"),
    Phase.START: (NATION, "accepted posts are taken up by those who are free; those who failed apply again or leave"),
    Phase.YEAR: (DOCTOR, "draws what the training year holds: resignation, leave, sickness, out of programme"),
    Phase.LEAVE: (DOCTOR, "goes on the leave or out of programme that is due"),
    Phase.TRANSFER: (NATION, "twice a year transfers between offices are granted where a post is free"),
    Phase.ROTATE: (DOCTOR, "changes over to a new placement, perhaps with a new working pattern"),
    Phase.PLACE: (OFFICE, "gives supervised slots to those who changed over today"),
    Phase.REDEPLOY: (OFFICE, "once a week pulls doctors to COVID wards"),
    Phase.SEAT: (OFFICE, "once a month gives out places on interventions"),
    Phase.CENSUS: (NATION, "counts: heads on 31 March, gaps carried on the last day of the training year"),
}

EVENTS: dict[Event, str] = {
    Event.ENTERED: "came into the model",
    Event.STARTED: "took up a post in a programme",
    Event.ROTATED: "changed placement",
    Event.PLACED: "was placed with or without a supervised slot",
    Event.WTE_CHANGED: "changed working time",
    Event.EXAM_PASSED: "passed an exam or course",
    Event.EXAM_FAILED: "failed an exam or course",
    Event.REVIEWED: "was given an ARCP outcome",
    Event.EXTENDED: "training was extended",
    Event.PROGRESSED: "went on to the next grade",
    Event.COMPLETED: "took up outcome 6: end of foundation or core, or a CCT",
    Event.RESIGNED: "gave up the training number",
    Event.RELEASED: "was released with outcome 4",
    Event.AWAY: "went on leave or out of programme",
    Event.RETURNED: "came back",
    Event.REDEPLOYED: "was pulled to a COVID ward",
    Event.OFFERED: "first offer in a round",
    Event.ACCEPTED: "post that is held at the end of a round",
    Event.WITHDREW: "did not take up an accepted post",
    Event.UNPLACED: "applied and got no post in this round",
    Event.DEFERRED: "put an accepted start off by a year on statutory grounds",
    Event.TRANSFERRED: "moved to the same programme in another office",
    Event.REVALIDATED: "was recommended for revalidation, or deferred",
    Event.SEATED: "was given a place on an intervention",
    Event.CENSUS: "was in a programme on the last day of a training year",
    Event.LEFT_POOL: "stopped applying",
    Event.ADVERTISED: "posts of a programme and office in a round",
    Event.GRACE_ENDED: "left the post held after a CCT",
    Event.ROUND_CLOSED: "offers made in a round",
    Event.REOFFERED: "offers in a round of posts let go in the same round",
    Event.COUNTED: "was in a programme on the day of the yearly headcount",
}

PURPOSES: dict[Purpose, tuple[str, str]] = {  # what is drawn, and what the index is
    Purpose.PERSON: ("lasting traits: ability, pace, sex, working pattern, lead of reviews, home office", "0 and 1"),
    Purpose.PATTERN: ("nothing; kept so that numbers stay", "none"),
    Purpose.PLACE: ("how well a placement suits; rank among equals for a supervised slot", "day"),
    Purpose.EXAM: ("whether an exam or course is passed", "programme, gate, attempt"),
    Purpose.REVIEW: ("whether evidence is incomplete", "programme, grade, look"),
    Purpose.YEAR: ("resignation and parental leave in a training year, and on which day", "training year"),
    Purpose.ABSENCE: ("sickness or shielding in a training year, when and for how long", "training year"),
    Purpose.OOP: ("out of programme in a training year, which kind and how long; length of parental leave", "year"),
    Purpose.AFTER_F2: ("years out after foundation or core", "0 after foundation, 1 after core"),
    Purpose.CHOICE: ("which programmes are applied to", "training year"),
    Purpose.OFFICES: ("which offices are ranked in each programme", "training year, place of the programme"),
    Purpose.SCORE: ("the part of a selection score that is luck", "training year, programme"),
    Purpose.OFFER: ("answer to an offer", "round, programme"),
    Purpose.START: ("whether an accepted start is withdrawn from or deferred", "round"),
    Purpose.TRANSFER: ("request for a transfer, where to, rank among requests", "day"),
    Purpose.REDEPLOY: ("whether the week's pull names the doctor, and for how many weeks", "week"),
    Purpose.SEAT: ("whether a place clears its gate", "month, kind of place"),
    Purpose.REVALIDATE: ("whether a recommendation is deferred, and for how long", "day"),
    Purpose.RETURN: ("whether a return after long absence is supported", "day on which the absence began"),
    Purpose.POOL: ("whether those without a post, or who resigned, apply again", "training year; programme resigned"),
    Purpose.GRACE: ("whether a post is kept after a CCT, and for how long", "programme"),
    Purpose.STOCK: ("time already served and revalidation date of those who do not begin as F1", "0"),
    Purpose.PARAMETER: ("a figure in doubt, in the place of a doctor its name; in that of a replication the draw", "0"),
    Purpose.READING: ("how far off an office reads a doctor's gaps", "0"),
}

STATES: dict[State, str] = {
    State.NOT_YET: "not yet in the model",
    State.TRAINING: "at work in a training post; learns, holds the post",
    State.REDEPLOYED: "on a COVID ward; learns little, holds post and slot",
    State.SICK: "sick, isolating or shielding; learns nothing, holds post and slot",
    State.PARENTAL: "on parental leave; holds the post, the clock stands",
    State.OOPT: "out of programme for approved training; holds the post, the clock runs",
    State.OOPR: "out of programme for research; holds the post, the clock stands",
    State.OOPE: "out of programme for experience; holds the post, the clock stands",
    State.OOPC: "out of programme on a career break; holds the post, the clock stands",
    State.OOPP: "out of programme, pausing training; holds the post, the clock stands",
    State.POOL: "outside training, may apply",
    State.GRACE: "has a CCT and still holds the post",
    State.COMPLETED: "left with a CCT",
    State.LEFT: "left without one",
}

ORIGINS: dict[Origin, str] = {
    Origin.STOCK: "in post on the first day",
    Origin.GRADUATE: "new F1 doctors, in August and February",
    Origin.EXTERNAL: "first apply from abroad or from posts outside training",
    Origin.RETURNER: "on a break from training on the first day; apply in one of the first years",
}
